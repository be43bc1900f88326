"""A, the documented idiom: a folium map built at each rerun, markers in a loop, default returned objects.

The libraries come from the installed packages, as in the application: there is no network here.
"""

import os
from pathlib import Path

import folium
import geopandas as gpd
import streamlit as st
from folium.plugins import MarkerCluster
from streamlit_folium import st_folium

from benchmarks.variants import idiom_assets

FOLDER = Path(os.environ["BENCH_FOLDER"])
idiom_assets.use_local_files()


@st.cache_data
def layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(FOLDER / f"{name}.json")


st.set_page_config(page_title="idiom", layout="wide")
communes, epci, actors = layer("communes"), layer("epci"), layer("actors")
families = sorted(actors["categorie"].unique())
chosen = st.sidebar.multiselect("Famille ou rôle", families)
shown = actors[actors["categorie"].isin(chosen)] if chosen else actors

west, south, east, north = communes.total_bounds
# Without tiles the cluster needs maxZoom as an option of the map itself.
drawn = folium.Map(location=[(south + north) / 2, (west + east) / 2], zoom_start=9, tiles=None, maxZoom=18)
idiom_assets.Icons().add_to(drawn)
folium.GeoJson(
    communes,
    style_function=lambda _: {
        "weight": 0.6,
        "color": "#8d958f",
        "fillColor": "#95d5b9",
        "className": "commune",
    },
    tooltip=folium.GeoJsonTooltip(["n"]),
).add_to(drawn)
folium.GeoJson(epci, style_function=lambda _: {"weight": 1.6, "fill": False, "className": "epci"}).add_to(drawn)
cluster = MarkerCluster().add_to(drawn)
# No popup, which would need jQuery: a little less work than the idiom usually has.
for name, kind, point in zip(shown["nom"], shown["categorie"], shown.geometry, strict=True):
    folium.Marker([point.y, point.x], tooltip=f"{name}, {kind}").add_to(cluster)
drawn.fit_bounds([[south, west], [north, east]])
st_folium(drawn, key="carte", height=620, use_container_width=True)
