"""The timetable of a tour: its stops in order, distances, hours."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np

from esscarto.french import NBSP, bound, count, number
from esscarto.legs import DETOUR, Leg, leg, method
from esscarto.routing import Clock, Roads, best_order
from esscarto.site import Site
from esscarto.storage.road_cache import Point, RoadCache, point
from esscarto.territories import METRIC_CRS
from esscarto.tours import Stop, Tour, minutes_of

METHOD = "Distances : ligne droite (Lambert-93) × 1,3, sans tenir compte du réseau routier."
"""The method when no road is known."""
LUNCH_EARLY, LUNCH_LATE = 25, 60
"""Minutes by which lunch may come before the hour that was wished for, and those after which it is late."""
TOUCHING = 12.0
"""Units of a drawing under which two stops share a mark."""
ROUGH = {"commune": "adresse à demander", "rue": "numéro à demander"}
"""Precision of a point -> what is to be asked before leaving."""


@dataclass(frozen=True)
class Visit:
    """A stop with its hours, in minutes after midnight."""

    number: int
    stop: Stop
    name: str
    place: str
    """Address and commune in words."""
    rough: str
    """What is missing for finding the place, in words; empty when its address is known."""
    leg: Leg | None
    """The way from the stop before, or from the start."""
    arrival: int
    begin: int
    end: int
    lunch: tuple[int, int] | None
    """When lunch begins and ends, if it comes between this visit and the next one."""
    x: float
    y: float
    lon: float
    lat: float

    @property
    def km(self) -> float:
        """Kilometres from the stop before, or from the start."""
        return self.leg.km if self.leg else 0.0

    @property
    def drive(self) -> int:
        """Minutes from the stop before, or from the start."""
        return self.leg.drive if self.leg else 0

    @property
    def where(self) -> str:
        """Where it is, with what is missing for finding it."""
        return f"{self.place} ({self.rough})" if self.rough else self.place


@dataclass(frozen=True)
class Timetable:
    """A day of visits, from its start to its end.

    Parameters
    ----------
    tour : Tour
        The tour, its stops in the order of the visits.
    visits : tuple of Visit
        The stops that have a point.
    unplaced : tuple of (str, str)
        Actor and name of those without a point: they cannot be put on a road.
    leave, back : int
        Minutes after midnight of the start and of the end.
    start, end : str
        Names of the communes of the start and of the end, or empty texts.
    ends : tuple of (float, float)
        Points of the start and of the end in metres (EPSG:2154), those that are given.
    home : Leg or None
        The way from the last visit to the end.
    """

    tour: Tour
    visits: tuple[Visit, ...]
    unplaced: tuple[tuple[str, str], ...]
    leave: int
    back: int
    start: str
    end: str
    start_xy: tuple[float, float] | None
    end_xy: tuple[float, float] | None
    home: Leg | None

    @property
    def start_point(self) -> Point | None:
        """Where the day starts, when it is not at the first visit."""
        return self.visits[0].leg.start if self.visits and self.visits[0].leg else None

    @property
    def end_point(self) -> Point | None:
        """Where the day ends, when it is not at the last visit."""
        return self.home.end if self.home else None

    @property
    def home_km(self) -> float:
        """Kilometres from the last visit to the end."""
        return self.home.km if self.home else 0.0

    @property
    def home_drive(self) -> int:
        """Minutes from the last visit to the end."""
        return self.home.drive if self.home else 0

    @property
    def legs(self) -> dict[str, Leg]:
        """The ways of the day in order, by the name of where they lead: the number of a visit, or the end."""
        ways = {str(visit.number): visit.leg for visit in self.visits} | {"arrivée": self.home}
        return {name: way for name, way in ways.items() if way and way.start != way.end}

    @property
    def is_by_road(self) -> bool:
        """Whether the road of one leg at least is known."""
        return any(way.day for way in self.legs.values())

    @property
    def method(self) -> str:
        """How the distances, the hours and the proposed order were found."""
        if not self.is_by_road:
            return METHOD
        order = "" if self.tour.by_hand else " Ordre proposé : calculé sur les lignes droites × 1,3."
        return method(self.legs, self.tour.speed_kmh) + bound(order)

    @property
    def km(self) -> float:
        """Kilometres of the day."""
        return sum(visit.km for visit in self.visits) + self.home_km

    @property
    def drive(self) -> int:
        """Minutes on the road."""
        return sum(visit.drive for visit in self.visits) + self.home_drive

    @property
    def path(self) -> list[tuple[float, float]]:
        """The points of the day in order, in metres (EPSG:2154), start and end included."""
        stops = [(visit.x, visit.y) for visit in self.visits]
        return [*([self.start_xy] if self.start_xy else []), *stops, *([self.end_xy] if self.end_xy else [])]

    @property
    def sentence(self) -> str:
        """The day in one sentence."""
        speed = "" if self.is_by_road else f" à {self.tour.speed_kmh}{NBSP}km/h de moyenne"
        return bound(
            f"{count(len(self.visits), 'visite')}, de {said(self.leave)} à {said(self.back)}, "
            f"environ {number(self.km)}{NBSP}km et {lasting(self.drive)} de route{speed}."
        )


def build(site: Site, tour: Tour, known: RoadCache | None = None) -> Timetable:
    """Return the timetable of a tour, its stops in the proposed order unless a person has chosen it.

    Parameters
    ----------
    site : Site
        The actors and the communes. A stop that the site does not know is left out.
    tour : Tour
        The tour.
    known : RoadCache, optional
        The roads that are known: they give the distances and the hours, never the order.
    """
    frame = site.actors.frame
    stops = [stop for stop in tour.stops if stop.actor in frame.index]
    tour = replace(tour, stops=tuple(stops))
    placed = [stop for stop in stops if np.isfinite(frame.at[stop.actor, "x"])]
    unplaced = tuple((stop.actor, str(frame.at[stop.actor, "nom"])) for stop in stops if stop not in placed)
    ends = {code: _commune(site, code) for code in (tour.start, tour.end) if code}
    start_xy, end_xy = ends.get(tour.start), ends.get(tour.end)
    points = np.array([(frame.at[stop.actor, "x"], frame.at[stop.actor, "y"]) for stop in placed], float).reshape(-1, 2)
    roads = _roads(tour, placed, points, start_xy, end_xy)
    order = _order(tour, roads)
    tour = tour.ordered([*(placed[at].actor for at in order), *(actor for actor, _ in unplaced)])
    *ways, home = _legs(site, tour, [placed[at] for at in order], roads, order, known or RoadCache())
    visits = _visits(site, tour, [placed[at] for at in order], ways)
    leave = minutes_of(tour.at)
    last = (visits[-1].lunch or (0, visits[-1].end))[1] if visits else leave
    back = last + (home.drive if home else 0)
    names = {code: site.territories.communes.at[code, "nom"] for code in ends}
    return Timetable(
        tour,
        tuple(visits),
        unplaced,
        leave,
        back,
        names.get(tour.start, ""),
        names.get(tour.end, ""),
        start_xy,
        end_xy,
        home,
    )


def said(minutes: int) -> str:
    """Say an hour as French writes it: ``9 h 05``."""
    hours, rest = divmod(minutes % (24 * 60), 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def lasting(minutes: int) -> str:
    """Say a length: ``1 h 20``, ``45 min``."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if hours and rest else f"{hours}{NBSP}h" if hours else f"{rest}{NBSP}min"


