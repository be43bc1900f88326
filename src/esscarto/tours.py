"""A tour of visits as a value: its stops and its hours, written in a link or as rows of a table, and read back.

Nothing of a person is in it: neither who organises it nor whom to call.
"""

import datetime
import re
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from esscarto.french import clean, date

MOST = 30
"""Stops of a tour: beyond, it is no longer a day."""
NAME_LETTERS = 80
LENGTHS = (5, 480)
"""Minutes of a visit: the least and the most."""
SPEEDS = (15, 90)
"""Average speed on the road, in km/h."""
LUNCHES = (0, 30, 45, 60, 75, 90, 120)
"""Minutes of lunch that can be chosen."""
COLUMNS = (
    *("tour", "jour", "depart", "debut", "arrivee", "minutes", "dejeuner", "vitesse", "a_la_main"),
    *("rang", "acteur", "duree", "rendez_vous", "a_sa_place"),
)
"""Columns of the table of the tours: one row a stop, what is of the whole tour written on each."""

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ACTOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:h]?([0-5]\d)", re.ASCII)
_COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}", re.ASCII)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Stop:
    """A visit.

    Parameters
    ----------
    actor : str
        Identifier of an actor.
    minutes : int or None
        How long it lasts; None: as long as the others.
    appointment : str
        ``HH:MM`` when it must begin, or an empty text.
    pinned : bool
        Whether the proposed order leaves it at its place.
    """

    actor: str
    minutes: int | None = None
    appointment: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Tour:
    """A day of visits.

    Parameters
    ----------
    name : str
        What it is called.
    day : datetime.date or None
        Its date; None: not chosen yet.
    start, end : str
        Insee code of the communes where it starts and ends; an empty text: at the first stop, at the last one.
    at : str
        ``HH:MM`` when it starts.
    minutes : int
        How long a visit lasts, unless it says otherwise.
    lunch_at, lunch : str, int
        ``HH:MM`` when lunch is wished for, and its minutes; 0: none.
    speed_kmh : int
        Average speed on the road.
    stops : tuple of Stop
        The visits, in their order, no actor twice.
    by_hand : bool
        Whether the order is that of a person; else the proposed order is followed.
    """

    name: str = ""
    day: datetime.date | None = None
    start: str = ""
    end: str = ""
    at: str = "09:00"
    minutes: int = 45
    lunch_at: str = "12:30"
    lunch: int = 60
    speed_kmh: int = 50
    stops: tuple[Stop, ...] = ()
    by_hand: bool = False

    @property
    def actors(self) -> list[str]:
        """The identifiers of the actors, in their order."""
        return [stop.actor for stop in self.stops]

    @property
    def when(self) -> str:
        """The date in words, ``jeudi 26 novembre 2026``, or an empty text."""
        return f"{_DAYS[self.day.weekday()]} {date(self.day.isoformat())}" if self.day else ""

    def with_actors(self, actors: Iterable[str]) -> "Tour":
        """Return the tour of these actors: those it has keep their order and their hours, the others follow."""
        wanted = list(dict.fromkeys(actors))[:MOST]
        kept = [stop for stop in self.stops if stop.actor in wanted]
        known = {stop.actor for stop in kept}
        return replace(self, stops=(*kept, *(Stop(actor) for actor in wanted if actor not in known)))

    def change(self, actor: str, **values: Any) -> "Tour":
        """Return the tour with other values for one stop."""
        stops = tuple(replace(one, **values) if one.actor == actor else one for one in self.stops)
        return replace(self, stops=stops)

    def move(self, actor: str, step: int) -> "Tour":
        """Return the tour with a stop moved by some places, never beyond its ends; its order is then by hand."""
        others = [one for one in self.stops if one.actor != actor]
        own = [one for one in self.stops if one.actor == actor]
        at = min(max(self.actors.index(actor) + step, 0), len(others))
        return replace(self, stops=(*others[:at], *own, *others[at:]), by_hand=True)

    def ordered(self, actors: Sequence[str]) -> "Tour":
        """Return the tour with its stops in another order."""
        return replace(self, stops=tuple(sorted(self.stops, key=lambda one: actors.index(one.actor))))


