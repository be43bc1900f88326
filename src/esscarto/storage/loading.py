"""Read the data folder: boundaries, actors, and the tables around them."""

import json
from dataclasses import dataclass
from pathlib import Path

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
        When a layer is missing or is not in EPSG:4326.
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
    former = pd.read_csv(geo / "former_communes.csv", dtype=str, keep_default_na=False)
    vintages = json.loads((geo / "vintages.json").read_text(encoding="utf-8"))
    return Territories(layers, former.set_index("code_ancien")["code_insee"], vintages)


def _read_layer(path: Path, code: str) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise DataError("cette couche manque", path.name, "Lancez « esscarto geo build » (voir data/geo/SOURCES.md).")
    layer = gpd.read_parquet(path)
    if layer.crs is None or layer.crs.to_epsg() != 4326:
        raise DataError("cette couche n’est pas en EPSG:4326", path.name, "Relancez « esscarto geo build ».")
    return layer.set_index(code, drop=False).rename_axis(None)


def read_table(path: Path, schema: TableSchema) -> Table:
    """Read a CSV table (UTF-8, comma, every cell text) and set apart the rows that do not fit its schema.

    Raises
    ------
    DataError
        When the file is missing, is not UTF-8, or lacks a column.
    """
    if not path.is_file():
        raise DataError("ce tableau manque", path.name, "Remettez-le en place depuis le dépôt.")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("ce fichier n’est pas en UTF-8", path.name, "Enregistrez-le en « CSV UTF-8 ».") from error
    except pd.errors.ParserError as error:
        raise DataError("ce fichier n’est pas un tableau régulier", path.name, "Vérifiez ses lignes.") from error
    schema.check_columns(frame, path.name)
    problems = tuple(schema.problems(frame))
    refused = sorted({problem.line - 2 for problem in problems})
    return Table(frame.drop(index=frame.index[refused]), problems)


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


def read_documents(data: Path) -> dict[str, dict[str, str]]:
    """Read ``data/documents.csv``: number of a source document -> its title, publisher and year."""
    frame = pd.read_csv(data / "documents.csv", dtype=str, keep_default_na=False)
    return {row["document"]: row for row in frame.to_dict("records")}
