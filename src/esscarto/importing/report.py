"""The report of a check: what was read, what can be imported, what waits and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from esscarto.french import NBSP, count, fold, number
from esscarto.importing.checking import Checked, Edits, check
from esscarto.importing.duplicates import Pair, find_duplicates
from esscarto.importing.findings import LEVELS, Change, Fault, Finding, shorten
from esscarto.importing.mapping import Mapping as ColumnMapping
from esscarto.importing.mapping import propose, targets
from esscarto.importing.reference import Reference
from esscarto.importing.rows import Provenance, build_beside, build_rows
from esscarto.schema import LIST_SEPARATOR, read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.table_shape import TextTable
from esscarto.vocabulary import BY_COLUMN

State = Literal["bonne", "a_corriger", "refusee", "doublon", "ecartee", "completee"]
Decision = Literal["garder", "ecarter", "completer"]

STATES: dict[State, str] = {
    "bonne": "bonne",
    "a_corriger": "à corriger",
    "refusee": "refusée",
    "doublon": "doublon à décider",
    "ecartee": "écartée par vous",
    "completee": "complète un acteur connu",
}
"""State of a line -> its French words. Each line is in one state, and only a good one becomes an actor."""

DECISIONS: dict[Decision, str] = {
    "ecarter": "Même acteur : ne rien changer",
    "completer": "Même acteur : compléter ses cases vides",
    "garder": "Deux acteurs différents",
}
"""Decision about a line that looks like another -> its French words. Only an actor of the directory is completed."""


@dataclass(frozen=True)
class Counts:
    """How many lines are in each state; they add up to ``read``."""

    read: int
    good: int
    to_correct: int
    refused: int
    duplicates: int
    left_out: int
    completing: int = 0

    def sentence(self, unit: str = "ligne") -> str:
        """Say them: ``205 lignes lues : 198 bonnes, 5 à corriger, 1 refusée, 1 doublon à décider``."""
        parts = [
            count(self.good, "bonne"),
            f"{number(self.to_correct)}{NBSP}à corriger",
            count(self.refused, "refusée"),
            count(self.duplicates, "doublon") + " à décider",
        ]
        if self.left_out:
            parts.append(count(self.left_out, "écartée"))
        if self.completing:
            parts.append(f"{number(self.completing)}{NBSP}à compléter")
        read = "lue" if self.read < 2 else "lues"
        return f"{count(self.read, unit)} {read}{NBSP}: {', '.join(parts)}."


@dataclass(frozen=True)
class Group:
    """One same fault of one same value, on several lines: it is told once, and mended once."""

    finding: Finding
    lines: tuple[int, ...]

    def sentence(self, unit: str = "ligne") -> str:
        """Say it of its first line, and name some of the others."""
        others = [str(line) for line in self.lines[1:5]]
        if not others:
            return self.finding.sentence(unit)
        more = "…" if len(self.lines) > 5 else ""
        said = count(len(self.lines) - 1, f"autre {unit}", f"autres {unit}s")
        return f"{self.finding.sentence(unit)} De même pour {said} : {', '.join(others)}{more or '.'}"


@dataclass(frozen=True, eq=False)
class Report:
    """What a check found, and the rows that may enter the directory.

    Parameters
    ----------
    table : TextTable
        The file as it was read.
    mapping : Mapping
        Which of its columns was read for which column of the directory.
    provenance : Provenance
        What the imported rows cite.
    findings : tuple of Finding
        In the order of the lines.
    changes : tuple of Change
        Cells that were read otherwise than they stand.
    duplicates : tuple of Pair
        Lines that look like an actor or an earlier line, one pair a line.
    decisions : mapping of int to str
        What the person decided of some of them: key of :data:`DECISIONS`.
    states : mapping of int to str
        Line -> key of :data:`STATES`, every line of the file.
    rows : pandas.DataFrame
        The good lines as rows of ``data/actors.csv``, indexed by line.
    completions : pandas.DataFrame
        The lines that complete an actor, as rows that bear its ``id``, indexed by line.
    beside : pandas.DataFrame
        What the file says of both beyond the directory: ``id``, then its own columns; indexed by line.
    notes : tuple of str
        What had to be settled, in French.
    """

    table: TextTable
    mapping: ColumnMapping
    provenance: Provenance
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    duplicates: tuple[Pair, ...]
    states: Mapping[int, State]
    rows: pd.DataFrame
    completions: pd.DataFrame
    beside: pd.DataFrame
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Counts:
        """How many lines are in each state."""
        states = list(self.states.values())
        kinds: tuple[State, ...] = ("bonne", "a_corriger", "refusee", "doublon", "ecartee", "completee")
        return Counts(len(states), *(states.count(kind) for kind in kinds))

    @property
    def is_clean(self) -> bool:
        """Whether no line waits: each is good, completes an actor, or was left out by the person."""
        return self.counts.good + self.counts.left_out + self.counts.completing == self.counts.read

    def suggestions(self, *, only_sure: bool = True) -> dict[tuple[int, str], str]:
        """Return the suggestions as corrections for the next check; by default those that something confirms."""
        return {
            (finding.line, finding.target): finding.fault.suggestion
            for finding in self.findings
            if finding.fault.suggestion is not None and finding.target and (finding.fault.sure or not only_sure)
        }

    @cached_property
    def groups(self) -> list[Group]:
        """The findings, the same fault of the same value once; those that hold a line back first."""
        lines: dict[tuple, list[int]] = {}
        firsts: dict[tuple, Finding] = {}
        for finding in self.findings:
            key = (finding.target, finding.column, finding.value, finding.fault)
            firsts.setdefault(key, finding)
            lines.setdefault(key, []).append(finding.line)
        ranks = list(LEVELS)
        found = [Group(finding, tuple(lines[key])) for key, finding in firsts.items()]
        return sorted(found, key=lambda group: ranks.index(group.finding.fault.level))

    def undecided(self) -> list[Pair]:
        """Return the pairs that wait for a decision."""
        return [pair for pair in self.duplicates if self.states[pair.line] == "doublon"]

    def as_rows(self) -> list[dict[str, str | int]]:
        """Return the findings as the rows of a table, with French titles."""
        return [
            {
                self.table.unit: finding.line,
                "gravité": LEVELS[finding.fault.level],
                "colonne": finding.column,
                "valeur": shorten(finding.value, 200),
                "problème": finding.fault.problem,
                "attendu": finding.fault.expected,
                "que faire": finding.fault.action,
                "suggestion": finding.proposal,
            }
            for finding in self.findings
        ]

    def mapping_rows(self) -> list[dict[str, str]]:
        """Return the mapping as the rows of a table: each column of the file, what it is read for, why."""
        read_for = {column: target for target, column in self.mapping.columns.items()}
        titles = targets()
        return [
            {
                "colonne du fichier": proposal.column,
                "lue comme": titles.get(read_for.get(proposal.column, ""), ""),
                "pourquoi": proposal.how,
                "exemples": ", ".join(shorten(example, 40) for example in proposal.examples),
            }
            for proposal in self.mapping.proposals
        ]

    def to_xlsx(self) -> bytes:
        """Return the report as an Excel workbook, in which the lines that wait can be corrected and brought back."""
        from esscarto.importing.report_workbook import write

        return write(self)

    def sentences(self, limit: int = 50) -> Iterator[str]:
        """Say the whole report, at most ``limit`` groups of findings and as many pairs."""
        unit = self.table.unit
        yield f"{self.table.name} : {self.table.form}."
        yield from self.notes
        yield from (change.sentence(unit) for change in self.changes)
        yield from (f"[{LEVELS[group.finding.fault.level]}] {group.sentence(unit)}" for group in self.groups[:limit])
        if len(self.groups) > limit:
            yield f"… et {count(len(self.groups) - limit, 'autre problème', 'autres problèmes')} dans le rapport Excel."
        waiting = self.undecided()
        for pair in waiting[:limit]:
            other = f"{unit} {pair.other_line}" if pair.other_line else f"acteur « {pair.actor} »"
            names = f"« {shorten(pair.left['nom'], 60)} » et « {shorten(pair.right.get('nom', ''), 60)} »"
            yield f"[doublon ?] {unit} {pair.line} et {other} : {pair.reason} ({names})."
        if len(waiting) > limit:
            yield f"… et {count(len(waiting) - limit, 'autre doublon', 'autres doublons')} dans le rapport Excel."
        yield self.counts.sentence(unit)


def check_table(
    table: TextTable,
    reference: Reference,
    mapping: ColumnMapping | None = None,
    *,
    edits: Edits | None = None,
    confirmed: Collection[str] = (),
    decisions: Mapping[int, Decision] | None = None,
    provenance: Provenance | None = None,
) -> Report:
    """Check a table and return its report. Nothing is written.

    Parameters
    ----------
    table : TextTable
        The file, as :func:`esscarto.storage.reading_files.read_content` gives it.
    reference : Reference
        The communes and the actors known.
    mapping : Mapping, optional
        The columns, as the person left them; proposed when absent.
    edits : mapping of (int, str) to str, optional
        Corrections: (line, column of the directory) -> what to read instead of the cell.
    confirmed : collection of str, optional
        E-mail addresses that look like a person's, and that the person said to be an organisation's own.
    decisions : mapping of int to str, optional
        Line -> key of :data:`DECISIONS`, for the lines that look like others.
    provenance : Provenance, optional
        What the rows cite; the name of the file and the next free number when absent.

    Raises
    ------
    DataError
        When no column of the file can be the name of a structure.
    """
    mapping = mapping or propose(table)
    decisions = decisions or {}
    provenance = provenance or Provenance(reference.next_document(), table.name)
    checked = check(table, mapping, reference.gazetteer, edits, confirmed)
    pairs, notes = find_duplicates(checked, reference.known)
    states = _states(checked, pairs, decisions)
    good = [line for line, state in states.items() if state == "bonne"]
    rows = build_rows(checked, mapping, provenance, good, reference.known)
    if _refuse_misfits(checked, rows):
        states = _states(checked, pairs, decisions)
        rows = rows.loc[[line for line in rows.index if states[int(line)] == "bonne"], :]
    completing = [line for line, state in states.items() if state == "completee"]
    completions = build_rows(checked, mapping, provenance, completing, reference.known)
    actor_of = {pair.line: pair.actor for pair in pairs}
    completions["id"] = [actor_of[int(line)] for line in completions.index]
    return Report(
        table=table,
        mapping=mapping,
        provenance=provenance,
        findings=tuple(checked.log.findings),
        changes=tuple(map(_in_words, checked.log.changes())),
        duplicates=tuple(pairs),
        states=states,
        rows=rows,
        completions=completions,
        beside=build_beside(checked, pd.concat([rows, completions])),
        decisions=decisions,
        notes=(*table.notes, *_said(mapping), *notes),
    )


def _in_words(change: Change) -> Change:
    """Name the column that the file does not have, and say what was read by its words, not by its codes."""
    words = BY_COLUMN.get(change.target, {})
    after = ", ".join(words.get(code, code) for code in change.after.split(LIST_SEPARATOR)) if words else change.after
    title = change.column or targets().get(change.target, "")
    return replace(change, column=title, after="" if words and fold(after) == fold(change.before) else after)


def _states(checked: Checked, pairs: list[Pair], decisions: Mapping[int, Decision]) -> dict[int, State]:
    """Return the state of each line of the file."""
    twice = {pair.line: pair.actor for pair in pairs}
    states: dict[int, State] = {}
    for line in sorted({*checked.lines, *checked.log.worst}):
        worst = checked.log.worst.get(line)
        if worst == "refusee":
            states[line] = "refusee"
        elif decisions.get(line) == "ecarter":
            states[line] = "ecartee"
        elif worst == "a_corriger":
            states[line] = "a_corriger"
        else:
            states[line] = _state_of_sound(twice.get(line), decisions.get(line))
    return states


def _state_of_sound(twin: str | None, decision: Decision | None) -> State:
    """Return the state of a line in which nothing is wrong; ``twin`` is the actor of its pair, "" for a line."""
    if twin is None or decision == "garder":
        return "bonne"
    return "completee" if twin and decision == "completer" else "doublon"


def _refuse_misfits(checked: Checked, rows: pd.DataFrame) -> bool:
    """Hold back the rows that the directory would not take: its schema has the last word."""
    schema = read_schema(SCHEMAS / "acteurs.schema.json")
    # As plain objects: the text columns of pandas are three times slower to walk through.
    problems = list(schema.problems(rows.reset_index(drop=True).astype(object)))
    for problem in problems:
        line = int(rows.index[problem.line - 2])
        fault = Fault("a_corriger", problem.message, "", problem.remedy)
        checked.log.fault(line, problem.column, problem.value, fault)
    return bool(problems)


def _said(mapping: ColumnMapping) -> list[str]:
    """Say which columns are left out, and what is written where the file says nothing."""
    notes = []
    if mapping.left_out:
        columns = ", ".join(f"« {column} »" for column in mapping.left_out)
        notes.append(f"Laissé de côté, car des personnes peuvent y être nommées : {columns}.")
    if mapping.beside:
        columns = ", ".join(f"« {column} »" for column in mapping.beside)
        notes.append(f"Gardé à part, tel quel : {columns}.")
    return notes
