"""Notes taken elsewhere come back to the page ESS Tour, from a file or a deleted tour: shown first, then written."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from esscarto import feedback_import
from esscarto.errors import DataError
from esscarto.feedback import Feedback, Key
from esscarto.feedback_import import Brought, Step, plan
from esscarto.french import bound, count
from esscarto.site import Site
from esscarto.ui import access, cache, page_state, render, state, tour_drafts
from esscarto.ui.directory import notice

PAGE = "ess_tour"
PLACE = "retours_import"
KEPT = "retours_apportes"


def draw(site: Site, tour: str, saved: Sequence[str], held: Mapping[Key, Feedback], version: str) -> None:
    """Draw the file to bring, or what the one that was brought would change.

    Parameters
    ----------
    site : Site
        The actors.
    tour : str
        Name of the tour on the screen, where rows go unless told otherwise.
    saved : sequence of str
        Names of the tours that are kept.
    held : mapping
        What is noted, of every tour.
    version : str
        Version of the table that ``held`` was read from.
    """
    brought: Brought | None = state.kept(KEPT)
    notice.show(PLACE)
    if brought is not None:
        _show(brought, tour, saved, held, version)
        return
    with st.expander(
        "Importer des notes : du fichier de terrain, d’un tableur, d’un tour supprimé", key=_key("import")
    ):
        _ask(site, held)
        left = Counter(name for name, _ in held if name not in saved)
        if left:
            name = st.selectbox(
                "Notes d’un tour qui n’est plus enregistré",
                list(left),
                key=_key("import_reste"),
                format_func=lambda name: f"{name} ({count(left[name], 'étape')})",
            )
            rows = tuple(one for (of, _), one in held.items() if of == name)
            st.button(
                "Les reprendre ici", key=_key("import_reprendre"), on_click=state.keep, args=(KEPT, Brought(name, rows))
            )


def _ask(site: Site, held: Mapping[Key, Feedback]) -> None:
    # A file that is refused leaves an empty uploader: it is kept nowhere.
    attempt = state.kept("retours_essai") or 0
    sent = st.file_uploader("Fichier de notes (CSV ou Excel)", key=_key(f"import_fichier_{attempt}"), width=720)
    if sent is None:
        return
    frame = site.actors.frame
    # An actor that has left the directory and was noted before can still be.
    names = {actor: one.name for (_, actor), one in held.items()} | dict(zip(frame.index, frame["nom"], strict=True))
    state.keep("retours_essai", attempt + 1)
    try:
        state.keep(KEPT, feedback_import.read(sent.getvalue(), sent.name, names))
    except DataError as error:
        notice.leave("refus.html", place=PLACE, texte=str(error))
    st.rerun()


def _show(brought: Brought, tour: str, saved: Sequence[str], held: Mapping[Key, Feedback], version: str) -> None:
    """Draw what the file would change, what must be chosen, and the two ways out."""
    render.show("tour_import.html", apport=brought)
    destinations = {name: _destination(rank, name, tour, saved) for rank, name in enumerate(brought.tours)}
    steps = plan(held, brought.rows, destinations)
    chosen = {step.after.key: _number(step) for step in steps if len(step.numbers) > 1}
    steps = plan(held, brought.rows, destinations, chosen)
    changed = sum(step.changes for step in steps)
    render.show("tour_import_etapes.html", etapes=steps, ici=tour, total=changed)
    with st.container(horizontal=True):
        st.button(
            f"Ajouter à {count(changed, 'étape')}",
            key=_key("import_ecrire"),
            type="primary",
            icon=":material/save:",
            disabled=not changed,
            on_click=_write,
            args=(steps, version),
        )
        st.button(
            "Ne rien importer" if changed else "Fermer",
            key=_key("import_fermer"),
            on_click=state.keep,
            args=(KEPT, None),
        )


def _destination(rank: int, name: str, tour: str, saved: Sequence[str]) -> str:
    """Return the tour that the rows of one name go to: asked when it is not the one on the screen."""
    if name in ("", tour):
        return tour
    options = [tour, *(one for one in saved if one != tour)]
    # A label is Markdown: what others have named is drawn apart.
    render.show("groupe.html", titre=bound(f"Notes du tour « {name} »"))
    return st.selectbox("À ranger dans le tour", options, key=_key(f"import_tour_{rank}_{name}"))


def _number(step: Step) -> int:
    """Ask which number of people present is kept: neither is surely right."""
    now = step.before.present
    render.show("groupe.html", titre=step.after.name)
    return st.radio(
        "Nombre de présents à garder",
        step.numbers,
        step.numbers.index(step.after.present),
        format_func=lambda one: f"{one} ({'déjà noté' if one == now else 'importé'})",
        key=_key(f"import_presents_{'_'.join(step.after.key)}_{now}"),
        horizontal=True,
    )


def _write(steps: list[Step], version: str) -> None:
    """Write what was on the screen, unless somebody has noted something since."""
    try:
        total = feedback_import.write(cache.store(), steps, seen=version, role=access.must_edit().role)
    except DataError as error:
        notice.leave("refus.html", place=PLACE, texte=str(error))
        return
    state.keep(KEPT, None)
    tour_drafts.follow(step.after for step in steps if step.changes)
    notice.leave("annonce.html", place=PLACE, texte=f"Notes ajoutées à {count(total, 'étape')}.")


def _key(name: str) -> str:
    return page_state.page_key(PAGE, f"retour_{name}")
