"""What a person does to the directory, as values: a correction, an addition, a retirement; checked, then applied.

Nothing here writes a file: :mod:`esscarto.journal` applies edits to the store and records them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from esscarto.errors import DataError
from esscarto.french import NBSP, clean, enumerate_words, fold
from esscarto.links import is_phone
from esscarto.privacy import personal_data
from esscarto.schema import LIST_SEPARATOR, Field, TableSchema, read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.store import ConflictError

KEY = "id"
_SEVERAL_LINES = ("description", "note")
_LINE_BREAKS = re.compile("[\t\n\v\f\u2028\u2029]+")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True)
class Correction:
    """New values for some columns of an actor.

    Parameters
    ----------
    actor : str
        Its ``id``.
    before : mapping of str to str
        Its row as the editor read it. A column that has another value by now is a conflict, be it one that
        the correction leaves alone; a column that is not given is not compared.
    after : mapping of str to str
        The new values, column by column; the other columns stay as they are.
    """

    actor: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True)
class Addition:
    """A new actor: its cells, ``id`` included."""

    row: Mapping[str, str]


@dataclass(frozen=True)
class Retirement:
    """An actor that is no more: it stays in the directory, as past since ``date`` (AAAA, AAAA-MM, AAAA-MM-JJ)."""

    actor: str
    before: Mapping[str, str]
    date: str


Edit = Correction | Addition | Retirement

KINDS: dict[type, str] = {Correction: "correction", Addition: "ajout", Retirement: "retrait"}
"""What the journal calls each edit."""


@dataclass(frozen=True)
class Cell:
    """One value that changes. A row that appears has an ``id`` that was "", one that goes an ``id`` that is ""."""

    actor: str
    column: str
    before: str
    after: str

    def inverse(self) -> "Cell":
        """Return the change that undoes this one."""
        return Cell(self.actor, self.column, self.after, self.before)


class EditError(DataError):
    """An edit with values that do not hold.

    Parameters
    ----------
    faults : mapping of str to str
        Column -> what is wrong and what to do, in French, for the field of a form.
    titles : mapping of str to str
        Column -> its name for a reader.
    """

    def __init__(self, faults: Mapping[str, str], titles: Mapping[str, str]):
        said = [f"{quoted(titles.get(column, column))}{NBSP}: {fault}" for column, fault in faults.items()]
        super().__init__(" ".join(said).rstrip("."))
        self.faults = dict(faults)


def quoted(text: str, most: int = 80) -> str:
    """Put a text between French quotation marks, cut when it is long."""
    short = text if len(text) <= most else f"{text[:most]}…"
    return f"«{NBSP}{short or 'vide'}{NBSP}»"


def tidy(text: str, *, several_lines: bool = False) -> str:
    """Return a typed text as it is kept: composed accents, no control character, no space around it."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode()
    composed = unicodedata.normalize("NFC", whole)
    return clean(composed if several_lines else _LINE_BREAKS.sub(" ", composed))


def tidy_row(cells: Mapping[str, str], schema: TableSchema) -> dict[str, str]:
    """Return typed cells as they are kept; the values of a list are parted by ``|`` alone."""
    fields = _fields(schema)
    kept = {}
    for column, text in cells.items():
        value = tidy(text, several_lines=column in _SEVERAL_LINES)
        known = fields.get(column)
        kept[column] = LIST_SEPARATOR.join(known.values(value)) if known and known.is_list else value
    return kept


def faults(cells: Mapping[str, str], schema: TableSchema) -> dict[str, str]:
    """Say what is wrong with cells, column by column; an empty dictionary when they all hold."""
    fields, found = _fields(schema), {}
    for column, value in cells.items():
        private = personal_data(value)
        fault = fields[column].fault(value) if column in fields else None
        if private:
            found[column] = f"c’est {private}."
        elif fault:
            found[column] = f"{fault[0]}. {fault[1]}"
        elif column == "telephone" and value and not is_phone(value):
            found[column] = "un numéro de téléphone a dix chiffres. Complétez-le, ou laissez la case vide."
    return found


