"""Where a line is: codes, names and postal codes as files write them, each with what is said of it."""

import pytest

from esscarto.importing.findings import Finding
from esscarto.importing.gazetteer import Gazetteer, of
from esscarto.importing.places import Place, resolve

SETTLED = [
    ("everything agrees", ("02722", "02200", "Soissons", ""), "02722"),
    ("a name of another spelling", ("02691", "02100", "ST QUENTIN CEDEX 9", ""), "02691"),
    ("a slip of the pen that the code settles", ("02722", "02200", "Soisson", ""), "02722"),
    ("name and postal code", ("", "02200", "SOISSONS", ""), "02722"),
    ("article after the name", ("", "02460", "Ferté-Milon (La)", ""), "02307"),
    ("name and département", ("", "", "Péronne", "80"), "80620"),
    ("name and département without its zero", ("", "", "Soissons", "2"), "02722"),
    ("name and name of the département", ("", "", "Soissons", "Aisne"), "02722"),
    ("postal code of a cedex", ("", "02209", "SOISSONS CEDEX", ""), "02722"),
    ("one of two communes of a name", ("", "80200", "Brie", ""), "80141"),
    ("code written as a number", ("80620.0", "80200", "Péronne", ""), "80620"),
    ("name behind its postal code", ("", "80200", "80200 Péronne", ""), "80620"),
    ("code that says nothing", ("N/C", "80200", "Péronne", ""), "80620"),
]


@pytest.mark.parametrize(("cells", "code"), [case[1:] for case in SETTLED], ids=[case[0] for case in SETTLED])
def test_two_things_that_agree_give_the_commune(gazetteer: Gazetteer, cells: tuple[str, ...], code: str):
    place = resolve(gazetteer, *cells)
    assert (place.code, place.name) == (code, gazetteer.names[code])
    assert not place.faults


def told(place: Place, cells: tuple[str, ...]) -> list[str]:
    held = dict(zip(("code_insee", "code_postal", "commune"), cells, strict=False))
    sentences = [(target, Finding(2, target, target, held[target], fault)) for target, fault in place.faults]
    return [
        f"{finding.fault.level}, {target} : {finding.sentence().partition(' : ')[2]}" for target, finding in sentences
    ]


CODE = "Attendu : le code Insee de la commune, cinq caractères."
POSTAL = "Attendu : un code postal de cinq chiffres."
ZERO = "Mettez la colonne au format Texte dans le tableur, puis réécrivez le code avec son zéro."

