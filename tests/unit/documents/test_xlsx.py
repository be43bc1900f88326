"""The workbook: its sheets, texts that stay texts, and no formula anywhere."""

import dataclasses
import io
import zipfile
from collections.abc import Callable

import numpy as np
import openpyxl
import pandas as pd
import pytest
from tests.unit.documents.conftest import DAY

from esscarto.actors import locate
from esscarto.documents import xlsx
from esscarto.documents.selection import Selection, schema
from esscarto.errors import DataError
from esscarto.site import Site


@pytest.fixture(scope="module")
def book(everything: Selection) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.export(everything)))


def records(sheet) -> list[dict]:
    header, *rows = sheet.values
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_no_cell_of_any_sheet_is_a_formula(selection: Selection):
    content = xlsx.export(selection)
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)


def test_the_sheets_come_with_the_readable_list_first(book: openpyxl.Workbook):
    assert book.sheetnames == ["Liste", "Acteurs", "Chiffres", "Relations", "Sources", "Lisez-moi"]
    assert book.active is book["Liste"]


def test_headers_are_frozen_filtered_and_said_in_french(book: openpyxl.Workbook):
    fields = schema("acteurs").fields
    sheet = book["Acteurs"]
    assert [cell.value for cell in sheet[1]] == [field.name for field in fields]
    assert [cell.comment.text for cell in sheet[1] if cell.comment] == [field.title for field in fields]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions


def test_codes_are_texts_and_coordinates_are_numbers(book: openpyxl.Workbook):
    numbers = {"longitude", "latitude"}
    for row in records(book["Acteurs"]):
        for name, cell in row.items():
            assert cell is None or isinstance(cell, float if name in numbers else str)


def test_figures_and_relations_are_those_of_the_selection(book: openpyxl.Workbook, everything: Selection):
    assert [row["id"] for row in records(book["Chiffres"])] == everything.figures["id"].tolist()
    assert [row["id"] for row in records(book["Relations"])] == everything.relations["id"].tolist()
    values = [row["valeur"] for row in records(book["Chiffres"]) if row["valeur"] is not None]
    assert values
    assert all(isinstance(value, int | float) for value in values)


def test_the_sources_sheet_says_where_all_comes_from(book: openpyxl.Workbook, everything: Selection):
    assert records(book["Sources"]) == everything.sources.to_dict("records")


def test_the_last_sheet_says_every_column_and_every_code_in_use(book: openpyxl.Workbook, everything: Selection):
    lines = records(book["Lisez-moi"])
    for sheet, table in (("Acteurs", "acteurs"), ("Chiffres", "chiffres"), ("Relations", "relations")):
        said = {row["colonne"]: row["titre"] for row in lines if row["feuille"] == sheet and not row["code"]}
        assert said == {field.name: field.title for field in schema(table).fields}
    for field in schema("acteurs").fields:
        if field.allowed:
            used = {code for cell in everything.actors[field.name] for code in field.values(cell)}
            assert used <= {row["code"] for row in lines if row["colonne"] == field.name and row["titre"]}


def test_a_text_longer_than_a_cell_is_refused_and_never_cut(site: Site, make_rows: Callable[..., pd.DataFrame]):
    longest = "é" * xlsx.LONGEST_CELL

    def selection(note: str) -> Selection:
        actors = locate(make_rows({"note": note}), site.territories)
        return Selection(dataclasses.replace(site, actors=actors), np.array([True]), "", DAY)

    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.export(selection(longest))))["Acteurs"]
    assert records(sheet)[0]["note"] == longest
    with pytest.raises(DataError, match=r"ligne 2, colonne « note »"):
        xlsx.export(selection(longest + "é"))
