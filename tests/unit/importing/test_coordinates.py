"""Points: what is kept, what is proposed, and what contradicts the commune of its line."""

import pytest

LON = "Attendu : une longitude en degrés, comme 3.3243."
LAT = "Attendu : une latitude en degrés, comme 49.3816."
MEND = "Corrigez les deux coordonnées, ou laissez les deux cases vides."

FAULTS = [
    (
        "swapped",
        ("3.3243", "49.3816"),
        [
            f"colonne « x », valeur « 49.3816 » : latitude et longitude sont interverties. {LON} "
            "Vouliez-vous dire « 3.3243 » ?",
            f"colonne « y », valeur « 3.3243 » : latitude et longitude sont interverties. {LAT} "
            "Vouliez-vous dire « 49.3816 » ?",
        ],
    ),
    (
        "swapped with decimal commas",
        ("3,3243", "49,3816"),
        [
            f"colonne « x », valeur « 49,3816 » : latitude et longitude sont interverties. {LON} "
            "Vouliez-vous dire « 3.3243 » ?",
            f"colonne « y », valeur « 3,3243 » : latitude et longitude sont interverties. {LAT} "
            "Vouliez-vous dire « 49.3816 » ?",
        ],
    ),
    (
        "Lambert-93",
        ("6921000", "723000"),
        [
            f"colonne « x », valeur « 723000 » : ce sont des mètres (Lambert-93), pas des degrés. {LON} "
            "Vouliez-vous dire « 3.316696 » ?",
            f"colonne « y », valeur « 6921000 » : ce sont des mètres (Lambert-93), pas des degrés. {LAT} "
            "Vouliez-vous dire « 49.388086 » ?",
        ],
    ),
    (
        "zero",
        ("0", "0,0"),
        [
            f"colonne « x », valeur « 0,0 » : 0, 0 est au large de l’Afrique. {LON} Laisser cette case vide ?",
            f"colonne « y », valeur « 0 » : 0, 0 est au large de l’Afrique. {LAT} Laisser cette case vide ?",
        ],
    ),
    (
        "one alone",
        ("49.3816", ""),
        [f"colonne « x », case vide : une seule des deux coordonnées est donnée. {LON} {MEND}"],
    ),
    ("not a number", ("abc", "3.3"), [f"colonne « y », valeur « abc » : ce n’est pas un nombre. {LAT} {MEND}"]),
    ("infinite", ("1e999", "3.3"), [f"colonne « y », valeur « 1e999 » : ce n’est pas un nombre. {LAT} {MEND}"]),
    (
        "degrees, minutes and seconds",
        ("49° 22' 54\" N", "3°19′27″E"),
        [
            f"colonne « x », valeur « 3°19′27″E » : ces degrés sont en minutes et secondes. {LON} "
            "Vouliez-vous dire « 3.324167 » ?",
            f"colonne « y », valeur « 49° 22' 54\" N » : ces degrés sont en minutes et secondes. {LAT} "
            "Vouliez-vous dire « 49.381667 » ?",
        ],
    ),
    (
        "metres of another projection",
        ("2480000", "680000"),
        [
            f"colonne « x », valeur « 680000 » : ces coordonnées ne sont ni des degrés ni du Lambert-93. {LON} "
            "Convertissez-les en WGS 84, ou laissez les deux cases vides.",
            f"colonne « y », valeur « 2480000 » : ces coordonnées ne sont ni des degrés ni du Lambert-93. {LAT} "
            "Convertissez-les en WGS 84, ou laissez les deux cases vides.",
        ],
    ),
    (
        "far from the commune",
        ("49.8", "3.3"),
        [
            "colonne « y », valeur « 49.8 » : ce point est à 44,9 km de Soissons (02722), dans la commune d’Urvillers "
            "(02756). Attendu : un point dans la commune. Corrigez le point ou la commune."
        ],
    ),
]


@pytest.mark.parametrize(("cells", "sentences"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_wrong_point_holds_its_line_back_with_a_remedy(check, cells: tuple[str, str], sentences: list[str]):
    quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    report = check("nom;code_insee;y;x", f"Zzz;02722;{quoted}", "Yyy;02722;49.3816;3.3243")
    assert [finding.sentence() for finding in report.findings] == [f"ligne 2, {sentence}" for sentence in sentences]
    assert (report.counts.to_correct, report.counts.good) == (1, 1)


@pytest.mark.parametrize("cells", ["3.3243;49.3816", "6921000;723000", '"49° 22\' 54"" N";3°19′27″E'])
def test_a_suggestion_accepted_puts_the_line_where_it_should_be(check, cells: str):
    lines = ("nom;code_insee;y;x", f"Zzz;02722;{cells}")
    report = check(*lines, edits=check(*lines).suggestions())
    assert report.findings == ()
    assert float(report.rows.at[2, "latitude"]) == pytest.approx(49.385, abs=0.01)
    assert float(report.rows.at[2, "longitude"]) == pytest.approx(3.32, abs=0.01)


def test_decimal_commas_are_read_and_told_once(check):
    report = check("nom;code_insee;y;x", "Zzz;02722;49,3816;3,3243", "Yyy;02722;49,3817;3,3244")
    assert report.rows["latitude"].tolist() == ["49.3816", "49.3817"]
    assert [change.sentence() for change in report.changes if change.target == "latitude"] == [
        "y : virgule décimale lue comme un point (2 fois ; ligne 2, « 49,3816 » devient « 49.3816 »)."
    ]


def test_a_point_near_its_commune_is_kept_and_to_be_looked_at(check):
    report = check("nom;code_insee;y;x", "Zzz;02722;49.40;3.37")
    (finding,) = report.findings
    assert finding.fault.level == "a_regarder"
    assert "km de Soissons (02722), dans la commune" in finding.fault.problem
    assert report.counts.good == 1


def test_a_point_without_a_commune_gets_the_one_under_it(check):
    report = check("nom;y;x", "Zzz;49.3816;3.3243")
    assert report.rows[["code_insee", "commune"]].values.tolist() == [["02722", "Soissons"]]
    assert [change.how for change in report.changes] == ["commune trouvée sous le point"]


def test_a_point_of_no_known_commune_is_told(check):
    report = check("nom;y;x", "Zzz;-21.1;55.5")
    assert [finding.fault.problem for finding in report.findings] == ["ce point n’est dans aucune commune connue"]
    assert report.rows.at[2, "precision"] == "aucune"


def test_a_point_borne_by_several_addresses_is_that_of_the_commune(check):
    report = check(
        "nom;adresse;code_insee;y;x",
        *(f"{name};{number} rue X;02722;49.3816;3.3243" for number, name in enumerate(["Zzz", "Yyy", "Xxx"], start=1)),
        "Www;4 rue X;02722;49.3817;3.3243",
    )
    assert report.rows["precision"].tolist() == ["commune", "commune", "commune", "adresse"]
