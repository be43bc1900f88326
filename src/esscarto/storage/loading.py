"""Read the data folder: boundaries, actors, and the tables around them."""

import csv
import io
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from esscarto.errors import DataError
from esscarto.schema import Problem, TableSchema, read_schema
from esscarto.settings import SCHEMAS
from esscarto.territories import LEVEL_COLUMNS, Territories

LAYER_FILES = {
    "commune": "communes.parquet",
    "epci": "epci.parquet",
    "petr": "petr.parquet",
    "departement": "departements.parquet",
    "region": "regions.parquet",
}

REBUILD = "Lancez « esscarto geo build » (voir data/geo/SOURCES.md)."


@dataclass(frozen=True)
class Table:
    """A table read against its schema: the rows that hold, and the problems of those that do not.

    The index of the rows is their position in the file: line ``index + 2`` of a spreadsheet.
    """

    rows: pd.DataFrame
    problems: tuple[Problem, ...]


def read_territories(geo: Path) -> Territories:
    """Read the layers of ``data/geo``.

    Raises
    ------
    DataError
        When a file is missing or cannot be read, or when a layer is not in EPSG:4326.
    """
    layers = {level: _read_layer(geo / name, LEVEL_COLUMNS[level]) for level, name in LAYER_FILES.items()}
    petr_of = layers["epci"]["petr"].where(layers["epci"]["petr"].notna(), None)
    communes = layers["commune"]
    communes["petr"] = communes["siren_epci"].map(petr_of).astype(object)
    communes["petr"] = communes["petr"].where(communes["petr"].notna(), None)
    # A département or région that is only partly in the layers is not one of their territories.
    for level in ("departement", "region"):
        column = LEVEL_COLUMNS[level]
        communes[column] = communes[column].where(communes[column].isin(layers[level].index), None)
    former = _read_small(geo / "former_communes.csv")
    try:
        vintages = json.loads((geo / "vintages.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("les millésimes ne peuvent pas être lus", "vintages.json", REBUILD) from error
    return Territories(layers, former.set_index("code_ancien")["code_insee"], vintages)


def _read_layer(path: Path, code: str) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise DataError("cette couche manque", path.name, REBUILD)
    try:
        layer = gpd.read_parquet(path)
    except (OSError, ValueError, KeyError) as error:
        raise DataError("cette couche ne peut pas être lue", path.name, REBUILD) from error
    if layer.crs is None or layer.crs.to_epsg() != 4326:
        raise DataError("cette couche n’est pas en EPSG:4326", path.name, REBUILD)
    return layer.set_index(code, drop=False).rename_axis(None)


def read_table(path: Path, schema: TableSchema) -> Table:
    """Read a CSV table (UTF-8, comma, every cell text) and set apart the rows that do not fit its schema.

    A row with a cell too many, or too few, is a bad row: nothing is shifted.

    Raises
    ------
    DataError
        When the file is missing, empty, not UTF-8, not a table, or lacks a column.
    """
    header, *rows = _cells(path)
    width = len(header)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(f"la colonne « {twice[0]} » est donnée deux fois", path.name, "Gardez-en une.")
    uneven = {at: row for at, row in enumerate(rows) if row and len(row) != width}
    whole = {at: row for at, row in enumerate(rows) if len(row) == width}
    frame = pd.DataFrame.from_dict(whole, orient="index", columns=header, dtype=str)
    schema.check_columns(frame, path.name)
    problems = [
        Problem(
            at + 2, header[0], row[0], f"cette ligne a {len(row)} cellules au lieu de {width}", "Vérifiez ses virgules."
        )
        for at, row in uneven.items()
    ]
    problems += schema.problems(frame)
    refused = {problem.line - 2 for problem in problems} & set(frame.index)
    return Table(frame.drop(index=list(refused)), tuple(problems))


def _cells(path: Path) -> list[list[str]]:
    """Read the cells of a CSV file, a list a line, blank lines kept so that lines keep their number."""
    if not path.is_file():
        raise DataError("ce tableau manque", path.name, "Remettez-le en place depuis le dépôt.")
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError as error:
        raise DataError("ce fichier n’est pas en UTF-8", path.name, "Enregistrez-le en « CSV UTF-8 ».") from error
    except csv.Error as error:
        raise DataError("ce fichier n’est pas un tableau régulier", path.name, "Vérifiez ses guillemets.") from error
    if not any(lines):
        raise DataError("ce tableau est vide", path.name, "Remettez-le en place depuis le dépôt.")
    return lines


def read_actors(data: Path) -> Table:
    """Read ``data/actors.csv`` against ``schemas/acteurs.schema.json``."""
    return read_table(data / "actors.csv", read_schema(SCHEMAS / "acteurs.schema.json"))


def read_figures(data: Path) -> Table:
    """Read ``data/figures.csv`` against ``schemas/chiffres.schema.json``."""
    return read_table(data / "figures.csv", read_schema(SCHEMAS / "chiffres.schema.json"))


def read_relations(data: Path) -> Table:
    """Read ``data/relations.csv`` against ``schemas/relations.schema.json``."""
    return read_table(data / "relations.csv", read_schema(SCHEMAS / "relations.schema.json"))


def read_supports(data: Path) -> Table:
    """Read ``data/supports.csv`` against ``schemas/soutiens.schema.json``."""
    return read_table(data / "supports.csv", read_schema(SCHEMAS / "soutiens.schema.json"))


def read_definitions(data: Path) -> dict[str, dict[str, str]]:
    """Read ``data/indicators.csv``: indicator of a published figure -> its label, unit, definition and limits."""
    table = read_table(data / "indicators.csv", read_schema(SCHEMAS / "indicateurs.schema.json"))
    return {row["indicateur"]: row for row in table.rows.to_dict("records")}


def read_competences(data: Path) -> Table:
    """Read ``data/competences.csv`` against ``schemas/competences.schema.json``."""
    return read_table(data / "competences.csv", read_schema(SCHEMAS / "competences.schema.json"))


def read_complements(data: Path) -> Table:
    """Read ``data/complementarites.csv`` against its schema; a folder older than this table has none."""
    path, schema = data / "complementarites.csv", read_schema(SCHEMAS / "complementarites.schema.json")
    return read_table(path, schema) if path.is_file() else Table(pd.DataFrame(columns=schema.columns, dtype=str), ())


def read_programmes(data: Path) -> Table:
    """Read ``data/programmes.csv`` against ``schemas/programmes.schema.json``."""
    return read_table(data / "programmes.csv", read_schema(SCHEMAS / "programmes.schema.json"))


def read_events(data: Path) -> Table:
    """Read ``data/events.csv`` against its schema; a folder older than this table has none."""
    path, schema = data / "events.csv", read_schema(SCHEMAS / "evenements.schema.json")
    return read_table(path, schema) if path.is_file() else Table(pd.DataFrame(columns=schema.columns, dtype=str), ())


def read_synonyms(data: Path) -> Table:
    """Read ``data/synonymes.csv`` against ``schemas/synonymes.schema.json``: words and the codes that they mean."""
    return read_table(data / "synonymes.csv", read_schema(SCHEMAS / "synonymes.schema.json"))


def read_documents(data: Path) -> dict[str, dict[str, str]]:
    """Read ``data/documents.csv``: number of a source document -> its title, publisher and year."""
    frame = _read_small(data / "documents.csv")
    return {row["document"]: row for row in frame.to_dict("records")}


def read_practices(data: Path) -> tuple[dict[str, Any], ...]:
    """Read the sheets of ``data/practices``, in the order of their names.

    Raises
    ------
    DataError
        When a sheet is not TOML.
    """
    sheets = []
    for path in sorted((data / "practices").glob("*.toml")):
        try:
            sheets.append(tomllib.loads(path.read_text(encoding="utf-8")))
        except (ValueError, OSError) as error:
            raise DataError("cette fiche ne peut pas être lue", path.name, "Vérifiez ses guillemets.") from error
    return tuple(sheets)


def _read_small(path: Path) -> pd.DataFrame:
    """Read a table that the program itself writes or that has no schema."""
    header, *rows = _cells(path)
    return pd.DataFrame([row for row in rows if len(row) == len(header)], columns=header, dtype=str)
