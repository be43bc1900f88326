"""Indicateurs: one figure at a time, what it means, how it spreads, and the place of each territory."""

from esscarto.ui import cache, indicators_view

indicators_view.draw(cache.site())
