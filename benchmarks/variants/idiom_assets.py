"""Leaflet and its clusters from the installed packages: a module, for a page script cannot declare them."""

import functools

import folium
import streamlit.components.v1 as components
from folium.plugins import MarkerCluster
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
