"""The front-end files of the map, of installed packages and ours: what the browser runs, and how it looks."""

from collections.abc import Iterable
from pathlib import Path

from xstatic.pkg import leaflet, leaflet_markercluster

_HERE = Path(__file__).resolve().parent
SCRIPTS = (
    Path(leaflet.BASE_DIR) / "leaflet.js",
    Path(leaflet_markercluster.BASE_DIR) / "leaflet.markercluster.js",
    _HERE / "esscarto.js",
)
SHEETS = (
    Path(leaflet.BASE_DIR) / "leaflet.css",
    Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.css",
    _HERE / "esscarto.css",
)


def script(more: Iterable[Path] = ()) -> str:
    """Return Leaflet, its clusters and ``esscarto.js``, then ``more`` files, as one script."""
    return ";\n".join(file.read_text(encoding="utf-8") for file in (*SCRIPTS, *more))


def style(more: Iterable[Path] = ()) -> str:
    """Return their style sheets, then ``more`` files, as one sheet."""
    return "\n".join(file.read_text(encoding="utf-8") for file in (*SHEETS, *more))
