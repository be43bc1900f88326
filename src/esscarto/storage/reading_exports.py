"""Read an export back: Excel workbook, French CSV, GeoJSON, GeoPackage, to the table of actors.

Every reader takes the bytes of a file that anybody may have sent, and returns the columns of
``schemas/acteurs.schema.json`` as text, "" when empty. It reads; whether a row holds is for
:meth:`esscarto.schema.TableSchema.problems` to say. Other columns are left out.
"""

import csv
import io
import itertools
import json
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pandas as pd

from esscarto.errors import DataError
from esscarto.french import number
from esscarto.inert import unshield
from esscarto.schema import TableSchema, read_schema
from esscarto.settings import SCHEMAS

ACTORS_SHEET = "Acteurs"

MAX_BYTES = 10 * 2**20
"""Size of a file, as the server takes it."""
MAX_CHARACTERS = 40_000_000
"""All the texts of a table together."""
MAX_ROWS = 50_000
MAX_LINES = 2 * MAX_ROWS
"""Rows, and the empty lines between them."""
MAX_COLUMNS = 200
MAX_STEPS = 2_000
"""Tens of thousands of instructions of the database: some five times those of ``MAX_ROWS`` rows."""

_SQLITE = b"SQLite format 3\0"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

csv.field_size_limit(MAX_BYTES)


def read_export(content: bytes) -> pd.DataFrame:
    """Read an export of whichever format, recognised by its content and not by its name.

    Raises
    ------
    DataError
        When the file is too large, damaged, or lacks a column.
    """
    if content.startswith(_ZIP):
        return read_xlsx(content)
    if content.startswith(_SQLITE):
        return read_gpkg(content)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return read_geojson(content)
    return read_french_csv(content)


def read_xlsx(content: bytes) -> pd.DataFrame:
    """Read the sheet « Acteurs » of a workbook, or its first sheet; a formula gives its last result.

    Raises
    ------
    DataError
        When the workbook is too large, damaged, or lacks a column.
    """
    where = "classeur Excel"
    _check_size(content, where)
    try:
        # Imported here: a third of a second, for those who import a workbook only.
        from esscarto.storage.workbook import sheet_lines

        lines = sheet_lines(content, ACTORS_SHEET, MAX_COLUMNS)
        return _table(([_text(cell) for cell in line] if any(line) else [] for line in lines), where)
    except DataError:
        raise
    except Exception as error:  # the library raises whatever the damage makes it meet
        remedy = "Enregistrez-le à nouveau en « Classeur Excel (.xlsx) »."
        raise DataError("ce classeur ne se lit pas", where, remedy) from error


def read_french_csv(content: bytes) -> pd.DataFrame:
    """Read a CSV file: ``;``, ``,`` or tab, UTF-8, UTF-16 or Windows-1252, decimal comma or point.

    Raises
    ------
    DataError
        When the file is too large, is not such a text, or is not a regular table.
    """
    where = "fichier CSV"
    _check_size(content, where)
    text = _decode(content, where)
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        return _table(([unshield(cell) for cell in line] for line in lines), where, read_number=_decimal_point)
    except csv.Error as error:
        place = f"{where}, ligne {lines.line_num}"
        raise DataError("un guillemet manque ou est de trop", place, "Exportez-le à nouveau.") from error


def read_geojson(content: bytes) -> pd.DataFrame:
    """Read the properties of a GeoJSON collection; they, and not the geometry, say where an actor is.

    Raises
    ------
    DataError
        When the file is too large, is not a collection of features, or lacks a column.
    """
    where = "fichier GeoJSON"
    _check_size(content, where)
    try:
        collection = json.loads(content.decode("utf-8-sig"))
        properties = [feature["properties"] or {} for feature in collection["features"]]
        if len(properties) > MAX_ROWS:
            raise _too_large(where)
        known = _schema().columns
        header = [name for name in known if any(name in row for row in properties)] if properties else known
        return _table([header, *([_text(row.get(name)) for name in header] for row in properties)], where)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        fault = "ce fichier n’est pas une collection GeoJSON"
        raise DataError(fault, where, "Exportez-le à nouveau.") from error