def longer_km(site: Site, tour: Tour) -> float:
    """Return by how much the order of a tour is longer than the proposed one, both on straight lines × 1.3."""
    return build(site, replace(tour, by_hand=True)).km - build(site, replace(tour, by_hand=False)).km


def _commune(site: Site, code: str) -> tuple[float, float]:
    row = site.territories.communes.loc[code]
    point = gpd.GeoSeries.from_xy([row["label_lon"]], [row["label_lat"]], crs="EPSG:4326").to_crs(METRIC_CRS).iloc[0]
    return float(point.x), float(point.y)


def _roads(
    tour: Tour,
    placed: list[Stop],
    points: np.ndarray,
    start: tuple[float, float] | None,
    end: tuple[float, float] | None,
) -> Roads:
    between = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) * DETOUR
    none = np.zeros(len(points))
    due = {at: float(minutes_of(stop.appointment)) for at, stop in enumerate(placed) if stop.appointment}
    clock = Clock(
        np.array([stop.minutes or tour.minutes for stop in placed], float),
        due,
        tour.speed_kmh,
        minutes_of(tour.at),
        (minutes_of(tour.lunch_at) - LUNCH_EARLY, tour.lunch),
    )
    return Roads(
        between,
        np.hypot(*(points - start).T) * DETOUR if start else none,
        np.hypot(*(points - end).T) * DETOUR if end else none,
        {at: at for at, stop in enumerate(placed) if stop.pinned},
        clock if due else None,
    )


def _order(tour: Tour, roads: Roads) -> list[int]:
    """Return the order to follow: of two as short, the one that is there already, so that a day never turns round."""
    there = list(range(len(roads.first)))
    if tour.by_hand:
        return there
    best = best_order(roads)
    return there if roads.allows(there) and roads.cost(there) <= roads.cost(best) + 1e-6 else best


