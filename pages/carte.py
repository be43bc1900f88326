"""Carte: who is where, how dense, and what the selected place or actor holds."""

import streamlit as st

from esscarto.ui import cache, cards, comparison, downloads, filters_view, headline, listing, map_view, state

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
comparison.draw(site, view)
listing.draw(site, view, mask)
downloads.draw(site, view, mask)
