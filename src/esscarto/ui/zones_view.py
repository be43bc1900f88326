"""The page Zones blanches: who lives far from every known actor of a theme or a type, and where."""

import datetime
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from esscarto.cartography.zone_map import MOST_CIRCLES, zone_map
from esscarto.filters import FACETS, ActorFilter
from esscarto.french import NBSP, count, fold, number, short_vintage
from esscarto.reach import WhiteZones, white_zones
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import chooser, offer, page_state, render, state
from esscarto.vocabulary import PRIORITY_SOURCE, PRIORITY_THEMES, THEMES, TYPES

PAGE = "zones_blanches"
DEFAULTS: dict[str, Any] = {"th": "", "ty": "", "d": 10, "qui": "ess"}
"""Key of the address -> the value that the address leaves out."""
RADII_KM = (1, 30)
COUNTED = {"ess": "De l’ESS", "tous": "Tous, publics et accompagnement compris"}
"""Which actors in activity are looked for."""
MOST_ROWS = 200


def draw(site: Site) -> None:
    """Draw the page."""
    render.show("titre_zones.html")
    chosen = page_state.page_choice(PAGE, site, DEFAULTS, parsers(site))
    _choices(site, chosen)
    asked = Territory.parse(chosen["t"])
    territory, commune = _around(site, asked), asked.code if asked.level == "commune" else ""
    chosen = {**chosen, "t": str(territory)}
    mask = selection(site, chosen)
    zones = white_zones(site.reach, territory, mask, chosen["d"])
    known_here = mask & ~site.reach.placed & site.index.inside(territory)
    render.show(
        "zones_phrase.html",
        **_sentence(site, chosen, zones),
        ici=int(np.count_nonzero(known_here)),
        commune=_line(site, commune, zones.communes.loc[commune]) if commune else None,
    )
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        frame = site.actors.frame
        actors = frame.loc[mask & site.reach.placed, ["x", "y"]].to_numpy(float)
        render.show(
            "zones_carte.html",
            carte=zone_map(site.territories, territory, zones, actors, commune),
            nom=site.territories.title(territory),
            blanches=len(zones.white),
            communes=len(zones.communes),
            rayon=chosen["d"],
            cercles=len(actors) <= MOST_CIRCLES,
            contours=site.territories.vintages.get("contours", ""),
        )
    with right:
        render.show("zones_epci.html", lignes=_totals(site, zones), rayon=chosen["d"])
        _download(site, chosen, zones)
    render.show(
        "zones_liste.html",
        lignes=[_line(site, code, row) for code, row in zones.white.head(MOST_ROWS).iterrows()],
        total=len(zones.white),
        quoi=what(chosen),
        rayon=chosen["d"],
        annee=short_vintage(site.territories.vintages.get("populations", "")),
    )


def parsers(site: Site) -> dict[str, Any]:
    """Return what reads each key of the address: None when a value is not known."""
    low, high = RADII_KM

    return {
        "t": lambda text: state.known_territory(text, site),
        "th": lambda text: text if text in THEMES else None,
        "ty": lambda text: text if text in TYPES else None,
        "d": lambda text: int(text) if text.isdecimal() and low <= int(text) <= high else None,
        "qui": lambda text: text if text in COUNTED else None,
    }


def _around(site: Site, territory: Territory) -> Territory:
    """Return what is drawn: a commune gives its intercommunalité, alone it has no zone."""
    return (territory.level == "commune" and site.territories.parent(territory)) or territory


def selection(site: Site, chosen: dict[str, Any]) -> np.ndarray:
    """Return the actors that are looked for, in the order of the actors: projects and closed places never are."""
    facets = {key: (chosen[key],) for key in ("th", "ty") if chosen[key]}
    mask = site.index.mask(ActorFilter(None, facets))
    if chosen["qui"] == "ess":
        return mask & site.actors.counted
    states = site.index.rows["s"]
    return mask & (states["actif"] | states["a_verifier"])


