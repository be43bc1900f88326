"""Distances as the crow flies: metres in Lambert-93, never degrees."""

from functools import cached_property
from typing import Any

import numpy as np

from esscarto.actors import Actors
from esscarto.french import sort_key
from esscarto.territories import Territories, Territory, metres

FEW = 5_000
"""So few actors are measured one by one sooner than a tree finds which of its points they are."""

Found = list[tuple[int, float]]
"""Position of an actor in ``Actors.frame`` and straight distance in kilometres (EPSG:2154), nearest first."""


def kilometres(far_m: float) -> float:
    """Return a distance in kilometres, to the millimetre: the same spot is at 0, however it was projected."""
    return round(far_m / 1000, 6)


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
    x, y = metres(float(row["label_lon"]), float(row["label_lat"]))
    frame = actors.frame
    far = np.hypot(frame["x"].to_numpy(float) - x, frame["y"].to_numpy(float) - y)
    usable = np.flatnonzero(mask & np.isfinite(far))
    order = sorted(usable, key=lambda at: (far[at], frame.index[at]))[:how_many]
    return [(str(frame.index[at]), kilometres(float(far[at]))) for at in order]


class Nearby:
    """The placed actors in a tree of points, made once, asked from any point.

    Parameters
    ----------
    actors : Actors
        The located actors. One without a point is near nobody.
    """

    def __init__(self, actors: Actors):
        self.actors = actors
        self.xy = actors.frame[["x", "y"]].to_numpy(float)
        self.placed = np.isfinite(self.xy).all(axis=1)
        self._at = np.flatnonzero(self.placed)

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.xy[self._at])

    @cached_property
    def _rank(self) -> np.ndarray:
        """The place of each actor in the order of the names: what settles a tie."""
        names = self.actors.frame["nom"].tolist()
        order = sorted(range(len(names)), key=lambda at: (sort_key(names[at]), str(self.actors.frame.index[at])))
        rank = np.empty(len(names), dtype=int)
        rank[order] = np.arange(len(names))
        return rank

    def within(self, x: float, y: float, km: float, mask: np.ndarray) -> Found:
        """Return the actors of a selection no farther than ``km`` from a point in metres (EPSG:2154).

        Parameters
        ----------
        x, y : float
            The point, in metres (EPSG:2154).
        km : float
            Straight distance in kilometres, itself included.
        mask : numpy.ndarray of bool
            The selection, in the order of the actors.
        """
        at = self._at[self._tree.query_ball_point((x, y), km * 1000)] if len(self._at) else self._at
        at = at[mask[at]]
        return self._sorted(at, np.hypot(*(self.xy[at] - (x, y)).T))

    def nearest(self, x: float, y: float, how_many: int, mask: np.ndarray) -> Found:
        """Return the ``how_many`` actors of a selection nearest to a point in metres (EPSG:2154); ties by name."""
        usable = np.flatnonzero(mask & self.placed)
        if how_many < 1 or not len(usable):
            return []
        if len(usable) > max(FEW, how_many):
            # The share of the selection tells how many points must be asked for; twice as many makes it likely.
            asked = min(2 * how_many * len(self._at) // len(usable) + 16, len(self._at))
            metres, found = self._tree.query((x, y), k=asked)
            chosen = mask[self._at[found]]
            if np.count_nonzero(chosen) >= how_many:
                # Several may stand at the last distance: all of them are compared by name.
                last = metres[chosen][how_many - 1]
                return self.within(x, y, (last + 1e-6) / 1000, mask)[:how_many]
        metres = np.hypot(*(self.xy[usable] - (x, y)).T)
        if len(usable) > how_many:
            near = metres <= np.partition(metres, how_many - 1)[how_many - 1]
            usable, metres = usable[near], metres[near]
        return self._sorted(usable, metres)[:how_many]

    def _sorted(self, at: np.ndarray, metres: np.ndarray) -> Found:
        order = np.lexsort((self._rank[at], metres))
        return [(int(at[one]), kilometres(float(metres[one]))) for one in order]
