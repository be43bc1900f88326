"""What is taken away of a tour: the roadbook, the file without a network, the agenda, the route, the invitation."""

import datetime
from functools import partial

import streamlit as st

from esscarto.documents.tour_invitation import invitation
from esscarto.french import fold
from esscarto.site import Site
from esscarto.timetable import Timetable
from esscarto.ui import offer, page_state, presenting, render, state

PAGE = "ess_tour"
CONTACT_LETTERS = 120
FILES = (
    ("Carnet de route (PDF)", "pdf", "application/pdf", "La journée et sa carte, puis une page par visite."),
    (
        "Tour à emporter",
        "html",
        "text/html",
        "Un seul fichier, à ouvrir sans réseau : carte, liste, étapes, présentation, carnet de notes.",
    ),
    ("Agenda", "ics", "text/calendar", "Un rendez-vous par visite, à l’heure de Paris. Il faut une date."),
    ("GPX", "gpx", "application/gpx+xml", "L’itinéraire, pour un GPS ou une application de randonnée."),
    ("KML", "kml", "application/vnd.google-earth.kml+xml", "Les étapes, pour un globe ou une carte en ligne."),
    (
        "Programme en Excel",
        "xlsx",
        offer.EXCEL,
        "L’horaire, les points à vérifier, les sources.",
    ),
)
"""Label, ending, kind and use of each file."""


def draw(site: Site, table: Timetable) -> None:
    """Draw the buttons of the files; a file is made when its button is clicked, not before."""
    render.show("tour_section.html", titre="Emporter")
    key = page_state.page_key(PAGE, "contact")
    # A page that is left loses its fields: the session alone keeps this one.
    if not state.holds_widgets(key):
        page_state.choose(PAGE, contact=state.kept("tour_contact") or "")
    contact = st.text_input(
        "Qui appeler ce jour-là",
        key=key,
        max_chars=CONTACT_LETTERS,
        placeholder="Accueil du PETR, 03 00 00 00 00",
        help="Imprimé sur le carnet de route. Ni enregistré, ni mis dans l’adresse de la page.",
    )
    state.keep("tour_contact", contact)
    today = datetime.date.today()
    name = fold(table.tour.name).replace(" ", "-") or "ess-tour"
    base = offer.published(st.context.url or "")
    files = (
        offer.File(
            label,
            f"esscarto-{name}.{ending}",
            mime,
            partial(_content, ending, site, table, today, base, contact),
            use,
            disabled=ending == "ics" and table.tour.day is None,
        )
        for label, ending, mime, use in FILES
    )
    offer.row("tour_fichier", files, main=FILES[0][0])
    render.show("tour_presenter.html", lien=presenting.link(table.tour))
    with st.expander("L’invitation, prête à coller"):
        st.code(invitation(table), language=None, wrap_lines=True)


def _content(ending: str, site: Site, table: Timetable, today: datetime.date, base: str, contact: str) -> bytes:
    # Imported here: the libraries that write files take a tenth of a second that no page needs to wait for.
    from esscarto.documents import roadbook_pdf, tour_files
    from esscarto.offline import carried

    match ending:
        case "pdf":
            return roadbook_pdf.export(site, table, today, base, contact)
        case "html":
            return carried.of_tour(site, table, today, contact=contact)
        case "ics":
            return tour_files.agenda(site, table, today)
        case "gpx":
            return tour_files.gpx(table)
        case "kml":
            return tour_files.kml(table)
    return tour_files.workbook(site, table, today)
