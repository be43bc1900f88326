"""Sources: where everything comes from, and what could not be settled."""

from esscarto.ui import cache, sources_view

sources_view.draw(cache.site())
