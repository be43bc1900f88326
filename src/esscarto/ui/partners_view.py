"""The page Partenaires: the answer by role, its map, and the other way round."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from esscarto import dossier, figures, links
from esscarto.asking import BY_ROAD, PLACED, Answer, Group, Item
from esscarto.cartography.answer_map import Mark, answer_map
from esscarto.cartography.symbols import STYLES
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.firsts import firsts
from esscarto.french import NBSP, bound, date, number
from esscarto.introductions import introductions
from esscarto.partners import COUNTRY, UNPRINTED, answer
from esscarto.practices import money
from esscarto.programmes import NATURES, STATES
from esscarto.site import Site
from esscarto.storage.road_cache import Point, Road, RoadCache, point
from esscarto.ui import basket, cache, partners_question, render, roads_view, state, style
from esscarto.vocabulary import PRECISIONS, STATUTS, THEMES

SHOWN = 5
"""Answers of one role before the others are folded."""
FARTHEST_KM = 60.0
"""The widest that the map of the nearest goes."""
OUTLINED = ("projet", "passe")
_UNFOLDED = "partenaires_dépliés"


def draw(site: Site) -> None:
    """Draw the page."""
    gesture = state.take_gesture()
    render.show("titre_partenaires.html")
    chosen = partners_question.read(site)
    partners_question.draw(site, chosen)
    if chosen["vue"] == "rencontres":
        _meetings(site, chosen)
    else:
        _answer(site, chosen, gesture)


def _answer(site: Site, chosen: dict[str, Any], gesture: str) -> None:
    found = answer(site, partners_question.question(site, chosen))
    numbers = numbered(found)
    unfolded = _unfolded(gesture)
    asked = found.question
    marks = [_mark(item, at) for item, at in numbers.values() if item.xy]
    drawing = answer_map(site.territories, asked.place.xy, _half(found), marks, circle=not asked.nearest_n)
    off = {number for _, number in numbers.values()} - set(drawing.drawn)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        may_keep = bool(numbers) and _keep(site, chosen, found, gesture)
        roads = _roads(site, chosen, found, numbers)
        groups = [_group(site, group, numbers, off, roads, group.code in unfolded) for group in found.groups]
        render.show(
            "partenaires_reponse.html",
            groupes=groups,
            lieu=asked.place.label,
            hors=not found.holders,
            suivi=any(holder.level == "petr" for holder in found.holders),
            par_nombre=asked.nearest_n,
            rayon=asked.radius_km,
            themes=", ".join(THEMES[code].lower() for code in asked.themes),
            th=asked.themes[0] if asked.themes else "",
            route=number(BY_ROAD, 1),
            itineraires=bool(roads),
            reserve=NOT_A_CENSUS,
            garder=may_keep,
            gardes=basket.held_items(),
        )
    with right, st.container(key="carte_reponse"):
        render.show(
            "partenaires_carte.html",
            carte=drawing.address,
            lieu=asked.place.label,
            dessines=len(drawing.drawn),
            cercle=0 if asked.nearest_n else asked.radius_km,
            rayons=[mark.number for mark in marks if mark.supply_km and mark.number in drawing.drawn],
            contours=site.territories.vintages.get("contours", ""),
        )
        # Apart: three hundred outlines that the browser draws again only when the place changes.
        with st.container(key="carte_clic"):
            render.show("partenaires_clic.html", zones=drawing.areas)


def _keep(site: Site, chosen: dict[str, Any], found: Answer, gesture: str) -> bool:
    """Draw what fills the basket, and say whether it may be filled from here.

    The button beside each result is in the HTML of the answer: one of Streamlit's would cost at each rerun.
    """
    question, asked = partners_question.for_basket(site, chosen)
    if not basket.is_for(question, asked):
        return False
    basket.obey(gesture, question, asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        basket.keep_button(firsts(site, found), "Garder les premiers de chaque rôle", question, asked)
        basket.total()
    return True


def _roads(
    site: Site, chosen: Mapping[str, Any], found: Answer, numbers: Mapping[str, tuple[Item, int]]
) -> dict[str, Road]:
    """Draw the button that asks the roads to the placed results, and return those that are known."""
    known: RoadCache = cache.roads()
    if chosen["pt"]:
        # Where somebody lives, perhaps: in their session, not in a file.
        known = state.kept(roads_view.OWN) or RoadCache()
        state.keep(roads_view.OWN, known)
    place, frame = found.question.place, site.actors.frame
    start = point(place.lon, place.lat)
    ends: dict[str, Point] = {
        key: point(frame["lon"].iloc[item.at], frame["lat"].iloc[item.at])
        for key, (item, _) in numbers.items()
        if item.xy and item.at is not None
    }
    sent = "Le lieu de la question et les points des résultats"
    roads_view.draw(partners_question.PAGE, [(start, end) for end in ends.values()], known, sent)
    return {key: road for key, end in ends.items() if (road := known.get(start, end))}


def numbered(found: Answer) -> dict[str, tuple[Item, int]]:
    """Return, for each key, the answer and its number: that of the list and of the map."""
    numbers: dict[str, tuple[Item, int]] = {}
    for group in found.groups:
        for item in (*group.beyond, *group.items):
            numbers.setdefault(item.key, (item, len(numbers) + 1))
    return numbers


def _half(found: Answer) -> float:
    """Return how far the map goes around the place, in kilometres."""
    if not found.question.nearest_n:
        return found.question.radius_km
    far = [item.km for group in found.groups for item in group.items if item.xy and item.km is not None]
    return min(max([5.0, *far]), FARTHEST_KM)


def _mark(item: Item, number: int) -> Mark:
    x, y = item.xy or (0.0, 0.0)
    return Mark(number, x, y, float(item.supply["valeur"]) if item.supply and item.supply["valeur"] else None)


def _unfolded(gesture: str) -> frozenset[str]:
    """Return the roles whose every result is shown: what is folded is not sent, it would cost at each rerun."""
    what, _, code = gesture.partition(":")
    unfolded: frozenset[str] = state.kept(_UNFOLDED) or frozenset()
    if what == "ouvrir":
        unfolded |= {code}
    elif what == "replier":
        unfolded -= {code}
    state.keep(_UNFOLDED, unfolded)
    return unfolded


def _group(
    site: Site,
    group: Group,
    numbers: Mapping[str, tuple[Item, int]],
    off: set[int],
    roads: Mapping[str, Road],
    unfolded: bool,
) -> dict[str, Any]:
    def said(item: Item) -> dict[str, Any]:
        return _item(site, item, numbers[item.key][1], off, roads.get(item.key))

    return {
        "code": group.code,
        "titre": bound(group.title),
        "elements": [said(item) for item in group.items[:SHOWN]],
        "suivants": len(group.items[SHOWN:]),
        "deplies": [said(item) for item in group.items[SHOWN:]] if unfolded else [],
        "autres": group.known - len(group.items),
        "au_dela": [said(item) for item in group.beyond],
        "blanche": group.white,
        "plus_haut": [(numbers[item.key][1], item.name) for item in group.above if item.key in numbers],
        "rayonne": group.code in PLACED,
    }


def _item(site: Site, item: Item, position: int, off: set[int], road: Road | None) -> dict[str, Any]:
    kind, _, key = item.key.partition(":")
    said = {
        "numero": position,
        "nom": item.name,
        "genre": kind,
        "cle": key,
        "pourquoi": [bound(reason) for reason in item.why],
        "km": f"{number(item.km, 1)}{NBSP}km" if item.km is not None else "",
        "route": dossier.by_road(item.km, road) if item.km else "",
        "hors_carte": bool(item.xy) and position in off,
        "source": site.cite(item.row["source"]),
    }
    match kind:
        case "pratique":
            return said | _practice(item.row)
        case "programme":
            return said | _programme(site, item.row)
    return said | _actor(site, item)


def _actor(site: Site, item: Item) -> dict[str, Any]:
    row, support, at = item.row, item.support, item.at or 0
    where = support.get("territoire", "")
    covered = "" if not support or where == UNPRINTED else "France" if where == COUNTRY else site.subject_name(where)
    placed = bool(site.nearby.placed[at])
    drawn = "vide" if row["statut"] in OUTLINED else "commune" if row["precision_point"] == "commune" else STYLES[0]
    supply = item.supply
    return {
        "symbole": style.symbol(site.categories[at], drawn),
        "lieu": site.places[at],
        "precision": PRECISIONS[row["precision_point"]].lower() if placed else "sans point",
        "etat": "" if row["statut"] == "actif" or "(projet)" in row["nom"] else STATUTS[row["statut"]].lower(),
        "couvre": covered,
        "fonction": support.get("contact_fonction", ""),
        "courriel": links.mail(support.get("courriel") or row["courriel"]),
        "telephone": support.get("telephone") or row["telephone"],
        "site": links.web(support.get("site_web") or row["site_web"]),
        "source": site.cite(support.get("source") or row["source"]),
        "date": date(row["source_date"]),
        "rayon": supply and {"valeur": figures.say(supply), "source": site.cite(supply["source"])},
    }


def _practice(sheet: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resume": bound(sheet["resume"]),
        "financements": [bound(line) for line in money(sheet)],
        "vigilance": [bound(line) for line in sheet.get("points_de_vigilance", [])],
        "date": date(sheet["source_annee"]),
    }


def _programme(site: Site, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "nature": NATURES[row["nature"]].lower(),
        "etat": "" if f"({STATES[row['etat']]})" in row["nom"] or "(projet)" in row["nom"] else STATES[row["etat"]],
        "lieu": "France" if row["territoire"] == COUNTRY else site.subject_name(row["territoire"]),
        "quoi": bound(row["ce_que_c_est"]),
        "pour": bound(row["beneficiaires"]),
        "date": row["date"],
    }


# ---- the other way round


def _meetings(site: Site, chosen: dict[str, Any]) -> None:
    place = partners_question.place(site, chosen)
    found = introductions(site, place.xy, chosen["d"], chosen["e"])
    render.show(
        "partenaires_rencontres.html",
        lieu=place.label,
        rayon=chosen["d"],
        voisin=chosen["e"],
        regardes=found.looked_at,
        isoles=[
            {
                "acteur": _name(site, one.at),
                "themes": ", ".join(THEMES[theme].lower() for theme in one.wanted),
                "voisin": None if one.neighbour is None else _name(site, one.neighbour),
                "km": f"{number(one.km, 1)}{NBSP}km" if one.neighbour is not None else "",
            }
            for one in found.isolated
        ],
        couples=[
            {
                "premier": _name(site, pair.one),
                "second": _name(site, pair.other),
                "km": f"{number(pair.km, 1)}{NBSP}km",
                "themes": " et ".join(THEMES[theme].lower() for theme in pair.themes),
                "raison": bound(pair.reason),
            }
            for pair in found.pairs
        ],
        connus=found.pairs_known,
        reserve=NOT_A_CENSUS,
    )


def _name(site: Site, at: int) -> dict[str, str]:
    row = site.rows[at]
    return {"id": row["id"], "nom": row["nom"], "lieu": site.places[at], "precision": row["precision_point"]}
