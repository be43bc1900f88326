"""Panier: what a project holder keeps, in order, with notes, to take away as a dossier."""

from esscarto.ui import basket, cache

basket.draw(cache.site())
