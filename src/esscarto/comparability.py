"""The guard of comparison: which figures may stand on one axis, and the French sentence why the others may not.

Two figures share an axis when they have the same definition, unit, year, source and perimeter. What is not
printed is never taken as equal: a figure without a year stands alone. A total also grows with the territory, so
it is compared at one level only; a ratio (a share, a density) may stand beside that of a wider territory.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields

from esscarto.french import NBSP, enumerate_words, fold
from esscarto.metrics import INDICATORS
from esscarto.vocabulary import LEVELS

UNDATED = "non daté"
DIRECTORY = "annuaire esscarto"

_SUBJECTS = {**LEVELS, "france": "France", "acteur": "Organisation", "pratique": "Pratique", "theme": "Thème"}
_LEVEL_WORDS = frozenset(("commune", "communes", "petr", "cc", "ca", "cu", "departement", "region"))
_RATIO = re.compile(r"%| par | pour |\bfois\b")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Axis:
    """What figures must have in common to be drawn together, each part as a sentence names it."""

    definition: str
    unit: str
    year: str
    """Empty when the source prints none: then nothing is known to be of the same year."""
    source: str
    perimeter: str
    """Empty for the whole of the territory that the figure is about."""
    level: str
    """Empty for a ratio, which has no size."""


_DIFFERENCES = {
    "definition": "la définition n’est pas la même",
    "unit": "l’unité n’est pas la même",
    "year": "l’année n’est pas la même",
    "source": "la source n’est pas la même",
    "perimeter": "le périmètre n’est pas le même",
    "level": "un total grandit avec le territoire, et le niveau n’est pas le même",
}


def differences(one: Axis, other: Axis) -> list[str]:
    """Return, in French, each reason why two figures may not share an axis; none when they may."""
    found = []
    for part in (field.name for field in fields(Axis)):
        values = [getattr(axis, part) for axis in (one, other)]
        if part == "year" and not all(values):
            printed = "".join(values)
            beside = f" d’un côté (de l’autre{NBSP}: {printed})" if printed else ""
            found.append(f"l’année n’est pas imprimée{beside}")
        elif part == "level" and not all(values):
            pass  # a ratio beside a total: their units differ, which has been said
        elif _key(part, values[0]) != _key(part, values[1]):
            said = enumerate_words(quoted(value or "tout le territoire") for value in values)
            found.append(f"{_DIFFERENCES[part]} ({said})")
    return found


def quoted(text: str) -> str:
    """Put a text between guillemets; those it has become the inner ones."""
    inner = re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", text))
    return f"«{NBSP}{inner}{NBSP}»"


def computed(key: str, level: str, vintage: str) -> Axis:
    """Return the axis of an indicator computed from the directory, at one level.

    Parameters
    ----------
    key : str
        A key of ``metrics.INDICATORS``.
    level : str
        Level of the territory.
    vintage : str
        What the populations date from.
    """
    indicator = INDICATORS[key]
    size = LEVELS[level] if indicator.total else ""
    return Axis(indicator.title, indicator.unit, vintage or "ce jour", DIRECTORY, "", size)


@dataclass(frozen=True)
class Sorted:
    """Figures sorted by the guard: those that share one axis, and the others with the sentence why."""

    together: tuple[dict[str, str], ...]
    apart: tuple[tuple[dict[str, str], str], ...]


@dataclass(frozen=True)
class Guard:
    """The guard of the published figures.

    Parameters
    ----------
    titles : mapping of str to str
        Indicator -> its name (``data/indicators.csv``).
    name : callable
        Subject (``petr:…``) -> its name: a perimeter that only names its subject is the whole of it.
    """

    titles: Mapping[str, str]
    name: Callable[[str], str]

    def axis(self, row: Mapping[str, str]) -> Axis:
        """Return the axis of a row of ``data/figures.csv``."""
        year = "" if row["annee"] == UNDATED else row["annee"]
        perimeter = fold(row["perimetre"]).split()
        whole = set(perimeter) <= set(fold(self.name(row["sujet"])).split()) | _LEVEL_WORDS
        document = row["source"].partition(":")[0]
        return Axis(
            definition=self.titles.get(row["indicateur"], row["indicateur"]),
            unit=row["unite"],
            year=f"prévision pour {year}" if year and row["qualite"] == "prevision" else year,
            source=row["source_imprimee"] or f"aucune source imprimée dans le document {document}",
            perimeter="" if whole else row["perimetre"],
            level="" if _RATIO.search(row["unite"]) else _SUBJECTS[row["sujet"].partition(":")[0]],
        )

    def fault(self, row: Mapping[str, str]) -> str:
        """Say why a figure can be drawn on no axis at all, or return an empty text."""
        if row["qualite"] == "non_fourni" or not row["valeur"]:
            return "le nombre n’est pas fourni par la source"
        if row["unite"] == "année":
            return "c’est une date, non une quantité"
        if row["valeur_max"]:
            return "c’est un intervalle, non une valeur"
        if row["qualite"] in ("plus_de", "moins_de"):
            return "c’est une borne, non une valeur"
        return ""

    def why_not(self, one: Mapping[str, str], other: Mapping[str, str]) -> str:
        """Say in a French sentence why two figures may not share an axis; empty when they may."""
        faults = dict.fromkeys(fault for row in (one, other) if (fault := self.fault(row)))
        return sentence([*faults, *differences(self.axis(one), self.axis(other))])

    def sort(self, rows: Iterable[dict[str, str]], near: Iterable[dict[str, str]] = ()) -> Sorted:
        """Put together the figures that share an axis, the most numerous; say of each other one why it does not.

        Parameters
        ----------
        rows : iterable of dict
            The figures to compare. When no two of them share an axis, none is drawn: all stand apart.
        near : iterable of dict
            Figures that their names could make one compare with them: always apart.
        """
        rows, near = list(rows), list(near)
        groups = [[other for other in rows if other is row or not self.why_not(row, other)] for row in rows]
        drawn = max(groups, key=len, default=[])
        if len(drawn) < 2:
            return Sorted((), tuple((row, self._alone(row, [*rows, *near])) for row in [*rows, *near]))
        kept = {id(row) for row in drawn}
        others = [row for row in [*rows, *near] if id(row) not in kept]
        return Sorted(tuple(drawn), tuple((row, self.why_not(row, drawn[0])) for row in others))

    def _alone(self, row: dict[str, str], rows: list[dict[str, str]]) -> str:
        others = [other for other in rows if other is not row]
        if others:
            return self.why_not(row, others[0])
        return sentence([fault] if (fault := self.fault(row)) else [])


def _key(part: str, value: str) -> str:
    """Return what is compared of a part: a year apart from its source, a plural as a singular."""
    match part:
        case "source":
            return fold(_YEAR.sub("", value))
        case "unit":
            return " ".join(word.removesuffix("s") for word in value.split())
        case _:
            return fold(value)


def sentence(reasons: list[str]) -> str:
    """Join reasons into one French sentence, empty when there is none."""
    text = f"{NBSP}; ".join(reasons)
    return f"{text[0].upper()}{text[1:]}." if text else ""
