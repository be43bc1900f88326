"""ESS Tour: a day of visits, its order, its hours, its roadbook."""

from esscarto.ui import cache, tour_view

tour_view.draw(cache.site())