def read_gpkg(content: bytes) -> pd.DataFrame:
    """Read the columns of the first layer of a GeoPackage; they, and not the geometry, say where an actor is.

    The file is opened in memory, as the SQLite database that it is: no other format is tried.

    Raises
    ------
    DataError
        When the file is too large, damaged, or lacks a column.
    """
    where = "GeoPackage"
    _check_size(content, where)
    # A GIS may leave on the write-ahead mode, which a database in memory cannot have (SQLite format, 1.3.3).
    content = content[:18] + b"\x01\x01" + content[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(content)
            database.execute("PRAGMA trusted_schema = OFF")
            # A view may be a query without an end: the steps of the database are counted.
            steps = itertools.count()
            database.set_progress_handler(lambda: next(steps) > MAX_STEPS, 10_000)
            (layer,) = database.execute(
                "SELECT name FROM sqlite_master JOIN gpkg_contents ON table_name = name "
                "WHERE type = 'table' AND data_type = 'features' ORDER BY name LIMIT 1"
            ).fetchone()
            present = {name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (layer,))}
            header = [name for name in _schema().columns if name in present]
            columns = ", ".join(f'"{name}"' for name in header) or "NULL"
            quoted = layer.replace('"', '""')
            rows = database.execute(f'SELECT {columns} FROM "{quoted}"')
            return _table(itertools.chain([header], ([_text(cell) for cell in row] for row in rows)), where)
    except (sqlite3.Error, TypeError, ValueError) as error:
        raise DataError("ce GeoPackage ne se lit pas", where, "Exportez-le à nouveau.") from error


def number_text(value: float) -> str:
    """Write a number as the tables do: with a point, and no decimals when it has none."""
    return str(int(value)) if math.isfinite(value) and value == int(value) else repr(float(value))


def _schema() -> TableSchema:
    return read_schema(SCHEMAS / "acteurs.schema.json")


def _table(lines: Iterable[Sequence[str]], where: str, read_number: Callable[[str], str] = str) -> pd.DataFrame:
    """Return the columns of the schema, in its order; the first line that is not empty is the header."""
    bounded = _bounded(lines, where)
    header = [name.strip() for name in next(bounded, [])]
    schema = _schema()
    schema.check_columns(pd.DataFrame(columns=header), where)
    twice = next((name for name in schema.columns if header.count(name) > 1), None)
    if twice:
        raise DataError(f"la colonne « {twice} » est là deux fois", where, "Gardez-en une.")
    places = [header.index(name) for name in schema.columns]
    rows = []
    for position, line in enumerate(bounded, start=2):
        if any(line[len(header) :]):
            raise DataError(
                f"cette ligne a {len(line)} cellules pour {len(header)} colonnes",
                f"{where}, ligne {position} du tableau",
                "Donnez un titre à chaque colonne ; un texte qui contient le séparateur va entre guillemets.",
            )
        rows.append([line[place] if place < len(line) else "" for place in places])
    table = pd.DataFrame(rows, columns=schema.columns, dtype=str)
    for field in schema.fields:
        if field.kind == "number":
            table[field.name] = table[field.name].map(read_number).astype(str)
    return table


def _bounded(lines: Iterable[Sequence[str]], where: str) -> Iterator[Sequence[str]]:
    """Yield the lines that are not empty, and refuse more than a directory can be."""
    kept = characters = 0
    for position, line in enumerate(lines):
        if position > MAX_LINES:
            raise _too_large(where)
        if not any(line):
            continue
        kept += 1
        characters += sum(map(len, line))
        if kept > MAX_ROWS + 1 or len(line) > MAX_COLUMNS or characters > MAX_CHARACTERS:
            raise _too_large(where)
        yield line


def _too_large(where: str) -> DataError:
    limits = f"{number(MAX_ROWS)} lignes, {MAX_COLUMNS} colonnes ou {number(MAX_CHARACTERS)} caractères"
    return DataError(f"ce tableau dépasse {limits}", where, "Partagez-le en plusieurs fichiers.")


def _check_size(content: bytes, where: str) -> None:
    if len(content) > MAX_BYTES:
        raise DataError(f"ce fichier dépasse {MAX_BYTES // 2**20} Mo", where, "Partagez-le en plusieurs fichiers.")


def _decode(content: bytes, where: str) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError("ce fichier n’est pas un texte lisible", where, "Enregistrez-le en « CSV UTF-8 ».")


def _text(cell: Any) -> str:
    """Write the value of a cell as the tables do: nothing is "", a date is written 2025-07-14."""
    if cell is None or isinstance(cell, bytes):
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return str(int(cell))
    if isinstance(cell, float):
        return number_text(cell)
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    raise ValueError(f"a cell of type {type(cell).__name__}")


def _decimal_point(cell: str) -> str:
    written = cell.strip().replace(",", ".")
    try:
        float(written)
    except ValueError:
        return cell
    return written
