"""Ask the route service of the State how far a point is by car, and how long it takes.

The network is asked only when somebody clicks a button that says so: nothing here is called to draw a page.
"""

import math
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from esscarto.errors import DataError
from esscarto.french import NBSP, number
from esscarto.storage.http import Limits, Service
from esscarto.storage.road_cache import Point, Road, RoadCache
from esscarto.storage.service_fault import Fault, ServiceError

URL = "https://data.geopf.fr/navigation"
"""Route service of the Géoplateforme (IGN), roads of the BD TOPO: 5 requests a second and an address, no key."""
NAME = "Le service d’itinéraire de l’IGN"
LIMITS = Limits(deadline_s=10.0, max_bytes=4 * 2**20, per_second=4.0)
ASKED: dict[str, str | bool] = {
    "resource": "bdtopo-osrm",
    "profile": "car",
    "optimization": "fastest",
    "getSteps": False,
    "getBbox": False,
    "distanceUnit": "kilometer",
    "timeUnit": "minute",
    "crs": "EPSG:4326",
}
MOST = 60
"""Roads of one click."""
PATIENCE_S = 60.0
"""Seconds of one click: whatever is left then is not asked."""
SNAP_KM = 1.0
"""How much shorter than the straight line a road may be: the service moves both points to the nearest road."""
MOST_KM = 2_000.0
SPEEDS_KMH = (5.0, 130.0)
"""What a car may do on average: an answer in other units than those asked for is out of it."""
SPARE_MIN = 15.0
"""Minutes that a very short road may take beyond its slowest speed."""

Pair = tuple[Point, Point]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What came of a request.

    Parameters
    ----------
    received : int
        Roads that the service gave; they are in the cache.
    without : int
        Pairs of points between which it knows no road.
    interrupted : DataError or None
        Why the request stopped before its end.
    """

    received: int
    without: int
    interrupted: DataError | None = None


def route_service(url: str | None = None, limits: Limits = LIMITS) -> Service:
    """Return the route service: ``url``, else ``ESSCARTO_ROUTES_URL``, else that of the Géoplateforme."""
    return Service(NAME, url or os.environ.get("ESSCARTO_ROUTES_URL") or URL, limits)


def wanted(pairs: Iterable[Pair], cache: RoadCache) -> list[Pair]:
    """Return the pairs worth asking, each once, :data:`MOST` at most: two different points, and no known road."""
    return [one for one in dict.fromkeys(pairs) if one[0] != one[1] and cache.get(*one) is None][:MOST]


def ask(
    pairs: Iterable[Pair],
    cache: RoadCache,
    service: Service,
    progress: Progress | None = None,
    day: str = "",
    patience_s: float = PATIENCE_S,
) -> Asked:
    """Ask the roads that the cache does not hold, each kept before the next; the first fault ends the request.

    Parameters
    ----------
    pairs : iterable of Pair
        From where, to where.
    cache : RoadCache
        Where roads are read and added.
    service : Service
        The route service.
    progress : callable, optional
        Told how many are asked, of how many.
    day : str, optional
        Date to write with the answers; today by default.
    patience_s : float
        Seconds after which no other road is asked.
    """
    end = time.monotonic() + patience_s
    asked, received, without = wanted(pairs, cache), 0, 0
    try:
        for done, pair in enumerate(asked):
            if progress:
                progress(done, len(asked))
            if time.monotonic() > end:
                raise service.error(Fault.SLOW, f"{number(patience_s)}{NBSP}s")
            try:
                road = _road(pair, service, day or date.today().isoformat())
            except ServiceError as error:
                if error.fault != Fault.ABSENT:
                    raise
                without += 1
            else:
                cache.add(*pair, road)
                received += 1
    except DataError as error:
        return Asked(received, without, error)
    return Asked(received, without)


def _road(pair: Pair, service: Service, day: str) -> Road:
    start, end = (f"{longitude},{latitude}" for longitude, latitude in pair)
    answer = service.get_json("/itineraire", {**ASKED, "start": start, "end": end})
    try:
        road = Road(_number(answer["distance"]), _number(answer["duration"]), day)
    except (KeyError, TypeError, ValueError) as error:
        raise service.unreadable("une distance et une durée étaient attendues") from error
    if not _is_possible(road, _straight_km(*pair)):
        said = f"{number(road.km, 1)}{NBSP}km en {number(road.minutes)}{NBSP}min, ce n’est pas possible"
        raise service.unreadable(said)
    return road


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return float(value)


def _is_possible(road: Road, straight_km: float) -> bool:
    slowest, fastest = SPEEDS_KMH
    return (
        straight_km - SNAP_KM <= road.km <= MOST_KM
        and road.km / fastest * 60 <= road.minutes + 1
        and road.minutes <= road.km / slowest * 60 + SPARE_MIN
    )


def _straight_km(start: Point, end: Point) -> float:
    """Return the distance on a sphere: enough to know an absurd answer."""
    (lon, lat), (other_lon, other_lat) = (map(math.radians, one) for one in (start, end))
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))
