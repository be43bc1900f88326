"""The card beside the map: the selected commune, intercommunalité or actor."""

import re
from typing import Any

import numpy as np
import streamlit as st

from esscarto import figures
from esscarto import links as safe
from esscarto.cartography.layers import words
from esscarto.french import date, short_vintage
from esscarto.metrics import INDICATORS, headcount_bounds
from esscarto.proximity import nearest
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.supports import ROLES as ROLE_WORDS
from esscarto.territories import Territory
from esscarto.ui import basket, render, state, tour_choice
from esscarto.ui.state import View
from esscarto.vocabulary import (
    CATEGORIES,
    CONFIANCES,
    LEVEL_SHORT,
    PRECISIONS,
    ROLES,
    STATUTS,
    STATUTS_ESS,
    THEMES,
    TYPES,
    tranche_label,
)

NEAREST_SHOWN = 3
CARD_KEYS = ("acteurs", "pour_1000", "pour_100km2", "diversite", "sans_acteur", "couverture")


def draw(site: Site, view: View) -> None:
    """Draw the card of what is selected, or what to do when nothing is."""
    if view.actor:
        render.show("acteur.html", **actor_card(site, view.actor))
        basket.add_button(f"acteur:{view.actor}", wide=True)
        tour_choice.button(view.actor)
    elif view.selected:
        card = territory_card(site, view.selected, view)
        render.show("territoire.html", **card)
        if card["acteurs"]:
            st.button(
                "Voir seulement ce territoire",
                on_click=state.choose_territory,
                args=(str(view.selected),),
                width="stretch",
            )
    else:
        render.show("invitation.html")
        return
    st.button("Fermer la fiche", on_click=state.unselect, width="stretch")


def territory_card(site: Site, territory: Territory, view: View) -> dict[str, Any]:
    """Return what the card of a territory shows, against the level above."""
    territories = site.territories
    everywhere = site.index.mask(view.wanted.everywhere())
    above = territories.parent(territory)
    own = site.counter(territory.level).counts(everywhere)
    reference = site.counter(above.level).counts(everywhere) if above else None
    lines = []
    for key in CARD_KEYS:
        indicator = INDICATORS[key]
        if territory.level in indicator.levels:
            there = indicator.plain(indicator.value(reference, above.code)) if above and reference is not None else ""
            lines.append((indicator.title, indicator.plain(indicator.value(own, territory.code)), there))
    inside = site.index.inside(territory) & everywhere
    row = territories.row(territory)
    return {
        "code": str(territory),
        "nom": territories.name(territory),
        "dans": [territories.name(holder) for holder in territories.parents(territory)],
        "population": row["population"],
        "annee": short_vintage(territories.vintages.get("populations", "")),
        "surface": row["area_km2"],
        "reference": territories.name(above) if above else "",
        "niveau": LEVEL_SHORT[above.level] if above else "",
        "salaries": headcount_bounds(own, territory.code),
        "lignes": lines,
        "acteurs": [_entry(site, str(actor)) for actor in site.actors.frame.index[inside]],
        "comptes": int(np.count_nonzero(inside & site.actors.counted)),
        "contacts": _contacts(site, [territory, *territories.parents(territory)]),
        "autour": [] if inside.any() else _nearest(site, territory, everywhere),
    }


