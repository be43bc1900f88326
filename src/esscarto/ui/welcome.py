"""The first page: what esscarto is, one door a user, and one block a PETR with its key figures."""

from typing import Any

import numpy as np
import streamlit as st

from esscarto import figures
from esscarto.cartography.thumbnail import thumbnail
from esscarto.french import number, short_vintage
from esscarto.settings import PAGES
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import chooser, render
from esscarto.ui.state import EVERYWHERE

KEY_FIGURES = ("emplois_ess", "part_emplois_ess", "etablissements_employeurs_ess")
DOORS = (
    (
        "Je suis élu ou élue",
        "Ce qu’il y a chez moi, ce que je peux faire, et qui appeler.",
        (
            ("agir.py", "Agir dans mes compétences", ":material/bolt:"),
            ("comparer.py", "Comparer mon intercommunalité", ":material/compare_arrows:"),
            ("zones_blanches.py", "Voir les zones blanches", ":material/wrong_location:"),
        ),
    ),
    (
        "Je porte un projet",
        "Qui le fait déjà, qui aide, qui finance, près de chez moi.",
        (
            ("partenaires.py", "Trouver des partenaires", ":material/handshake:"),
            ("inspirations.py", "Voir ce qui a été fait", ":material/lightbulb:"),
            ("panier.py", "Retrouver mon panier", ":material/shopping_basket:"),
        ),
    ),
    (
        "J’anime le territoire",
        "Montrer l’ESS, préparer des visites, tenir l’annuaire.",
        (
            ("carte.py", "Explorer la carte", ":material/map:"),
            ("ess_tour.py", "Préparer un ESS Tour", ":material/route:"),
            ("donnees.py", "Tenir l’annuaire à jour", ":material/edit_note:"),
        ),
    ),
)
"""One door a user: its title, what is behind it, and the pages it opens."""


def draw(site: Site) -> None:
    """Draw the first page."""
    followed = int(site.actors.frame["petr"].notna().sum())
    render.show("accueil.html", ici=followed, ailleurs=len(site.actors) - followed)
    for column, door in zip(st.columns(len(DOORS)), DOORS, strict=True):
        with column.container(border=True, height="stretch"):
            _door(site, *door)
    render.show("petrs.html", petrs=[_petr(site, Territory("petr", code)) for code in _petr_codes(site)])


def _door(site: Site, title: str, text: str, pages: tuple[tuple[str, str, str], ...]) -> None:
    render.show("porte.html", titre=title, texte=text)
    if pages[0][0] == "agir.py":
        _choose_territory(site)
    for file, label, icon in pages:
        st.page_link(PAGES / file, label=label, icon=icon, width="stretch")


def _choose_territory(site: Site) -> None:
    """Draw the shortest way of an élu: the name of the commune, and its sheet opens."""
    titles = chooser.territories(site)
    chosen = st.selectbox(
        "Ma commune ou mon intercommunalité",
        [code for code in titles if code != EVERYWHERE],
        index=None,
        key="chez_moi",
        format_func=titles.__getitem__,
        placeholder="Tapez son nom",
    )
    if chosen:
        st.switch_page(PAGES / "territoires.py", query_params={"t": chosen})


def _petr_codes(site: Site) -> list[str]:
    """Return the PETR, the one with the most inhabitants first."""
    return site.territories.layers["petr"]["population"].sort_values(ascending=False).index.tolist()


def _petr(site: Site, petr: Territory) -> dict[str, Any]:
    inside = site.index.inside(petr)
    counted = inside & site.actors.counted
    known = site.actors.frame.loc[counted, "code_insee"].dropna()
    row = site.territories.row(petr)
    printed = [_printed(site, petr, indicator) for indicator in KEY_FIGURES]
    return {
        "code": petr.code,
        "nom": row["nom"],
        "communes": number(len(site.territories.communes_of(petr))),
        "epci": number(len(site.territories.children(petr, "epci"))),
        "population": number(row["population"]),
        "annee": short_vintage(site.territories.vintages.get("populations", "")),
        "carte": thumbnail(site.territories, petr, frozenset(known)),
        "chiffres": [
            {
                "titre": "Acteurs de l’ESS connus de l’annuaire",
                "valeur": number(int(np.count_nonzero(counted))),
                "annee": "esscarto",
                "source": "",
            },
            *[line for line in printed if line],
        ],
    }


def _printed(site: Site, petr: Territory, indicator: str) -> dict[str, str]:
    row = site.figures.find(str(petr), indicator)
    titles = {
        "emplois_ess": "Emplois de l’ESS",
        "part_emplois_ess": "Part de l’ESS dans l’emploi",
        "etablissements_employeurs_ess": "Établissements employeurs de l’ESS",
    }
    if row is None:
        return {"titre": titles[indicator], "valeur": figures.NOT_GIVEN, "annee": "", "source": ""}
    source = " ; ".join(f"{document}, ligne {lines}" for document, lines in site.cite(row["source"]))
    value = figures.say(row) if row["unite"] == "%" else figures.amount(row)
    return {"titre": titles[indicator], "valeur": value, "annee": figures.year(row), "source": source}
