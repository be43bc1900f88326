"""From the map to a tour of visits: one actor by a button, all those of a filter by a link."""

import numpy as np
import streamlit as st

from esscarto import tours
from esscarto.french import count
from esscarto.site import Site
from esscarto.tours import MOST, Tour
from esscarto.ui import state


def button(actor: str) -> None:
    """Draw the button that adds an actor to the tour of the visitor, or takes it out."""
    held = state.kept("tour") or Tour()
    inside = actor in held.actors
    st.button(
        f"Retirer du tour ({count(len(held.stops), 'visite')})" if inside else "Ajouter à un ESS Tour",
        key="acteur_tour",
        icon=":material/route:",
        on_click=_toggle,
        args=(actor,),
        disabled=not inside and len(held.stops) >= MOST,
        width="stretch",
    )


def link(site: Site, mask: np.ndarray) -> tuple[str, int]:
    """Return the address of a tour of the actors of a filter that have a point, and how many they are.

    The address is empty when there is nobody to visit, or more than a day can hold (:data:`tours.MOST`).
    """
    placed = site.actors.frame.index[mask & site.reach.placed]
    fits = 0 < len(placed) <= MOST
    return "ess_tour" + tours.link(Tour().with_actors(map(str, placed))) if fits else "", len(placed)


def _toggle(actor: str) -> None:
    held = state.kept("tour") or Tour()
    others = [one for one in held.actors if one != actor]
    state.keep("tour", held.with_actors(others if actor in held.actors else [*others, actor]))
