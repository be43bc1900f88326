"""The still map of the place of a territory, as SVG for the screen."""

import base64

from esscarto.sheets.drawing import svg
from esscarto.sheets.place import Place


def place_map(place: Place) -> str:
    """Return the map as an address for an ``img``."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(place).encode()).decode("ascii")
