"""The first page: what esscarto is, one block a PETR with its key figures, and three doors."""

from typing import Any

import numpy as np
import streamlit as st

from esscarto import figures
from esscarto.cartography.thumbnail import thumbnail
from esscarto.french import number, short_vintage
from esscarto.settings import PAGES
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import render

KEY_FIGURES = ("emplois_ess", "part_emplois_ess", "etablissements_employeurs_ess")
DOORS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (
        "Explorer mon territoire",
        ":material/map:",
        "Qui est là, commune par commune, et comment se compare mon intercommunalité.",
        {},
    ),
    (
        "Trouver des partenaires",
        ":material/handshake:",
        "Qui accompagne, qui finance, quels réseaux existent dans la région.",
        {"t": "partout", "n": "epci", "f": "accompagnement"},
    ),
    (
        "Préparer un ESS Tour",
        ":material/route:",
        "Les lieux connus à l’adresse, à choisir sur la carte et à emporter en Excel ou en fiches de contact.",
        {"p": "adresse"},
    ),
)


def draw(site: Site) -> None:
    """Draw the first page."""
    followed = int(site.actors.frame["petr"].notna().sum())
    render.show(
        "accueil.html",
        petrs=[_petr(site, Territory("petr", code)) for code in _petr_codes(site)],
        ici=followed,
        ailleurs=len(site.actors) - followed,
    )
    for column, (title, icon, text, query) in zip(st.columns(len(DOORS)), DOORS, strict=True):
        with column.container(border=True):
            st.page_link(PAGES / "carte.py", label=f"**{title}**", icon=icon, query_params=query, width="stretch")
            st.caption(text)


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
