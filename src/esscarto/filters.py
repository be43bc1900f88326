"""The filters: each knows how to select actors and how to say itself in French."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from esscarto.actors import Actors
from esscarto.french import NBSP, count, enumerate_words, fold_name
from esscarto.schema import LIST_SEPARATOR
from esscarto.territories import Territories, Territory
from esscarto.vocabulary import (
    CATEGORIES,
    PRECISIONS,
    STATUTS,
    STATUTS_ESS,
    TAILLES,
    THEMES,
    TYPES,
)


@dataclass(frozen=True)
class Facet:
    """One criterion: OR between its values, AND with the other facets."""

    key: str
    title: str
    column: str
    labels: Mapping[str, str]
    phrase: str
    """How the sentence names the chosen values; ``{}`` stands for them."""
    plural: str

    def say(self, chosen: tuple[str, ...]) -> str:
        """Say the chosen values: ``thème mobilité ou culture``."""
        words = enumerate_words((_lower(self.labels[value]) for value in chosen), last="ou")
        return (self.phrase if len(chosen) == 1 else self.plural).format(words)


FACETS = {
    facet.key: facet
    for facet in (
        Facet("f", "Famille ou rôle", "categorie", CATEGORIES, "{}", "{}"),
        Facet("th", "Thème", "themes", THEMES, "thème {}", "thèmes {}"),
        Facet("ty", "Type", "types", TYPES, "type {}", "types {}"),
        Facet("r", "Rapport à l’ESS", "statut_ess", STATUTS_ESS, "{}", "{}"),
        Facet("e", "Taille", "tranche_effectif", TAILLES, "{}", "{}"),
        Facet("p", "Précision du lieu", "precision", PRECISIONS, "lieu : {}", "lieu : {}"),
        Facet("s", "État", "statut", STATUTS, "{}", "{}"),
    )
}
"""Key in the permalink -> facet. The keys are an API: a link shared today must work in ten years."""


@dataclass(frozen=True)
class ActorFilter:
    """What the user asked to see."""

    territory: Territory | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet key -> values; a facet without values does not select."""
    words: str = ""

    def without(self, key: str) -> "ActorFilter":
        """Return the same filter with one facet left open."""
        return replace(self, chosen={name: values for name, values in self.chosen.items() if name != key})

    def everywhere(self) -> "ActorFilter":
        """Return the same filter without its territory: what the others are compared on."""
        return replace(self, territory=None)

    def sentence(self, shown: int, territories: Territories) -> str:
        """Say the filter and how many actors it keeps: ``12 acteurs : association, CC Retz-en-Valois``."""
        parts = [FACETS[key].say(values) for key, values in self.chosen.items() if values]
        if self.words.strip():
            parts.append(f"contenant «{NBSP}{self.words.strip()}{NBSP}»")
        if self.territory:
            parts.append(territories.title(self.territory))
        return f"{count(shown, 'acteur')}{NBSP}: {', '.join(parts)}" if parts else count(shown, "acteur")


class FilterIndex:
    """The actors turned into one boolean row per facet value, so that a filter costs microseconds.

    Parameters
    ----------
    actors : Actors
        The located actors; never written to.
    """

    def __init__(self, actors: Actors):
        self.actors = actors
        columns = actors.frame.assign(categorie=actors.category)
        self.rows: dict[str, dict[str, np.ndarray]] = {
            key: _one_row_a_value(columns[facet.column].tolist(), facet.labels) for key, facet in FACETS.items()
        }
        self._inside: dict[Territory, np.ndarray] = {}

    def mask(self, wanted: ActorFilter) -> np.ndarray:
        """Return which actors a filter keeps, in the order of the actors."""
        kept = np.ones(len(self.actors), dtype=bool)
        if wanted.territory:
            kept &= self.inside(wanted.territory)
        for key, values in wanted.chosen.items():
            if values:
                rows = self.rows[key]
                kept &= np.logical_or.reduce([rows[value] for value in values])
        for word in fold_name(wanted.words).split():
            kept &= np.fromiter((f" {word}" in text for text in self.actors.searchable), dtype=bool, count=len(kept))
        return kept

    def inside(self, territory: Territory) -> np.ndarray:
        """Return which actors are inside a territory, kept for the next time."""
        if territory not in self._inside:
            self._inside[territory] = self.actors.inside(territory)
        return self._inside[territory]

    def counts(self, wanted: ActorFilter, key: str) -> dict[str, int]:
        """Return how many actors each value of a facet would show, the other filters kept."""
        others = self.mask(wanted.without(key))
        return {value: int(np.count_nonzero(row & others)) for value, row in self.rows[key].items()}

    @cached_property
    def present(self) -> dict[str, list[str]]:
        """Facet key -> the values that at least one actor has, in the order of the closed list."""
        return {key: [value for value, row in rows.items() if row.any()] for key, rows in self.rows.items()}


def _one_row_a_value(cells: list[str], labels: Mapping[str, str]) -> dict[str, np.ndarray]:
    rows = {value: np.zeros(len(cells), dtype=bool) for value in labels}
    for position, cell in enumerate(cells):
        for value in cell.split(LIST_SEPARATOR):
            if value.strip() in rows:
                rows[value.strip()][position] = True
    return rows


def _lower(label: str) -> str:
    """Lower the first letter, unless the label begins with an abbreviation."""
    head = label.split()[0]
    return label if len(head) > 1 and head[1:2].isupper() else label[0].lower() + label[1:]
