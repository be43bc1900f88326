"""The map: folium only, and the front-end file that draws it."""
