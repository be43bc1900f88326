"""PLAIN, what the file to take away compares to: one HTML file, Leaflet and its clusters, nothing of ours.

The same polygons and actors inline as GeoJSON, popups and tooltips; no list, no filter, no legend.
"""

from pathlib import Path

from xstatic.pkg import leaflet, leaflet_markercluster

STYLES = (
    Path(leaflet.BASE_DIR) / "leaflet.css",
    Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.css",
    Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.Default.css",
)
SCRIPTS = (Path(leaflet.BASE_DIR) / "leaflet.js", Path(leaflet_markercluster.BASE_DIR) / "leaflet.markercluster.js")
PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>plain</title>
<style>{style}
html, body, #map {{ height: 100%; margin: 0 }}</style></head>
<body><div id="map"></div>
<script>{script}</script>
<script>
const [west, south, east, north] = {bounds};
const map = L.map("map", {{ maxZoom: 18 }}).fitBounds([[south, west], [north, east]]);
const outlines = {outlines};
L.geoJSON({communes}, {{ style: {{ className: "commune", weight: 1 }} }})
  .bindTooltip((layer) => layer.feature.properties.n).addTo(map);
for (const name of ["voisins", "epci", "petr"]) L.geoJSON(outlines[name], {{ style: {{ fill: false }} }}).addTo(map);
const icon = L.divIcon({{ className: "actor" }});
L.markerClusterGroup().addLayer(L.geoJSON({actors}, {{
  pointToLayer: (feature, point) => L.marker(point, {{ icon }}).bindPopup(() => feature.properties.nom),
}})).addTo(map);
</script></body></html>
"""


def write(folder: Path, target: Path) -> None:
    """Write the file from ``communes``, ``outlines``, ``actors`` and ``bounds``, JSON files of ``folder``."""
    # « < » stands only inside texts of JSON: no name ends the script.
    blocks = {
        name: (folder / f"{name}.json").read_text(encoding="utf-8").replace("<", "\\u003c")
        for name in ("communes", "outlines", "actors", "bounds")
    }
    style, script = ("\n".join(path.read_text(encoding="utf-8") for path in paths) for paths in (STYLES, SCRIPTS))
    target.write_text(PAGE.format(style=style, script=script, **blocks), encoding="utf-8")
