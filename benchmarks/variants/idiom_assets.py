"""Leaflet and its clusters from the installed packages: a module, for a page script cannot declare them."""

import functools

import folium
import streamlit.components.v1 as components
from branca.element import MacroElement
from folium.plugins import MarkerCluster
from jinja2 import Template
from xstatic.pkg import leaflet, leaflet_markercluster

_HERE = f"../{__name__}."


@functools.cache
def use_local_files() -> None:
    """Ask the browser for local files instead of those of content networks."""
    components.declare_component("leaflet", path=leaflet.BASE_DIR)
    components.declare_component("cluster", path=leaflet_markercluster.BASE_DIR)
    folium.Map.default_js = [("leaflet", f"{_HERE}leaflet/leaflet.js")]
    folium.Map.default_css = [("leaflet", f"{_HERE}leaflet/leaflet.css")]
    MarkerCluster.default_js = [("cluster", f"{_HERE}cluster/leaflet.markercluster.js")]
    MarkerCluster.default_css = [
        ("cluster", f"{_HERE}cluster/MarkerCluster.css"),
        ("default", f"{_HERE}cluster/MarkerCluster.Default.css"),
    ]


class Icons(MacroElement):
    """Say where the pictures of the default markers are: Leaflet guesses it only from a content network."""

    _template = Template(
        "{% macro script(this, kwargs) %}L.Icon.Default.imagePath = '" + f"{_HERE}leaflet/images/" + "';{% endmacro %}"
    )
