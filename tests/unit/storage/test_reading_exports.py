"""Files that come back: from a spreadsheet or a GIS that has saved them its own way, or from anybody at all."""

import datetime
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable

import openpyxl
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from esscarto.errors import DataError
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage import reading_exports
from esscarto.storage.reading_exports import (
    number_text,
    read_export,
    read_french_csv,
    read_geojson,
    read_gpkg,
    read_xlsx,
)

COLUMNS = read_schema(SCHEMAS / "acteurs.schema.json").columns
HEADER = ";".join(COLUMNS)


@pytest.fixture
def rows(make_rows: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    told = {
        "nom": "L’Étape, « cœur » à 3 €",
        "longitude": "3.10076",
        "latitude": "49.260881",
        "siret": "01234567800012",
    }
    return make_rows(told, {"nom": "NA", "code_insee": "02722"}).astype(str)


def csv_text(rows: pd.DataFrame, separator: str = ";", decimal: str = ",") -> str:
    lines = [list(rows.columns), *rows.to_numpy().tolist()]
    number = {"longitude", "latitude"}
    cells = [
        [f'"{cell.replace(".", decimal) if name in number else cell}"' for name, cell in zip(rows, line, strict=True)]
        for line in lines
    ]
    return "\r\n".join(separator.join(line) for line in cells) + "\r\n"


def workbook(lines: list[list], sheet: str = "Acteurs") -> bytes:
    book = openpyxl.Workbook()
    assert book.active
    book.active.title = sheet
    for line in lines:
        book.active.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change the XML of the first sheet of a workbook."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name.endswith("sheet1.xml") else old.read(name))
    return changed.getvalue()


def geopackage(rows: pd.DataFrame, layer: str = "acteurs") -> bytes:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)")
        database.execute("INSERT INTO gpkg_contents VALUES (?, 'features')", (layer,))
        quoted = layer.replace('"', '""')
        database.execute(f'CREATE TABLE "{quoted}" (fid INTEGER, geom BLOB, {", ".join(COLUMNS)})')
        marks = ", ".join("?" * len(COLUMNS))
        database.executemany(f'INSERT INTO "{quoted}" VALUES (1, NULL, {marks})', rows[COLUMNS].to_numpy().tolist())
        database.commit()
        return database.serialize()


# ---- CSV, as spreadsheets save it


@pytest.mark.parametrize(
    ("encoding", "separator", "decimal"),
    [
        ("utf-8-sig", ";", ","),
        ("utf-8", ",", "."),
        ("cp1252", ";", ","),
        ("utf-16", "\t", ","),
        ("utf-8", "\t", "."),
    ],
)
def test_a_csv_is_read_whatever_its_encoding_and_separator(rows, encoding, separator, decimal):
    assert_frame_equal(read_french_csv(csv_text(rows, separator, decimal).encode(encoding)), rows)


def test_columns_may_come_in_another_order_with_others_and_with_spaces_in_their_names(rows):
    shuffled = rows[COLUMNS[::-1]].assign(citation="à lire").rename(columns={"nom": " nom "})
    assert_frame_equal(read_french_csv(csv_text(shuffled).encode()), rows)


def test_empty_lines_are_left_out_and_short_ones_completed(rows):
    text = csv_text(rows).replace("\r\n", f"\r\n\r\n{';' * 20}\r\n")
    assert_frame_equal(read_french_csv(text.encode()), rows)
    short = f"{HEADER}\r\nun;un\r\n".encode()
    assert read_french_csv(short).iloc[0].tolist() == ["un", "un", *[""] * (len(COLUMNS) - 2)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "il manque la colonne « id »"),
        (b"   \n\n", "il manque la colonne « id »"),
        (HEADER.replace("nom;", "").encode(), "il manque la colonne « nom »"),
        (f"nom;{HEADER}".encode(), "la colonne « nom » est là deux fois"),
        (f"{HEADER}\n{';' * len(COLUMNS)}de trop".encode(), "ligne 2 du tableau"),
        (f'{HEADER}\n"jamais fermé'.encode(), "un guillemet manque ou est de trop"),
        (b"\xff\xfe\x00\xd8", "n’est pas un texte lisible"),
        (b"\x81\x8d\x8f", "n’est pas un texte lisible"),
        (b"x" * (reading_exports.MAX_BYTES + 1), "dépasse 10 Mo"),
        (f"{HEADER}\n".encode() + b"\n" * (reading_exports.MAX_LINES + 1), "dépasse 50\u202f000 lignes"),
        (f"{HEADER}\n".encode() + b"x\n" * (reading_exports.MAX_ROWS + 1), "dépasse 50\u202f000 lignes"),
        (b";".join(b"c%d" % number for number in range(100_000)), "200 colonnes"),
    ],
)
def test_a_csv_that_does_not_hold_is_refused_with_a_remedy(content: bytes, message: str):
    with pytest.raises(DataError, match=message) as refusal:
        read_export(content)
    assert refusal.value.remedy
    assert "CSV" in refusal.value.where


# ---- workbooks


def test_a_workbook_saved_by_hand_is_read_with_its_numbers_and_dates(rows):
    lines: list[list] = [COLUMNS, *rows.to_numpy().tolist()]
    lines[1][COLUMNS.index("longitude")] = 3.10076
    lines[1][COLUMNS.index("siret")] = 12345678000123
    lines[1][COLUMNS.index("statut_date")] = datetime.date(2025, 7, 14)
    read = read_xlsx(workbook(lines, "Feuil1"))
    assert read.loc[0, ["longitude", "siret", "statut_date"]].tolist() == ["3.10076", "12345678000123", "2025-07-14"]
    assert read["nom"].tolist() == rows["nom"].tolist()


