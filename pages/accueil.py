"""Accueil: what this is, the two PETR and their key figures, three doors."""

from esscarto.ui import cache, welcome

welcome.draw(cache.site())