FAULTS = [
    (
        "lost zeros that the name confirms",
        ("2722", "2200", "Soissons"),
        [
            f"a_corriger, code_insee : le zéro du début s’est perdu. {CODE} Vouliez-vous dire « 02722 » ?",
            f"a_corriger, code_postal : le zéro du début s’est perdu. {POSTAL} Vouliez-vous dire « 02200 » ?",
        ],
    ),
    (
        "lost zero that the name denies",
        ("2722", "", "Laon"),
        [
            "a_corriger, code_insee : 2722 n’a que quatre caractères ; 02722 est "
            f"Soissons, la ligne dit « Laon ». {CODE} Corrigez le code ou le nom."
        ],
    ),
    (
        "lost zero that nothing confirms",
        ("2722", "", ""),
        [
            "a_corriger, code_insee : 2722 n’a que quatre caractères ; aucun nom "
            f"ne confirme 02722 (Soissons). {CODE} Ajoutez le nom de la commune, ou le zéro du code."
        ],
    ),
    (
        "lost zero of a postal code alone",
        ("", "2200", ""),
        [
            "a_corriger, code_insee : le code postal 02200 seul ne désigne pas une "
            "commune. Attendu : Acy (02003), Ambrief (02012), Belleu (02064), "
            "Billy-sur-Aisne (02089), Buzancy (02138) ou Chacrise (02154), et 19 autres. "
            "Ajoutez le nom de la commune, ou son code Insee.",
            f"a_corriger, code_postal : 2200 n’a que quatre chiffres. {POSTAL} {ZERO}",
        ],
    ),
    (
        "code and name of two communes, the postal code with the code",
        ("02722", "02200", "Laon"),
        [
            "a_corriger, commune : le code 02722 est celui de Soissons, la ligne dit "
            "« Laon ». Attendu : un nom et un code de la même commune. Vouliez-vous dire « Soissons » ?"
        ],
    ),
    (
        "code and name of two communes, the postal code with the name",
        ("02722", "02000", "Laon"),
        [
            "a_corriger, code_insee : le code 02722 est celui de Soissons, la ligne "
            "dit « Laon ». Attendu : un nom et un code de la même commune. Vouliez-vous dire « 02408 » ?"
        ],
    ),
    (
        "a name alone that two communes bear",
        ("", "", "Brie"),
        [
            "a_corriger, commune : le nom seul ne désigne pas une commune. Attendu : "
            "Brie (02122) ou Brie (80141), avec son code Insee ou postal. Ajoutez le code Insee ou le code postal."
        ],
    ),
    (
        "a name alone",
        ("", "", "Soissons"),
        [
            "a_corriger, code_insee : le nom seul ne désigne pas une commune. Attendu : "
            "Soissons (02722), avec son code Insee ou postal. Vouliez-vous dire « 02722 » ?"
        ],
    ),
    (
        "a name misspelled",
        ("", "80200", "Perone"),
        [
            "a_corriger, commune : aucune commune de ce nom n’a le code postal "
            "80200. Attendu : le nom officiel de la commune. Vouliez-vous dire « Péronne » ?"
        ],
    ),
    (
        "a name and the postal code of another",
        ("", "02200", "Laon"),
        [
            "a_corriger, commune : aucune commune de ce nom n’a le code postal "
            "02200. Attendu : Laon (02408), code postal 02000. Corrigez le nom ou le code postal."
        ],
    ),
    (
        "a name that no commune bears",
        ("", "", "Xyzville"),
        [
            "a_corriger, commune : aucune commune connue n’a ce nom. "
            "Attendu : le nom officiel de la commune. Corrigez-le."
        ],
    ),
    (
        "a code that no commune bears",
        ("02999", "02200", "Soissons"),
        [f"a_corriger, code_insee : aucune commune ne porte ce code. {CODE} Vouliez-vous dire « 02722 » ?"],
    ),
    (
        "codes that are none",
        ("ABC", "2 rue", "Soissons"),
        [
            f"a_corriger, code_insee : ce n’est pas un code Insee. {CODE} Corrigez-le.",
            f"a_corriger, code_postal : ce n’est pas un code postal. {POSTAL} Corrigez-le, ou laissez la case vide.",
        ],
    ),
    (
        "a former commune",
        ("02348", "", "Glennes"),
        [
            "a_regarder, code_insee : la commune Glennes (02348) fait aujourd’hui "
            "partie des Septvallons (02439). Attendu : le code de la commune d’aujourd’hui. "
            "La ligne est placée dans la commune d’aujourd’hui."
        ],
    ),
    (
        "the name of a former commune",
        ("", "02160", "Glennes"),
        [
            "a_regarder, commune : cette commune fait aujourd’hui partie des "
            "Septvallons (02439). Attendu : le nom de la commune d’aujourd’hui. "
            "La ligne est placée dans la commune d’aujourd’hui."
        ],
    ),
    (
        "a hamlet",
        ("02722", "02200", "Hameau du Bois"),
        [
            "a_regarder, commune : ce n’est pas le nom de la commune de "
            "code 02722, Soissons. Attendu : le nom de la commune. La ligne est placée par son code : vérifiez-le."
        ],
    ),
    (
        "the postal code of another commune",
        ("02722", "80200", "Soissons"),
        ["a_regarder, code_postal : ce n’est pas un code postal de Soissons (02722). Attendu : 02200. Vérifiez-le."],
    ),
    (
        "another region, by its code",
        ("69123", "69001", "Lyon"),
        [
            "a_regarder, code_insee : cette commune est hors des départements que "
            "l’application connaît. Attendu : une commune des régions livrées. "
            "La structure sera dans la liste, sans point sur la carte."
        ],
    ),
    (
        "another region, by its name",
        ("", "51100", "Reims"),
        [
            "a_regarder, commune : cette commune est hors des départements que "
            "l’application connaît. Attendu : une commune des régions livrées. "
            "La structure sera dans la liste, sans point sur la carte."
        ],
    ),
]


@pytest.mark.parametrize(("cells", "sentences"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_doubt_about_the_commune_is_told_with_its_remedy(
    gazetteer: Gazetteer, cells: tuple[str, ...], sentences: list[str]
):
    assert told(resolve(gazetteer, *cells), cells) == sentences


def test_a_former_commune_is_placed_in_the_one_of_today(gazetteer: Gazetteer):
    assert resolve(gazetteer, "02348", "", "Glennes").code == "02439"
    assert resolve(gazetteer, "", "02160", "Glennes").code == "02439"


def test_every_commune_of_the_layers_is_found_by_its_name_and_postal_code(gazetteer: Gazetteer):
    missed = [
        (code, postal)
        for code, name in gazetteer.names.items()
        for postal in gazetteer.postal[code]
        if resolve(gazetteer, "", postal, name).code != code
    ]
    assert len(gazetteer.names) > 5_000
    assert missed == []


def test_every_commune_of_the_layers_is_found_by_its_name_in_capitals_and_its_code(gazetteer: Gazetteer):
    faulty = [code for code, name in gazetteer.names.items() if resolve(gazetteer, code, "", name.upper()).faults]
    assert faulty == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Soissons", "de Soissons"),
        ("Amiens", "d’Amiens"),
        ("Étampes", "d’Étampes"),
        ("Le Nouvion", "du Nouvion"),
        ("Les Septvallons", "des Septvallons"),
        ("La Fère", "de La Fère"),
        ("Y", "de Y"),
    ],
)
def test_a_name_is_contracted_with_its_article(name: str, said: str):
    assert of(name) == said
