"""The calendar of the ESS year on the page ESS Tour: what the documents print, who could host, the agenda."""

import datetime
from typing import Any

import numpy as np

from esscarto import events
from esscarto.french import count, enumerate_words
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.timetable import Timetable
from esscarto.ui import offer, render, state

MOST_NAMES = 3


def draw(site: Site, table: Timetable) -> None:
    """Draw the table of the events, with who could host them where the tour goes, and the button of their agenda."""
    rows, today = site.events.rows, datetime.date.today()
    if not rows:
        return
    here = _here(site, table)
    dated = sum(events.days(row, today) is not None for row in rows)
    render.show(
        "tour_evenements.html",
        lignes=[_line(site, row, here) for row in rows],
        dates=dated,
        ici=site.territories.title(here),
    )
    calendar = offer.File(
        "Agenda des événements datés",
        "esscarto-annee-de-l-ess.ics",
        "text/calendar",
        lambda: _agenda(site, today),
        "Un événement dont seul le mois est imprimé dure tout le mois.",
        disabled=not dated,
    )
    offer.row("annee_fichier", [calendar])


def _here(site: Site, table: Timetable) -> Territory:
    if not table.tour.stops:
        return state.default_territory(site)
    # Imported here: the files that are carried away take a tenth of a second that an empty page need not wait for.
    from esscarto.offline.carried import home

    return home(site, table)


def _line(site: Site, row: dict[str, str], here: Territory) -> dict[str, Any]:
    place = Territory.parse(row["lieu_imprime"]) if row["lieu_imprime"] else here
    mask = events.hosts(site.index, row, place) if place in site.territories else np.zeros(0, dtype=bool)
    names = site.actors.frame["nom"].to_numpy()[mask].tolist() if mask.any() else []
    rest = len(names) - MOST_NAMES
    said = [*names[:MOST_NAMES], *([f"{count(rest, 'autre')}"] if rest > 0 else [])]
    # Nobody here hosts what a national or an outside event already holds.
    usual = "aucun acteur connu de ces types" if row["types_accueil"] else ""
    return {
        "nom": row["nom"],
        "quoi": row["ce_que_c_est"],
        "quand": events.when(row),
        "etat": events.STATES[row["avancement"]],
        "accueil": enumerate_words(said) or usual,
        "source": site.cite(row["source"]),
    }


def _agenda(site: Site, today: datetime.date) -> bytes:
    # Imported here: the library that writes agendas takes a tenth of a second that no page needs to wait for.
    from esscarto.documents.tour_files import calendar_of_the_year

    return calendar_of_the_year(site, site.events, today)
