"""The small still maps of a comparison, as SVG: the communes of each territory in the colours of one legend."""

import base64
from collections.abc import Mapping

from esscarto.cartography.classes import NO_DATA
from esscarto.cartography.zone_map import WIDTH, ground
from esscarto.territories import Territories, Territory

LINE = "#08363c"
_HATCH = (
    '<defs><pattern id="n" width="16" height="16" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="16" height="16" fill="#ffffff"/><rect width="5" height="16" fill="#b9b4a5"/></pattern></defs>'
)


def small_map(territories: Territories, territory: Territory, colours: Mapping[str, str]) -> str:
    """Return the map of a territory as an address for an ``img``.

    Parameters
    ----------
    territories : Territories
        The layers, drawn in Lambert-93 without a background.
    territory : Territory
        What is drawn; a commune is outlined in its intercommunalité.
    colours : mapping of str to str
        Commune -> its colour, or ``classes.NO_DATA``; a commune without one is left white.
    """
    around = territories.parent(territory) if territory.level == "commune" else None
    drawing = ground(territories, around or territory)
    fills = {code: "url(#n)" if colour == NO_DATA else colour for code, colour in colours.items()}
    shapes = "".join(
        f'<path d="{path}" fill="{fills.get(code, "#ffffff")}"/>' for code, path in drawing.communes.items()
    )
    borders = "".join(f'<path d="{path}"/>' for path in drawing.borders)
    outline = drawing.communes[territory.code] if around else drawing.outline
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawing.height}" stroke-linejoin="round">'
        f'{_HATCH}<g stroke="#b9b4a5" stroke-width="1.5">{shapes}</g>'
        f'<g fill="none" stroke="{LINE}"><g stroke-width="3">{borders}</g>'
        f'<path d="{outline}" stroke-width="7"/></g></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")