def actor_card(site: Site, actor: str) -> dict[str, Any]:
    """Return what the card of an organisation shows: this place, its other places, figures and relations."""
    row = site.actors.frame.loc[actor]
    organisation = row["organisation"]
    position = site.actors.frame.index.get_loc(actor)
    places = [other for other in site.organisations[organisation] if other != actor]
    printed = [
        {
            "libelle": line["libelle"],
            "valeur": figures.say(line),
            "annee": figures.year(line),
            "note": line["note"],
            "source": site.cite(line["source"]),
        }
        for line in site.figures.about(f"acteur:{organisation}")
    ]
    links = [
        {
            "mots": link.words,
            "nom": site.organisation_name(link.organisation),
            "id": site.organisations[link.organisation][0],
            "objet": link.about,
            "quand": link.when,
            "source": site.cite(link.source),
        }
        for link in site.network.of(organisation)
    ]
    return {
        "acteur": row,
        "categorie": site.actors.category[actor],
        "titre": CATEGORIES[site.actors.category[actor]],
        "rapport": ""
        if row["statut_ess"] in ("accompagnement", "public", "hors_ess")
        else STATUTS_ESS[row["statut_ess"]],
        "types": words(row["types"], TYPES),
        "themes": words(row["themes"], THEMES),
        "roles": words(row["roles"], ROLES),
        "lieu": site.places[position],
        "precision": _precision(row["precision"], row["lieu_confiance"]),
        "lieu_date": _place_date(row["lieu_source"], row["lieu_date"]),
        "confiance": CONFIANCES.get(row["lieu_confiance"], ""),
        "lieu_sources": [_reference(part.strip()) for part in row["lieu_source"].split(";") if part.strip()],
        "etat": STATUTS[row["statut"]],
        "etat_date": date(row["statut_date"]) if row["statut_date"] else "",
        "taille": row["effectif_imprime"]
        or (tranche_label(row["tranche_effectif"]) if row["tranche_effectif"] else ""),
        "aliases": [alias for alias in row["aliases"].split(LIST_SEPARATOR) if alias],
        "sites": [_entry(site, other) for other in places],
        "chiffres": printed,
        "relations": links,
        "pratiques": [(sheet["id"], sheet["titre"]) for sheet in site.practices.of(organisation)],
        "source": site.cite(row["source"]),
        "lien": safe.web(row["site_web"]),
        "courriel": safe.mail(row["courriel"]),
    }


def _precision(code: str, confidence: str) -> str:
    words = "douteuse, sans point sur la carte" if confidence == "douteux" else PRECISIONS[code]
    return words[0].lower() + words[1:]


def _place_date(source: str, iso: str) -> str:
    """Say the date of a place, unless its source already says it."""
    words = date(iso) if iso else ""
    return "" if words in source else words


def _reference(text: str) -> tuple[str, str]:
    """Return a public reference as the words to show and the address to open, if it is one."""
    found = re.fullmatch(r"https?://(?:www\.)?([^/\s]+)\S*", text)
    return (found[1], text) if found else (text, "")


def _entry(site: Site, actor: str) -> dict[str, str]:
    row = site.actors.frame.loc[actor]
    return {
        "id": actor,
        "nom": row["nom"],
        "categorie": site.actors.category[actor],
        "famille": CATEGORIES[site.actors.category[actor]],
        "types": words(row["types"], TYPES),
        "commune": row["commune"],
        "etat": "" if row["statut"] == "actif" else STATUTS[row["statut"]].lower(),
    }


def _contacts(site: Site, holders: list[Territory]) -> list[dict[str, str]]:
    """Return whom to call, from the intercommunalité to the département: one line an organisation."""
    local = [holder for holder in holders if holder.level != "region"]
    lines: dict[str, dict[str, str]] = {}
    for row in site.supports.for_territories(local):
        line = lines.setdefault(
            row["organisation"],
            {
                "nom": site.organisation_name(row["organisation"]),
                "id": site.organisations[row["organisation"]][0],
                "fonction": row["contact_fonction"],
                "courriel": row["courriel"],
                "role": "",
            },
        )
        line["role"] = ", ".join(part for part in (line["role"], ROLE_WORDS[row["role"]]) if part)
    return list(lines.values())


def _nearest(site: Site, territory: Territory, mask: np.ndarray) -> list[dict[str, Any]]:
    """Return the nearest placed actors of the selection, in kilometres as the crow flies (Lambert-93)."""
    found = nearest(site.actors, site.territories, territory, mask, NEAREST_SHOWN)
    return [{**_entry(site, actor), "km": kilometres} for actor, kilometres in found]
