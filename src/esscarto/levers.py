"""What an élu can do: the actions of each municipal competence, who may help, and who may answer a purchase.

The candidates of a purchase are the organisations of the directory that employ people on integration paths or with a
handicap. How far one, three and five of them are is a reading aid of ours, not a rule of law.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from esscarto.filters import FilterIndex
from esscarto.french import fold
from esscarto.schema import LIST_SEPARATOR
from esscarto.territories import Territories, Territory

CANDIDATE_TYPES = ("siae", "ei", "aci", "ai", "etti", "geiq", "ea", "esat", "regie_quartier", "entreprise_but_emploi")
"""Types of those who may answer a social clause or a reserved purchase."""
GENERIC_TYPES = ("siae", "ei", "aci", "ai", "etti", "scic")
"""Types of any trade: alone, they say nothing of what is done."""
RADII_KM = (10, 20, 30)
STEPS = (1, 3, 5)


@dataclass(frozen=True)
class Action:
    """One thing that an élu can do, in our own words, with the lines that it comes from."""

    key: str
    title: str
    theme: str
    """Its own theme, the first of the table; the others are only near it."""
    themes: frozenset[str]
    types: frozenset[str]
    source: str


@dataclass(frozen=True)
class Competences:
    """The table of the municipal competences and their actions.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/competences.schema.json``, one row an action.
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Competence -> its name, in the order of the table."""
        return {row["competence"]: row["libelle"] for row in self.frame.to_dict("records")}

    def actions(self, competence: str) -> list[Action]:
        """Return the actions of a competence, in the order of the table."""
        return [
            Action(
                row["action"],
                row["action_libelle"],
                row["themes"].partition(LIST_SEPARATOR)[0],
                _codes(row["themes"]),
                _codes(row["types"]),
                row["source"],
            )
            for row in self.frame.to_dict("records")
            if row["competence"] == competence
        ]


def helpers(index: FilterIndex, action: Action) -> np.ndarray:
    """Return which actors are leads for an action: those of its own theme, or of a type that names a trade.

    Only those of the ESS that are in activity or to be checked: a public body is called, it is not an operator.
    """
    by_type = _any(index, "ty", action.types.difference(GENERIC_TYPES))
    return (by_type | _any(index, "th", [action.theme])) & index.actors.counted


def candidates(index: FilterIndex) -> np.ndarray:
    """Return which actors may answer a social clause or a reserved purchase."""
    return _any(index, "ty", CANDIDATE_TYPES) & index.actors.counted


@dataclass(frozen=True)
class Supply:
    """How many organisations are within reach of a place.

    Parameters
    ----------
    nearest : dict of str to float
        Organisation -> kilometres to its nearest place of activity, the nearest first.
    """

    nearest: dict[str, float]

    def within(self, radius_km: float) -> int:
        """Return how many organisations are no farther than a radius."""
        return sum(kilometres <= radius_km for kilometres in self.nearest.values())

    def radius(self, step: int) -> float | None:
        """Return the kilometres within which ``step`` organisations are, None when fewer are known with a point."""
        distances = sorted(self.nearest.values())
        return distances[step - 1] if len(distances) >= step else None


def supply(index: FilterIndex, distances: Iterable[tuple[int, float]]) -> Supply:
    """Count organisations, not places: of several places of activity the nearest stands for all.

    Parameters
    ----------
    index : FilterIndex
        The actors.
    distances : iterable of (int, float)
        Position of an actor and straight distance in kilometres (EPSG:2154), the nearest first.
    """
    organisation = index.actors.frame["organisation"].tolist()
    nearest: dict[str, float] = {}
    for position, kilometres in distances:
        nearest.setdefault(organisation[position], kilometres)
    return Supply(nearest)


def elsewhere(
    sheets: Iterable[dict[str, Any]], action: Action, territories: Territories, here: Territory
) -> list[dict[str, Any]]:
    """Return the practices done elsewhere whose own theme, the first, is that of an action, the closest to it first.

    The closest shares the most types, then the most themes, relative to how many it has. What was done in the PETR
    of the territory, or else in its intercommunalité, is left out.
    """
    holders = {one.level: one for one in (here, *territories.parents(here))}
    around = holders.get("petr") or holders.get("epci") or here
    ranked = []
    for sheet in sheets:
        types, themes = set(sheet.get("types", [])), sheet.get("themes", [])
        if themes[:1] == [action.theme] and not _done_in(sheet.get("lieu_imprime", ""), territories, around):
            shared = len(action.themes.intersection(themes))
            ranked.append((-len(types & action.types), -shared, len(themes), sheet["id"], sheet))
    return [sheet for *_, sheet in sorted(ranked, key=lambda found: found[:4])]


def _done_in(places: str, territories: Territories, around: Territory) -> bool:
    for text in places.split(LIST_SEPARATOR):
        level, _, code = text.partition(":")
        place = Territory(level, code)
        if place == around or (place in territories and around in territories.parents(place)):
            return True
        # « Soissonnais (aucune commune imprimée) »: the words may name the PETR itself.
        words = fold(text.partition("(")[0])
        if around.level == "petr" and words and f" {words} " in f" {fold(territories.title(around))} ":
            return True
    return False


def _any(index: FilterIndex, facet: str, values: Iterable[str]) -> np.ndarray:
    found = np.zeros(len(index.actors), dtype=bool)
    for value in values:
        found |= index.rows[facet][value]
    return found


def _codes(cell: str) -> frozenset[str]:
    return frozenset(code for code in cell.split(LIST_SEPARATOR) if code)
