"""How the changes of the journal stand to one another: made together, or in the way of an undoing."""

import re
from collections.abc import Iterable, Mapping, Sequence

from esscarto.editing import KEY, quoted
from esscarto.french import NBSP
from esscarto.journal import RESTORATION, UNDO, Change

IMPORTED = "import de "
"""How the reason of an import begins (see :mod:`esscarto.publishing`)."""

_UNDONE = re.compile(rf"annule le changement \d+(?:{NBSP}: )?")


def why(change: Change) -> str:
    """Return the reason that a change was given, without the number that an undoing puts before it."""
    return _UNDONE.sub("", change.reason, count=1) if change.kind == UNDO else change.reason


def together(changes: Iterable[Change]) -> list[tuple[Change, ...]]:
    """Group the changes that one gesture made, an import for instance: the same moment, role and reason.

    A gesture on several rows always says why, unless it undoes, and changes each of them once.

    Parameters
    ----------
    changes : iterable of Change
        In the order of the journal or the other way round, which the groups keep.
    """
    groups: list[dict[str, Change]] = []
    known = None
    for change in changes:
        gesture = change.when, change.role, change.kind == UNDO, why(change)
        alone = not change.reason or (groups and change.actor in groups[-1])
        if gesture != known or alone:
            groups.append({})
        groups[-1][change.actor] = change
        known = gesture
    return [tuple(group.values()) for group in groups]


def names(changes: Iterable[Change]) -> dict[str, str]:
    """Return actor -> the last name that the journal gave it, for the actors that are not in the directory any more.

    Parameters
    ----------
    changes : iterable of Change
        The newest first.
    """
    known: dict[str, str] = {}
    for change in changes:
        for cell in change.cells:
            if cell.column == "nom":
                known.setdefault(cell.actor, cell.after or cell.before)
    return known


def is_gone(change: Change, held: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether nothing is left to undo: the actor is not in the directory, and the change did not take it away."""
    return change.actor not in held and not any(cell.column == KEY and not cell.after for cell in change.cells)


def obstacle(
    change: Change,
    changes: Sequence[Change],
    held: Mapping[str, Mapping[str, str]],
    titles: Mapping[str, str],
) -> str:
    """Say in French why a change cannot be undone as the directory stands; "" when it can.

    Parameters
    ----------
    change : Change
        One that :attr:`Change.can_be_undone`.
    changes : sequence of Change
        The whole journal, the newest first.
    held : mapping
        Actor -> its row now.
    titles : mapping of str to str
        Column -> its name for a reader.
    """
    if is_gone(change, held):
        return f"Cette fiche n’est plus dans l’annuaire{NBSP}: rien à annuler."
    row = held.get(change.actor, {})
    left = {cell.column: cell.after for cell in change.cells}
    if left.get(KEY):
        # What undoes an addition takes the whole row away: none of its cells may have been filled since.
        left = dict.fromkeys(row, "") | left
    moved = next((column for column, value in left.items() if row.get(column, "") != value), None)
    if moved is None:
        return ""
    said = f"{quoted(titles.get(moved, moved))} a changé depuis"
    later = next((one for one in changes if _stands_on(one, change, moved)), None)
    if later is None:
        return f"{said}, hors de l’application{NBSP}: {quoted(row.get(moved, ''))}."
    return f"{said} (changement {later.number}). Annulez d’abord le changement {later.number}."


def _stands_on(later: Change, change: Change, column: str) -> bool:
    return (
        later.number > change.number
        and not later.undone_by
        and later.kind != RESTORATION
        and any((cell.actor, cell.column) == (change.actor, column) for cell in later.cells)
    )
