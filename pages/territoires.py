"""Territoires: the sheet of any commune, intercommunalité, PETR, département or région."""

from esscarto.ui import cache, sheet_view

sheet_view.draw(cache.site())
