"""The practices done elsewhere: one theme at a time, or one sheet."""

from typing import Any

import streamlit as st

from esscarto import figures
from esscarto.practices import NATURES, STATES
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import basket, page_state, render
from esscarto.vocabulary import THEMES

OPTIONAL = (
    *("contexte", "objectifs", "description", "etapes", "points_de_vigilance", "cles_de_reussite"),
    *("remarques", "periode", "lieu_imprime"),
)
"""Fields that a sheet leaves out when its document does not give them."""
PARTS = {"financements": ("financeur", "objet", "montant"), "partenaires": ("nom", "role")}


def draw(site: Site) -> None:
    """Draw the page."""
    theme, chosen = page_state.practice_choice(site)
    render.show("titre_inspirations.html", total=len(site.practices.sheets))
    if chosen:
        st.button("Toutes les pratiques", icon=":material/arrow_back:", on_click=page_state.all_practices)
        render.show("pratique.html", pratique=sheet(site, site.practices.by_id[chosen]), ouverte=True)
        basket.add_button(f"pratique:{chosen}")
        return
    present = [code for code in THEMES if site.practices.about(code)]
    st.selectbox(
        "Thème", ["", *present], key="pth", format_func=lambda code: THEMES[code] if code else "Tous les thèmes"
    )
    for found in site.practices.about(theme):
        render.show("pratique.html", pratique=sheet(site, found), ouverte=False)


def sheet(site: Site, found: dict[str, Any]) -> dict[str, Any]:
    """Return what a sheet shows, its codes in words."""
    organisation = found.get("organisation", "")
    known = organisation in site.organisations
    whole = {**dict.fromkeys(OPTIONAL, ""), **found}
    for part, names in PARTS.items():
        whole[part] = [{**dict.fromkeys(names, ""), **line} for line in found.get(part, [])]
    whole["contact"] = {**dict.fromkeys(("courriel", "site_web"), ""), **found.get("contact", {})}
    return {
        **whole,
        "nature_mots": NATURES[found["nature"]],
        "etat_mots": STATES[found["etat"]],
        "themes_mots": ", ".join(THEMES[code] for code in found.get("themes", [])),
        "lieu_mots": ", ".join(_place(site, part) for part in found.get("lieu_imprime", "").split("|") if part),
        "organisation_id": site.organisations[organisation][0] if known else "",
        "organisation_nom": site.organisation_name(organisation) if known else "",
        "impacts_mots": [
            (line["libelle"], _amount(line), site.cite(line["source"])) for line in found.get("impacts", [])
        ],
        "cite": site.cite(found["source"]),
    }


def _place(site: Site, text: str) -> str:
    level, _, code = text.partition(":")
    layer = site.territories.layers.get(level)
    return site.territories.title(Territory(level, code)) if layer is not None and code in layer.index else text


def _amount(line: dict[str, Any]) -> str:
    """Say an impact in words; an effect that is only described has no value."""
    if "valeur" not in line:
        return ""
    row = {name: str(line.get(name, "")) for name in ("valeur", "valeur_max", "unite", "qualite", "annee")}
    return f"{figures.say(row)} ({figures.year(row)})"
