"""Partenaires: from a place and a project to the people who can help, role by role."""

from esscarto.ui import cache, partners_view

partners_view.draw(cache.site())
