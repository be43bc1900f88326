"""The published figures: said with the value, the quality and the year that the source prints."""

import pandas as pd
import pytest

from esscarto import figures
from esscarto.figures import Figures
from esscarto.french import NBSP, NNBSP
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.site import Site

SCHEMA = read_schema(SCHEMAS / "chiffres.schema.json")


def row(**cells: str) -> dict[str, str]:
    known = {"id": "a", "sujet": "petr:val", "indicateur": "emplois_ess", "unite": "emplois", "qualite": "exact"}
    return {**dict.fromkeys(SCHEMA.columns, ""), **known, **cells}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"valeur": "64467", "unite": "habitants"}, "64_467~habitants"),
        ({"valeur": "12.5", "unite": "%"}, "12,5~%"),
        ({"valeur": "12.0", "unite": "%"}, "12~%"),
        ({"valeur": "1800", "qualite": "arrondi"}, "1_800~emplois"),
        ({"valeur": "1800", "qualite": "approche"}, "environ 1_800~emplois"),
        ({"valeur": "300", "qualite": "plus_de"}, "plus de 300~emplois"),
        ({"valeur": "300", "qualite": "moins_de"}, "moins de 300~emplois"),
        ({"valeur": "15", "qualite": "prevision"}, "prévision : 15~emplois"),
        ({"valeur": "500", "valeur_max": "999", "unite": "salariés"}, "500 à 999~salariés"),
        ({"valeur": "0"}, "0~emplois"),
        ({"valeur": "2015", "unite": "année"}, "2015"),
        ({"valeur": "", "qualite": "non_fourni"}, "non fourni par la source"),
        ({"valeur": "", "qualite": "exact"}, "non fourni par la source"),
        ({"valeur": "3", "qualite": "non_fourni"}, "non fourni par la source"),
    ],
)
def test_a_figure_is_said_with_what_the_source_says_of_it(cells: dict[str, str], words: str):
    # In the expected text, ~ is a no-break space and _ a narrow one.
    assert figures.say(row(**cells)) == words.replace("~", NBSP).replace("_", NNBSP)


def test_a_quantity_that_looks_like_a_year_is_written_as_a_quantity():
    assert figures.say(row(valeur="2000")) == f"2{NNBSP}000{NBSP}emplois"


def test_a_year_is_said_without_a_unit():
    assert figures.say(row(valeur="2015", unite="année")) == "2015"


def test_every_quality_that_the_schema_allows_can_be_said():
    qualities = next(field.allowed for field in SCHEMA.fields if field.name == "qualite")
    assert qualities
    for quality in qualities:
        assert figures.say(row(valeur="12", qualite=quality))


@pytest.mark.parametrize(("year", "words"), [("2020", "2020"), ("2019-2022", "2019-2022"), ("", "non daté")])
def test_a_figure_without_a_year_is_said_undated(year: str, words: str):
    assert figures.year(row(annee=year)) == words


def test_figures_are_found_by_subject_in_the_order_of_the_table():
    table = Figures(
        pd.DataFrame(
            [
                row(id="b", indicateur="population"),
                row(id="c", sujet="acteur:tereos"),
                row(id="a", indicateur="emplois_ess"),
                row(id="d", indicateur="population"),
            ]
        )
    )
    assert [figure["id"] for figure in table.about("petr:val")] == ["b", "a", "d"]
    assert table.about("petr:ailleurs") == []
    found = table.find("petr:val", "population")
    assert found is not None
    assert found["id"] == "b"
    assert table.find("petr:val", "inconnu") is None


def test_the_populations_printed_for_the_two_petr_are_those_of_their_documents(site: Site):
    # 000:6 prints 107 658 inhabitants, 001:72 prints 64 467.
    printed = {"soissonnais-valois": f"107{NNBSP}658", "coeur-hauts-de-france": f"64{NNBSP}467"}
    for petr, number in printed.items():
        figure = site.figures.find(f"petr:{petr}", "population")
        assert figure is not None
        assert figures.say(figure) == f"{number}{NBSP}habitants"


def test_every_real_figure_can_be_said(site: Site):
    for figure in site.figures.frame.to_dict("records"):
        words = figures.say(figure)
        assert "nan" not in words, figure["id"]
        assert words == "non fourni par la source" or any(char.isdigit() for char in words), figure["id"]
