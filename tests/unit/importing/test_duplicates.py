"""What could be twice: by identifier, by SIRET, by name and place; and what is not."""

import pytest

HEAD = "nom;code_insee;siret;adresse"


def pairs(report) -> list[tuple]:
    return [(pair.line, pair.other_line or pair.actor, pair.reason) for pair in report.duplicates]


SAME = [
    ("the same name", "Les Tilleuls", "LES TILLEULS", "même nom, même commune"),
    ("accents and articles", "L’Épicerie des Œuvres", "Epicerie oeuvres", "même nom, même commune"),
    ("the commune in the name", "Foyer rural", "Foyer Rural de Soissons", "même nom, même commune"),
    ("the legal form in the name", "Association Zorglub", "Asso. Zorglub", "même nom, même commune"),
    ("another order", "Zorglub Solidarité", "Solidarité Zorglub", "nom semblable, même commune"),
    ("a slip of the pen", "Ressourcerie Zorglub", "Resourcerie Zorglub", "nom semblable, même commune"),
]


@pytest.mark.parametrize(("first", "second", "reason"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_two_lines_of_one_commune_whose_names_are_alike_are_a_pair(check, first: str, second: str, reason: str):
    report = check(HEAD, f"{first};02722;;", "Autre chose;02722;;", f"{second};02722;;")
    assert pairs(report) == [(4, 2, reason)]
    assert report.states == {2: "bonne", 3: "bonne", 4: "doublon"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Foyer rural;02722;;", "Foyer rural;02408;;"),
        ("Antenne 1;02722;;", "Antenne 2;02722;;"),
        ("Zorglub;02722;49483773500013;", "Zorglub;02722;52378445200014;"),
        ("Jardin partagé;02722;;", "Café associatif;02722;;"),
    ],
    ids=["two communes", "two numbers", "two SIRET", "two names"],
)
def test_lines_that_something_tells_apart_are_no_pair(check, first: str, second: str):
    report = check(HEAD, first, second)
    assert [pair for pair in report.duplicates if pair.other_line] == []


def test_two_lines_of_one_siret_are_a_pair_whatever_their_names(check):
    report = check(HEAD, "Zorglub;02722;35600000049837;", "Bulgroz;02408;35600000049837;")
    assert pairs(report) == [(3, 2, "même SIRET")]


def test_three_lines_alike_are_two_pairs_with_the_first(check):
    report = check(HEAD, *["Zorglub;02722;;"] * 3)
    assert pairs(report) == [(3, 2, "même nom, même commune"), (4, 2, "même nom, même commune")]


@pytest.mark.parametrize("column", ["siret", "nom"])
def test_an_actor_of_the_directory_is_recognised(check, reference, column: str):
    known = reference.known
    placed = known[(known["siret"] != "") & (known["code_insee"] != "")].iloc[0]
    line = f"Zorglub;02722;{placed['siret']};" if column == "siret" else f"{placed['nom']};{placed['code_insee']};;"
    (pair,) = check(HEAD, line).duplicates
    assert (pair.actor, pair.other_line) == (placed["id"], None)
    assert pair.right["nom"] == placed["nom"]


def test_every_actor_of_the_directory_is_recognised_in_its_own_export(check, reference):
    known = reference.known[["id", "organisation", "nom", "statut_ess", "source", "code_insee", "roles", "precision"]]
    lines = [";".join(known.columns), *(";".join(f'"{cell}"' for cell in row) for row in known.to_numpy())]
    report = check(*lines)
    assert [pair.actor for pair in report.duplicates] == known["id"].tolist()
    assert {pair.reason for pair in report.duplicates} == {"même identifiant que cet acteur de l’annuaire"}
    assert report.counts.good == 0


def test_the_printed_spelling_of_an_actor_is_recognised(check, reference):
    known = reference.known
    placed = known[(known["aliases"].str.len() > 12) & (known["code_insee"] != "")].iloc[0]
    alias = placed["aliases"].split("|")[0]
    assert [pair.actor for pair in check(HEAD, f"{alias};{placed['code_insee']};;").duplicates] == [placed["id"]]


def test_both_sides_are_shown_column_by_column(check):
    report = check(HEAD, "Zorglub;02722;;1 rue A", "Zorglub;02722;;2 rue B")
    (pair,) = report.duplicates
    assert pair.sides() == [
        ("nom", "Zorglub", "Zorglub"),
        ("adresse", "2 rue B", "1 rue A"),
        ("commune", "Soissons", "Soissons"),
        ("code_insee", "02722", "02722"),
    ]


def test_a_decision_settles_a_pair_and_nothing_is_merged(check):
    lines = (HEAD, "Zorglub;02722;;1 rue A", "Zorglub;02722;;2 rue B")
    kept = check(*lines, decisions={3: "garder"})
    assert kept.rows["adresse"].tolist() == ["1 rue A", "2 rue B"]
    assert kept.rows["id"].tolist() == ["zorglub", "zorglub-soissons"]
    dropped = check(*lines, decisions={3: "ecarter"})
    assert dropped.rows["adresse"].tolist() == ["1 rue A"]
    assert dropped.states == {2: "bonne", 3: "ecartee"}
    assert dropped.is_clean
    assert (kept.undecided(), len(check(*lines).undecided())) == ([], 1)


def test_a_line_that_is_refused_is_compared_with_no_other(check):
    report = check("nom;telephone;code_insee", "Zorglub;0600000000;02722", "Zorglub;03 23 00 00 00;02722")
    assert pairs(report) == []
    assert report.states == {2: "refusee", 3: "bonne"}


def test_a_crowd_in_one_commune_is_compared_with_its_neighbours_and_told(check, monkeypatch):
    monkeypatch.setattr("esscarto.importing.duplicates.CROWD", 50)
    names = [f"{first}{second} service" for first in "abcdefghij" for second in "klmopqrswz"]
    report = check(HEAD, *(f"{name};02722;;" for name in [*names, "ak services"]))
    assert report.notes[-1] == "101 noms à Soissons : chacun n’est comparé qu’à ceux qui le suivent dans l’alphabet."
    assert (102, 2) in {(pair.line, pair.other_line) for pair in report.duplicates}
