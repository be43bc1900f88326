"""Read the entities of a GeoJSON or GeoPackage file: their properties as texts, and the point of each.

The point goes into two columns of its own, so that it is never taken for a property of the same name.
"""

import itertools
import json
import math
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from esscarto.errors import DataError
from esscarto.french import number
from esscarto.storage.file_limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS, too_many

POINT_COLUMNS = ("geometrie_longitude", "geometrie_latitude")
"""Columns that hold the point, east then north, in the units of the file."""

MAX_TOKENS = 1_500_000
"""Braces, brackets and commas of a GeoJSON text: each of them costs its reader a hundred bytes at most."""
MAX_STEPS = 2_000
"""Tens of thousands of instructions of the database: some five times those of ``MAX_ROWS`` rows."""

EXPORT_AGAIN = "Exportez la couche à nouveau, en GeoJSON (WGS 84) ou en CSV."

_NO_POINT = ("", "")


@dataclass
class Features:
    """The names of the columns, the cells of each entity, and what had to be settled to read them."""

    columns: list[str]
    rows: list[list[str]]
    notes: list[str]


def read_geojson(content: bytes, where: str) -> Features:
    """Read the entities of a GeoJSON collection (RFC 7946).

    Raises
    ------
    DataError
        When the file is not such a collection, or is too large.
    """
    if sum(map(content.count, (b"{", b"[", b","))) > MAX_TOKENS:
        raise DataError("cette collection GeoJSON est trop grande", where, "Partagez-la en plusieurs fichiers.")
    try:
        collection = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object)
        features = collection["features"]
        if not isinstance(features, list):
            raise TypeError("features")
        entities = [feature.get("properties") or {} for feature in features]
        points = [_geojson_point(feature.get("geometry")) for feature in features]
        header = list(dict.fromkeys(itertools.chain.from_iterable(entities)))
    except DataError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError("ce fichier n’est pas une collection GeoJSON", where, EXPORT_AGAIN) from error
    if len(features) > MAX_ROWS:
        raise too_many("entités", MAX_ROWS, where)
    if len(header) > MAX_COLUMNS:
        raise too_many("colonnes", MAX_COLUMNS, where)
    return _with_points(header, [[_text(entity.get(name)) for name in header] for entity in entities], points, [])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, and refuse one that gives the same property twice: one of the values would be lost."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"la propriété « {twice[:60]} » est donnée deux fois", "fichier GeoJSON", EXPORT_AGAIN)
    return made


def _geojson_point(geometry: Any) -> tuple[str, str] | None:
    """Return the coordinates of a point as text, "" when there is no geometry, None when it is another one."""
    if geometry is None:
        return _NO_POINT
    if geometry["type"] != "Point":
        return None
    coordinates = geometry["coordinates"]
    return (_text(coordinates[0]), _text(coordinates[1])) if len(coordinates) >= 2 else _NO_POINT


def read_gpkg(content: bytes, where: str) -> Features:
    """Read the first layer of a GeoPackage, as the SQLite database that it is: no other format is tried.

    Raises
    ------
    DataError
        When the file is damaged, or holds no layer.
    """
    # A GIS may leave on the write-ahead mode, which a database in memory cannot have (SQLite format, 1.3.3).
    content = content[:18] + b"\x01\x01" + content[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(content)
            database.execute("PRAGMA trusted_schema = OFF")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * MAX_CELL_CHARACTERS)
            steps = itertools.count()
            database.set_progress_handler(lambda: next(steps) > MAX_STEPS, 10_000)
            return _read_layer(database, where)
    except (sqlite3.Error, MemoryError) as error:
        raise DataError("ce GeoPackage ne se lit pas", where, EXPORT_AGAIN) from error


def _read_layer(database: sqlite3.Connection, where: str) -> Features:
    layers = database.execute(
        "SELECT name, data_type FROM sqlite_master JOIN gpkg_contents ON table_name = name "
        "WHERE type = 'table' AND data_type IN ('features', 'attributes') "
        "ORDER BY data_type DESC, name LIMIT 50"
    ).fetchall()
    if not layers:
        raise DataError("ce GeoPackage n’a aucune couche", where, EXPORT_AGAIN)
    layer = str(layers[0][0])
    names = [str(name) for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (layer,))]
    if len(names) > MAX_COLUMNS:
        raise too_many("colonnes", MAX_COLUMNS, where)
    found = database.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)).fetchone()
    geometry = found[0] if found and found[0] in names else None
    header = [name for name in names if name != geometry]
    selected = ", ".join(map(_quoted, [*([geometry] if geometry else []), *header]))
    cursor = database.execute(f"SELECT {selected} FROM {_quoted(layer)} LIMIT {MAX_ROWS + 1}")
    rows, points = [], []
    for row in cursor:
        points.append(_gpkg_point(row[0]) if geometry else _NO_POINT)
        rows.append([_text(cell) for cell in (row[1:] if geometry else row)])
    if len(rows) > MAX_ROWS:
        raise too_many("entités", MAX_ROWS, where)
    others = [f"« {name} »" for name, _ in layers[1:]]
    notes = [f"Couche lue : « {layer} ». Laissées de côté : {', '.join(others)}."] if others else []
    return _with_points(header, rows, points, notes)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _gpkg_point(blob: Any) -> tuple[str, str] | None:
    """Read a point of a GeoPackage (OGC 12-128r19, 2.1.3), None for another geometry."""
    if blob is None:
        return _NO_POINT
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return None
    if blob[3] & 0b10000:
        return _NO_POINT
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}.get(blob[3] >> 1 & 0b111)
    if envelope is None or len(blob) < 8 + envelope + 21:
        return None
    shape = blob[8 + envelope :]
    order = "<" if shape[0] == 1 else ">"
    kind, x, y = struct.unpack_from(f"{order}Idd", shape, 1)
    return (_text(x), _text(y)) if kind % 1000 == 1 else None


def _with_points(
    header: list[str], rows: list[list[str]], points: Sequence[tuple[str, str] | None], notes: list[str]
) -> Features:
    shapes = points.count(None)
    if shapes:
        notes.append(
            f"{number(shapes)} géométrie{'s' if shapes > 1 else ''} sans être un point : "
            "elles ne donnent aucune coordonnée."
        )
    if any(point for point in points if point and point != _NO_POINT):
        header = [*header, *POINT_COLUMNS]
        rows = [[*row, *(point or _NO_POINT)] for row, point in zip(rows, points, strict=True)]
    return Features(header, rows, notes)


def _text(cell: Any) -> str:
    """Write a value as the tables do; a list of values is joined as our list columns are."""
    if cell is None or isinstance(cell, bytes):
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, list) and all(isinstance(part, str) for part in cell):
        return "|".join(cell)
    return str(cell) if isinstance(cell, int) else json.dumps(cell, ensure_ascii=False)


def numbered(features: Features) -> Iterator[tuple[int, list[str]]]:
    """Yield the header as line 0, then each entity with its number."""
    yield 0, features.columns
    yield from enumerate(features.rows, start=1)
