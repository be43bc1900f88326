"""Bring a file of others: mapping, report, decisions, publication."""

from collections.abc import Callable

import streamlit as st

from esscarto.access import Person
from esscarto.errors import DataError
from esscarto.french import count
from esscarto.journal import undo_all
from esscarto.publishing import publish
from esscarto.site import Site
from esscarto.ui import access, cache, offer, render, state
from esscarto.ui.directory import import_columns, import_pairs, import_problems, import_work, notice
from esscarto.ui.directory.import_work import Work

KEPT = "import"
PLACE = "importer"
STEPS: dict[str, tuple[str, Callable[[Work], None]]] = {}


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - asked again when it writes
    """Draw the import under way, or ask for a file."""
    work: Work | None = state.kept(KEPT)
    if work is None:
        _ask(site)
        return
    if site is not work.site and not work.publication:
        with st.spinner("L’annuaire a changé : nouvelle vérification…"):
            work.follow(site)
    if work.publication:
        _draw_published(work)
        return
    render.show("import_etat.html", travail=work, rapport=work.report, comptes=work.report.counts)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose_sheet(work, site)
        st.button("Choisir un autre fichier", key="import_autre", icon=":material/upload_file:", on_click=_forget)
    chosen = _choose_step(work)
    notice.show(PLACE)
    STEPS[chosen][1](work)
    following = [step for step in STEPS if list(STEPS).index(step) > list(STEPS).index(chosen)]
    if following:
        label = f"Étape suivante : {STEPS[following[0]][0].lower()}"
        st.button(label, key="import_suite", on_click=state.put, args=("import_etape", following[0]))


def _ask(site: Site) -> None:
    render.show("import_debut.html")
    notice.show(PLACE)
    # A file that is refused leaves an empty uploader: it is kept nowhere, and its row is in English.
    attempt = state.kept("import_essai") or 0
    sent = st.file_uploader("Fichier à importer", key=f"import_fichier_{attempt}", width=720)
    if sent is None:
        return
    try:
        with st.spinner("Lecture et vérification du fichier…"):
            state.keep(KEPT, import_work.start(sent.getvalue(), sent.name, site))
    except DataError as error:
        state.keep("import_essai", attempt + 1)
        notice.leave("refus.html", place=PLACE, texte=str(error))
    st.rerun()


def _forget() -> None:
    state.keep(KEPT, None)
    state.put("import_etape", "colonnes")


def _choose_sheet(work: Work, site: Site) -> None:
    """Draw the choice of the sheet of a workbook, when it has several."""
    sheets = work.table.sheets
    if len(sheets) < 2:
        return
    sheet = st.selectbox("Feuille du classeur", sheets, key=f"import_feuille_{work.number}", width=320)
    if sheet == sheets[0]:
        return
    try:
        with st.spinner("Lecture et vérification de la feuille…"):
            other = import_work.start(work.content, work.table.name, site, sheet)
    except DataError as error:
        render.show("refus.html", texte=str(error))
        return
    state.keep(KEPT, other)
    st.rerun()


def _choose_step(work: Work) -> str:
    counts = work.report.counts
    waiting = {"problemes": counts.to_correct + counts.refused, "doublons": counts.duplicates}
    step = state.choice("import_etape", list(STEPS), "colonnes")
    st.segmented_control(
        "Étape",
        list(STEPS),
        key="import_etape",
        format_func=lambda code: STEPS[code][0] + (f" ({waiting[code]})" if waiting.get(code) else ""),
        required=True,
    )
    return step


def _draw_publish(work: Work) -> None:
    counts = work.report.counts
    ready = counts.good + counts.completing
    render.show("import_publier.html", travail=work, comptes=counts, suivies=work.followed())
    narrowed = st.checkbox(
        "N’importer que les structures situées dans les PETR suivis",
        work.only_followed,
        key=f"import_suivis_{work.number}",
    )
    if narrowed != work.only_followed:
        work.only_followed = narrowed
        with st.spinner("Nouvelle vérification…"):
            work.check()
        st.rerun()
    with st.container(horizontal=True):
        sent = st.button(f"Publier {count(ready, 'ligne')}", key="import_publier", type="primary", disabled=not ready)
        _download(work)
    if not sent:
        return
    try:
        with st.spinner("Écriture dans l’annuaire…"):
            work.publication = publish(cache.store(), work.report, role=access.must_edit().role)
    except DataError as error:
        render.show("refus.html", texte=str(error))
        cache.reread()
        return
    cache.reread()
    st.rerun()


def _draw_published(work: Work) -> None:
    render.show("import_publie.html", travail=work, publication=work.publication, comptes=work.report.counts)
    with st.container(horizontal=True):
        st.button("Importer un autre fichier", key="import_autre", type="primary", on_click=_forget)
        _download(work)
        withdrawn = st.button("Annuler cet import", key="import_annuler", icon=":material/undo:")
    if withdrawn:
        _withdraw(work)


def _withdraw(work: Work) -> None:
    """Undo all that was published, and go back to the report."""
    assert work.publication
    try:
        with st.spinner("Annulation de l’import…"):
            reason = f"retrait de l’import {work.publication.document}"
            undone = undo_all(cache.store(), work.publication.changes, role=access.must_edit().role, reason=reason)
            work.publication = None
    except DataError as error:
        render.show("refus.html", texte=str(error))
        return
    cache.reread()
    said = f"Import annulé : {count(len(undone), 'changement')} en arrière. Les fiches sont comme avant."
    notice.leave("enregistre.html", place=PLACE, texte=said, lignes=[], acteur="")
    st.rerun()


def _download(work: Work) -> None:
    report = offer.File("Télécharger le rapport (Excel)", work.report_name(), offer.EXCEL, work.report.to_xlsx)
    offer.button("import_rapport", report)


def _draw_problems(work: Work) -> None:
    import_problems.draw(work)
    _download(work)


STEPS |= {
    "colonnes": ("Colonnes", import_columns.draw),
    "source": ("Source", import_columns.draw_source),
    "problemes": ("Problèmes", _draw_problems),
    "doublons": ("Doublons", import_pairs.draw),
    "publier": ("Publier", _draw_publish),
}
