"""The route service of the Géoplateforme as its documentation describes it: a grid of roads, all as slow as each other.

``GET /navigation/itineraire`` answers JSON with the length, the duration and the geometry; what it refuses is told as
its documentation says, ``{"error": {"errorType": …, "message": …}}``.
"""

import math
from dataclasses import dataclass, field

from tests.servers.faults import Asked, LocalService, json_answer

NEEDED = {"resource": "bdtopo-osrm", "profile": "car", "optimization": "fastest", "crs": "EPSG:4326"}
UNITS = {"distanceUnit": "kilometer", "timeUnit": "minute"}
KMH = 60.0


@dataclass
class RoadService(LocalService):
    """The service; ``said`` replaces parts of each answer, and no road leads to the points of ``islands``."""

    garbage: str = '{"distance": NaN, "duration": 12.5}'
    said: dict[str, object] = field(default_factory=dict)
    islands: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/navigation"

    def answer(self, asked: Asked) -> tuple[int, str, str]:
        given = {name: values[0] for name, values in asked.parameters.items()}
        if (asked.method, asked.path) != ("GET", "/navigation/itineraire"):
            return _refusal("notFound", "Not found", 404)
        if any(given.get(name) != value for name, value in {**NEEDED, **UNITS}.items()):
            return _refusal("badRequest", "Parameter is invalid", 400)
        if given["end"] in self.islands:
            return _refusal("notFound", "No path found", 404)
        km = road_km(*(tuple(map(float, given[name].split(","))) for name in ("start", "end")))
        told = {
            **{name: given[name] for name in ("start", "end", *NEEDED)},
            **{"resourceVersion": "2026-07-12", **UNITS, "distance": km, "duration": km / KMH * 60, "constraints": []},
            **{"geometry": {"type": "LineString", "coordinates": []}, "portions": []},
        }
        return json_answer({**told, **self.said})


def road_km(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the kilometres to the east, then to the north."""
    wide = math.cos(math.radians((start[1] + end[1]) / 2)) * abs(start[0] - end[0])
    return round((wide + abs(start[1] - end[1])) * 111.2, 3)


def _refusal(kind: str, message: str, status: int) -> tuple[int, str, str]:
    return json_answer({"error": {"errorType": kind, "message": message}}, status)
