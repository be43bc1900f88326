"""Everything the application knows, read once and joined: the site that every page reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from esscarto.actors import Actors, locate
from esscarto.complements import Complements
from esscarto.events import Events
from esscarto.figures import Figures
from esscarto.filters import FilterIndex
from esscarto.french import NBSP, bound, date
from esscarto.levers import Competences
from esscarto.metrics import Counter
from esscarto.network import Network
from esscarto.practices import Practices
from esscarto.programmes import Programmes
from esscarto.proximity import Nearby
from esscarto.reach import Reach
from esscarto.schema import LIST_SEPARATOR, Problem
from esscarto.storage.loading import (
    read_actors,
    read_competences,
    read_complements,
    read_definitions,
    read_documents,
    read_events,
    read_figures,
    read_practices,
    read_programmes,
    read_relations,
    read_supports,
    read_territories,
)
from esscarto.supports import Supports, completed
from esscarto.territories import Territories, Territory
from esscarto.vocabulary import LEVELS, PLACED, THEMES

ORIGINS = {
    "900": "Sirene (API Recherche d’entreprises)",
    "901": "Liste nationale des entreprises de l’ESS (ESS France)",
    "902": "data·inclusion",
    "903": "Liste des SIAE (ASP)",
    "904": "Sirene (fichiers stock)",
    "saisie": "saisie dans l’annuaire",
    "proposition": "proposition d’un visiteur, acceptée",
    "import": "fichier importé",
}
"""Where a row may come from besides the documents."""
WRITTEN = {"note", "perimetre", "objet", "ce_qu_il_apporte", "ce_que_c_est", "beneficiaires"}
"""Columns of sentences, which are only read."""
_CITED = re.compile(r"\b(\d{3}):(\d+(?:-\d+)?)\b|\bdocument (\d{3})\b")


@dataclass(frozen=True, eq=False)
class Site:
    """The territories, the located actors and what follows from both. Never written to."""

    territories: Territories
    actors: Actors
    figures: Figures
    network: Network
    supports: Supports
    practices: Practices
    documents: dict[str, dict[str, str]]
    """Number of a source document -> its title, publisher, year."""
    problems: dict[str, tuple[Problem, ...]]
    """Table -> the cells that do not fit; their rows are left out and listed to the user."""
    definitions: dict[str, dict[str, str]] = field(default_factory=dict)
    """Indicator of a published figure -> its row of ``schemas/indicateurs.schema.json``: what it measures."""
    programmes: Programmes = field(default_factory=Programmes)
    competences: Competences = field(default_factory=Competences)
    complements: Complements = field(default_factory=Complements)
    events: Events = field(default_factory=Events)

    @cached_property
    def index(self) -> FilterIndex:
        """The actors ready to be filtered."""
        return FilterIndex(self.actors)

    @cached_property
    def reach(self) -> Reach:
        """The communes and the actors ready for measuring distances."""
        return Reach(self.actors, self.territories)

    @cached_property
    def nearby(self) -> Nearby:
        """The actors ready for finding the nearest to any point."""
        return Nearby(self.actors)

    def counter(self, level: str) -> Counter:
        """Return the territories of one level ready to count actors, kept for the next time."""
        if level not in self._counters:
            self._counters[level] = Counter(self.index, self.territories, level)
        return self._counters[level]

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The actors as plain records, in their order: a card or a list reads a few of them at each rerun."""
        return self.actors.frame.to_dict("records")

    @cached_property
    def categories(self) -> list[str]:
        """The category of each actor, in their order."""
        return self.actors.category.tolist()

    @cached_property
    def places(self) -> list[str]:
        """Where each actor is, in words, in the order of the actors."""
        frame, names = self.actors.frame, {}
        for text in frame["rattachement"].unique():
            territory = Territory.parse(text) if text else None
            names[text] = self.territories.title(territory) if territory and territory in self.territories else ""
        return [
            names[text] or commune or "lieu non imprimé"
            if precision in PLACED
            else f"{names[text]}, commune non imprimée"
            if names[text]
            else f"{LEVELS[text.partition(':')[0]].lower()} {text.partition(':')[2]}, hors des couches"
            if text
            else "lieu non imprimé"
            for text, commune, precision in zip(
                frame["rattachement"], frame["commune"], frame["precision"], strict=True
            )
        ]

    @cached_property
    def organisations(self) -> dict[str, list[str]]:
        """Organisation -> the identifiers of its places of activity, the one named like it first."""
        places: dict[str, list[str]] = {}
        for actor, organisation in self.actors.frame["organisation"].items():
            places.setdefault(organisation, []).append(str(actor))
        return {name: sorted(ids, key=lambda actor: (actor != name, actor)) for name, ids in places.items()}

    def organisation_name(self, organisation: str) -> str:
        """Return the name to show for an organisation."""
        return str(self.actors.frame.at[self.organisations[organisation][0], "nom"])

    def subject_name(self, subject: str) -> str:
        """Return the name of what a published figure is about: a territory, an organisation, a practice, a theme."""
        kind, _, code = subject.partition(":")
        match kind:
            case "france":
                return "France"
            case "acteur" if code in self.organisations:
                return self.organisation_name(code)
            case "pratique" if code in self.practices.by_id:
                return str(self.practices.by_id[code]["titre"])
            case "theme":
                return THEMES.get(code, code)
            case _ if kind in LEVELS and Territory(kind, code) in self.territories:
                return self.territories.title(Territory(kind, code))
        return code

    def cite(self, source: str) -> list[tuple[str, str]]:
        """Turn ``000:89|000:105`` into (document in words, lines): ``Fiche…, CRESS, 2024``, ``89, 105``.

        What was typed (``saisie:2026-11-22``) or proposed (``proposition:1``) has no line: its words say it all.
        """
        lines: dict[tuple[str, str], list[str]] = {}
        for part in source.split(LIST_SEPARATOR):
            document, _, line = part.partition(":")
            words = self._entry_words(document, line)
            lines.setdefault((document, words or self._document_words(document)), []).append("" if words else line)
        return [(words, ", ".join(filter(None, numbers))) for (_, words), numbers in lines.items()]

    def say_source(self, source: str) -> str:
        """Return the sources of a row in words, with their lines: ``Fiche…, CRESS, 2024, lignes 89, 105``."""
        return " ; ".join(
            f"{document}, ligne{'' if lines.isdecimal() else 's'} {lines}" if lines else document
            for document, lines in self.cite(source)
        )

    @staticmethod
    def _entry_words(document: str, mark: str) -> str:
        match document:
            case "saisie" if mark:
                return f"saisie le {date(mark)}"
            case "proposition" if mark:
                return f"proposition n°{NBSP}{mark}"
        return ""

    def _document_words(self, document: str) -> str:
        row = self.documents.get(document)
        if not row:
            return ORIGINS.get(document, f"document {document}")
        return ", ".join((row["titre_court"], row["producteur"], row["date"][:4] or "non daté"))

    @cached_property
    def _counters(self) -> dict[str, Counter]:
        return {}


