"""The one folium map: a constant script, then messages. No free text ever passes through here."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import folium
import numpy as np
from branca.element import MacroElement
from jinja2 import Template

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_DANGEROUS = re.compile(r"[{}<>&%#`$']")


class _ScriptOnly:
    """An element of which only the script macro is read.

    folium would render it into a page as well, compiling the result a second time as a template: work that the
    component throws away, and the way by which a name runs code on the server. Nothing is rendered here.
    """

    def render(self, **_: Any) -> str:
        """Render nothing: streamlit-folium reads the script macro itself."""
        return ""


class QuietMap(_ScriptOnly, folium.Map):
    """A folium map without the page around it."""


class Mount(_ScriptOnly, MacroElement):
    """The constant script: hand the map to ``esscarto.js`` with the address of the actors."""

    _template = Template(
        "{% macro script(this, kwargs) %}esscarto.mount({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, actors_url: str):
        super().__init__()
        self.options = inert_json({"acteurs": actors_url})


class Apply(_ScriptOnly, folium.FeatureGroup):
    """The message of one rerun. Emptying the component's list first cures the leak of its frontend."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = L.layerGroup(); window.feature_group = [];"
        "esscarto.apply({{ this.message }});{% endmacro %}"
    )

    def __init__(self, message: Mapping[str, Any]):
        super().__init__()
        self.message = inert_json(message)


def base_map(actors_url: str) -> QuietMap:
    """Return a fresh map whose script never changes from one rerun to the next.

    Parameters
    ----------
    actors_url : str
        Where the browser fetches the actors, relative to the map's own frame.
    """
    drawn = QuietMap(
        location=[49.5, 3.1],
        zoom_start=9,
        tiles=None,
        maxZoom=17,
        minZoom=6,
        scrollWheelZoom=False,
        zoomSnap=0.25,
    )
    Mount(actors_url).add_to(drawn)
    return drawn


def pack_mask(mask: np.ndarray) -> str:
    """Write a boolean array as base64, lowest bit first, for ``bits`` of ``esscarto.js``."""
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode("ascii")


def inert_json(content: Any) -> str:
    """Write JSON that is plain text for Jinja, for JavaScript and for HTML.

    folium compiles what it renders a second time as a template, and the result stands in a script: the
    brace, the angle bracket, the ampersand and the line separators are written as JSON escapes inside texts.
    """
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return _STRING.sub(lambda string: _DANGEROUS.sub(lambda char: f"\\u{ord(char[0]):04x}", string[0]), text)
