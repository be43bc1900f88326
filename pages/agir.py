"""Agir: what an élu can do within a competence, with whom, and with what means."""

from esscarto.ui import acting, cache

acting.draw(cache.site())
