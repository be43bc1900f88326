"""Distances by road: asked of the route service by a button, never by a page that is drawn."""

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from esscarto.dossier import Roads
from esscarto.french import count, number
from esscarto.storage.road_cache import RoadCache
from esscarto.storage.roads import LIMITS, Asked, Pair, ask, route_service, wanted
from esscarto.ui import cache, page_state, render, state

OWN = "partenaires_routes"
"""What this visitor alone knows: the roads from an address that they typed."""
PATIENCE_S = 8.0
"""Seconds that somebody before a page waits for one answer."""


def draw(page: str, pairs: Iterable[Pair], known: RoadCache, sent: str) -> None:
    """Draw the button that asks the roads not known yet, and what came of the last request.

    Parameters
    ----------
    page : str
        The page, for the key of its button.
    pairs : iterable of Pair
        From where, to where.
    known : RoadCache
        The roads that are known. With a file, the answers go to it, else to this one.
    sent : str
        What is sent to the service, in words: « Les points des étapes ».
    """
    missing, told = wanted(pairs, known), page_state.page_key(page, "routes_dit")
    if missing:
        label = f"Demander {count(len(missing), 'distance')} par la route"
        if st.button(label, key=page_state.page_key(page, "routes"), icon=":material/route:"):
            state.keep(told, _ask(missing, known))
            st.rerun()
        st.caption(f"{sent} sont envoyés au service d’itinéraire de l’IGN, et à lui seul.")
    done: Asked | None = state.kept(told)
    if done:
        state.keep(told, None)
        render.show("refus.html" if done.interrupted else "annonce.html", texte=_say(done))


def known() -> Roads:
    """Return what tells a road to this visitor: the file, and the roads from their own address."""
    own, shared = state.kept(OWN) or RoadCache(), cache.roads()
    return lambda start, end: own.get(start, end) or shared.get(start, end)


def _ask(missing: list[Pair], known: RoadCache) -> Asked:
    with st.empty(), route_service(limits=replace(LIMITS, deadline_s=PATIENCE_S)) as service:

        def tell(done: int, total: int) -> None:
            st.progress(done / total, text=f"Distances par la route : {number(done)} sur {number(total)}")

        return ask(missing, RoadCache(known.path) if known.path else known, service, tell)


def _say(done: Asked) -> str:
    received = f"{count(done.received, 'distance')} par la route {'reçues' if done.received > 1 else 'reçue'}"
    if done.interrupted:
        got = f"{received} avant l’arrêt, les autres" if done.received else "Les distances"
        return f"{done.interrupted} {got} restent en ligne droite."
    without = f" {count(done.without, 'trajet')} sans itinéraire : en ligne droite." if done.without else ""
    return f"{received}.{without}"
