"""The GeoPackage: the actors in Lambert-93 for a GIS, and where they come from in the same file."""

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from esscarto.documents.selection import Selection
from esscarto.territories import METRIC_CRS

ACTORS_LAYER = "acteurs"
SOURCES_TABLE = "sources"


def export(selection: Selection) -> bytes:
    """Return the layer ``acteurs`` (points, EPSG:2154, NULL without a place) and the table ``sources``.

    Every column of ``schemas/acteurs.schema.json`` is a text, NULL when empty: codes keep their zeros, and
    the coordinates that a source gives are kept to the letter beside the projected point.
    """
    positions = selection.positions
    known = positions["x"].notna().to_numpy()
    points = np.full(len(known), None, dtype=object)
    points[known] = shapely.points(positions.loc[known, ["x", "y"]].to_numpy())
    rows = selection.actors.astype(object)
    layer = gpd.GeoDataFrame(rows.where(rows != "", None), geometry=points, crs=METRIC_CRS)
    with tempfile.TemporaryDirectory(prefix="esscarto-") as folder:
        file = Path(folder) / "esscarto.gpkg"
        pyogrio.write_dataframe(layer, file, layer=ACTORS_LAYER, driver="GPKG", geometry_type="Point")
        pyogrio.write_dataframe(selection.sources, file, layer=SOURCES_TABLE, driver="GPKG")
        return file.read_bytes()