def test_a_workbook_that_lies_about_its_size_loses_no_line(rows):
    lying = with_sheet(
        workbook([COLUMNS, *rows.to_numpy().tolist()]),
        lambda sheet: sheet.replace(b'<dimension ref="A1:AG3"', b'<dimension ref="A1:B1"'),
    )
    assert b'"A1:B1"' in zipfile.ZipFile(io.BytesIO(lying)).read("xl/worksheets/sheet1.xml")
    assert_frame_equal(read_xlsx(lying), rows)


def test_a_formula_gives_its_last_result_and_is_not_computed(rows):
    computed = workbook([COLUMNS, ["=1+1", *[""] * (len(COLUMNS) - 1)], *rows.to_numpy().tolist()])
    saved = with_sheet(computed, lambda sheet: sheet.replace(b"<v></v>", b"<v>7</v>").replace(b"<v />", b"<v>7</v>"))
    assert read_xlsx(saved)["id"].tolist() == ["7", *rows["id"]]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read():
    bomb = with_sheet(workbook([COLUMNS]), lambda sheet: sheet + b" " * (60 * 2**20))
    assert len(bomb) < 100_000
    with pytest.raises(DataError, match="déplie trop de données"):
        read_xlsx(bomb)


def test_a_workbook_with_too_many_cells_is_refused_before_it_is_read():
    crowd = with_sheet(
        workbook([COLUMNS]), lambda sheet: sheet.replace(b"</sheetData>", b"<row/>" * 700_000 + b"</sheetData>")
    )
    assert len(crowd) < 100_000
    with pytest.raises(DataError, match="déplie trop de données"):
        read_xlsx(crowd)


def test_a_row_at_the_bottom_of_the_sheet_is_refused_and_not_walked_to():
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with pytest.raises(DataError, match="dépasse"):
        read_xlsx(with_sheet(workbook([COLUMNS]), lambda sheet: sheet.replace(b"</sheetData>", far)))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100])
def test_an_archive_that_is_not_a_workbook_is_refused(content: bytes):
    with pytest.raises(DataError, match="ce classeur ne se lit pas"):
        read_export(content)


def test_a_truncated_workbook_is_refused(rows):
    content = workbook([COLUMNS, *rows.to_numpy().tolist()])
    with pytest.raises(DataError, match="ce classeur ne se lit pas"):
        read_xlsx(content[: len(content) // 2])


# ---- GeoJSON


def test_a_geojson_of_another_tool_is_read_with_its_numbers(rows):
    properties = rows.to_dict("records")
    properties[0] |= {"longitude": 3.10076, "latitude": 49.260881, "siret": None, "fid": 1}
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": row} for row in properties],
    }
    expected = rows.assign(siret="").astype(str)
    assert_frame_equal(read_geojson(json.dumps(collection).encode("utf-8-sig")), expected)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{}",
        b'{"features": 3}',
        b'{"features": [3]}',
        b'{"features": [{"properties": "nom"}]}',
        b'{"features": [{"properties": {"nom": {}}}]}',
        b'{"a":' * 200_000,
        b'{"features": [{"properties": {"longitude": ' + b"9" * 5_000 + b"}}]}",
    ],
)
def test_what_is_not_a_collection_is_refused(content: bytes):
    with pytest.raises(DataError, match="n’est pas une collection GeoJSON"):
        read_export(content)


def test_a_collection_without_our_columns_is_refused_by_their_names():
    with pytest.raises(DataError, match="il manque la colonne « id »"):
        read_export(b'{"features": [{"properties": {"name": "x"}}, {"properties": null}]}')


# ---- GeoPackage


def test_a_layer_of_another_name_is_read(rows):
    assert_frame_equal(read_gpkg(geopackage(rows, 'mes "acteurs" ; DROP TABLE x')), rows)


def test_a_geopackage_that_a_gis_left_in_write_ahead_mode_is_read(rows):
    content = geopackage(rows)
    assert_frame_equal(read_gpkg(content[:18] + b"\x02\x02" + content[20:]), rows)


def test_a_view_without_an_end_is_interrupted():
    with sqlite3.connect(":memory:") as database:
        database.execute(
            "CREATE VIEW gpkg_contents AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) "
            "SELECT 'x' || n AS table_name, 'features' AS data_type FROM t"
        )
        content = database.serialize()
    with pytest.raises(DataError, match="ce GeoPackage ne se lit pas"):
        read_export(content)


def test_a_database_that_is_not_a_geopackage_is_refused(rows):
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE acteurs (id TEXT)")
        content = database.serialize()
    whole = geopackage(rows)
    for damaged in (content, whole[:100], whole[:2000]):
        with pytest.raises(DataError, match="ce GeoPackage ne se lit pas"):
            read_export(damaged)


# ---- numbers


@pytest.mark.parametrize(
    ("value", "text"), [(3.10076, "3.10076"), (4.0, "4"), (-1.5, "-1.5"), (float("nan"), "nan"), (float("inf"), "inf")]
)
def test_a_number_is_written_as_the_tables_write_it(value: float, text: str):
    assert number_text(value) == text
