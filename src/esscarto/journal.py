"""Apply edits to the directory and keep the record of them: when, in what role, what was, what is, and why.

The directory and its journal are written together, so that no change goes unrecorded. The journal holds a role,
never a person's name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from esscarto.editing import (
    KEY,
    KINDS,
    Cell,
    Draft,
    Edit,
    EditError,
    actors_schema,
    quoted,
    tidy,
)
from esscarto.errors import DataError
from esscarto.french import NBSP
from esscarto.privacy import personal_data
from esscarto.schema import TableSchema
from esscarto.storage.store import Snapshot, Store, Transaction
from esscarto.storage.versions import Version

ACTORS = "actors"
JOURNAL = "journal"

COLUMNS = ("change", "when", "role", "kind", "actor", "column", "before", "after", "reason", "undone_by")
"""One line per changed value; the lines of one change share its number."""

EDITORS = {
    "local": "Utilisateur de cette machine",
    "referent": "Référent de l’annuaire",
    "import": "Import d’un fichier",
    "ligne_de_commande": "Ligne de commande",
}
"""In what role a change is made: a closed list, so that no name can slip in."""

UNDO, RESTORATION = "annulation", "restauration"

KIND_WORDS = {
    "correction": "Correction",
    "ajout": "Ajout",
    "retrait": "Retrait",
    UNDO: "Annulation",
    RESTORATION: "Restauration d’une version",
}

ERASED = "[donnée personnelle effacée]"
"""Written in the journal in the place of what must not outlive its correction."""

MAX_REASON = 500


@dataclass(frozen=True)
class Change:
    """What was done at one time: the lines of the journal with one number.

    Parameters
    ----------
    number : int
        From 1 on.
    when : str
        ISO 8601, with the offset from UTC.
    role : str
        A key of :data:`EDITORS`.
    kind : str
        A key of :data:`KIND_WORDS`.
    reason : str
        Why, "" when nothing was said.
    cells : tuple of Cell
        The values changed; for a restoration, one cell without actor or column that names both versions.
    undone_by : int
        Number of the change that undid this one, 0 while it stands.
    """

    number: int
    when: str
    role: str
    kind: str
    reason: str
    cells: tuple[Cell, ...]
    undone_by: int = 0

    @property
    def actor(self) -> str:
        """The actor that was changed, "" for a restoration."""
        return self.cells[0].actor

    @property
    def can_be_undone(self) -> bool:
        """Whether :func:`undo` may be asked for; it still refuses when the values have changed since."""
        return not self.undone_by and self.kind != RESTORATION and not any(c.before == ERASED for c in self.cells)


def record(
    store: Store,
    edits: Iterable[Edit],
    *,
    role: str,
    reason: str = "",
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> list[Change]:
    """Apply edits and record them: all of them, or none when one does not hold.

    Parameters
    ----------
    store : Store
        Where the directory is kept.
    edits : iterable of Edit
        Applied in their order.
    role : str
        A key of :data:`EDITORS`.
    reason : str
        Why, for whoever reads the journal later.
    now : datetime.datetime, optional
        With its time zone; the clock of the machine when not given.
    schema : TableSchema, optional
        What a valid row is; the published schema when not given.

    Returns
    -------
    list of Change
        One per edit.

    Raises
    ------
    EditError
        With the fault of each column.
    ConflictError
        When somebody else has changed the same actor.
    DataError
        When there is nothing to change, or the store cannot be written.
    """
    with store.transaction() as under_way:
        return record_in(under_way, edits, role=role, reason=reason, now=now, schema=schema)


def record_in(
    under_way: Transaction,
    edits: Iterable[Edit],
    *,
    role: str,
    reason: str = "",
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> list[Change]:
    """Do as :func:`record` inside a transaction that does something else too."""
    moment = _moment(now)
    reason = checked_reason(role, reason)
    draft = Draft(under_way.read(ACTORS).rows, schema or actors_schema())
    journal = under_way.read(JOURNAL, COLUMNS).rows
    number, done = _last_number(journal), []
    for edit in edits:
        number += 1
        cells = draft.apply(edit, moment.date())
        done.append(Change(number, _stamp(moment), role, KINDS[type(edit)], reason, cells))
    if done:
        under_way.write(ACTORS, draft.frame())
        under_way.write(JOURNAL, _with(journal, done))
    return done


def undo(
    store: Store,
    number: int,
    *,
    role: str,
    reason: str = "",
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> Change:
    """Undo a change, by a new one that puts the former values back, as :func:`undo_all` does of several."""
    return undo_all(store, (number,), role=role, reason=reason, now=now, schema=schema)[0]


def undo_all(
    store: Store,
    numbers: Iterable[int],
    *,
    role: str,
    reason: str = "",
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> list[Change]:
    """Undo changes, the last one first: all of them, or none.

    Undoing an addition takes the row away; the journal keeps its cells, and undoing the undoing brings it back.

    Raises
    ------
    ConflictError
        When one of the values has changed since.
    EditError
        When a former value does not hold.
    DataError
        When there is no such change, when it has been undone already, or is a restoration.
    """
    moment = _moment(now)
    reason = checked_reason(role, reason)
    with store.transaction() as under_way:
        journal = under_way.read(JOURNAL, COLUMNS).rows.copy()
        known = {change.number: change for change in _changes(journal)}
        draft = Draft(under_way.read(ACTORS).rows, schema or actors_schema())
        first, done, undone_by = _last_number(journal) + 1, [], {}
        for last, number in enumerate(sorted(set(numbers), reverse=True), start=first):
            cells = draft.put(tuple(cell.inverse() for cell in _undoable(number, known.get(number)).cells))
            said = f"annule le changement {number}" + (f"{NBSP}: {reason}" if reason else "")
            done.append(Change(last, _stamp(moment), role, UNDO, said, cells))
            undone_by[str(number)] = str(last)
        journal["undone_by"] = journal["change"].map(undone_by).fillna(journal["undone_by"])
        under_way.write(ACTORS, draft.frame())
        under_way.write(JOURNAL, _with(journal, done))
    return done


def history(store: Store, *, actor: str = "") -> list[Change]:
    """Return the changes, the newest first; those of one actor when it is given.

    Raises
    ------
    DataError
        When the journal cannot be read.
    """
    changes = _changes(store.read(JOURNAL, COLUMNS).rows)
    return [change for change in reversed(changes) if not actor or change.actor == actor]


def overwritten(store: Store) -> list[Change]:
    """Return the changes, the newest first, whose values the directory does not hold any more.

    The program always records what it changes: these were lost by another, a spreadsheet saved over them for
    instance. Those that a restoration rolled back are left out.
    """
    changes = history(store)
    rows = store.read(ACTORS).rows
    rows = rows[rows[KEY].isin({change.actor for change in changes})]
    held = {row[KEY]: row for row in rows.to_dict("records")}
    known: set[tuple[str, str]] = set()
    lost = []
    for change in changes:
        if change.kind == RESTORATION and change.cells[0].column == ACTORS:
            break
        latest = [cell for cell in change.cells if (cell.actor, cell.column) not in known]
        known.update((cell.actor, cell.column) for cell in latest)
        if any(held.get(cell.actor, {}).get(cell.column, "") != cell.after for cell in latest):
            lost.append(change)
    return lost


def versions(store: Store, table: str = ACTORS) -> list[Version]:
    """List the versions of a table that :func:`restore` can put back, the newest first."""
    return store.versions(table)


def restore(
    store: Store,
    number: int,
    *,
    role: str,
    table: str = ACTORS,
    reason: str = "",
    now: datetime | None = None,
    schema: TableSchema | None = None,
) -> Snapshot:
    """Put a past version of a table back, to the byte, whatever state the present one is in.

    The present content becomes a version itself, so that a restoration is undone by another.

    Parameters
    ----------
    store : Store
        Where the table is kept.
    number : int
        Number of the version, as :func:`versions` gives it.
    role : str
        A key of :data:`EDITORS`.
    table : str
        The directory, or another table of the store.
    reason : str
        Why, for whoever reads the journal later.
    now : datetime.datetime, optional
        With its time zone; the clock of the machine when not given.
    schema : TableSchema, optional
        What the columns of the directory are; the published schema when not given.

    Raises
    ------
    DataError
        When that version is not kept or is damaged, is the present one, or the store cannot be written.
    """
    moment = _moment(now)
    reason = checked_reason(role, reason)
    with store.transaction() as under_way:
        present = next((version for version in store.versions(table) if version.is_current), None)
        restored = under_way.restore(table, number)
        if present and restored.version.startswith(present.digest):
            raise DataError(f"le tableau est déjà celui de la version {number}", f"{table}.csv")
        if table == ACTORS:
            (schema or actors_schema()).check_columns(restored.rows, f"version {number}")
        if table != JOURNAL:
            journal = under_way.read(JOURNAL, COLUMNS).rows
            was = f"version {present.number}" if present else "contenu modifié hors de l’application"
            cell = Cell("", table, was, f"version {number}")
            change = Change(_last_number(journal) + 1, _stamp(moment), role, RESTORATION, reason, (cell,))
            under_way.write(JOURNAL, _with(journal, [change]))
    return restored


def checked_reason(role: str, reason: str) -> str:
    """Return the reason as it is kept, after a look at who acts and why.

    Raises
    ------
    EditError
        When the reason is too long or holds a person's data.
    ValueError
        When the role is not in :data:`EDITORS`.
    """
    if role not in EDITORS:
        raise ValueError(f"not a role of the journal: {role!r}")
    said = tidy(reason)
    private = personal_data(said)
    if private or len(said) > MAX_REASON:
        fault = f"c’est {private}." if private else f"{MAX_REASON} caractères au plus."
        raise EditError({"reason": fault}, {"reason": "Motif"})
    return said


def _moment(now: datetime | None) -> datetime:
    moment = now or datetime.now().astimezone()
    if moment.tzinfo is None:
        raise ValueError("the journal needs the time zone of a moment")
    return moment


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _undoable(number: int, change: Change | None) -> Change:
    """Return the change of a number, if it can be undone."""
    if change is None:
        raise DataError(f"le changement {number} n’est pas dans le journal", "journal.csv")
    if change.undone_by:
        raise DataError(f"le changement {number} a déjà été annulé, par le changement {change.undone_by}")
    if change.kind == RESTORATION:
        was = quoted(change.cells[0].before)
        raise DataError(f"une restauration ne s’annule pas ainsi{NBSP}: restaurez {was}")
    if not change.can_be_undone:
        raise DataError("l’ancienne valeur était une donnée personnelle, elle n’a pas été gardée")
    return change


def _last_number(journal: pd.DataFrame) -> int:
    return max((_number(text) for text in journal["change"].unique()), default=0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _changes(journal: pd.DataFrame) -> list[Change]:
    """Group the lines of the journal by change, in the order of their numbers."""
    grouped: dict[int, Change] = {}
    for line in journal[list(COLUMNS)].itertuples(index=False, name=None):
        change, when, role, kind, actor, column, before, after, reason, undone_by = line
        cell, number = Cell(actor, column, before, after), _number(change)
        known = grouped.get(number)
        grouped[number] = (
            replace(known, cells=(*known.cells, cell))
            if known
            else Change(number, when, role, kind, reason, (cell,), _number(undone_by))
        )
    return [grouped[number] for number in sorted(grouped)]


def _with(journal: pd.DataFrame, changes: Sequence[Change]) -> pd.DataFrame:
    lines = [
        (
            *(str(change.number), change.when, change.role, change.kind, cell.actor, cell.column),
            *(ERASED if personal_data(cell.before) else cell.before, cell.after, change.reason),
            str(change.undone_by or ""),
        )
        for change in changes
        for cell in change.cells
    ]
    more = pd.DataFrame(lines, columns=list(COLUMNS), dtype=str)
    return pd.concat([journal, more], ignore_index=True).fillna("")
