"""What has changed since a day, ready to paste in a newsletter."""

import datetime
from functools import partial

import pandas as pd
import streamlit as st

from esscarto import digest, journal
from esscarto.access import Person
from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.site import Site
from esscarto.ui import cache, offer, render, state
from esscarto.ui.directory.health import WHOLE, choose_territory

PERIODS = {1: "1 mois", 3: "3 mois", 6: "6 mois", 12: "1 an", 0: "Autre jour"}
"""Months before today -> how it is offered; 0 is a day that the person chooses."""
USUAL = 6
"""The newsletter comes out twice a year."""


def draw(site: Site, person: Person) -> None:  # noqa: ARG001 - every part is drawn alike
    """Draw this part of the page."""
    today = datetime.date.today()
    render.show(
        "titre_partie.html",
        titre="La lettre",
        texte="Ce qui a changé dans l’annuaire, à relire puis à coller dans une lettre d’information.",
    )
    since = _since(today)
    territory = choose_territory(site, "lettre_territoire", state.default_territory(site))
    try:
        changes = journal.history(cache.store())
    except DataError as error:
        render.show("refus.html", texte=str(error))
        return
    letter = digest.digest(site, changes, since, today, territory)
    _draw_letter(letter, site.territories.name(territory) if territory else WHOLE, today)


def _since(today: datetime.date) -> datetime.date:
    """Draw the choice of the first day of the letter."""
    months = st.segmented_control(
        "Depuis",
        list(PERIODS),
        key="lettre_periode",
        default=USUAL,
        required=True,
        format_func=PERIODS.__getitem__,
    )
    day = (pd.Timestamp(today) - pd.DateOffset(months=months or USUAL)).date()
    if months:
        return day
    chosen = st.date_input(
        "Premier jour", day, max_value=today, min_value=datetime.date(2000, 1, 1), format="DD/MM/YYYY", width=220
    )
    return chosen if isinstance(chosen, datetime.date) else day


def _draw_letter(letter: digest.Digest, where: str, today: datetime.date) -> None:
    address = offer.published(st.context.url or "")
    context = {"lettre": letter, "adresse": address, "carte": digest.card_address}
    if letter.remarks:
        render.show("remarques.html", remarques=letter.remarks)
    render.show("lettre.html", **context)
    text = digest.markdown(letter, address)
    name = f"esscarto-lettre-{fold(where).replace(' ', '-')}-{today.isoformat()}"
    page = partial(render.html, "lettre_fichier.html", **context)
    files = (
        offer.File("Télécharger (page web)", f"{name}.html", "text/html", page),
        offer.File("Télécharger (texte Markdown)", f"{name}.md", "text/markdown", lambda: text),
    )
    with st.expander("Copier le texte"):
        st.code(text, language=None, wrap_lines=True)
    offer.row("lettre_fichier", files)
