"""What a sheet holds, ready to be drawn on a screen, a page or a workbook: words and numbers, no layout."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from esscarto.french import NBSP, bound, number
from esscarto.territories import Territory

Cites = tuple[tuple[str, str], ...]
"""Each document in words, and its lines: empty for a register, which has none."""


@dataclass(frozen=True, kw_only=True)
class Cited:
    """What says where it comes from."""

    cites: Cites = ()

    @property
    def source(self) -> str:
        """The documents in words, with their lines."""
        return " ; ".join(
            f"{document}, ligne{'' if lines.isdecimal() else 's'} {lines}" if lines else document
            for document, lines in self.cites
        )


@dataclass(frozen=True)
class Recomputed:
    """What esscarto computes beside a printed figure, and why both differ."""

    value: str
    how: str
    gap: str
    number: float


@dataclass(frozen=True, kw_only=True)
class Figure(Cited):
    """One line of a block, written as a French reader expects it."""

    indicator: str
    label: str
    value: str
    """With its unit, or that the source does not give it."""
    year: str = ""
    perimeter: str = ""
    note: str = ""
    reading: str = ""
    """What the figure says, in a sentence written from it."""
    holder: str = ""
    """The wider territory that the figure is about; empty when it is about this one."""
    number: float | None = None
    unit: str = ""
    row: str = ""
    """Identifier of the row of ``data/figures.csv``; empty when computed or not given."""
    recomputed: Recomputed | None = None

    @property
    def asked_in_vain(self) -> bool:
        """Whether no document gives it, here or wider: a document that leaves it out still has its line."""
        return not self.cites


@dataclass(frozen=True)
class Block:
    """One block of the sheet: its title and its figures."""

    key: str
    title: str
    figures: tuple[Figure, ...]
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor(Cited):
    """An actor as a list shows it."""

    id: str
    name: str
    category: str
    types: str
    place: str
    state: str
    """Empty when in activity."""


@dataclass(frozen=True)
class Employers:
    """The employers of one headcount class."""

    size: str
    actors: tuple[Actor, ...]


@dataclass(frozen=True)
class Near:
    """The nearest known actor of a theme that the territory lacks."""

    theme: str
    """Empty when it is the nearest of all."""
    actor: Actor
    km: float
    """Straight distance in kilometres (EPSG:2154) from the inhabited point of the territory."""
    kind: str = ""
    """What it is when it is not of the ESS by its status or a qualification, which alone are counted."""

    @property
    def name(self) -> str:
        """Its name, and why it may not be counted: ``Centre social (statut ESS non imprimé)``."""
        reserves = ", ".join(filter(None, (self.actor.state, self.kind)))
        return f"{self.actor.name} ({reserves})" if reserves else self.actor.name


@dataclass(frozen=True, kw_only=True)
class Relation(Cited):
    """A relation of an organisation of the territory."""

    organisation: str
    words: str
    other: str
    about: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Contact(Cited):
    """A body to call: what it brings, its function, never a person."""

    id: str
    name: str
    role: str
    territory: str
    brings: str
    function: str
    email: str
    telephone: str
    website: str
    note: str

    @property
    def can_be_reached(self) -> bool:
        """Whether a source prints a function, an address or a telephone."""
        return bool(self.function or self.email or self.telephone or self.website)


@dataclass(frozen=True)
class Known:
    """What the directory knows of a territory."""

    total: int
    counted: int
    families: tuple[tuple[str, str, int], ...]
    """Category, its words, actors."""
    types: tuple[tuple[str, int], ...]
    themes: tuple[tuple[str, int], ...]
    actors: tuple[Actor, ...]
    near: tuple[Near, ...]
    """The nearest first."""
    counted_near: Near | None
    """The nearest actor of the ESS, when none is counted here and somebody else is nearer."""
    far: tuple[str, ...]
    """Themes without a known actor here nor within ``known.FAR_KM``."""
    employers: tuple[Employers, ...]
    projects: tuple[Actor, ...]
    relations: tuple[Relation, ...]
    wider: tuple[tuple[str, tuple[Actor, ...]], ...]
    """Wider territory, with its level -> the actors of the ESS known to work there, without a commune."""
    practices: tuple[tuple[str, str], ...]
    """Identifier, title."""

    @property
    def near_actors(self) -> list[tuple[Near, list[str]]]:
        """The nearest actors, each once, with the themes that it is the nearest of."""
        found: dict[str, tuple[Near, list[str]]] = {}
        for near in self.near:
            found.setdefault(near.actor.id, (near, []))[1].append(near.theme)
        return list(found.values())


@dataclass(frozen=True)
class Sheet:
    """The sheet of one territory on one day."""

    territory: Territory
    title: str
    level: str
    day: datetime.date
    holders: tuple[tuple[str, str], ...]
    """The territories that hold this one, from the smallest: ``level:code``, name with its level."""
    inside: tuple[tuple[str, str], ...]
    """The territories that it is made of: ``level:code``, name."""
    inside_title: str
    priorities: tuple[Near, ...]
    """The nearest actor of each priority theme that nobody works on here, the nearest first."""
    summary: tuple[tuple[str, str, str], ...]
    """What it is, in figures: label, value, year."""
    blocks: tuple[Block, ...]
    known: Known
    policy: tuple[Contact, ...]
    contacts: tuple[Contact, ...]
    first: Contact | None
    """Whom to call first: ``Supports.first``."""
    referent: str
    referent_note: str

    @property
    def two_nearest(self) -> str:
        """Why the nearest here is not the nearest of the white zones; empty when they are the same."""
        counted = self.known.counted_near
        if not counted:
            return ""
        first, km = self.known.near[0], f"{NBSP}km"
        return bound(
            f"{first.name} est à {number(first.km, 1)}{km}, mais Comparer et Zones blanches ne comptent que les "
            f"acteurs de l’ESS par leur statut ou une qualification : le plus proche est {counted.name}, à "
            f"{number(counted.km, 1)}{km}."
        )

    @property
    def borrows(self) -> bool:
        """Whether most of its figures are those of wider territories: they come after what is near."""
        return self.territory.level in ("commune", "epci")

    @property
    def parts(self) -> list[tuple[str, tuple[Block, ...]]]:
        """The blocks that a document fills, in titled parts: for a part of a PETR, its own figures come first."""
        given = [(block, [one for one in block.figures if not one.asked_in_vain]) for block in self.blocks]
        if not self.borrows:
            return [("Les chiffres publiés", _kept(given, lambda _: True))]
        holders = {figure.holder for _, figures in given for figure in figures} - {""}
        one = holders.pop() if len(holders) == 1 else ""
        of = f"Les chiffres publiés, pour {one}" if one else "Les chiffres publiés, pour un territoire plus large"
        parts = [
            ("Les chiffres publiés", _kept(given, lambda figure: not figure.holder)),
            (of, _kept(given, lambda figure: bool(figure.holder))),
        ]
        return [(title, blocks) for title, blocks in parts if blocks]

    @property
    def missing(self) -> list[str]:
        """What no document gives, here or for a wider territory."""
        return [figure.label for _, figure in self.figures if figure.asked_in_vain]

    @property
    def figures(self) -> list[tuple[Block, Figure]]:
        """Every figure with its block, in the order of the sheet."""
        return [(block, figure) for block in self.blocks for figure in block.figures]


def _kept(given: Iterable[tuple[Block, list[Figure]]], wanted: Callable[[Figure], bool]) -> tuple[Block, ...]:
    blocks = (replace(block, figures=tuple(filter(wanted, figures))) for block, figures in given)
    return tuple(block for block in blocks if block.figures)
