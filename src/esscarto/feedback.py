"""What a visit of a tour brought back: how many came, what was noted, what is left to do; a row of one table a stop.

Nothing of a person is in it: a text that holds somebody's address or number is refused. What is kept under the name
of a tour stays when the tour is deleted.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from esscarto.editing import tidy
from esscarto.errors import DataError
from esscarto.french import number
from esscarto.privacy import personal_data
from esscarto.storage.store import Store
from esscarto.tours import tidy_name

TABLE = "retours"
COLUMNS = ("tour", "jour", "acteur", "nom", "presents", "notes", "suites")
"""Columns of the table, and of the file that a telephone or a spreadsheet brings back."""
MOST_PRESENT = 9999
NOTES_LETTERS = 4000
FOLLOW_UPS_LETTERS = 2000

Key = tuple[str, str]
"""Name of a tour, and identifier of an actor."""


@dataclass(frozen=True)
class Feedback:
    """What one visit brought back.

    Parameters
    ----------
    tour : str
        Name of the tour.
    actor : str
        Identifier of the actor.
    name : str
        Its name, to be read when it has left the directory.
    day : str
        ISO date of the visit, or an empty text.
    present : int or None
        How many came; None: not counted.
    notes : str
        What was said and seen.
    follow_ups : str
        What is left to do, one a line.
    """

    tour: str
    actor: str
    name: str = ""
    day: str = ""
    present: int | None = None
    notes: str = ""
    follow_ups: str = ""

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.tour, self.actor

    @property
    def is_empty(self) -> bool:
        """Whether nothing is noted."""
        return self.present is None and not self.notes and not self.follow_ups

    @property
    def actions(self) -> list[str]:
        """The follow-ups, without the dashes of a list."""
        lines = (line.strip(" \t-–•*") for line in self.follow_ups.splitlines())
        return [line for line in lines if line]


def checked(typed: Feedback) -> Feedback:
    """Return what is kept of a feedback.

    Raises
    ------
    DataError
        A number out of bounds, a text that is too long or holds a person's data: where, and what to do.
    """
    found = replace(typed, tour=tidy_name(typed.tour), notes=_tidy(typed.notes), follow_ups=_tidy(typed.follow_ups))
    where = found.name or found.actor
    if found.present is not None and not 0 <= found.present <= MOST_PRESENT:
        raise DataError(f"le nombre de présents va de 0 à {number(MOST_PRESENT)}", where, "Corrigez-le.")
    texts = (("les notes", found.notes, NOTES_LETTERS), ("les suites", found.follow_ups, FOLLOW_UPS_LETTERS))
    for title, text, most in texts:
        if len(text) > most:
            said = f"{title} ont {number(len(text))} caractères, il en tient {number(most)}"
            raise DataError(said, where, "Gardez l’essentiel.")
        what, _, instead = (personal_data(text) or "").partition(" ; ")
        if what:
            raise DataError(f"{title} contiennent {what}", where, f"{instead[:1].upper()}{instead[1:]}, ou rien.")
    return found


def merged(held: Feedback, brought: Feedback) -> Feedback:
    """Return both as one: no word is lost, what is there already is not said twice; the number is the brought one."""
    return replace(
        held,
        name=brought.name or held.name,
        day=held.day or brought.day,
        present=held.present if brought.present is None else brought.present,
        notes=_joined(held.notes, brought.notes),
        follow_ups=_joined(held.follow_ups, brought.follow_ups),
    )


def amended(now: Feedback, typed: Feedback, before: Feedback) -> Feedback:
    """Return what is typed upon what is there now: a text that both have changed keeps both."""

    def text(now: str, typed: str, before: str) -> str:
        return now if typed == before else typed if now == before else _joined(now, typed)

    return replace(
        typed,
        present=now.present if typed.present == before.present else typed.present,
        notes=text(now.notes, typed.notes, before.notes),
        follow_ups=text(now.follow_ups, typed.follow_ups, before.follow_ups),
    )


# ---- the table


def held(rows: pd.DataFrame) -> dict[Key, Feedback]:
    """Return what the table holds, by tour and actor."""
    found: dict[Key, Feedback] = {}
    for row in rows.to_dict("records"):
        one = from_row(row)
        found[one.key] = merged(found[one.key], one) if one.key in found else one
    return found


def of_tour(store: Store, tour: str) -> dict[str, Feedback]:
    """Return what was brought back from a tour, by actor."""
    every = held(store.read(TABLE, COLUMNS).rows)
    return {actor: one for (name, actor), one in every.items() if name == tour}


def keep(store: Store, typed: Feedback, before: Feedback, *, role: str) -> Feedback:
    """Write what a person has typed of one stop, and return what is kept.

    Parameters
    ----------
    store : Store
        Where tables are kept.
    typed : Feedback
        What the form holds; with nothing in it, the row goes.
    before : Feedback
        What the form held when it was opened: what somebody else has written since is kept too.
    role : str
        Role of whoever writes: asked for at the moment of the write.

    Raises
    ------
    DataError
        What :func:`checked` refuses, or a store that cannot be written: nothing is.
    """
    typed = checked(typed)
    with store.transaction() as under_way:
        rows = under_way.read(TABLE, COLUMNS).rows
        now = held(rows).get(typed.key, Feedback(*typed.key))
        kept = checked(amended(now, typed, before))
        under_way.write(TABLE, with_these(rows, [kept], role=role))
    return kept


def with_these(rows: pd.DataFrame, changed: Iterable[Feedback], *, role: str) -> pd.DataFrame:
    """Return the rows of the table with these in the place of those of the same stops; the empty ones go.

    Raises
    ------
    DataError
        When no role allows it.
    """
    if not role:
        raise DataError("Rien n’a été enregistré : aucun rôle ne permet de modifier")
    new = {one.key: one for one in changed}
    others = [key not in new for key in zip(rows["tour"], rows["acteur"], strict=True)]
    added = [to_row(one) for one in new.values() if not one.is_empty]
    frame = pd.DataFrame(added, columns=pd.Index(COLUMNS), dtype=str)
    return pd.concat([rows.loc[others, list(COLUMNS)], frame], ignore_index=True)


def to_row(one: Feedback) -> dict[str, str]:
    """Return a feedback as a row, every cell a text."""
    present = "" if one.present is None else str(one.present)
    return dict(zip(COLUMNS, (one.tour, one.day, one.actor, one.name, present, one.notes, one.follow_ups), strict=True))


def from_row(row: Mapping[str, str]) -> Feedback:
    """Return the feedback of a row; a number or a date that is none is left out."""
    present = row["presents"]
    return Feedback(
        row["tour"],
        row["acteur"],
        row["nom"],
        _day(row["jour"]),
        int(present) if present.isascii() and present.isdigit() and len(present) <= len(str(MOST_PRESENT)) else None,
        row["notes"],
        row["suites"],
    )


def _joined(held: str, brought: str) -> str:
    """Put a text below another, unless one of them holds the lines of the other already."""

    def within(part: str, whole: str) -> bool:
        return not part or f"\n{part}\n" in f"\n{whole}\n"

    return held if within(brought, held) else brought if within(held, brought) else f"{held}\n{brought}"


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in tidy(text, several_lines=True).split("\n"))


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""
