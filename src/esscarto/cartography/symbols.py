"""The symbol of each category, drawn once as SVG for the map, the list, the legend and the documents."""

import base64
import math

from esscarto.vocabulary import CATEGORIES, SYMBOLES, Symbol

STYLES = ("plein", "commune", "vide")
"""Full: known to the address or street. Dashed ring: to the commune. Outline: project or past."""

_INK = {
    "plein": ("{c}", "#ffffff", "#ffffff", ""),
    "commune": ("#ffffff", "{c}", "{c}", "3.2 2.2"),
    "vide": ("#ffffff", "{c}", "{c}", ""),
}


def svg(category: str, style: str = "plein") -> str:
    """Return the SVG of one category.

    Parameters
    ----------
    category : str
        A code of ``vocabulary.CATEGORIES``.
    style : str
        One of :data:`STYLES`.
    """
    symbol = SYMBOLES[category]
    fill, letter, stroke, dash = (part.format(c=symbol.colour) for part in _INK[style])
    if symbol.shape == "ring" and style == "plein":
        fill, letter, stroke = "#ffffff", symbol.colour, symbol.colour
    if symbol.shape == "ring" and style == "vide":
        # The ring is white in activity: in project or past it is thin and grey.
        letter, stroke = "#6b6258", "#6b6258"
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    halo = f'<g fill="#fff" stroke="#fff" stroke-width="5">{_shape(symbol)}</g>'
    body = f'<g fill="{fill}" stroke="{stroke}" stroke-width="2.2"{dashes}>{_shape(symbol)}</g>'
    text = (
        f'<text x="14" y="{18.4 if symbol.shape != "triangle" else 20.5}" text-anchor="middle" '
        'font-family="sans-serif" '
        f'font-size="12" font-weight="700" fill="{letter}">{symbol.letter}</text>'
    )
    return f'<svg viewBox="0 0 28 28" xmlns="http://www.w3.org/2000/svg">{halo}{body}{text}</svg>'


def data_uri(category: str, style: str = "plein") -> str:
    """Return the SVG of one category as an address for an ``img``: pages that strip SVG keep it."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(category, style).encode()).decode("ascii")


def legend() -> dict[str, dict[str, str]]:
    """Return, for the browser, the words and the three drawings of each category."""
    return {code: {"t": title, **{style: svg(code, style) for style in STYLES}} for code, title in CATEGORIES.items()}


def _shape(symbol: Symbol) -> str:
    match symbol.shape:
        case "circle" | "ring":
            return '<circle cx="14" cy="14" r="10"/>'
        case "square":
            return '<rect x="4.5" y="4.5" width="19" height="19"/>'
        case "diamond":
            return _polygon(4, 12.2)
        case "triangle":
            return '<polygon points="14,2.5 25.5,23.5 2.5,23.5"/>'
        case "pentagon":
            return _polygon(5, 11.6)
        case "hexagon":
            return _polygon(6, 11.2)
        case "octagon":
            return _polygon(8, 11, math.pi / 8)
        case "cross":
            return '<polygon points="9,3 19,3 19,9 25,9 25,19 19,19 19,25 9,25 9,19 3,19 3,9 9,9"/>'
        case "star":
            return _polygon(5, 13, inner=8.2)
    raise ValueError(f"unknown shape {symbol.shape!r}")


def _polygon(corners: int, radius: float, turn: float = 0.0, inner: float | None = None) -> str:
    """Return a regular polygon, or a star when an inner radius is given, one corner at the top."""
    steps = corners * 2 if inner else corners
    points = []
    for step in range(steps):
        reach = inner if inner and step % 2 else radius
        angle = -math.pi / 2 + turn + 2 * math.pi * step / steps
        points.append(f"{14 + reach * math.cos(angle):.1f},{14 + reach * math.sin(angle):.1f}")
    return f'<polygon points="{" ".join(points)}"/>'
