"""Carte: who is where, how dense, and what the selected place or actor holds."""

import streamlit as st

from esscarto.ui import cache, cards, filters_view, headline, map_view, state, under_map

site = cache.site()
view = state.read(site)
mask = site.index.mask(view.wanted)
counts = site.counter(view.level).counts(mask)

headline.sentence(site, view, mask)
left, right = st.columns([2.8, 1], gap="small")
# The map's message leaves first: the rest of the page is written while the browser paints it.
with left:
    map_view.draw(site, view, counts)
filters_view.panel(site, view)
with right:
    cards.draw(site, view)
headline.draw(site, view)
under_map.draw(site, view, mask)
