"""What has changed since a day, ready to paste in a newsletter."""

import datetime
import urllib.parse

import pandas as pd
import streamlit as st

from esscarto import digest, journal
from esscarto.access import Person
from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.site import Site
from esscarto.ui import cache, render, state
from esscarto.ui.directory.health import WHOLE, choose_territory

PERIODS = {1: "1 mois", 3: "3 mois", 6: "6 mois", 12: "1 an", 0: "Autre jour"}
"""Months before today -> how it is offered; 0 is a day that the person chooses."""
USUAL = 6
"""The newsletter comes out twice a year."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


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
    address = published_at(st.context.url or "")
    context = {"lettre": letter, "adresse": address, "carte": digest.card_address}
    if letter.remarks:
        render.show("remarques.html", remarques=letter.remarks)
    render.show("lettre.html", **context)
    text = digest.markdown(letter, address)
    name = f"esscarto-lettre-{fold(where).replace(' ', '-')}-{today.isoformat()}"
    offers = (
        ("Télécharger (page web)", "html", render.html("lettre_fichier.html", **context)),
        ("Télécharger (texte Markdown)", "md", text),
    )
    with st.expander("Copier le texte"):
        st.code(text, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        for label, extension, content in offers:
            st.download_button(
                label,
                content,
                f"{name}.{extension}",
                "text/html" if extension == "html" else "text/markdown",
                key=f"lettre_{extension}",
                on_click="ignore",
                icon=":material/download:",
            )


def published_at(url: str) -> str:
    """Return where the application is published, from the address of this page; "" on one machine only."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.hostname in _LOOPBACK:
        return ""
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, parts.path.rpartition("/")[0], "", ""))