def in_words(note: str, documents: Mapping[str, Mapping[str, str]]) -> str:
    """Name the documents that a note gives by their number.

    ``(000:162)`` becomes ``(« Fiche territoriale de la CRESS », ligne 162)``; an unknown number stays as it is.

    Parameters
    ----------
    note : str
        A note of a table.
    documents : mapping
        Number of a document -> its row of ``data/documents.csv``.
    """

    def named(found: re.Match[str]) -> str:
        number, lines, alone = found.groups()
        row = documents.get(number or alone)
        if not row:
            return found[0]
        title = f"«{NBSP}{row['titre_court']}{NBSP}»"
        return f"document {title}" if alone else f"{title}, ligne{'s' if '-' in lines else ''}{NBSP}{lines}"

    return _CITED.sub(named, note)


def load_site(data: Path) -> Site:
    """Read the data folder and join it.

    Raises
    ------
    DataError
        When a layer or the table of actors cannot be read at all.
    """
    territories = read_territories(data / "geo")
    actors, figures = read_actors(data), read_figures(data)
    relations, supports = read_relations(data), read_supports(data)
    programmes, competences = read_programmes(data), read_competences(data)
    complements, events = read_complements(data), read_events(data)
    documents = read_documents(data)
    for table in (figures, relations, supports, programmes, competences, complements):
        # Whoever reads a note reads the name of a document, not its number, and no number cut by the end of a line.
        for column in {"note", "perimetre"} & set(table.rows):
            table.rows[column] = table.rows[column].map(lambda note: in_words(note, documents))
        for column in WRITTEN & set(table.rows):
            table.rows[column] = table.rows[column].map(bound)
    known = set(actors.rows["organisation"])
    linked, unlinked = _linked(relations.rows, ("de", "vers"), known)
    helpful, unknown = _linked(supports.rows, ("organisation",), known)
    return Site(
        territories,
        locate(actors.rows, territories),
        Figures(figures.rows),
        Network(linked),
        Supports(completed(helpful, actors.rows)),
        Practices(read_practices(data)),
        documents,
        {
            "actors.csv": actors.problems,
            "figures.csv": figures.problems,
            "relations.csv": relations.problems + unlinked,
            "supports.csv": supports.problems + unknown,
            "programmes.csv": programmes.problems,
            "competences.csv": competences.problems,
            "complementarites.csv": complements.problems,
            "events.csv": events.problems,
        },
        read_definitions(data),
        Programmes(programmes.rows),
        Competences(competences.rows),
        Complements(complements.rows),
        Events(events.rows),
    )


def _linked(rows: pd.DataFrame, columns: tuple[str, ...], known: set[str]) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Set apart the rows that name an organisation which the directory does not have."""
    problems = tuple(
        Problem(
            int(position) + 2,
            column,
            str(value),
            "cette organisation n’est pas dans actors.csv",
            "Ajoutez-la, ou corrigez son identifiant.",
        )
        for column in columns
        for position, value in rows.loc[~rows[column].isin(known), column].items()
    )
    lines = {problem.line - 2 for problem in problems}
    return rows.drop(index=list(lines)), problems
