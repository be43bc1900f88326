"""The side panel: the territory, what is coloured, and the filters with their live counts."""

import streamlit as st

from esscarto.cartography.classes import METHODS
from esscarto.filters import FACETS
from esscarto.metrics import INDICATORS
from esscarto.site import Site
from esscarto.ui import chooser, render, state
from esscarto.ui.state import View

FIRST = ("f", "th", "ty")
MORE = ("r", "e", "p", "s")
TOP_COUNTS = 6
"""How many live counts a filter shows under it."""


def panel(site: Site, view: View) -> None:
    """Draw the side panel."""
    titles = chooser.territories(site)
    current = str(view.wanted.territory or state.EVERYWHERE)
    if current not in titles:
        # A commune of elsewhere, reached from a link or from the map: offered while it is shown.
        titles = {**titles, current: chooser.title(site, view.sheet_centre)}
    with st.sidebar:
        chooser.box(
            st.sidebar,
            "Territoire",
            titles,
            "t",
            state.territory_changed,
            help="Tapez quelques lettres : PETR, intercommunalité, commune, département ou région.",
        )
        indicators = [key for key, indicator in INDICATORS.items() if view.level in indicator.levels]
        st.selectbox("Couleur des territoires", indicators, key="i", format_func=lambda key: INDICATORS[key].title)
        st.radio("Par", list(state.MAP_LEVELS), key="n", format_func=state.MAP_LEVELS.__getitem__)
        st.text_input(
            "Contenant le mot",
            key="q",
            max_chars=state.MAX_WORDS,
            on_change=state.first_page,
            placeholder="vélo, jouets, Ham…",
        )
        for key in FIRST:
            _facet(site, view, key)
        # Drawn only when asked for: each widget costs at every rerun.
        if st.toggle("Plus de filtres", key="plus", value=any(view.wanted.chosen.get(key) for key in MORE)):
            for key in MORE:
                _facet(site, view, key)
        if st.toggle("Classes et fond de carte", key="fond"):
            st.selectbox("Méthode des classes", list(METHODS), key="m", format_func=METHODS.__getitem__)
            st.toggle(
                "Fond Plan IGN (en ligne)",
                key="plan",
                help="Demande des images à data.geopf.fr. Sans réseau, laissez éteint.",
            )
        st.button(
            "Effacer les filtres",
            on_click=state.reset,
            width="stretch",
            disabled=not (view.wanted.chosen or view.wanted.words),
        )


def _facet(site: Site, view: View, key: str) -> None:
    facet = FACETS[key]
    st.multiselect(
        facet.title,
        site.index.present[key],
        key=key,
        format_func=facet.labels.__getitem__,
        placeholder="Tous",
        select_all=False,
        on_change=state.first_page,
    )
    if key == "f":
        # The buttons under the map say how many there are in each family.
        return
    counts = site.index.counts(view.wanted, key)
    top = sorted((value for value in site.index.present[key] if counts[value]), key=lambda value: -counts[value])[
        :TOP_COUNTS
    ]
    render.show("comptes.html", comptes=[(facet.labels[value], counts[value]) for value in top])
