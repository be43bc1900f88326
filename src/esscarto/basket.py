"""The basket of a project holder: what is kept of the answers, in an order, with notes, all of it in a link.

Nothing of it stays on the server: a link, or the browser of the visitor, holds it whole. It names what the site
knows by its identifier, so that a link shows the directory of the day it is opened.
"""

import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from esscarto.french import clean

KINDS = ("acteur", "pratique", "programme")
MOST_PROJECTS = 5
MOST = 30
"""Items of a basket: beyond, it is no longer a list of whom to call."""
NOTE_LETTERS = 140
QUESTION_LETTERS = 200
LINK_LETTERS = 3_600
"""Length of a whole basket in a link, which is also what a browser keeps for a site (4 096 bytes)."""

_ITEM = re.compile(rf"(?:{'|'.join(KINDS)}):[A-Za-z0-9._-]{{1,120}}", re.ASCII)
_ASKED = re.compile(r"[a-z0-9_.,~-]{1,400}", re.ASCII | re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Project:
    """What somebody wants to do, in their words, and the question that it was asked as."""

    question: str = ""
    asked: str = ""
    """Where it was asked from, its themes and how far, as :func:`esscarto.places.format_asked` says it."""


@dataclass(frozen=True)
class Basket:
    """What is kept.

    Parameters
    ----------
    items : tuple of str
        ``acteur:<id>``, ``pratique:<id>``, ``programme:<id>``, none twice: those of a project stand together.
    notes : dict of str to str
        Item -> what the visitor writes about it.
    question, asked : str
        The first project.
    others : tuple of Project
        The other projects that the basket holds.
    belongs : dict of str to int
        Item -> its project: 1 is the first of the others. Those of the first project are left out.
    """

    items: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    asked: str = ""
    others: tuple[Project, ...] = ()
    belongs: Mapping[str, int] = field(default_factory=dict)

    @property
    def projects(self) -> tuple[Project, ...]:
        """The projects, the first one first."""
        return (Project(self.question, self.asked), *self.others)

    def of(self, kind: str) -> list[str]:
        """Return the identifiers of one kind, in order."""
        return [key for item in self.items for name, _, key in [item.partition(":")] if name == kind]

    def project(self, item: str) -> int:
        """Return the project that an item was kept for: 0 is the first."""
        return self.belongs.get(item, 0)

    def add(self, item: str, project: int = 0) -> "Basket":
        """Return the basket with one more item, the last of its project; the same when it holds it already."""
        if item in self.items or not _ITEM.fullmatch(item):
            return self
        belongs = {**self.belongs, item: project} if project else self.belongs
        items = sorted((*self.items, item), key=lambda one: belongs.get(one, 0))
        return replace(self, items=tuple(items), belongs=belongs)

    def remove(self, item: str) -> "Basket":
        """Return the basket without an item, its note, and its project when nothing else was kept for it."""
        items = tuple(one for one in self.items if one != item)
        held = sorted({self.project(one) for one in items}) or [0]
        first, *others = (self.projects[at] for at in held)
        return Basket(
            items,
            {one: note for one, note in self.notes.items() if one != item},
            first.question,
            first.asked,
            tuple(others),
            {one: at for one in items if (at := held.index(self.project(one)))},
        )

    def swap(self, one: str, other: str) -> "Basket":
        """Return the basket with two of its items in each other’s place."""
        places = {one: other, other: one}
        return replace(self, items=tuple(places.get(item, item) for item in self.items))

    def annotate(self, item: str, note: str) -> "Basket":
        """Return the basket with another note on an item; an empty one takes it away."""
        said = _short(note, NOTE_LETTERS)
        notes = {one: kept for one, kept in self.notes.items() if one != item}
        return replace(self, notes={**notes, item: said} if said and item in self.items else notes)

    def ask(self, question: str, project: int = 0) -> "Basket":
        """Return the basket with other words for one of its projects."""
        return self._with(project, replace(self.projects[project], question=_short(question, QUESTION_LETTERS)))

    def ask_from(self, asked: str, project: int = 0) -> "Basket":
        """Return the basket with another question for a project; what cannot be one takes it away."""
        return self._with(project, replace(self.projects[project], asked=asked if _ASKED.fullmatch(asked) else ""))

    def begin(self, question: str, asked: str) -> "Basket":
        """Return the basket with one more project, of which nothing is kept yet; another such one gives its place."""
        others = self.others if len(self.others) in {0, *self.belongs.values()} else self.others[:-1]
        at = len(others) + 1
        return replace(self, others=(*others, Project())).ask(question, at).ask_from(asked, at)

    def find(self, asked: str) -> int | None:
        """Return the project of a question, None when it is that of none: an item never takes another’s reasons.

        How far one looks makes no other project. A project without a question takes the one that comes.
        """
        if not asked or not self.items:
            return len(self.others)
        same = [at for at, one in enumerate(self.projects) if _subject(one.asked) == _subject(asked)]
        return same[0] if same else None if self.projects[-1].asked else len(self.others)

    def _with(self, project: int, changed: Project) -> "Basket":
        if project == 0:
            return replace(self, question=changed.question, asked=changed.asked)
        return replace(self, others=(*self.others[: project - 1], changed, *self.others[project:]))

    def too_long(self) -> str:
        """Say in French why this basket cannot be kept: too many items, or too many letters; empty when it can."""
        if len(self.items) > MOST:
            return f"Le panier tient {MOST} éléments au plus. Retirez-en un avant d’en ajouter un autre."
        if len(self.projects) > MOST_PROJECTS:
            return f"Le panier tient {MOST_PROJECTS} projets au plus. Commencez un nouveau panier."
        if len(urllib.parse.urlencode(format_link(self))) > LINK_LETTERS:
            return "Le panier est plein : vos notes ne tiendraient plus dans son lien. Raccourcissez-en une."
        return ""


def format_link(basket: Basket) -> dict[str, str]:
    """Return the keys of a link: ``p`` items, ``q`` question, ``o`` its place, ``n1``, ``n2``… the note of each.

    Those of another project bear its number: ``p2``, ``q2``, ``o2``.
    """
    query: dict[str, str] = {}
    for at, project in enumerate(basket.projects):
        held = ",".join(item for item in basket.items if basket.project(item) == at)
        query |= {f"p{_rank(at)}": held, f"q{_rank(at)}": project.question, f"o{_rank(at)}": project.asked}
    notes = {f"n{at}": basket.notes.get(item, "") for at, item in enumerate(basket.items, start=1)}
    return {key: value for key, value in {**query, **notes}.items() if value}


def parse_link(query: Mapping[str, str], known: Callable[[str], bool]) -> Basket:
    """Return the basket of a link: what is unknown, written twice or too long is left out.

    Parameters
    ----------
    query : dict of str to str
        Keys of the address, as :func:`format_link` gives them.
    known : callable
        Whether the site has an item.
    """
    basket = Basket().ask(query.get("q", "")).ask_from(query.get("o", ""))
    numbers: dict[str, int] = {}
    written = 0
    for at in range(MOST_PROJECTS):
        listed = query.get(f"p{_rank(at)}", "").split(",")[: 2 * MOST]
        places = {item: written + place for place, item in reversed(list(enumerate(listed, start=1)))}
        new = [item for item in dict.fromkeys(listed) if item not in numbers and known(item)]
        if at and new:
            basket = basket.begin(query.get(f"q{_rank(at)}", ""), query.get(f"o{_rank(at)}", ""))
        for item in new:
            numbers[item] = places[item]
            basket = _if_it_fits(basket, basket.add(item, len(basket.others)))
        written += len(listed)
    for item in basket.items:
        basket = _if_it_fits(basket, basket.annotate(item, query.get(f"n{numbers[item]}", "")))
    # A project of which nothing is known goes away.
    return basket.remove("")


def _rank(at: int) -> str:
    return str(at + 1) if at else ""


def _subject(asked: str) -> str:
    """Return a question without how far it looks."""
    return asked.rpartition("~")[0]


def _if_it_fits(basket: Basket, fuller: Basket) -> Basket:
    return basket if fuller.too_long() else fuller


def _short(text: str, most: int) -> str:
    return _BLANKS.sub(" ", clean(text))[:most].strip()
