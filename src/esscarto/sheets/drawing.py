"""The still map of a place as SVG: what a page shows and what a picture is made of."""

import html

from esscarto.sheets.place import NAME, Place, Shape

INKS = {
    "around": ("#f0eee7", "#d5d1c5", 0.5),
    "unit": ("#ffffff", "#b9b4a5", 0.5),
    "here": ("#4bb0c3", "#08363c", 1.4),
    "limit": ("", "#7f8f90", 0.6),
    "division": ("", "#08363c", 1.1),
    "outline": ("", "#08363c", 2.4),
}
"""Kind of area -> fill, line, width of the line; no fill is an empty text."""
POINT = "#b34700"


def svg(place: Place, scale: float = 1.0) -> str:
    """Return the drawing: no text of the data is in it but the names of communes, escaped.

    Parameters
    ----------
    place : Place
        The map of a territory.
    scale : float
        How many times larger than its own units it says that it is.
    """
    parts = [_path(shape) for shape in place.shapes]
    for x, y, count in place.points:
        radius = 4 if count == 1 else 7
        parts.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius}" fill="{POINT}" stroke="#fff" stroke-width="1.2"/>'
        )
        if count > 1:
            parts.append(
                f'<text x="{x:.0f}" y="{y + 3.4:.1f}" text-anchor="middle" font-family="sans-serif" font-size="9.5" '
                f'font-weight="700" fill="#fff">{count}</text>'
            )
    parts += [
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-family="sans-serif" font-size="{NAME:.0f}" '
        f'font-weight="600" fill="#1c2526" stroke="#fff" stroke-width="3" stroke-linejoin="round" '
        f'paint-order="stroke">{html.escape(name)}</text>'
        for name, x, y in place.names
    ]
    box = f"0 0 {place.width:.0f} {place.height:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{place.width * scale:.0f}" '
        f'height="{place.height * scale:.0f}">{"".join(parts)}</svg>'
    )


def _path(shape: Shape) -> str:
    fill, line, width = INKS[shape.kind]
    drawn = " ".join("M" + "L".join(f"{x:g},{y:g}" for x, y in ring) + "Z" for ring in shape.rings)
    style = f'fill="{fill or "none"}" stroke="{line}" stroke-width="{width}" stroke-linejoin="round"'
    return f'<path d="{drawn}" {style} fill-rule="evenodd"/>'
