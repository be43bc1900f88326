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
class Basket:
    """What is kept.

    Parameters
    ----------
    items : tuple of str
        ``acteur:<id>``, ``pratique:<id>``, ``programme:<id>``, in the order of the visitor, none twice.
    notes : dict of str to str
        Item -> what the visitor writes about it.
    question : str
        The project, in the words of the visitor.
    """

    items: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    asked: str = ""
    """Where the question was asked from, its themes and how far, as :func:`esscarto.partners.format_asked` says it."""

    def of(self, kind: str) -> list[str]:
        """Return the identifiers of one kind, in order."""
        return [key for item in self.items for name, _, key in [item.partition(":")] if name == kind]

    def number(self, item: str) -> int:
        """Return the number of an item: 1 for the first."""
        return self.items.index(item) + 1

    def add(self, item: str) -> "Basket":
        """Return the basket with one more item at its end; the same when it holds it already."""
        return self if item in self.items or not _ITEM.fullmatch(item) else replace(self, items=(*self.items, item))

    def remove(self, item: str) -> "Basket":
        """Return the basket without an item and its note."""
        return replace(
            self,
            items=tuple(one for one in self.items if one != item),
            notes={one: note for one, note in self.notes.items() if one != item},
        )

    def move(self, item: str, step: int) -> "Basket":
        """Return the basket with an item moved by some places, never beyond its ends."""
        if item not in self.items:
            return self
        others = [one for one in self.items if one != item]
        at = min(max(self.items.index(item) + step, 0), len(others))
        return replace(self, items=(*others[:at], item, *others[at:]))

    def annotate(self, item: str, note: str) -> "Basket":
        """Return the basket with another note on an item; an empty one takes it away."""
        said = _short(note, NOTE_LETTERS)
        notes = {one: kept for one, kept in self.notes.items() if one != item}
        return replace(self, notes={**notes, item: said} if said and item in self.items else notes)

    def ask(self, question: str) -> "Basket":
        """Return the basket with another question."""
        return replace(self, question=_short(question, QUESTION_LETTERS))

    def ask_from(self, asked: str) -> "Basket":
        """Return the basket with another place of its question; what cannot be one takes it away."""
        return replace(self, asked=asked if _ASKED.fullmatch(asked) else "")

    def too_long(self) -> str:
        """Say in French why this basket cannot be kept: too many items, or too many letters; empty when it can."""
        if len(self.items) > MOST:
            return f"Le panier tient {MOST} éléments au plus. Retirez-en un avant d’en ajouter un autre."
        if len(urllib.parse.urlencode(format_link(self))) > LINK_LETTERS:
            return "Le panier est plein : vos notes ne tiendraient plus dans son lien. Raccourcissez-en une."
        return ""


def format_link(basket: Basket) -> dict[str, str]:
    """Return the keys of a link: ``p`` items, ``q`` question, ``o`` its place, ``n1``, ``n2``… the note of each."""
    query = {"p": ",".join(basket.items), "q": basket.question, "o": basket.asked}
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
    places = {item: at for at, item in reversed(list(enumerate(query.get("p", "").split(",")[: 2 * MOST], start=1)))}
    basket = Basket().ask(query.get("q", "")).ask_from(query.get("o", ""))
    for item in filter(known, sorted(places, key=places.__getitem__)):
        basket = _if_it_fits(basket, basket.add(item))
    for item in basket.items:
        basket = _if_it_fits(basket, basket.annotate(item, query.get(f"n{places[item]}", "")))
    return basket


def _if_it_fits(basket: Basket, fuller: Basket) -> Basket:
    return basket if fuller.too_long() else fuller


def _short(text: str, most: int) -> str:
    return _BLANKS.sub(" ", clean(text))[:most].strip()