def minutes_of(clock: str) -> int:
    """Return the minutes after midnight of ``HH:MM``."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minutes: float) -> str:
    """Return ``HH:MM`` of minutes after midnight; past midnight, the hours of the next day."""
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def tidy_name(text: str) -> str:
    """Return a name on one line, without what could disguise it, no longer than :data:`NAME_LETTERS`."""
    return _BLANKS.sub(" ", clean(text))[:NAME_LETTERS].strip()


# ---- a link


def format_link(tour: Tour) -> dict[str, str]:
    """Return the keys of the address: ``tour``, the hours then the stops, and ``nom``, its name.

    ``2026-11-26~0900~02722~02722~45~1230-60~50~1~activcites.60.1030.1,…``: day, start, communes of start and end,
    minutes of a visit, lunch, speed, ``1`` when the order is by hand, then each stop with what is its own.
    """
    if not tour.stops:
        return {}
    day = tour.day.isoformat() if tour.day else ""
    lunch = f"{tour.lunch_at.replace(':', '')}-{tour.lunch}"
    fields = (day, tour.at.replace(":", ""), tour.start, tour.end, str(tour.minutes), lunch, str(tour.speed_kmh))
    stops = ",".join(_format_stop(stop) for stop in tour.stops)
    link = {"tour": "~".join((*fields, "1" if tour.by_hand else "", stops))}
    return {**link, "nom": tour.name} if tour.name else link


def _format_stop(stop: Stop) -> str:
    own = (str(stop.minutes or ""), stop.appointment.replace(":", ""), "1" if stop.pinned else "")
    return ".".join((stop.actor, *own)).rstrip(".")


def parse_link(query: Mapping[str, str], known: Callable[[str], bool], communes: Callable[[str], bool]) -> Tour:
    """Return the tour of a link: what is unknown or cannot be read is left out, or at its default.

    Parameters
    ----------
    query : dict of str to str
        Keys of the address, as :func:`format_link` gives them.
    known, communes : callable
        Whether the site has an actor, and a commune.
    """
    parts = query.get("tour", "").split("~", 8)
    day, at, start, end, minutes, lunch, speed, by_hand, stops = (*parts, *[""] * (9 - len(parts)))
    usual = Tour()
    lunch_at, _, lasting = lunch.partition("-")
    found: dict[str, Stop] = {}
    for text in stops.split(",")[: 2 * MOST]:
        actor, own, due, pinned = (*text.split("."), "", "", "")[:4]
        if _ACTOR.fullmatch(actor) and known(actor) and len(found) < MOST:
            found.setdefault(actor, Stop(actor, _within(own, LENGTHS), _clock(due), pinned == "1"))
    lunch_minutes = int(lasting) if lasting.isascii() and lasting.isdigit() and int(lasting) in LUNCHES else usual.lunch
    return Tour(
        name=tidy_name(query.get("nom", "")),
        day=_day(day),
        start=start if _COMMUNE.fullmatch(start) and communes(start) else "",
        end=end if _COMMUNE.fullmatch(end) and communes(end) else "",
        at=_clock(at) or usual.at,
        minutes=_within(minutes, LENGTHS) or usual.minutes,
        lunch_at=_clock(lunch_at) or usual.lunch_at,
        lunch=lunch_minutes,
        speed_kmh=_within(speed, SPEEDS) or usual.speed_kmh,
        stops=tuple(found.values()),
        by_hand=by_hand == "1",
    )


def link(tour: Tour) -> str:
    """Return the same as the end of an address: ``?tour=…&nom=…``, an empty text without a stop."""
    query = urllib.parse.urlencode(format_link(tour))
    return f"?{query}" if query else ""


# ---- rows of a table


def to_rows(tour: Tour) -> list[dict[str, str]]:
    """Return a tour as rows of the table of the tours, one a stop, every cell a text."""
    shared = {
        "tour": tour.name,
        "jour": tour.day.isoformat() if tour.day else "",
        "depart": tour.start,
        "debut": tour.at,
        "arrivee": tour.end,
        "minutes": str(tour.minutes),
        "dejeuner": f"{tour.lunch_at} {tour.lunch}",
        "vitesse": str(tour.speed_kmh),
        "a_la_main": "1" if tour.by_hand else "",
    }
    return [
        {
            **shared,
            "rang": str(rank),
            "acteur": stop.actor,
            "duree": str(stop.minutes or ""),
            "rendez_vous": stop.appointment,
            "a_sa_place": "1" if stop.pinned else "",
        }
        for rank, stop in enumerate(tour.stops, start=1)
    ]


def from_rows(
    rows: Sequence[Mapping[str, str]], known: Callable[[str], bool], communes: Callable[[str], bool]
) -> dict[str, Tour]:
    """Return the tours of the table, by name: an actor that the site no longer has is left out."""
    tours: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        tours.setdefault(row["tour"], []).append(row)
    found = {}
    for name, stops in tours.items():
        first = stops[0]
        cells = ("acteur", "duree", "rendez_vous", "a_sa_place")
        text = ",".join(".".join(row[cell].replace(":", "") for cell in cells) for row in stops)
        fields = ("jour", "debut", "depart", "arrivee", "minutes", "dejeuner", "vitesse", "a_la_main")
        head = [first[cell] for cell in fields]
        head[5] = head[5].replace(" ", "-")
        found[name] = parse_link({"tour": "~".join((*head, text)), "nom": name}, known, communes)
    return found


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2]}" if found else ""


def _within(text: str, bounds: tuple[int, int]) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and bounds[0] <= int(text[:5]) <= bounds[1] else None
