"""Distances as the crow flies: metres in Lambert-93, never degrees."""

import geopandas as gpd
import numpy as np

from esscarto.actors import Actors
from esscarto.territories import METRIC_CRS, Territories, Territory


def nearest(
    actors: Actors, territories: Territories, territory: Territory, mask: np.ndarray, how_many: int
) -> list[tuple[str, float]]:
    """Return the placed actors of a selection nearest to the inhabited point of a territory.

    Parameters
    ----------
    actors, territories : Actors, Territories
        What is known.
    territory : Territory
        Where to measure from: its label point, which the build puts in its inhabited part.
    mask : numpy.ndarray of bool
        The selection.
    how_many : int
        How many to return at most.

    Returns
    -------
    list of (str, float)
        Identifier and straight distance in kilometres (EPSG:2154), nearest first, ties in order of identifier.
    """
    row = territories.row(territory)
    point = gpd.GeoSeries.from_xy([row["label_lon"]], [row["label_lat"]], crs="EPSG:4326").to_crs(METRIC_CRS).iloc[0]
    frame = actors.frame
    metres = np.hypot(frame["x"].to_numpy(float) - point.x, frame["y"].to_numpy(float) - point.y)
    usable = np.flatnonzero(mask & np.isfinite(metres))
    order = sorted(usable, key=lambda at: (metres[at], frame.index[at]))[:how_many]
    return [(str(frame.index[at]), float(metres[at]) / 1000) for at in order]
