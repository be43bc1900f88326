"""The page Territoires: the sheet of one territory, and the files to take it away."""

import datetime
import functools
import importlib.util
from functools import partial
from typing import Any

import streamlit as st

from esscarto import links as safe
from esscarto.cartography.place_map import place_map
from esscarto.french import fold
from esscarto.sheets.build import build
from esscarto.sheets.model import Sheet
from esscarto.sheets.place import place
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import chooser, comparing, offer, page_state, render, state
from esscarto.vocabulary import LEVEL_SHORT

PAGE = "territoires"
MOST_FOUND = 12
FILES = (
    ("sheet_pdf", ".pdf", "application/pdf", "Fiche en PDF", "A4, à imprimer ou à envoyer."),
    (
        "sheet_xlsx",
        ".xlsx",
        offer.EXCEL,
        "Chiffres en Excel",
        "Chaque chiffre avec son année, son périmètre et sa source.",
    ),
    (
        "sheet_poster",
        "-affiche.pdf",
        "application/pdf",
        "Affiche A4",
        "Une page à afficher, avec un code QR vers cette fiche si le site est en ligne.",
    ),
    (
        "green_pages",
        "-pages-vertes.pdf",
        "application/pdf",
        "Pages vertes",
        "Le guide à imprimer : les acteurs par thème, puis un index par commune.",
    ),
    (
        "sheet_slides",
        ".pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "Diapositives",
        "PowerPoint ou LibreOffice : textes, tableaux et graphiques à modifier.",
    ),
)
"""Module of ``esscarto.documents``, ending of the name, media type, label, use."""
EXTRAS = {"sheet_slides": "pptx"}
"""Module of ``esscarto.documents`` -> the library that it needs and that not every machine has."""


def draw(site: Site) -> None:
    """Draw the page."""
    chosen = page_state.page_choice(PAGE, site, {}, {"t": functools.partial(state.known_territory, site=site)})
    territory = Territory.parse(chosen["t"])
    sheet, picture = _sheet(site, territory, datetime.date.today())
    _choose(site, territory)
    render.show(
        "fiche.html",
        fiche=sheet,
        carte=picture,
        carte_lien=_map_link(site, territory),
        comparer=comparing.link(site, territory, territory.level),
        mail=safe.mail,
    )
    _files(site, sheet)
    # A part of a PETR has few figures of its own: whom to call and who is near come first.
    order = (
        ("fiche_annuaire.html", "fiche_chiffres.html")
        if sheet.borrows
        else ("fiche_chiffres.html", "fiche_annuaire.html")
    )
    for template in order:
        render.show(template, fiche=sheet, mail=safe.mail)
    render.show("fiche_pied.html", fiche=sheet)


@functools.lru_cache(maxsize=64)
def _sheet(site: Site, territory: Territory, day: datetime.date) -> tuple[Sheet, str]:
    """Return a sheet and its map, kept: a rerun asks for them again."""
    return build(site, territory, day), place_map(place(site, territory))


def _choose(site: Site, territory: Territory) -> None:
    """Draw the choice of a territory: those of the PETR in a list, every other by its name."""
    offered = {code: name for code, name in chooser.territories(site).items() if code != state.EVERYWHERE}
    offered.setdefault(str(territory), chooser.title(site, territory))
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    chooser.box(left, "Territoire", offered, page_state.page_key(PAGE, "t"))
    words = right.text_input(
        "Chercher une autre commune ou intercommunalité",
        key=page_state.page_key(PAGE, "q"),
        max_chars=state.MAX_WORDS,
        placeholder="Laon, Amiens, Thiérache… puis Entrée",
    )
    if words.strip():
        found = site.territories.search(words)
        render.show(
            "fiche_recherche.html",
            mots=words.strip(),
            trouves=[(str(one), chooser.title(site, one), LEVEL_SHORT[one.level]) for one in found[:MOST_FOUND]],
            restent=max(0, len(found) - MOST_FOUND),
        )


def _files(site: Site, sheet: Sheet) -> None:
    """Draw the buttons of the files; a file is made when its button is clicked."""
    name = f"esscarto-{fold(sheet.title).replace(' ', '-')}-{sheet.day.isoformat()}"
    # Where the visitor reads this page is where a printed code must lead.
    base = offer.published(st.context.url or "")
    files = (
        offer.File(label, name + ending, mime, partial(_content, module, site, sheet, base), use)
        for module, ending, mime, label, use in FILES
        if module not in EXTRAS or importlib.util.find_spec(EXTRAS[module])
    )
    offer.row("fiche", files, main=FILES[0][3])
    if not base:
        st.caption(
            "Cette page est lue sur votre ordinateur, que nul autre ne peut ouvrir : "
            "les fichiers n’auront ni code QR ni adresse du site."
        )


def _content(module: str, site: Site, sheet: Sheet, base: str) -> bytes:
    # Imported here: what writes documents is not to be waited for by whoever only reads the page.
    writer: Any = importlib.import_module(f"esscarto.documents.{module}")
    return bytes(writer.export(site, sheet, base))


def _map_link(site: Site, territory: Territory) -> str:
    """Return the address of the map of a territory; a commune is selected on that of its intercommunalité."""
    above = site.territories.parent(territory)
    if territory.level == "commune" and above:
        return f"carte?t={above}&sel={territory}"
    wide = "&n=epci" if territory.level in ("departement", "region") else ""
    return f"carte?t={territory}{wide}"
