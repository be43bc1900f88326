"""The figures of a sheet as a workbook, read back."""

import datetime
import io

import openpyxl
import pytest

from esscarto.documents import sheet_xlsx
from esscarto.sheets.build import build
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)


def tables(site: Site, text: str) -> dict[str, list[tuple]]:
    content = sheet_xlsx.export(site, build(site, Territory.parse(text), DAY))
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_a_figure_is_a_number_with_its_year_its_perimeter_and_its_source(site: Site):
    titles, *rows = tables(site, "petr:soissonnais-valois")["Chiffres"]
    line = next(dict(zip(titles, row, strict=True)) for row in rows if row[1] == "Emplois de l’ESS")
    assert (line["Valeur"], line["Unité"], line["Année"]) == (3650, "emplois", "2019")
    assert line["Territoire du chiffre"] == "PETR du Soissonnais et du Valois"
    assert line["Source"].endswith("lignes 11-12, 162")


def test_the_figure_of_a_wider_territory_is_named_on_the_sheet_of_a_commune(site: Site):
    titles, *rows = tables(site, "commune:02010")["Chiffres"]
    line = next(dict(zip(titles, row, strict=True)) for row in rows if row[1] == "Emplois de l’ESS")
    assert line["Territoire du chiffre"] == "le PETR du Soissonnais et du Valois"


def test_what_is_not_given_is_a_word_and_never_a_zero(site: Site):
    titles, *rows = tables(site, "departement:60")["Chiffres"]
    missing = [dict(zip(titles, row, strict=True)) for row in rows if row[4] == "non fourni par la source"]
    assert missing
    assert {line["Valeur"] for line in missing} == {"n. d."}


def test_every_figure_actor_and_contact_of_the_sheet_has_its_row(site: Site):
    sheet = build(site, Territory.parse("epci:240200477"), DAY)
    found = tables(site, "epci:240200477")
    sizes = {name: len(rows) - 1 for name, rows in found.items()}
    assert sizes["Chiffres"] == len(sheet.figures)
    assert sizes["Acteurs"] == sheet.known.total
    assert sizes["Contacts"] == len(sheet.policy) + len(sheet.contacts)
    assert sizes["Proches"] == len(sheet.known.near)


@pytest.mark.parametrize("text", ["commune:02010", "region:32"])
def test_no_cell_is_a_formula(site: Site, text: str):
    cells = [cell for rows in tables(site, text).values() for row in rows for cell in row if isinstance(cell, str)]
    assert [cell for cell in cells if cell.startswith("=")] == []
