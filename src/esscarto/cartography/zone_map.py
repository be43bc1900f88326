"""The still map of the white zones, as SVG: far communes hatched, known actors as points with their radius, a scale."""

import base64
import functools
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely

from esscarto.reach import WhiteZones
from esscarto.territories import METRIC_CRS, Territories, Territory, typographic

WIDTH = 880
MARGIN = 12
MOST_LABELS = 6
LABEL_GAP = 110
"""Two names closer than this would be written over one another."""
MOST_CIRCLES = 60
"""Above this many actors the circles hide the map."""
SIMPLIFIED_ABOVE = 400
"""A wider territory is drawn without the details that a screen cannot show."""

REACHED, WHITE, LINE, POINT, BORDER = "#cfe6e4", "#ffffff", "#b34700", "#0b5d66", "#08363c"
MARKED = ' font-weight="800" text-decoration="underline"'
# No word of the data is in the drawing but the names of communes, which are written as text.
_HATCH = (
    '<defs><pattern id="h" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="9" height="9" fill="{WHITE}"/><rect width="3" height="9" fill="{LINE}"/></pattern></defs>'
)


class Ground:
    """A territory drawn in Lambert-93: its communes, its intercommunalités, its outline.

    Parameters
    ----------
    territories : Territories
        The layers.
    territory : Territory
        What is drawn.
    """

    def __init__(self, territories: Territories, territory: Territory):
        communes = territories.communes.loc[territories.communes_of(territory)].to_crs(METRIC_CRS)
        self.west, self.south, east, north = communes.total_bounds
        self.units_per_m = (WIDTH - 2 * MARGIN) / (east - self.west)
        self.height = round((north - self.south) * self.units_per_m) + 2 * MARGIN
        shapes = communes.geometry.to_numpy()
        if len(shapes) > SIMPLIFIED_ABOVE:
            shapes = shapely.coverage_simplify(shapes, 2 / self.units_per_m)
        self.communes = dict(zip(communes.index, map(self._path, shapes), strict=True))
        holders = communes["siren_epci"].to_numpy()
        self.borders = [
            self._path(shapely.coverage_union_all(shapes[holders == code])) for code in communes["siren_epci"].unique()
        ]
        self.outline = self._path(shapely.coverage_union_all(shapes))
        points = gpd.GeoSeries.from_xy(communes["label_lon"], communes["label_lat"], crs="EPSG:4326").to_crs(METRIC_CRS)
        places = self.at(shapely.get_coordinates(points.array)).tolist()
        self.places = dict(
            zip(
                communes.index,
                ((name, x, y) for name, (x, y) in zip(communes["nom"].map(typographic), places, strict=True)),
                strict=True,
            )
        )
        self.largest = communes["population"].sort_values(ascending=False).index[: 4 * MOST_LABELS].tolist()

    def at(self, xy: np.ndarray) -> np.ndarray:
        """Return the place on the drawing of points in metres (EPSG:2154)."""
        x, y = xy[:, 0] - self.west, xy[:, 1] - self.south
        return np.column_stack([MARGIN + x * self.units_per_m, self.height - MARGIN - y * self.units_per_m])

    def _path(self, shape: shapely.Geometry) -> str:
        """Write a shape as steps from one point to the next, in whole units: a third of the size of full numbers."""
        drawn = []
        for part in shapely.get_parts(shape):
            for ring in (part.exterior, *part.interiors):
                points = self.at(shapely.get_coordinates(ring)).round().astype(int)
                steps = np.diff(points, axis=0)
                moves = " ".join(f"{dx},{dy}" for dx, dy in steps[steps.any(axis=1)])
                drawn.append(f"M{points[0][0]},{points[0][1]}l{moves}z" if moves else "")
        return "".join(drawn)

    def labels(self, own: str = "") -> Iterable[tuple[str, str, float, float]]:
        """Yield the code, the name and the place of ``own``, then of the largest communes that can be read."""
        taken: list[tuple[float, float]] = []
        for code in ([own] if own else []) + self.largest:
            name, x, y = self.places[code]
            half = 6.5 * len(name)
            if code == own:
                x, y = min(max(x, half + 4), WIDTH - half - 4), max(y, 42)
            fits = half < x < WIDTH - half and 40 < y < self.height - 20
            if code == own or (fits and all(abs(y - b) > 44 or abs(x - a) > LABEL_GAP + half for a, b in taken)):
                taken.append((x, y))
                yield code, name, x, y - 16
            if len(taken) == MOST_LABELS:
                return


