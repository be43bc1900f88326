"""The other way round: who lacks a neighbour of a complementary trade, and which pairs are worth introducing.

For a support body or an intercommunalité. Distances are straight, in kilometres measured in Lambert-93 (EPSG:2154);
a pair whose relation a document prints knows each other already and is left out.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from esscarto.french import sort_key
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.vocabulary import THEMES

MOST_ACTORS = 200
"""The actors around a place that are looked at, the nearest first."""
MOST_PAIRS = 30


@dataclass(frozen=True)
class Isolated:
    """An actor whose nearest neighbour of a complementary trade is far, or is not known.

    Parameters
    ----------
    at : int
        Position of the actor in ``Actors.frame``.
    from_place_km : float
        Its distance to the place.
    wanted : tuple of str
        The themes that complement its own.
    neighbour : int or None
        Position of the nearest actor of one of those themes, of another organisation.
    km : float
        How far that one is, infinite when there is none.
    """

    at: int
    from_place_km: float
    wanted: tuple[str, ...]
    neighbour: int | None
    km: float


@dataclass(frozen=True)
class Pair:
    """Two actors worth introducing: near, of complementary themes, without a printed relation."""

    one: int
    other: int
    km: float
    themes: tuple[str, str]
    reason: str


@dataclass(frozen=True)
class Introductions:
    """What was found around a place: who was looked at, who is isolated, which pairs, and how many in all."""

    looked_at: int
    isolated: tuple[Isolated, ...]
    pairs: tuple[Pair, ...]
    pairs_known: int


def introductions(site: Site, xy: tuple[float, float], radius_km: float, neighbour_km: float) -> Introductions:
    """Look around a place for the isolated actors and for the pairs worth introducing.

    Parameters
    ----------
    site : Site
        What is known; the actors of the ESS in activity or to be checked are looked at.
    xy : tuple of float
        The place, in metres (EPSG:2154).
    radius_km : float
        Around the place.
    neighbour_km : float
        A neighbour is no farther than this.
    """
    counted = site.actors.counted
    around = site.nearby.within(*xy, radius_km, counted)[:MOST_ACTORS]
    isolated = [found for at, km in around if (found := _isolation(site, at, km, neighbour_km))]
    isolated.sort(key=lambda one: (-one.km, sort_key(site.rows[one.at]["nom"])))
    pairs = _pairs(site, [at for at, _ in around], neighbour_km)
    return Introductions(len(around), tuple(isolated), tuple(pairs[:MOST_PAIRS]), len(pairs))


def _isolation(site: Site, at: int, from_place_km: float, neighbour_km: float) -> Isolated | None:
    themes, organisation = _themes(site, at), site.rows[at]["organisation"]
    wanted = {other for theme in themes for other in site.complements.of(theme)}
    if not wanted:
        return None
    rows = site.index.rows["th"]
    mask = np.logical_or.reduce([rows[theme] for theme in wanted]) & site.actors.counted
    mask = mask & (site.actors.frame["organisation"] != organisation).to_numpy()
    x, y = site.nearby.xy[at]
    nearest = site.nearby.nearest(x, y, 1, mask)
    if nearest and nearest[0][1] <= neighbour_km:
        return None
    found = tuple(theme for theme in THEMES if theme in wanted)
    return Isolated(at, from_place_km, found, *(nearest[0] if nearest else (None, float("inf"))))


def _pairs(site: Site, around: list[int], neighbour_km: float) -> list[Pair]:
    """Return the pairs, one for two organisations, the nearest first, ties by name."""
    relations = site.network.frame
    known = {frozenset(ends) for ends in zip(relations["de"], relations["vers"], strict=True)}
    xy = site.nearby.xy
    found: dict[frozenset[str], Pair] = {}
    for one, other in combinations(sorted(around, key=lambda at: sort_key(site.rows[at]["nom"])), 2):
        ends = frozenset((site.rows[one]["organisation"], site.rows[other]["organisation"]))
        km = float(np.hypot(*(xy[one] - xy[other]))) / 1000
        if len(ends) < 2 or ends in known or km > neighbour_km:
            continue
        if (match := _match(site, one, other)) and (ends not in found or km < found[ends].km):
            found[ends] = Pair(one, other, km, *match)
    return sorted(found.values(), key=lambda pair: pair.km)


def _match(site: Site, one: int, other: int) -> tuple[tuple[str, str], str] | None:
    """Return two complementary themes that the two actors do not share, and the reason."""
    first, second = _themes(site, one), _themes(site, other)
    for theme in first:
        for neighbour, reason in site.complements.of(theme).items():
            if neighbour in second and not {theme, neighbour} <= set(first) & set(second):
                return (theme, neighbour), reason
    return None


def _themes(site: Site, at: int) -> list[str]:
    return [theme for theme in site.rows[at]["themes"].split(LIST_SEPARATOR) if theme]
