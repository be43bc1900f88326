"""What a check says of a file: where, what is wrong, what is expected, what to do, and what could be meant."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from esscarto.french import clean, number

Level = Literal["refusee", "a_corriger", "a_regarder"]

LEVELS: dict[Level, str] = {"refusee": "refusée", "a_corriger": "à corriger", "a_regarder": "à regarder"}
"""Gravity -> its French words, the gravest first. A line « à regarder » is imported all the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, wherever it stands.

    Parameters
    ----------
    level : str
        Key of :data:`LEVELS`.
    problem, expected, action : str
        What is wrong, what is expected, what to do: French, each a phrase of its own.
    suggestion : str or None
        The value that could be meant, "" to empty the cell, None when nothing can be proposed.
    sure : bool
        Whether something else in the line confirms the suggestion, so that it may be accepted with others.
    """

    level: Level
    problem: str
    expected: str
    action: str
    suggestion: str | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at its place in the file.

    Parameters
    ----------
    line : int
        Line of the spreadsheet, or rank of the entity.
    target : str
        Column of the directory that the cell was read for; "" when it is read for none.
    column : str
        Title of the column in the file; "" when the whole line is meant.
    value : str
        The cell as it stands in the file.
    fault : Fault
        What is wrong with it.
    """

    line: int
    target: str
    column: str
    value: str
    fault: Fault

    @property
    def proposal(self) -> str:
        """The suggestion as a question, "" when there is none."""
        if self.fault.suggestion is None:
            return ""
        if self.fault.suggestion == "":
            return "Laisser cette case vide ?"
        return f"Vouliez-vous dire « {self.fault.suggestion} » ?"

    def sentence(self, unit: str = "ligne") -> str:
        """Say it in one paragraph."""
        place = f"{unit} {self.line}"
        if self.column:
            place += f", colonne « {self.column} », "
            place += f"valeur « {shorten(self.value)} »" if self.value else "case vide"
        parts = [f"{place} : {self.fault.problem}."]
        if self.fault.expected:
            stop = "" if self.fault.expected.endswith("…") else "."
            parts.append(f"Attendu : {self.fault.expected}{stop}")
        parts.append(self.proposal or self.fault.action)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Change:
    """How cells were read otherwise than they stand, told once for all of them, with one example."""

    target: str
    column: str
    how: str
    count: int
    line: int
    before: str
    after: str

    def sentence(self, unit: str = "ligne") -> str:
        """Say it in one phrase."""
        example = " devient ".join(f"« {shorten(text)} »" for text in (self.before, self.after) if text)
        place = f"{unit} {self.line}, {example}" if example else f"{unit} {self.line}"
        return f"{self.column or self.target} : {self.how} ({number(self.count)} fois ; {place})."


@dataclass(frozen=True, slots=True)
class Reading:
    """How a cell is read: the value kept, how it was changed ("" when it was not), what is wrong with it."""

    value: str
    how: str = ""
    faults: tuple[Fault, ...] = ()


Reader = Callable[[str], Reading]


@dataclass
class Log:
    """The findings and the changes of a check, as they come."""

    columns: dict[str, str]
    """Column of the directory -> title in the file."""
    findings: list[Finding] = field(default_factory=list)
    worst: dict[int, Level] = field(default_factory=dict)
    """Line -> its gravest level; absent when nothing was found."""
    _changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    _examples: dict[tuple[str, str], tuple[int, str, str]] = field(default_factory=dict)

    def fault(self, line: int, target: str, value: str, fault: Fault, column: str | None = None) -> None:
        """Record a fault of a cell."""
        title = self.columns.get(target, target) if column is None else column
        self.findings.append(Finding(line, target, title, value, fault))
        known = self.worst.get(line)
        ranks = list(LEVELS)
        if known is None or ranks.index(fault.level) < ranks.index(known):
            self.worst[line] = fault.level

    def change(self, line: int, target: str, how: str, before: str, after: str) -> None:
        """Record that a cell was read otherwise than it stands."""
        self._changes[target, how] += 1
        self._examples.setdefault((target, how), (line, before, after))

    def changes(self) -> list[Change]:
        """Return the changes, each kind once, in the order of the first of each."""
        return [
            Change(target, self.columns.get(target, ""), how, self._changes[target, how], *self._examples[target, how])
            for target, how in self._examples
        ]


def shorten(text: str, width: int = 80) -> str:
    """Cut a long value for a sentence, on one line, without what would disguise it."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= width else f"{flat[: width - 1].rstrip()}…"
