"""What a tour brought back, on the page ESS Tour: noted stop by stop, taken away, turned into a correction."""

import datetime
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from esscarto import feedback, saved_tours, tour_report
from esscarto.errors import DataError
from esscarto.feedback import FOLLOW_UPS_LETTERS, MOST_PRESENT, NOTES_LETTERS, Feedback, from_row, to_row
from esscarto.french import bound, count, date, fold
from esscarto.site import Site
from esscarto.timetable import Timetable
from esscarto.tour_report import Line, TourReport
from esscarto.ui import access, cache, offer, page_state, render, state, tour_drafts, tour_import_view
from esscarto.ui.directory import notice, opening, proposing
from esscarto.ui.tour_drafts import FORM, Draft

PAGE = "ess_tour"
FILES = (
    ("Compte rendu (PDF)", "pdf", "application/pdf", "Une page pour le comité de pilotage."),
    ("Notes en Excel", "xlsx", offer.EXCEL, "Les textes entiers, et les suites à se répartir."),
    ("Notes en CSV", "csv", "text/csv", "Pour un tableur, ou pour les importer dans une autre copie."),
)
"""Label, ending, kind and use of each file."""


def draw(site: Site, table: Timetable) -> None:
    """Draw the section, for those who may edit; a visitor sees nothing of what is noted."""
    tour, store = table.tour, cache.store()
    if not tour.stops or not access.person().may_edit:
        return
    try:
        saved = list(saved_tours.saved(store, site))
        snapshot = store.read(feedback.TABLE, feedback.COLUMNS)
    except DataError as error:
        render.show("erreur.html", texte=str(error))
        return
    every = feedback.held(snapshot.rows)
    report = tour_report.build(table, {actor: one for (name, actor), one in every.items() if name == tour.name})
    if tour.name not in saved:
        render.show("tour_retour.html", bilan=None, enregistre=False)
        return
    render.show("tour_retour.html", bilan=report, enregistre=True)
    _one_stop(site, report)
    if report.noted:
        _files(report)
    tour_import_view.draw(site, tour.name, saved, every, snapshot.version)


def say_what_stays(tour: str) -> str:
    """Say which notes outlive a tour that is deleted, and how to have them back; an empty text without any."""
    left = len(feedback.of_tour(cache.store(), tour))
    said = f" Ses notes ({count(left, 'étape')}) restent sous ce nom : « Importer des notes » les reprend dans un tour."
    return bound(said) if left else ""


def _one_stop(site: Site, report: TourReport) -> None:
    lines = {line.feedback.actor: line for line in report.lines}
    actor = st.selectbox(
        "Visite à noter",
        list(lines),
        key=page_state.page_key(PAGE, "retour_visite"),
        # The same words whatever is noted: the browser sends the words back, and one that it no longer finds is lost.
        format_func=lambda actor: lines[actor].title,
    )
    line = lines[actor]
    _form(line)
    if line.feedback.actions and actor in site.actors.frame.index:
        _proposal(site, report, line)


@st.fragment
def _form(line: Line) -> None:
    """Draw the fields of a visit, alone when they change: a list that is open elsewhere stays open."""
    noted = line.feedback
    draft = tour_drafts.drafts().get(noted.key, Draft(noted, noted))
    form = opening.reopen(FORM, "\n".join(noted.key), lambda: to_row(draft.before), to_row(draft.typed))
    before, values = from_row(form.before), from_row(form.values)
    # No form of Streamlit: what is typed in one is lost when another visit is chosen.
    render.show("groupe.html", titre=line.title)
    more: dict[str, Any] = {"on_change": _draft, "args": (before, form.key)}
    st.number_input(
        "Présents (facultatif)", 0, MOST_PRESENT, values.present, 1, key=f"{form.key}_presents", width=240, **more
    )
    st.text_area("Notes", values.notes, key=f"{form.key}_notes", max_chars=NOTES_LETTERS, height=140, **more)
    st.text_area(
        "Suites à donner, une par ligne",
        values.follow_ups,
        key=f"{form.key}_suites",
        max_chars=FOLLOW_UPS_LETTERS,
        height=100,
        **more,
    )
    sent = st.button("Enregistrer cette visite", key=f"{form.key}_envoi", type="primary", icon=":material/save:")
    notice.show(FORM)
    if sent:
        typed = _typed(before, form.key)
        opening.attempt(form, to_row(typed), lambda: _keep(typed, before))
    waiting = [one.typed.name for key, one in tour_drafts.drafts().items() if key[0] == noted.tour]
    if waiting:
        render.show("tour_brouillons.html", noms=waiting)


def _typed(before: Feedback, form: str) -> Feedback:
    present, notes, follow_ups = (state.held(f"{form}_{column}") for column in ("presents", "notes", "suites"))
    return replace(before, present=present, notes=notes or "", follow_ups=follow_ups or "")


def _draft(before: Feedback, form: str) -> None:
    tour_drafts.keep(before, _typed(before, form))


def _keep(typed: Feedback, before: Feedback) -> None:
    kept = feedback.keep(cache.store(), typed, before, role=access.must_edit().role)
    tour_drafts.keep(before, before)
    said = f"Enregistré : {kept.name}."
    if kept != feedback.checked(typed):
        said += " Quelqu’un d’autre l’a noté entre-temps : ses mots sont gardés avec les vôtres. Relisez-les."
    notice.leave("annonce.html", place=FORM, texte=bound(said))


def _proposal(site: Site, report: TourReport, line: Line) -> None:
    """Draw the form of a correction beside the follow-ups that ask for it."""
    one = line.feedback
    wanted = st.checkbox(
        "En faire une proposition de correction de la fiche",
        key=page_state.page_key(PAGE, f"retour_proposer_{one.actor}"),
    )
    if wanted:
        render.show("tour_suites.html", nom=one.name, suites=one.actions)
        proposing.ask(site, one.actor, origin(report))


def origin(report: TourReport) -> str:
    """Return where a correction that a visit asks for comes from."""
    tour = report.table.tour
    name = tour.name if fold(tour.name).startswith("ess tour") else f"ESS Tour {tour.name}"
    return ", ".join(filter(None, (name, date(tour.day.isoformat()) if tour.day else "", "visite")))


def _files(report: TourReport) -> None:
    today = datetime.date.today()
    name = fold(report.table.tour.name).replace(" ", "-")
    files = (
        offer.File(label, f"esscarto-retour-{name}.{ending}", mime, partial(_content, ending, report, today), use)
        for label, ending, mime, use in FILES
    )
    offer.row("retour_fichier", files, main=FILES[0][0])


def _content(ending: str, report: TourReport, today: datetime.date) -> bytes:
    # Imported here: the libraries that write files take a tenth of a second that no page needs to wait for.
    from esscarto.documents import tour_report_pdf, tour_return_files

    match ending:
        case "pdf":
            return tour_report_pdf.export(report, today)
        case "xlsx":
            return tour_return_files.workbook(report, today)
    return tour_return_files.exchange(line.feedback for line in report.lines)
