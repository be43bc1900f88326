"""The still map of a day of visits as SVG: the ground and its towns, the way, the numbers of the stops."""

import base64
import dataclasses

from esscarto.sheets.drawing import svg
from esscarto.sheets.place import around
from esscarto.site import Site
from esscarto.timetable import Timetable, marks

WAY, POINT = "#b34700", "#0b5d66"


def tour_map(site: Site, table: Timetable) -> str:
    """Return the map as an address for an ``img``; an empty text without a point. Only the names of towns are in it."""
    if not table.path:
        return ""
    place = around(site, table.path)
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in place.points)
    drawn = [f'<polyline points="{way}" fill="none" stroke="{WAY}" stroke-width="2" stroke-linejoin="round"/>']
    for x, y, words in marks(table, place.points):
        wide = max(14.0, 5.6 * len(words) + 6)
        left = min(max(x - wide / 2, 1.0), place.width - wide - 1)
        drawn.append(
            f'<rect x="{left:.1f}" y="{y - 7:.1f}" width="{wide:.1f}" height="14" rx="7" fill="{POINT}" stroke="#fff"/>'
            f'<text x="{left + wide / 2:.1f}" y="{y + 3.4:.1f}" text-anchor="middle" font-family="sans-serif" '
            f'font-size="9.5" font-weight="700" fill="#fff">{words}</text>'
        )
    ground = svg(dataclasses.replace(place, points=()), 2.0)
    whole = ground.removesuffix("</svg>") + "".join(drawn) + "</svg>"
    return "data:image/svg+xml;base64," + base64.b64encode(whole.encode()).decode("ascii")