def _choices(site: Site, chosen: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        for theme in PRIORITY_THEMES:
            st.button(
                THEMES[theme],
                key=f"zone_{theme}",
                on_click=partial(page_state.choose, PAGE, th=theme, ty=""),
                type="primary" if chosen["th"] == theme and not chosen["ty"] else "secondary",
            )
    offered = {key: name for key, name in chooser.territories(site).items() if not key.startswith("commune:")}
    offered.pop(state.EVERYWHERE)
    asked = Territory.parse(chosen["t"])
    if asked.level == "commune":
        around = site.territories.name(_around(site, asked))
        offered = {str(asked): f"{around}, depuis {site.territories.name(asked)}", **offered}
    first, second, third = st.columns(3)
    chooser.box(first, "Territoire", offered, page_state.page_key(PAGE, "t"))
    for column, key, everything in ((second, "th", "Tous les thèmes"), (third, "ty", "Tous les types")):
        labels = {"": everything, **FACETS[key].labels}
        column.selectbox(
            FACETS[key].title,
            ["", *dict.fromkeys([*site.index.present[key], *([chosen[key]] if chosen[key] else [])])],
            key=page_state.page_key(PAGE, key),
            format_func=labels.__getitem__,
        )
    left, right = st.columns(2)
    left.slider("Plus loin que", *RADII_KM, key=page_state.page_key(PAGE, "d"), format=f"%d{NBSP}km")
    right.radio(
        "Acteurs cherchés",
        list(COUNTED),
        key=page_state.page_key(PAGE, "qui"),
        format_func=COUNTED.__getitem__,
        horizontal=True,
    )


def what(chosen: dict[str, Any]) -> str:
    """Say which actors are looked for: ``acteur connu de l’ESS, thème culture``."""
    facets = [FACETS[key].say((chosen[key],)) for key in ("th", "ty") if chosen[key]]
    return ", ".join(["acteur connu de l’ESS" if chosen["qui"] == "ess" else "acteur connu", *facets])


def _sentence(site: Site, chosen: dict[str, Any], zones: WhiteZones) -> dict[str, Any]:
    white = len(zones.white)
    everyone = int(zones.communes["population"].sum())
    return {
        "habitants": count(zones.inhabitants, "habitant"),
        "part": f"{number(100 * zones.inhabitants / everyone, 1)}{NBSP}%" if everyone else "",
        "communes": count(white, "commune"),
        "sur": number(len(zones.communes)),
        "nom": site.territories.title(Territory.parse(chosen["t"])),
        "quoi": what(chosen),
        "rayon": chosen["d"],
        "mesures": zones.measured,
        "sans_point": zones.unplaced,
        "priorites": " ; ".join(f"{title}, lignes {lines}" for title, lines in site.cite(PRIORITY_SOURCE)),
    }


def _totals(site: Site, zones: WhiteZones) -> list[dict[str, Any]]:
    return [
        {
            "nom": site.territories.name(Territory("epci", str(code))) if code else "Sans intercommunalité",
            "communes": f"{number(row.white_communes)} sur {number(row.communes)}",
            "habitants": number(row.white_population),
            "part": f"{number(100 * row.white_population / row.population, 1)}{NBSP}%" if row.population else "",
        }
        for code, row in zip(zones.totals().index, zones.totals().itertuples(), strict=True)
    ]


def _line(site: Site, code: Any, row: Any) -> dict[str, Any]:
    holder = row["siren_epci"]
    return {
        "code": code,
        "nom": site.territories.name(Territory("commune", str(code))),
        "epci": site.territories.name(Territory("epci", holder)) if holder else "",
        "habitants": number(row["population"]),
        "km": f"{number(row['km'], 1)}{NBSP}km" if row["actor"] else "",
        "acteur": row["actor"],
        "acteur_nom": site.actors.frame.at[row["actor"], "nom"] if row["actor"] else "",
    }


def _download(site: Site, chosen: dict[str, Any], zones: WhiteZones) -> None:
    today = datetime.date.today()
    place = fold(site.territories.title(Territory.parse(chosen["t"]))).replace(" ", "-")
    name = f"esscarto-zones-blanches-{place}-{today.isoformat()}.xlsx"
    make = partial(_workbook, site, chosen, zones, today)
    offer.row(
        "zones_fichier", [offer.File("Exporter en Excel", name, offer.EXCEL, make, disabled=not len(zones.white))]
    )


def _workbook(site: Site, chosen: dict[str, Any], zones: WhiteZones, day: datetime.date) -> bytes:
    # Imported here: the library that writes workbooks takes a tenth of a second that no page needs to wait for.
    from esscarto.documents.zones_xlsx import export

    return export(site, site.territories.title(Territory.parse(chosen["t"])), zones, what(chosen), day)
