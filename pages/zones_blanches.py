"""Zones blanches: who lives far from every known actor of a theme or a type."""

from esscarto.ui import cache, zones_view

zones_view.draw(cache.site())
