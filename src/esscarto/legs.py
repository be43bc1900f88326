"""The ways between the points of a day: by road where the route service has said them, else straight lines × 1,3."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from esscarto.french import NBSP, bound, date, enumerate_words
from esscarto.storage.road_cache import Point, RoadCache

DETOUR = 1.3
"""Kilometres of road for one kilometre as the crow flies: a rule of thumb, said wherever a distance is shown."""


@dataclass(frozen=True)
class Leg:
    """One way of the day.

    Parameters
    ----------
    start, end : Point
        From where, to where.
    km : float
        Its length.
    drive : int
        Minutes on the road, the last one begun counted.
    day : str
        ISO date on which the route service said both; empty: the straight line × 1,3, at the average speed.
    """

    start: Point
    end: Point
    km: float
    drive: int
    day: str = ""


def leg(start: Point, end: Point, straight_km: float, speed_kmh: int, roads: RoadCache) -> Leg:
    """Return a way of the day, by road when it is known.

    Parameters
    ----------
    start, end : Point
        From where, to where.
    straight_km : float
        The straight line between them, already × :data:`DETOUR`.
    speed_kmh : int
        Average speed on the straight lines.
    roads : RoadCache
        The roads that are known.
    """
    road = roads.get(start, end)
    if road:
        return Leg(start, end, road.km, _whole(road.minutes), road.day)
    return Leg(start, end, straight_km, _whole(straight_km / speed_kmh * 60))


def method(legs: Mapping[str, Leg], speed_kmh: int) -> str:
    """Say which distances and hours of a day are by road, and how the others were found; at least one leg is by road.

    Parameters
    ----------
    legs : dict of str to Leg
        The legs by the name of where they lead: « 1 », « 2 », « arrivée ».
    speed_kmh : int
        Average speed on the straight lines.
    """
    by_road = [name for name, one in legs.items() if one.day]
    days = enumerate_words(date(day) for day in sorted({one.day for one in legs.values() if one.day}))
    source = f"par la route, en voiture, sans le trafic du jour (service d’itinéraire de l’IGN, {days})"
    if len(by_road) == len(legs):
        return bound(f"Distances et durées : {source}.")
    stages = [name for name in by_road if name.isdigit()]
    parts = [f"{'les étapes' if len(stages) > 1 else 'l’étape'} {enumerate_words(stages)}"] if stages else []
    parts += [f"l’{name}" for name in by_road if name not in stages]
    return bound(
        f"Vers {' et vers '.join(parts)} : distance et durée {source}. Les autres : ligne droite (Lambert-93) × 1,3, "
        f"à {speed_kmh}{NBSP}km/h de moyenne."
    )


def _whole(minutes: float) -> int:
    return math.ceil(minutes - 1e-9)
