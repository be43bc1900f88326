"""Bring back what was noted elsewhere, on a telephone or in a spreadsheet: read, shown stop by stop, then written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from esscarto.errors import DataError
from esscarto.feedback import COLUMNS, MOST_PRESENT, TABLE, Feedback, Key, checked, from_row, merged, with_these
from esscarto.french import bound, fold, number
from esscarto.importing.dates import iso
from esscarto.inert import unshield
from esscarto.storage.reading_files import read_content
from esscarto.storage.store import Store
from esscarto.tours import tidy_name

CONTENT = ("presents", "notes", "suites")
"""What a row is read for."""
_WHOLE = re.compile(r"(\d{1,6})(?:[.,]0+)?", re.ASCII)


@dataclass(frozen=True)
class Refusal:
    """A row, or one of its cells, that is not brought back: its line in the file, whom it speaks of, and why."""

    line: int
    who: str
    why: str


@dataclass(frozen=True)
class Brought:
    """What a file brings back.

    Parameters
    ----------
    source : str
        Name of the file.
    rows : tuple of Feedback
        What can be written; several of the same stop are put together.
    refused : tuple of Refusal
        What cannot.
    remarks : tuple of str
        What had to be settled to read the file, in French.
    """

    source: str
    rows: tuple[Feedback, ...]
    refused: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def tours(self) -> list[str]:
        """The names of tours that the file gives; an empty one where it gives none."""
        return list(dict.fromkeys(one.tour for one in self.rows))


@dataclass(frozen=True)
class Step:
    """What becomes of one stop.

    Parameters
    ----------
    before, after : Feedback
        What is noted now, and what would be.
    numbers : tuple of int
        The numbers of people present, that of now first; two of them ask which to keep.
    why : str
        Why it cannot be written; an empty text when it can.
    """

    before: Feedback
    after: Feedback
    numbers: tuple[int, ...] = ()
    why: str = ""

    @property
    def changes(self) -> bool:
        """Whether something is written."""
        same = replace(self.after, name=self.before.name, day=self.before.day)
        return not self.why and same != self.before

    @property
    def new_notes(self) -> str:
        """The notes that are not there yet."""
        return self.after.notes.removeprefix(self.before.notes).strip()

    @property
    def new_follow_ups(self) -> str:
        """The follow-ups that are not there yet."""
        return self.after.follow_ups.removeprefix(self.before.follow_ups).strip()


def read(content: bytes, source: str, names: Mapping[str, str]) -> Brought:
    """Read a file of feedbacks.

    Parameters
    ----------
    content : bytes
        The file, as this application, a telephone or a spreadsheet writes it.
    source : str
        Its name.
    names : mapping of str to str
        Identifier -> name of the actors that are known.

    Raises
    ------
    DataError
        When it is no table, or not one of feedbacks.
    """
    table = read_content(content, source)
    titles = [fold(title) for title in table.columns]
    if "acteur" not in titles or not set(CONTENT) & set(titles):
        raise DataError(
            f"il faut une colonne « acteur » et une de celles-ci : {', '.join(CONTENT)}",
            table.name,
            "Choisissez le fichier CSV exporté par l’application ou par le téléphone.",
        )
    # The reader of CSV takes the apostrophes away itself; a workbook keeps those of the CSV it was made from.
    bare = str if table.form.startswith("CSV") else unshield
    found: list[Feedback] = []
    refused = [Refusal(one.line, _who(one.cells), f"{one.message}. {one.remedy}") for one in table.faults]
    for line, cells in zip(table.lines, table.rows, strict=True):
        row = {**dict.fromkeys(COLUMNS, ""), **{title: bare(cell) for title, cell in zip(titles, cells, strict=True)}}
        if not any(row[column] for column in CONTENT):
            continue
        one, faults = _read(row, names)
        refused += [Refusal(line, row["nom"] or row["acteur"], bound(why)) for why in faults]
        if not one.is_empty:
            found.append(one)
    return Brought(table.name, tuple(found), tuple(sorted(refused, key=lambda one: one.line)), table.notes)


def plan(
    held: Mapping[Key, Feedback],
    rows: Iterable[Feedback],
    destinations: Mapping[str, str],
    chosen: Mapping[Key, int] | None = None,
) -> list[Step]:
    """Say what would become of each stop.

    Parameters
    ----------
    held : mapping
        What is noted now.
    rows : iterable of Feedback
        What is brought.
    destinations : mapping of str to str
        Name of a tour in the file -> name of the tour that its rows go to.
    chosen : mapping, optional
        Which number of people present is kept, where two are given; by default the one that is brought.
    """
    steps: dict[Key, Step] = {}
    for row in rows:
        brought = replace(row, tour=destinations.get(row.tour, row.tour))
        known = steps.get(brought.key)
        before = known.before if known else held.get(brought.key, Feedback(*brought.key, brought.name, brought.day))
        after = merged(known.after if known else before, brought)
        numbers = dict.fromkeys((*(known.numbers if known else (before.present,)), brought.present))
        steps[brought.key] = Step(before, after, tuple(one for one in numbers if one is not None))
    return [_settled(step, (chosen or {}).get(key)) for key, step in steps.items()]


def write(store: Store, steps: Sequence[Step], *, seen: str, role: str) -> int:
    """Write what changes, all of it or nothing, and return of how many stops.

    Parameters
    ----------
    store : Store
        Where tables are kept.
    steps : sequence of Step
        As the person has read them.
    seen : str
        Version of the table that they were made from.
    role : str
        Role of whoever writes: asked for at the moment of the write.

    Raises
    ------
    ConflictError
        When somebody else has noted something since.
    DataError
        When no role allows it, or the store cannot be written.
    """
    changed = [step.after for step in steps if step.changes]
    store.save(TABLE, with_these(store.read(TABLE, COLUMNS).rows, changed, role=role), seen=seen)
    return len(changed)


def _settled(step: Step, chosen: int | None) -> Step:
    """Keep the number that was chosen, and check what comes of it all."""
    after = replace(step.after, present=chosen if chosen in step.numbers else step.after.present)
    try:
        return replace(step, after=checked(after))
    except DataError as error:
        return replace(step, after=after, why=f"{error.message}. {error.remedy}")


def _read(row: Mapping[str, str], names: Mapping[str, str]) -> tuple[Feedback, list[str]]:
    """Return what holds of a row, and why the rest does not: a cell that is refused takes no other with it."""
    actor = row["acteur"]
    head = {"tour": tidy_name(row["tour"]), "nom": names.get(actor, ""), "jour": iso(row["jour"])}
    one = from_row({**row, **dict.fromkeys(CONTENT, ""), **head})
    if actor not in names:
        unknown = f"aucun acteur ne porte l’identifiant « {actor[:80]} »."
        return one, [f"{unknown} Corrigez-le dans le fichier, puis importez-le à nouveau."]
    faults = []
    for read_cell in (_present, lambda row: {"notes": row["notes"]}, lambda row: {"follow_ups": row["suites"]}):
        try:
            one = checked(replace(one, **read_cell(row)))
        except DataError as error:
            faults.append(f"{error.message}. {error.remedy}")
    said = "" if one.is_empty else " Le reste de la ligne est gardé."
    return one, [f"{fault}{said}" for fault in faults]


def _present(row: Mapping[str, str]) -> dict[str, Any]:
    given = row["presents"]
    whole = _WHOLE.fullmatch(given)
    if given and not (whole and int(whole[1]) <= MOST_PRESENT):
        raise DataError(
            f"« {given[:40]} » n’est pas un nombre de présents",
            remedy=f"Écrivez un nombre de 0 à {number(MOST_PRESENT)}, ou rien.",
        )
    return {"present": int(whole[1]) if whole else None}


def _who(cells: Sequence[str]) -> str:
    return next((cell[:80] for cell in cells if cell), "")