def new_identifier(name: str, commune: str, taken: Iterable[str]) -> str:
    """Propose an ``id`` for a name, with its commune, then a number, when it is taken."""
    known = set(taken)
    base = fold(name).replace(" ", "-") or "acteur"
    placed = f"{base}-{fold(commune).replace(' ', '-')}".rstrip("-")
    return next(candidate for candidate in _candidates(base, placed) if candidate not in known)


def actors_schema() -> TableSchema:
    """Return the published schema of the directory."""
    return read_schema(SCHEMAS / "acteurs.schema.json")


class Draft:
    """The rows of the directory while edits are applied to them, one after the other.

    Parameters
    ----------
    rows : pandas.DataFrame
        Every row of the table, valid or not; left as it is.
    schema : TableSchema
        What a valid row is.
    """

    def __init__(self, rows: pd.DataFrame, schema: TableSchema):
        schema.check_columns(rows, "actors.csv")
        self.schema = schema
        self._rows = rows.reset_index(drop=True)
        self._columns = [str(column) for column in rows.columns]
        self._positions: dict[str, list[int]] = {}
        for position, actor in enumerate(rows[KEY]):
            self._positions.setdefault(actor, []).append(position)
        # Only what an edit touches is taken out of the table: the rest may be twenty thousand rows.
        self._touched: dict[int, dict[str, str]] = {}
        self._gone: set[int] = set()
        self._next = len(rows)

    def row(self, actor: str) -> dict[str, str]:
        """Return the row of an actor.

        Raises
        ------
        DataError
            When no row, or several, have this identifier.
        """
        return dict(self._row(actor))

    def __contains__(self, actor: object) -> bool:
        return actor in self._positions

    def apply(self, edit: Edit, today: date) -> tuple[Cell, ...]:
        """Check an edit and apply it.

        Returns
        -------
        tuple of Cell
            What it changed.

        Raises
        ------
        EditError
            When a value does not hold.
        ConflictError
            When the actor is no longer what the editor read.
        DataError
            When there is no such actor, or nothing to change.
        """
        match edit:
            case Addition():
                cells = self._added(edit)
            case Correction():
                cells = self._corrected(edit)
            case Retirement():
                cells = self._retired(edit, today)
        return self.put(cells)

    def put(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Write changed values of one actor, which it must still have as ``before``.

        Raises
        ------
        ConflictError
            When one of them has another value by now.
        EditError
            When a value does not hold.
        """
        key = next((cell for cell in cells if cell.column == KEY), None)
        after = {cell.column: cell.after for cell in cells}
        actor = cells[0].actor
        if key and not key.before:
            self._check_free(key.after)
            self._refuse(faults(after, self.schema))
            self._positions[key.after] = [self._next]
            self._touched[self._next] = dict.fromkeys(self._columns, "") | after
            self._next += 1
            return cells
        row = self._row(actor)
        before = {cell.column: cell.before for cell in cells}
        if key:
            # A row that goes takes all its cells with it: none may have been filled since.
            self._compare(actor, dict.fromkeys(self._columns, "") | before)
            self._gone.update(self._positions.pop(actor))
            return cells
        self._compare(actor, before)
        self._refuse(faults(after, self.schema))
        row.update(after)
        return cells

    def frame(self) -> pd.DataFrame:
        """Return the rows with every edit applied, in alphabetical order of ``id`` when they were."""
        size, frame = len(self._rows), self._rows.copy()
        changed = {
            position: row for position, row in self._touched.items() if position < size and position not in self._gone
        }
        added = [row for position, row in self._touched.items() if position >= size]
        for column in self._columns:
            if any(frame.at[position, column] != row[column] for position, row in changed.items()):
                values = frame[column].tolist()
                for position, row in changed.items():
                    values[position] = row[column]
                frame[column] = pd.Series(values, dtype=str)
        if added:
            more = pd.DataFrame(added, columns=frame.columns, dtype=str)
            frame = pd.concat([frame, more], ignore_index=True)
        frame = frame.drop(index=[*self._gone])
        if added and self._rows[KEY].is_monotonic_increasing:
            frame = frame.sort_values(KEY, kind="stable")
        return frame.reset_index(drop=True)

    def _row(self, actor: str) -> dict[str, str]:
        positions = self._positions.get(actor, [])
        if len(positions) != 1:
            count = "plusieurs lignes portent" if positions else "aucune ligne ne porte"
            raise DataError(
                f"{count} l’identifiant {quoted(actor)}", "actors.csv", "Rechargez l’annuaire, puis vérifiez-le."
            )
        (position,) = positions
        if position not in self._touched:
            cells = self._rows.iloc[position].tolist()
            self._touched[position] = dict(zip(self._columns, cells, strict=True))
        return self._touched[position]

    def _added(self, edit: Addition) -> tuple[Cell, ...]:
        row = tidy_row(edit.row, self.schema)
        self._check_columns(row)
        self._refuse(faults(dict.fromkeys(self.schema.columns, "") | row, self.schema))
        self._check_free(row[KEY])
        filled = {KEY: row[KEY]} | {column: row[column] for column in self._columns if row.get(column)}
        return tuple(Cell(row[KEY], column, "", value) for column, value in filled.items())

    def _corrected(self, edit: Correction) -> tuple[Cell, ...]:
        row, after = self._row(edit.actor), tidy_row(edit.after, self.schema)
        self._check_columns(after)
        self._compare(edit.actor, edit.before)
        # A form gives back every cell: one that it only tidied is not a change.
        same = tidy_row({column: row[column] for column in after}, self.schema)
        changed = {column: value for column, value in after.items() if value != same[column]}
        if KEY in changed:
            raise DataError("l’identifiant d’un acteur ne change pas", "", "Ajoutez un acteur, retirez celui-ci.")
        if not changed:
            raise DataError("rien ne change dans cette fiche", "", "Modifiez une valeur avant d’enregistrer.")
        return tuple(Cell(edit.actor, column, row[column], value) for column, value in changed.items())

    def _retired(self, edit: Retirement, today: date) -> tuple[Cell, ...]:
        when = tidy(edit.date)
        wrong = date_fault(when, today)
        if wrong:
            raise EditError({"statut_date": wrong}, self._titles())
        return self._corrected(Correction(edit.actor, edit.before, {"statut": "passe", "statut_date": when}))

    def _compare(self, actor: str, seen: Mapping[str, str]) -> None:
        """Refuse to write over what somebody else has changed since."""
        row, titles = self._row(actor), self._titles()
        moved = [column for column, value in seen.items() if column in row and row[column] != value]
        if moved:
            now = [f"{quoted(titles.get(name, name))} vaut maintenant {quoted(row[name])}" for name in moved[:3]]
            raise ConflictError(
                f"la fiche {quoted(actor)} a changé depuis que vous l’avez ouverte, rien n’a été écrit{NBSP}: "
                f"{enumerate_words(now)}",
                "",
                "Rouvrez la fiche, puis refaites votre modification.",
            )

    def _check_free(self, actor: str) -> None:
        if actor in self._positions:
            raise EditError({KEY: f"{quoted(actor)} est déjà pris. Donnez un autre identifiant."}, self._titles())

    def _check_columns(self, cells: Mapping[str, str]) -> None:
        unknown = [column for column in cells if column not in self._columns]
        if unknown:
            raise DataError(f"la colonne {quoted(unknown[0])} n’existe pas", "actors.csv")

    def _refuse(self, found: Mapping[str, str]) -> None:
        if found:
            raise EditError(found, self._titles())

    def _titles(self) -> dict[str, str]:
        return {known.name: known.title for known in self.schema.fields}


def date_fault(text: str, today: date) -> str | None:
    """Say what is wrong with the date of something past (AAAA, AAAA-MM, AAAA-MM-JJ), or None."""
    match = _DATE.fullmatch(text)
    try:
        year, month, day = (int(part) if part else 1 for part in match.groups()) if match else (0, 0, 0)
        first = date(year, month, day)
    except ValueError:
        return "une date est attendue. Écrivez par exemple 2026, novembre 2026 ou 22/11/2026."
    return "cette date n’est pas encore passée. Retirez l’acteur ce jour-là." if first > today else None


@cache
def _fields(schema: TableSchema) -> dict[str, Field]:
    return {known.name: known for known in schema.fields}


def _candidates(base: str, placed: str) -> Iterator[str]:
    yield base
    yield placed
    number = 2
    while True:
        yield f"{placed}-{number}"
        number += 1
