"""Measure the map page side by side with Streamlit's floor, the documented folium idiom and dash-leaflet."""
