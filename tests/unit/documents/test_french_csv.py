"""The French CSV file: its form, and no cell that a spreadsheet computes."""

import csv
import io
import re

import pytest
from tests.unit.documents.conftest import COMPUTED

from esscarto.documents import french_csv
from esscarto.documents.selection import Selection, schema
from esscarto.inert import shield, unshield

NUMBER = re.compile(r"-?\d+(,\d+)?")


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def test_no_cell_begins_like_a_formula(selection: Selection):
    for row in cells(french_csv.export(selection)):
        for cell in row:
            assert NUMBER.fullmatch(cell) or not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", cell)


def test_the_file_has_its_mark_semicolons_and_windows_line_ends(everything: Selection):
    content = french_csv.export(everything)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == len(everything.actors) + 1 == content.count(b"\n")
    assert content.splitlines()[0].decode("utf-8-sig") == ";".join(
        f'"{name}"' for name in [*schema("acteurs").columns, "citation"]
    )


def test_numbers_have_a_decimal_comma_and_codes_keep_their_zeros(everything: Selection):
    header, *rows = cells(french_csv.export(everything))
    placed = [dict(zip(header, row, strict=True)) for row in rows if row[header.index("longitude")]]
    assert placed
    for row in placed:
        assert NUMBER.fullmatch(row["longitude"])
        assert NUMBER.fullmatch(row["latitude"])
    codes = {row[header.index("code_insee")] for row in rows} - {""}
    assert any(code.startswith("0") for code in codes)
    assert {len(code) for code in codes} == {5}


def test_a_negative_longitude_stays_a_number(everything: Selection):
    west = everything.actors.head(1).assign(longitude="-1.5", latitude="-49")
    header, row = cells(french_csv.write(west, schema("acteurs")))
    assert row[header.index("longitude")] == "-1,5"
    assert row[header.index("latitude")] == "-49"


def test_each_row_says_its_sources_the_day_and_the_licence(everything: Selection):
    header, *rows = cells(french_csv.export(everything))
    for row, citation in zip(rows, everything.citations(), strict=True):
        assert row[header.index("citation")] == f"{citation}. esscarto, export du 22/11/2026, Licence Ouverte 2.0"


@pytest.mark.parametrize("text", COMPUTED)
def test_a_text_that_computes_gets_one_apostrophe(text: str):
    assert shield(text) == "'" + text


@pytest.mark.parametrize("text", ["'t Hooft", "'", "", "a=1", "3-4", "’=1", "Ham", "02722", ";=1+1"])
def test_a_text_that_does_not_compute_is_left_alone(text: str):
    assert shield(text) == text == unshield(text)


def test_the_shield_is_taken_off_exactly(awkward_texts: list[str]):
    for text in awkward_texts:
        for apostrophes in ("", "'", "''"):
            assert unshield(shield(apostrophes + text)) == apostrophes + text
