"""What was changed, in what role, and the way back."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import streamlit as st

from esscarto.access import Person
from esscarto.changes import IMPORTED, is_gone, names, obstacle, together, why
from esscarto.editing import KEY
from esscarto.errors import DataError
from esscarto.french import NBSP, count, enumerate_words, moment
from esscarto.journal import EDITORS, KIND_WORDS, RESTORATION, UNDO, Change, history, overwritten, undo, undo_all
from esscarto.site import Site
from esscarto.ui import access, cache, chooser, render
from esscarto.ui.directory import actor_words, notice, restoring, rows

VIEWS = {"changements": "Changements", "versions": "Versions de l’annuaire"}
PAGE_SIZE = 8
MOST_NAMED = 20
MOST_LISTED = 500


class _Journal(NamedTuple):
    """The journal, and what the directory holds now."""

    site: Site
    changes: Sequence[Change]
    held: Mapping[str, Mapping[str, str]]
    named: Mapping[str, str]

    def obstacle(self, change: Change) -> str:
        titles = {cell.column: actor_words.title(cell.column) for cell in change.cells}
        return obstacle(change, self.changes, self.held, titles)


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw this part of the page."""
    render.show(
        "titre_partie.html", titre="Historique", texte="Chaque changement garde ce qui était avant, et s’annule."
    )
    view = st.segmented_control(
        "Voir", list(VIEWS), format_func=VIEWS.__getitem__, default="changements", required=True
    )
    store = cache.store()
    if view == "versions":
        restoring.draw([(datetime.fromisoformat(made[0].when), title(made)) for made in together(history(store))])
        return
    lost = overwritten(store)
    if lost:
        numbers = ", ".join(str(change.number) for change in lost[:MOST_NAMED])
        render.show("ecrases.html", total=len(lost), numeros=numbers, reste=max(0, len(lost) - MOST_NAMED))
    _changes(site, history(store))


def _changes(site: Site, changes: Sequence[Change]) -> None:
    table = rows.table()
    held = {str(row[KEY]): row for row in table.to_dict("records")}
    journal = _Journal(site, changes, held, names(changes) | rows.names(table))
    touched = chooser.told_apart(
        {change.actor: journal.named.get(change.actor, change.actor) for change in changes if change.actor}
    )
    chosen = rows.choose(touched, "Seulement cette fiche") if touched else ""
    gestures = together(changes) if not chosen else [(change,) for change in changes if change.actor == chosen]
    pages = max(1, math.ceil(len(gestures) / PAGE_SIZE))
    total = sum(map(len, gestures))
    render.show("groupe.html", titre=count(total, "changement") if total else "Aucun changement enregistré")
    notice.show("historique")
    page = st.pagination(pages, key=f"historique_page_{chosen}") if pages > 1 else 1
    for made in gestures[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        if len(made) > 1:
            _draw_gesture(journal, made)
        else:
            _draw_change(journal, made[0])


def _draw_change(journal: _Journal, change: Change) -> None:
    against = journal.obstacle(change) if change.can_be_undone else ""
    render.show("changement.html", changement=said(journal.site, change, journal.named), obstacle=against)
    label = f"Annuler le changement {change.number}"
    if (
        change.can_be_undone
        and not against
        and st.button(label, key=f"annuler_{change.number}", icon=":material/undo:")
    ):
        _undo(change.number)
    notice.show(f"changement {change.number}")


def _draw_gesture(journal: _Journal, made: tuple[Change, ...]) -> None:
    """Draw what one gesture did to several rows as one entry, folded, undone in one go."""
    first, last = sorted((made[0].number, made[-1].number))
    standing = [change for change in made if change.can_be_undone and not is_gone(change, journal.held)]
    against = [(change, said) for change in standing if (said := journal.obstacle(change))]
    render.show(
        "changements_groupes.html",
        titre=title(made),
        premier=first,
        dernier=last,
        quand=moment(datetime.fromisoformat(made[0].when)),
        role=EDITORS.get(made[0].role, made[0].role),
        motif=why(made[0]),
        annules=sum(bool(change.undone_by) for change in made),
        partis=sum(change.can_be_undone for change in made) - len(standing),
        obstacles=[(journal.named.get(change.actor, change.actor), said) for change, said in against[:MOST_NAMED]],
        gene=len(against),
        total=len(made),
        lignes=[
            (change.number, KIND_WORDS.get(change.kind, change.kind), journal.named.get(change.actor, change.actor))
            for change in made[:MOST_LISTED]
        ],
    )
    label = "Annuler cet import" if _is_import(made) else f"Annuler ces {count(len(standing), 'changement')}"
    if standing and not against and st.button(label, key=f"annuler_{first}_{last}", icon=":material/undo:"):
        _undo_gesture(made, [change.number for change in standing])
    notice.show(f"changement {first}")


def title(made: Sequence[Change]) -> str:
    """Name what one gesture did, in French: ``Import de « structures.csv » : 421 fiches``."""
    sheets = count(len({change.actor for change in made}), "fiche")
    if made[0].kind == RESTORATION:
        return KIND_WORDS[RESTORATION]
    if _is_import(made):
        file = why(made[0]).partition(f"{NBSP}»")[0] + f"{NBSP}»"
        return f"{file[:1].upper()}{file[1:]}{NBSP}: {sheets}"
    kinds = Counter(KIND_WORDS.get(change.kind, change.kind) for change in made)
    return f"{enumerate_words(kinds)}{NBSP}: {sheets}"


def _is_import(made: Sequence[Change]) -> bool:
    return made[0].kind != UNDO and made[0].reason.startswith(IMPORTED)


def said(site: Site, change: Change, named: Mapping[str, str]) -> dict[str, Any]:
    """Return a change as its template shows it."""
    return {
        "numero": change.number,
        "quand": moment(datetime.fromisoformat(change.when)),
        "role": EDITORS.get(change.role, change.role),
        "genre": KIND_WORDS.get(change.kind, change.kind),
        "nom": named.get(change.actor, change.actor),
        "motif": change.reason,
        "lignes": [] if change.kind == RESTORATION else actor_words.lines(site, change.cells),
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


def _undo_gesture(made: Sequence[Change], numbers: Iterable[int]) -> None:
    try:
        with st.spinner("Annulation…"):
            done = undo_all(cache.store(), numbers, role=access.must_edit().role)
    except DataError as error:
        place = min(made[0].number, made[-1].number)
        notice.leave("refus.html", place=f"changement {place}", texte=str(error))
    else:
        cache.reread()
        text = f"Annulé{NBSP}: {count(len(done), 'changement')} en arrière. Cette annulation s’annule aussi."
        notice.leave("annonce.html", place="historique", texte=text)
    st.rerun()