def _legs(
    site: Site, tour: Tour, stops: list[Stop], roads: Roads, order: list[int], known: RoadCache
) -> list[Leg | None]:
    """Return the way to each stop, then the way to the end; None where the day begins or ends at a stop."""
    if not stops:
        return [None]

    at = site.territories.communes.at
    ends = (tour.start, tour.end)
    first, last = (point(at[code, "label_lon"], at[code, "label_lat"]) if code else None for code in ends)
    rows = (_row(site, stop.actor) for stop in stops)
    points = [first, *(point(row["lon"], row["lat"]) for row in rows), last]
    inside = [roads.between[one, other] for one, other in itertools.pairwise(order)]
    metres = [roads.first[order[0]], *inside, roads.last[order[-1]]]
    return [
        leg(one, other, float(far) / 1000, tour.speed_kmh, known) if one and other else None
        for (one, other), far in zip(itertools.pairwise(points), metres, strict=True)
    ]


def _visits(site: Site, tour: Tour, stops: list[Stop], ways: list[Leg | None]) -> list[Visit]:
    now, eaten = minutes_of(tour.at), tour.lunch == 0
    noon = minutes_of(tour.lunch_at) - LUNCH_EARLY
    visits: list[Visit] = []
    for rank, (stop, way) in enumerate(zip(stops, ways, strict=True)):
        arrival = now + (way.drive if way else 0)
        begin = max(arrival, minutes_of(stop.appointment)) if stop.appointment else arrival
        if not eaten and visits and (meal := _meal(tour, arrival, begin)):
            visits[-1] = replace(visits[-1], lunch=meal)
            eaten = True
        end = begin + (stop.minutes or tour.minutes)
        # A day that starts in the afternoon, or that is over, has no lunch.
        eats = not eaten and minutes_of(tour.at) < noon <= end
        eaten = eaten or eats
        row = _row(site, stop.actor)
        visits.append(
            Visit(
                rank + 1,
                stop,
                str(row["nom"]),
                *_place(site, stop.actor),
                way,
                arrival,
                begin,
                end,
                (end, end + tour.lunch) if eats else None,
                *(float(row[column]) for column in ("x", "y", "lon", "lat")),
            )
        )
        now = end + (tour.lunch if eats else 0)
    return visits


def _meal(tour: Tour, arrival: int, begin: int) -> tuple[int, int] | None:
    """Return the lunch that a wait before an appointment has room for, near the hour that was wished for."""
    wished = minutes_of(tour.lunch_at)
    start = min(max(arrival, wished), begin - tour.lunch)
    near = arrival <= start and wished - LUNCH_EARLY <= start <= wished + LUNCH_LATE
    return (start, start + tour.lunch) if near and minutes_of(tour.at) < wished - LUNCH_EARLY else None


def _row(site: Site, actor: str) -> dict[str, Any]:
    return site.rows[site.actors.frame.index.get_loc(actor)]


def _place(site: Site, actor: str) -> tuple[str, str]:
    row, place = _row(site, actor), site.places[site.actors.frame.index.get_loc(actor)]
    return ", ".join(part for part in (row["adresse"], place) if part), ROUGH.get(str(row["precision_point"]), "")


def marks(table: Timetable, points: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, str]]:
    """Return the marks of a map: abscissa, ordinate, numbers of the stops there; ``D`` and ``A`` for the ends.

    Parameters
    ----------
    table : Timetable
        The day.
    points : sequence of tuple
        Its :attr:`Timetable.path` on the drawing.
    """
    ends = (["D"] if table.start_xy else [], ["A"] if table.end_xy else [])
    names = [*ends[0], *(str(visit.number) for visit in table.visits), *ends[1]]
    held: list[tuple[float, float, list[str]]] = []
    for (x, y, _), name in zip(points, names, strict=True):
        near = next((words for a, b, words in held if abs(a - x) < TOUCHING and abs(b - y) < TOUCHING), None)
        if near is None:
            held.append((x, y, [name]))
        else:
            near.append(name)
    return [(x, y, ", ".join(words)) for x, y, words in held]


def hours(visit: Visit) -> str:
    """Say the hours of a visit: ``9 h 25 à 10 h 10``."""
    return f"{said(visit.begin)} à {said(visit.end)}"


def road(km: float, drive: int) -> str:
    """Say a way: ``4,0 km, 5 min``; an empty text when nobody drives."""
    return f"{number(km, 1)}{NBSP}km, {lasting(drive)}" if drive else ""


def due_hours(visit: Visit) -> str:
    """Say the hours of a visit, and that an appointment fixes them."""
    return f"{hours(visit)} (rendez-vous)" if visit.stop.appointment else hours(visit)
