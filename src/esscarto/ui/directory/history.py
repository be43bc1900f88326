"""What was changed, in what role, and the way back."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from esscarto.access import Person
from esscarto.errors import DataError
from esscarto.french import NBSP, count, moment
from esscarto.journal import EDITORS, KIND_WORDS, RESTORATION, Change, history, overwritten, undo
from esscarto.site import Site
from esscarto.ui import access, cache, render
from esscarto.ui.directory import notice, restoring, rows
from esscarto.ui.directory.actor_words import lines

VIEWS = {"changements": "Changements", "versions": "Versions de l’annuaire"}
PAGE_SIZE = 8
MOST_NAMED = 20


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    render.show(
        "titre_partie.html", titre="Historique", texte="Chaque changement garde ce qui était avant, et s’annule."
    )
    view = st.segmented_control(
        "Voir", list(VIEWS), format_func=VIEWS.__getitem__, default="changements", required=True
    )
    if view == "versions":
        restoring.draw()
        return
    store = cache.store()
    lost = overwritten(store)
    if lost:
        numbers = ", ".join(str(change.number) for change in lost[:MOST_NAMED])
        render.show("ecrases.html", total=len(lost), numeros=numbers, reste=max(0, len(lost) - MOST_NAMED))
    _changes(site, history(store))


def _changes(site: Site, changes: Sequence[Change]) -> None:
    named = rows.names(rows.table())
    touched = {change.actor: named.get(change.actor, change.actor) for change in changes if change.actor}
    chosen = rows.choose(touched, "Seulement cette fiche") if touched else ""
    kept = [change for change in changes if not chosen or change.actor == chosen]
    pages = max(1, math.ceil(len(kept) / PAGE_SIZE))
    render.show("groupe.html", titre=count(len(kept), "changement") if kept else "Aucun changement enregistré")
    notice.show("historique")
    page = st.pagination(pages, key=f"historique_page_{chosen}") if pages > 1 else 1
    for change in kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        render.show("changement.html", changement=said(site, change, touched))
        if change.can_be_undone and st.button(
            f"Annuler le changement {change.number}", key=f"annuler_{change.number}", icon=":material/undo:"
        ):
            _undo(change.number)
        notice.show(f"changement {change.number}")


def said(site: Site, change: Change, named: Mapping[str, str]) -> dict[str, Any]:
    """Return a change as its template shows it."""
    return {
        "numero": change.number,
        "quand": moment(datetime.fromisoformat(change.when)),
        "role": EDITORS.get(change.role, change.role),
        "genre": KIND_WORDS.get(change.kind, change.kind),
        "nom": named.get(change.actor, change.actor),
        "motif": change.reason,
        "lignes": [] if change.kind == RESTORATION else lines(site, change.cells),
        "restauration": f"{change.cells[0].before} → {change.cells[0].after}" if change.kind == RESTORATION else "",
        "annule_par": change.undone_by,
    }


def _undo(number: int) -> None:
    try:
        done = undo(cache.store(), number, role=access.must_edit().role)
    except DataError as error:
        notice.leave("refus.html", place=f"changement {number}", texte=str(error))
    else:
        cache.reread()
        text = f"Le changement {number} est annulé{NBSP}: c’est le changement {done.number}, qui s’annule aussi."
        notice.leave("annonce.html", place="historique", texte=text)
    st.rerun()
