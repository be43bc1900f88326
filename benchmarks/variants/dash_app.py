"""C, dash-leaflet: polygons fetched by address, clustered actors filtered by a callback of the server.

Run by an interpreter that has ``benchmarks/requirements.txt``: ``python dash_app.py FOLDER PORT``.
"""

import json
import math
import sys
from pathlib import Path

import dash_leaflet as dl
from dash import Dash, Input, Output, dcc, html

folder, port = Path(sys.argv[1]), int(sys.argv[2])
everyone = json.loads((folder / "actors.json").read_text(encoding="utf-8"))
actors = everyone["features"]
families = sorted({actor["properties"]["categorie"] for actor in actors})
west, south, east, north = json.loads((folder / "bounds.json").read_text(encoding="utf-8"))
WIDTH, HEIGHT = 900, 620

# Centre and zoom rather than bounds: without a tile layer dash-leaflet logs an error for bounds.
zoom = math.floor(min(math.log2(360 * WIDTH / 256 / (east - west)), math.log2(180 * HEIGHT / 256 / (north - south))))

app = Dash(assets_folder=str(folder), title="dash-leaflet", update_title="")
app.layout = html.Div(
    [
        dcc.Checklist(families, [], id="familles"),
        dl.Map(
            [
                dl.GeoJSON(
                    url="/assets/communes.json",
                    style={"weight": 0.6, "color": "#8d958f", "className": "commune"},
                ),
                dl.GeoJSON(url="/assets/epci.json", style={"weight": 1.6, "fill": False, "className": "epci"}),
                # All of them from the start: on a slow machine the answer of a first callback can come
                # before the layer is ready, and is then never drawn.
                dl.GeoJSON(id="acteurs", data=everyone, cluster=True, superClusterOptions={"radius": 60}),
            ],
            center=[(south + north) / 2, (west + east) / 2],
            zoom=zoom,
            style={"height": f"{HEIGHT}px", "width": f"{WIDTH}px"},
        ),
    ]
)


@app.callback(Output("acteurs", "data"), Input("familles", "value"), prevent_initial_call=True)
def filtered(chosen: list[str]) -> dict:
    kept = [actor for actor in actors if actor["properties"]["categorie"] in chosen] if chosen else actors
    return {"type": "FeatureCollection", "features": kept}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=port, debug=False)
