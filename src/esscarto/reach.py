"""Who is within reach: from the inhabited point of each commune to the nearest known actor, and the white zones.

Distances are straight, in kilometres measured in Lambert-93 (EPSG:2154): neither roads nor durations. A service that
travels has one row of the directory for each of its stops, and is reached at each of them.
"""

import functools
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from esscarto.actors import Actors
from esscarto.territories import METRIC_CRS, Territories, Territory

RADII_KM = (5, 10, 20)
"""Kilometres within which inhabitants are counted."""


@dataclass(frozen=True)
class Nearest:
    """The nearest actor of a selection, seen from each commune of ``Territories.communes``, in their order.

    Parameters
    ----------
    km : numpy.ndarray of float
        Straight distance in kilometres (EPSG:2154), infinite when no actor of the selection has a point.
    actor : numpy.ndarray of int
        Position of that actor in ``Actors.frame``, -1 when there is none; of several at the same distance, the
        first in the order of the identifiers.
    """

    km: np.ndarray
    actor: np.ndarray


class Reach:
    """The communes and the actors made ready for measuring any selection.

    Parameters
    ----------
    actors : Actors
        The located actors. One known only to its intercommunalité or wider has no point: it is near nobody.
    territories : Territories
        The layers; distances leave from the label point of each commune, in its inhabited part.
    """

    def __init__(self, actors: Actors, territories: Territories):
        self.actors = actors
        self.territories = territories
        self._points = commune_points(territories)

    @cached_property
    def placed(self) -> np.ndarray:
        """Whether each actor has a point."""
        return np.isfinite(self._xy).all(axis=1)

    @cached_property
    def _xy(self) -> np.ndarray:
        return self.actors.frame[["x", "y"]].to_numpy(float)

    @cached_property
    def _rank(self) -> np.ndarray:
        """The place of each actor in the order of the identifiers: what settles a tie."""
        return np.argsort(np.argsort(self.actors.frame.index.to_numpy(str), kind="stable"))

    def nearest(self, mask: np.ndarray) -> Nearest:
        """Return the nearest actor of a selection, for every commune.

        Parameters
        ----------
        mask : numpy.ndarray of bool
            The selection, in the order of the actors; those without a point are left out.
        """
        usable = np.flatnonzero(mask & self.placed)
        usable = usable[np.argsort(self._rank[usable])]
        km = np.full(len(self._points), np.inf)
        actor = np.full(len(self._points), -1)
        if not len(usable):
            return Nearest(km, actor)
        # Many actors share the point of their commune: one of them, the first, stands for all.
        places, first = np.unique(self._xy[usable], axis=0, return_index=True)
        tree = shapely.STRtree(shapely.points(places))
        (commune, place), metres = tree.query_nearest(self._points, return_distance=True, all_matches=True)
        found = usable[first[place]]
        order = np.lexsort((self._rank[found], commune))
        commune, at = np.unique(commune[order], return_index=True)
        km[commune] = metres[order][at] / 1000
        actor[commune] = found[order][at]
        return Nearest(km, actor)


@functools.lru_cache(maxsize=2)
def commune_points(territories: Territories) -> np.ndarray:
    """Return the inhabited point of each commune as shapely points in Lambert-93 (EPSG:2154)."""
    communes = territories.communes
    degrees = gpd.GeoSeries.from_xy(communes["label_lon"], communes["label_lat"], crs="EPSG:4326")
    return np.asarray(degrees.to_crs(METRIC_CRS).array)


@dataclass(frozen=True)
class WhiteZones:
    """The communes of a territory that are far from every known actor of a selection.

    Parameters
    ----------
    communes : pandas.DataFrame
        Every commune of the territory, indexed by ``code_insee``, with ``nom``, ``siren_epci``, ``population``
        (inhabitants), ``km`` (to the nearest, infinite when there is none), ``actor`` (its identifier, or "")
        and ``white`` (farther than the radius).
    radius_km : float
        The radius: a commune at this very distance is not white.
    measured, unplaced : int
        Actors of the selection that have a point, and that have none and therefore are not counted.
    """

    communes: pd.DataFrame
    radius_km: float
    measured: int
    unplaced: int

    @cached_property
    def white(self) -> pd.DataFrame:
        """The white communes, the farthest first."""
        white = self.communes[self.communes["white"]]
        return white.sort_values(["km", "population", "nom"], ascending=[False, False, True])

    @property
    def inhabitants(self) -> int:
        """The inhabitants of the white communes."""
        return int(self.white["population"].sum())

    def totals(self) -> pd.DataFrame:
        """Return one row an intercommunalité of the territory, the most inhabitants in white zones first.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``siren_epci`` ("" for communes in none), with ``communes``, ``population``,
            ``white_communes`` and ``white_population``: of its communes that are inside the territory.
        """
        rows = self.communes.assign(white_population=self.communes["population"].where(self.communes["white"], 0))
        totals = rows.groupby(rows["siren_epci"].fillna("")).agg(
            communes=("white", "size"),
            population=("population", "sum"),
            white_communes=("white", "sum"),
            white_population=("white_population", "sum"),
        )
        return totals.sort_values(["white_population", "white_communes"], ascending=False, kind="stable")


def white_zones(reach: Reach, territory: Territory, mask: np.ndarray, radius_km: float) -> WhiteZones:
    """Find the communes of a territory farther than a radius from any placed actor of a selection.

    Parameters
    ----------
    reach : Reach
        Communes and actors.
    territory : Territory
        Where to look; actors outside it count as well.
    mask : numpy.ndarray of bool
        The selection of actors.
    radius_km : float
        Straight distance, in kilometres.
    """
    layer = reach.territories.communes
    inside = layer.index.get_indexer(reach.territories.communes_of(territory))
    inside = inside[inside >= 0]
    nearest = reach.nearest(mask)
    ids = np.append(reach.actors.frame.index.to_numpy(object), "")
    communes = layer.iloc[inside][["nom", "siren_epci", "population"]].assign(
        km=nearest.km[inside], actor=ids[nearest.actor[inside]]
    )
    communes["white"] = communes["km"] > radius_km
    measured = int(np.count_nonzero(mask & reach.placed))
    return WhiteZones(pd.DataFrame(communes), radius_km, measured, int(np.count_nonzero(mask)) - measured)