@functools.lru_cache(maxsize=8)
def ground(territories: Territories, territory: Territory) -> Ground:
    """Return the ground of a territory, which stays the same from one distance to the next."""
    return Ground(territories, territory)


def zone_map(
    territories: Territories, territory: Territory, zones: WhiteZones, actors: np.ndarray, own: str = ""
) -> str:
    """Return the map of the white zones as an address for an ``img``.

    Parameters
    ----------
    territories : Territories
        The layers, drawn in Lambert-93 without a background.
    territory : Territory
        What is drawn.
    zones : WhiteZones
        Which of its communes are white, and the radius.
    actors : numpy.ndarray
        One row an actor that is counted: x and y in metres (EPSG:2154), from anywhere.
    own : str
        Code of a commune to outline and to name, whatever its size.
    """
    drawing = ground(territories, territory)
    white = zones.communes["white"]
    # Drawn commune by commune: the white ones can be counted in the file.
    near, far = (
        "".join(f'<path d="{path}"/>' for code, path in drawing.communes.items() if white[code] == wanted)
        for wanted in (False, True)
    )
    hairline = 0.6 if len(white) > SIMPLIFIED_ABOVE else 1.2
    borders = "".join(f'<path d="{path}"/>' for path in drawing.borders)
    places = np.unique(drawing.at(actors).round(), axis=0) if len(actors) else np.empty((0, 2))
    reach = zones.radius_km * 1000 * drawing.units_per_m
    seen = places[
        (places[:, 0] > -reach)
        & (places[:, 0] < WIDTH + reach)
        & (places[:, 1] > -reach)
        & (places[:, 1] < drawing.height + reach)
    ]
    circles = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{reach:.0f}"/>' for x, y in seen]
    points = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="8"/>' for x, y in seen]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawing.height + 52}">{_HATCH}'
        f'<g stroke="#8f8a7b" stroke-width="{hairline}"><g fill="{REACHED}">{near}</g>'
        f'<g class="blanches" fill="url(#h)">{far}</g></g>'
        f'<g fill="none" stroke="{BORDER}" stroke-width="2.4">{borders}</g>'
        f'<path d="{drawing.outline}" fill="none" stroke="{BORDER}" stroke-width="5"/>'
        f'<g fill="none" stroke="{POINT}" stroke-width="2" stroke-dasharray="8 6">'
        f"{''.join(circles) if len(circles) <= MOST_CIRCLES else ''}</g>"
        f"{_names(drawing, own)}"
        f'<g fill="{POINT}" stroke="#ffffff" stroke-width="2.5">{"".join(points)}</g>'
        f"{_scale(drawing)}</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _names(drawing: Ground, own: str) -> str:
    style = (
        'font-family="sans-serif" font-size="24" font-weight="600" text-anchor="middle" fill="#1c2526" '
        'stroke="#ffffff" stroke-width="6" stroke-linejoin="round" paint-order="stroke"'
    )
    names = (
        f'<text x="{x:.0f}" y="{y:.0f}"{MARKED if code == own else ""}>{_escaped(name)}</text>'
        for code, name, x, y in drawing.labels(own)
    )
    outline = f'<path d="{drawing.communes[own]}" fill="none" stroke="{BORDER}" stroke-width="4"/>' if own else ""
    return f"{outline}<g {style}>{''.join(names)}</g>"


def _scale(drawing: Ground) -> str:
    """Draw a round length, about a quarter of the map at most."""
    most = WIDTH / 4 / drawing.units_per_m / 1000
    km = max((length for length in (1, 2, 5, 10, 20, 50, 100) if length <= most), default=1)
    length, y = km * 1000 * drawing.units_per_m, drawing.height + 22
    return (
        f'<path d="M{MARGIN},{y}v12h{length:.0f}v-12" fill="none" stroke="#1c2526" stroke-width="3"/>'
        f'<text x="{MARGIN + length + 12:.0f}" y="{y + 15}" font-family="sans-serif" font-size="24" fill="#1c2526">'
        f"{km}\u00a0km</text>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
