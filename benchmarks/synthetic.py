"""Synthetic actors for the larger scales: seeded, drawn by population, each point inside its commune."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.vocabulary import FAMILLES, THEMES, TRANCHES, TYPES

SEED = 20261122


def write_data(source: Path, target: Path, communes: gpd.GeoDataFrame, how_many: int) -> None:
    """Copy a data folder, with synthetic actors instead of its own.

    Parameters
    ----------
    source, target : pathlib.Path
        The shipped data folder, and the one to make.
    communes : geopandas.GeoDataFrame
        Where the actors live: columns ``code_insee``, ``nom``, ``population``, EPSG:4326.
    how_many : int
        How many actors to draw.
    """
    shutil.copytree(source, target, dirs_exist_ok=True)
    columns = read_schema(SCHEMAS / "acteurs.schema.json").columns
    actors(communes, how_many).reindex(columns=columns, fill_value="").to_csv(target / "actors.csv", index=False)


def actors(communes: gpd.GeoDataFrame, how_many: int) -> pd.DataFrame:
    """Draw the actors: text columns of the published schema."""
    random = np.random.default_rng(SEED)
    population = communes["population"].to_numpy(float)
    where = random.choice(len(communes), size=how_many, p=population / population.sum())
    lon, lat = _points_inside(communes.geometry.to_numpy()[where], random)
    ids = [f"acteur-{number:05d}" for number in range(how_many)]
    # One actor in ten is one more place of the organisation before it.
    organisation = [ids[at - 1] if at % 10 == 9 else ids[at] for at in range(how_many)]
    return pd.DataFrame(
        {
            "id": ids,
            "organisation": organisation,
            "nom": [f"Acteur synthétique {number}" for number in range(how_many)],
            "statut_ess": "statut",
            "famille": random.choice(list(FAMILLES), size=how_many, p=[0.55, 0.2, 0.1, 0.1, 0.05]),
            "types": random.choice([code for code in TYPES if code != "ptce"], size=how_many),
            "themes": random.choice(list(THEMES), size=how_many),
            "roles": "operateur",
            "tranche_effectif": random.choice(list(TRANCHES), size=how_many),
            "precision": "adresse",
            "commune": communes["nom"].to_numpy()[where],
            "code_insee": communes["code_insee"].to_numpy()[where],
            "longitude": [f"{value:.6f}" for value in lon],
            "latitude": [f"{value:.6f}" for value in lat],
            "lieu_confiance": "sure",
            "statut": "actif",
            "source": "000:1",
        }
    )


def _points_inside(shapes: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw one point inside each polygon: uniform in its bounds, drawn again until it is inside."""
    west, south, east, north = shapely.bounds(shapes).T
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    left = np.arange(len(shapes))
    while len(left):
        lon[left] = random.uniform(west[left], east[left])
        lat[left] = random.uniform(south[left], north[left])
        left = left[~shapely.contains_xy(shapes[left], lon[left], lat[left])]
    return lon, lat
