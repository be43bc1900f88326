"""The list: the twin of the map, a real table that a keyboard and a screen reader walk through."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from esscarto.cartography.layers import words
from esscarto.french import count, sort_key
from esscarto.site import Site
from esscarto.ui import render, state
from esscarto.ui.state import View
from esscarto.vocabulary import CATEGORIES, STATUTS, THEMES, TYPES, tranche_label

PAGE_SIZE = 10


def draw(site: Site, view: View, mask: np.ndarray) -> None:
    """Draw one page of the list of the actors shown on the map."""
    rows = ordered(site, view, mask)
    pages = max(1, math.ceil(len(rows) / PAGE_SIZE))
    page = min(view.page, pages)
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    acteurs = [_line(site, position) for position in shown]
    title = f"La liste : {count(len(rows), 'acteur')}"
    render.show("liste.html", titre=title, acteurs=acteurs, page=page, pages=pages)
    if pages > 1:
        st.pagination(pages, key="pg")
    st.selectbox(
        "Trier par",
        list(state.SORTS),
        key="tri",
        format_func=state.SORTS.__getitem__,
        on_change=state.first_page,
        width=240,
    )


def ordered(site: Site, view: View, mask: np.ndarray) -> list[int]:
    """Return the positions of the actors kept, in the order asked for."""
    order = _order(site, view.sort)
    return order[mask[order]].tolist()


@functools.lru_cache(maxsize=8)
def _order(site: Site, sort: str) -> np.ndarray:
    """Return every position in one order: sorted once, then only read."""
    rows, category = site.rows, site.categories
    keys: dict[str, Callable[[int], Any]] = {
        "nom": lambda at: sort_key(rows[at]["nom"]),
        "commune": lambda at: (not rows[at]["commune"], sort_key(rows[at]["commune"]), sort_key(rows[at]["nom"])),
        "famille": lambda at: (list(CATEGORIES).index(category[at]), sort_key(rows[at]["nom"])),
    }
    return np.array(sorted(range(len(rows)), key=keys[sort]), dtype=int)


def _line(site: Site, position: int) -> dict[str, str]:
    row, category = site.rows[position], site.categories[position]
    return {
        "id": row["id"],
        "nom": row["nom"],
        "categorie": category,
        "famille": CATEGORIES[category],
        "types": words(row["types"], TYPES),
        "themes": words(row["themes"], THEMES),
        "lieu": site.places[position],
        "taille": tranche_label(row["tranche_effectif"]) if row["tranche_effectif"] else "n. d.",
        "etat": "" if row["statut"] == "actif" else STATUTS[row["statut"]],
    }
