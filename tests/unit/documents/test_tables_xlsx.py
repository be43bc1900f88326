"""Tables as a workbook: texts stay texts, numbers stay numbers, what is missing is said."""

import datetime
import io
import math

import openpyxl

from esscarto.documents.tables_xlsx import export

DAY = datetime.date(2026, 11, 22)


def cells(content: bytes, sheet: str) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)]


def test_texts_numbers_and_missing_values_keep_their_kind():
    rows = [["Code", "Valeur"], ["02722", 1.5], ["02011", math.nan], ["02012", None], ["02013", 0]]
    assert cells(export("Essai", {"Valeurs": rows}, DAY), "Valeurs") == [
        ["Code", "Valeur"],
        ["02722", 1.5],
        ["02011", "n. d."],
        ["02012", "n. d."],
        ["02013", 0],
    ]


def test_no_text_becomes_a_formula_or_a_link(hostile: str):
    content = export("Essai", {"T": [["Nom"], [hostile]]}, DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["T"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None


def test_the_same_tables_of_the_same_day_are_the_same_file():
    rows = {"T": [["a"], [1]]}
    assert export("Essai", rows, DAY) == export("Essai", rows, DAY)
