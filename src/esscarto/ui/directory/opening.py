"""A form that is open: the row as it was read, what is typed, and what happens when it is sent.

Streamlit runs the page again at every gesture: without this, a form would compare what is typed with a row read a
second ago, and write over what somebody else has changed meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from esscarto.editing import EditError
from esscarto.errors import DataError
from esscarto.site import Site
from esscarto.storage.store import ConflictError
from esscarto.ui import cache, render, state
from esscarto.ui.directory import notice
from esscarto.ui.directory.actor_form import Asked, summary
from esscarto.ui.directory.actor_words import say, title

EXTRA = {"reason": "Motif", "origin": "Source de l’information", "confirmed": "Confirmation"}
"""The fields of the forms that are not of the schema."""


@dataclass(frozen=True)
class Opening:
    """A form under way.

    Parameters
    ----------
    name : str
        Which form of the page.
    about : str
        The actor, or the proposal; "" for a new actor.
    number : int
        Part of the keys of its widgets: another number is a form filled anew.
    before : mapping of str to str
        The row when the form was opened, empty for a new actor.
    values : mapping of str to str
        What the widgets hold at first.
    faults : mapping of str to str
        Column -> what is wrong.
    moved : tuple of str
        Columns that somebody else has changed meanwhile.
    stale : mapping of str to str
        What these columns were when the form was opened.
    warned : tuple of str
        Actors that the person has been told of: those that bear the same name.
    is_drawn : bool
        Whether its widgets have been drawn once.
    """

    name: str
    about: str
    number: int
    before: Mapping[str, str]
    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    moved: tuple[str, ...] = ()
    stale: Mapping[str, str] = field(default_factory=dict)
    warned: tuple[str, ...] = ()
    is_drawn: bool = False

    @property
    def key(self) -> str:
        """How the keys of the widgets begin."""
        return f"{self.name}_{self.number}"

    def asked(self, **more: Any) -> Asked:
        """Return what the form shows."""
        return Asked(self.key, self.values, self.faults, **more)

    def changed(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Return the cells that are not any more what they were."""
        return {column: value for column, value in typed.items() if value != self.before.get(column, "")}


def reopen(
    name: str, about: str, read: Callable[[], Mapping[str, str]], filled: Mapping[str, str] | None = None
) -> Opening:
    """Return the form under way, or open one on the row as it is now.

    Parameters
    ----------
    name : str
        Which form of the page.
    about : str
        The actor, or the proposal.
    read : callable
        Reads the row.
    filled : mapping of str to str, optional
        Cells to put in the widgets in the place of those of the row.
    """
    known: Opening | None = state.kept(name)
    # The widgets of a part that is left are forgotten by Streamlit: what comes back is a form opened again.
    if known is None or known.about != about or (known.is_drawn and not state.holds_widgets(f"{known.key}_")):
        before = read()
        known = Opening(name, about, _next(), before, {**before, **(filled or {})})
    known = replace(known, is_drawn=True)
    state.keep(name, known)
    return known


def attempt(
    opening: Opening,
    typed: Mapping[str, str],
    write: Callable[[], None],
    read: Callable[[], Mapping[str, str]] = dict,
) -> None:
    """Write, then run the page again: with a blank form, or with what is wrong and all that was typed.

    Parameters
    ----------
    opening : Opening
        The form that is sent.
    typed : mapping of str to str
        What its widgets hold.
    write : callable
        Writes, and leaves the message of success.
    read : callable
        Reads the row again when somebody else has changed it.
    """
    try:
        write()
    except EditError as error:
        state.keep(opening.name, replace(state.kept(opening.name), faults=error.faults, moved=()))
    except ConflictError:
        _rebase(opening, typed, read)
    except DataError as error:
        state.keep(opening.name, replace(opening, faults={}, moved=()))
        notice.leave("refus.html", place=opening.name, texte=str(error))
    else:
        state.keep(opening.name, None)
        cache.reread()
    st.rerun()


def warn(opening: Opening, actors: tuple[str, ...]) -> None:
    """Remember that the person has been told of actors that look the same."""
    state.keep(opening.name, replace(opening, warned=actors))


def answer(site: Site, opening: Opening, typed: Mapping[str, str]) -> None:
    """Draw, under the button, what came of the last sending."""
    if opening.faults:
        render.show("refus.html", texte=f"{summary(opening.faults, EXTRA)}.")
    if opening.moved:
        touched = opening.changed(typed)
        lines = [
            {
                "titre": title(column),
                "avant": say(site, column, opening.stale.get(column, "")),
                "milieu": say(site, column, opening.before.get(column, "")),
                "apres": say(site, column, typed[column]) if column in touched else "(inchangé)",
            }
            for column in opening.moved
        ]
        render.show("conflit.html", lignes=lines)
    notice.show(opening.name)


def _rebase(opening: Opening, typed: Mapping[str, str], read: Callable[[], Mapping[str, str]]) -> None:
    """Put what the person has changed, and only that, on the row as somebody else has left it."""
    try:
        now = read()
    except DataError as error:
        notice.leave("refus.html", place=opening.name, texte=str(error))
        return
    moved = tuple(column for column, value in now.items() if value != opening.before.get(column, ""))
    values = {**now, **opening.changed(typed)}
    state.keep(
        opening.name, Opening(opening.name, opening.about, _next(), now, values, moved=moved, stale=opening.before)
    )


def _next() -> int:
    number = (state.kept("formulaires") or 0) + 1
    state.keep("formulaires", number)
    return int(number)
