"""Comparer: territories of one level side by side, and the published figures that may share an axis."""

from esscarto.ui import cache, comparing

comparing.draw(cache.site())
