"""Inspirations: what was done, here and elsewhere, with whom and with what money."""

from esscarto.ui import cache, inspirations

inspirations.draw(cache.site())
