"""Données: the directory kept alive: its health, proposals, corrections, imports, history."""

from esscarto.ui import cache
from esscarto.ui.directory import parts

parts.draw(cache.site())
