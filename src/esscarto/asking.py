"""A question of somebody who seeks partners, and what its answer is made of."""

from dataclasses import dataclass, field
from typing import Any

from esscarto.territories import Territory, metres

BY_ROAD = 1.3
"""Straight kilometres -> kilometres by road, as an order of magnitude."""
SOUGHT = {
    "operer": "Agir ensemble",
    "locaux": "Trouver des locaux",
    "recruter": "Recruter",
    "financer": "Financer",
    "accompagner": "Être accompagné",
    "inspirer": "S’inspirer",
}
"""What a project holder may seek."""
GROUPS = {
    "operateurs": ("Opérateurs", ("operer",)),
    "insertion": ("Structures d’insertion", ("operer", "recruter")),
    "lieux": ("Lieux et locaux", ("locaux",)),
    "reseaux": ("Pôles de coopération (PTCE) et réseaux", ("operer", "accompagner", "inspirer")),
    "accompagnement": ("Accompagnement", ("accompagner",)),
    "financement": ("Financement", ("financer",)),
    "collectivite": ("Collectivités et information", tuple(SOUGHT)),
    "pratiques": ("Pratiques faites ailleurs", ("inspirer",)),
    "programmes": ("Fonds, appels et dispositifs", ("financer", "accompagner")),
}
"""Group -> its title and what it answers, in the order of the answer."""

PLACED = ("operateurs", "insertion", "lieux")
"""Groups of those who have a place: the radius chooses them."""
TYPE, THEME, BESIDE, NOTHING = range(4)
"""The type that is asked for; its theme, or the desk of the place; a complementary theme, or any project; none."""


@dataclass(frozen=True)
class Place:
    """Where a project stands: a point in degrees (EPSG:4326) and its name."""

    lon: float
    lat: float
    label: str

    @property
    def xy(self) -> tuple[float, float]:
        """The point in metres (EPSG:2154)."""
        return metres(self.lon, self.lat)


@dataclass(frozen=True)
class Question:
    """What somebody asks.

    Parameters
    ----------
    place : Place
        Where.
    themes, types : tuple of str
        The project, as codes of ``vocabulary.THEMES`` and ``vocabulary.TYPES``; none of either: any project.
    sought : tuple of str
        Codes of :data:`SOUGHT`; none: all of them.
    radius_km : float
        Straight distance, itself included.
    nearest_n : int
        How many of each role, whatever their distance; 0 to go by the radius.
    """

    place: Place
    themes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    radius_km: float = 20.0
    nearest_n: int = 0


@dataclass(frozen=True)
class Item:
    """One answer. ``key`` is ``acteur:…``, ``pratique:…`` or ``programme:…``; ``row`` is its row or its sheet."""

    key: str
    name: str
    why: tuple[str, ...]
    row: dict[str, Any]
    km: float | None = None
    xy: tuple[float, float] | None = None
    at: int | None = None
    """Position of the actor in ``Actors.frame``."""
    support: dict[str, str] = field(default_factory=dict)
    """The row of ``data/supports.csv`` that says what it brings and whom to call."""
    supply: dict[str, str] | None = None
    """The published figure of its supply radius, when a source prints one."""
    match: int = NOTHING
    """How well it goes with the project: :data:`TYPE` the best, then :data:`THEME`, :data:`BESIDE`, :data:`NOTHING`."""


@dataclass(frozen=True)
class Group:
    """The answers of one role.

    Parameters
    ----------
    code : str
        A key of :data:`GROUPS`.
    items : tuple of Item
        In reach, or bound to a territory that holds the place.
    known : int
        How many there are before the list is cut.
    beyond : tuple of Item
        Out of reach: the nearest of the type asked for when none is in reach, then the nearest that goes with the
        project when nothing does in reach.
    white : bool
        Nothing that goes with the project is in reach: a white zone of the directory.
    above : tuple of Item
        Those in reach that stand in an earlier role.
    """

    code: str
    items: tuple[Item, ...]
    known: int
    beyond: tuple[Item, ...] = ()
    white: bool = False
    above: tuple[Item, ...] = ()

    @property
    def title(self) -> str:
        """What the role is called."""
        return GROUPS[self.code][0]


@dataclass(frozen=True)
class Answer:
    """The answer: the territories that hold the place, from the smallest, and the groups in their order."""

    question: Question
    holders: tuple[Territory, ...]
    groups: tuple[Group, ...]
