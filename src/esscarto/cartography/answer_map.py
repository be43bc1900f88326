"""The still map of an answer: the place, the radius, the results with the numbers of the list, as SVG."""

import base64
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import geopandas as gpd
import numpy as np
import shapely

from esscarto.cartography.zone_map import LABEL_GAP, SIMPLIFIED_ABOVE
from esscarto.territories import METRIC_CRS, Territories

SIZE = 880
HALF = 1.12
"""Half of the width that is drawn, for one unit of the radius."""
MOST_LABELS = 7
MOST_AREAS = 300
"""Communes that can be clicked: on a wider map the others are too small for a finger."""
PER_LINE = 3
Projection = Callable[[np.ndarray], np.ndarray]
"""From metres (EPSG:2154) to units of the drawing."""
GROUND, LINE, POINT, REACH, SUPPLY = "#f6f4ec", "#c9c4b5", "#0b5d66", "#b34700", "#5b5b00"


@dataclass(frozen=True)
class Mark:
    """A result on the map: its number in the list, its point in metres (EPSG:2154)."""

    number: int
    x: float
    y: float
    supply_km: float | None = None


@dataclass(frozen=True)
class Drawing:
    """The map, and what can be clicked on it.

    Parameters
    ----------
    address : str
        The SVG as an address for an ``img``.
    drawn : tuple of int
        The numbers that are on the map; the others are too far.
    areas : tuple of (str, str, str)
        Code, name and outline of each commune, the outline as a CSS polygon in percents of the drawing.
    """

    address: str
    drawn: tuple[int, ...]
    areas: tuple[tuple[str, str, str], ...]


def answer_map(
    territories: Territories, xy: tuple[float, float], radius_km: float, marks: Sequence[Mark], circle: bool = True
) -> Drawing:
    """Draw the answer around its place.

    Parameters
    ----------
    territories : Territories
        The layers, drawn in Lambert-93 without a background.
    xy : tuple of float
        The place, in metres (EPSG:2154).
    radius_km : float
        Half of the width that is drawn is a little more than this.
    marks : sequence of Mark
        The results that have a point.
    circle : bool
        Whether the radius itself is drawn.
    """
    half = radius_km * 1000 * HALF
    units = SIZE / 2 / half
    at = _projection(xy, units)
    ground = _around(territories, xy, radius_km)
    inside = [mark for mark in marks if max(abs(mark.x - xy[0]), abs(mark.y - xy[1])) < half * 0.96]
    reach = (
        f'<circle cx="{SIZE / 2}" cy="{SIZE / 2}" r="{radius_km * 1000 * units:.0f}" fill="none" stroke="{REACH}" '
        'stroke-width="4" stroke-dasharray="14 8"/>'
        if circle
        else ""
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<path d="{ground.path}" fill="{GROUND}" stroke="{LINE}" stroke-width="1.4"/>'
        f"{_supplies(inside, at, units)}{reach}"
        f"{ground.names}"
        f'<path d="M{SIZE / 2 - 34},{SIZE / 2}h68m-34,-34v68" stroke="{REACH}" stroke-width="6" fill="none"/>'
        f"{_marks(inside, at)}{_scale(units)}</svg>"
    )
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")
    return Drawing(address, tuple(mark.number for mark in inside), ground.areas)


def _projection(xy: tuple[float, float], units: float) -> Projection:
    place = np.array(xy)
    return lambda points: (points - place) * (units, -units) + SIZE / 2


@dataclass(frozen=True)
class _Around:
    """What stays the same when the question changes and not its place: the communes, their names, where to click."""

    path: str
    names: str
    areas: tuple[tuple[str, str, str], ...]


@functools.lru_cache(maxsize=64)
def _around(territories: Territories, xy: tuple[float, float], radius_km: float) -> _Around:
    half = radius_km * 1000 * HALF
    units = SIZE / 2 / half
    at = _projection(xy, units)
    place = np.array(xy)
    codes, names, shapes, people, labels, tree = _ground(territories)
    seen = np.sort(tree.query(shapely.box(*(place - half), *(place + half))))
    kept = shapes[seen]
    if len(seen) > SIMPLIFIED_ABOVE:
        kept = shapely.coverage_simplify(kept, 1.5 / units)
    clipped = shapely.clip_by_rect(kept, *(place - half), *(place + half))
    whole = [(one, shape) for one, shape in zip(seen, clipped, strict=True) if not shape.is_empty]
    largest = sorted(whole, key=lambda each: -people[each[0]])[:MOST_AREAS]
    return _Around(
        "".join(_path(shape, at) for _, shape in whole),
        _names([(names[one], people[one], labels[one]) for one in seen], at),
        tuple((codes[one], names[one], edge) for one, shape in largest if (edge := _outline(shape, at, units))),
    )


@functools.lru_cache(maxsize=2)
def _ground(territories: Territories) -> tuple:
    """Return the communes made ready for drawing: codes, names, shapes, inhabitants, label points, tree."""
    communes = territories.communes
    shapes = communes.geometry.to_crs(METRIC_CRS).to_numpy()
    labels = gpd.GeoSeries.from_xy(communes["label_lon"], communes["label_lat"], crs="EPSG:4326").to_crs(METRIC_CRS)
    return (
        communes.index.tolist(),
        communes["nom"].tolist(),
        shapes,
        communes["population"].to_numpy(float),
        shapely.get_coordinates(labels.array),
        shapely.STRtree(shapes),
    )


def _path(shape: shapely.Geometry, at: Projection) -> str:
    drawn = []
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            for ring in (part.exterior, *part.interiors):
                points = at(shapely.get_coordinates(ring)).round().astype(int)
                drawn.append("M" + "L".join(f"{x},{y}" for x, y in points[:-1]) + "Z")
    return "".join(drawn)


def _outline(shape: shapely.Geometry, at: Projection, units: float) -> str:
    """Return the largest part of a commune as a CSS polygon, with as few corners as a finger can tell apart."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    if not isinstance(largest, shapely.Polygon):
        return ""
    points = 100 * at(shapely.get_coordinates(shapely.simplify(largest, 5 / units).exterior)) / SIZE
    return ",".join(f"{x:.1f}% {y:.1f}%" for x, y in points[:-1])


def _supplies(marks: Sequence[Mark], at: Projection, units: float) -> str:
    circles = []
    for mark in marks:
        if mark.supply_km:
            x, y = at(np.array([mark.x, mark.y]))
            circles.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{mark.supply_km * 1000 * units:.0f}"/>')
    return f'<g fill="none" stroke="{SUPPLY}" stroke-width="3" stroke-dasharray="3 7">{"".join(circles)}</g>'


def _names(communes: Sequence[tuple[str, float, np.ndarray]], at: Projection) -> str:
    """Write the names of the largest communes, those that can be read."""
    taken: list[np.ndarray] = []
    written = []
    for name, _, point in sorted(communes, key=lambda one: -one[1]):
        place, half = at(point), 6.5 * len(name)
        fits = half < place[0] < SIZE - half and 40 < place[1] < SIZE - 60
        if fits and all(abs(place[1] - y) > 44 or abs(place[0] - x) > LABEL_GAP + half for x, y in taken):
            taken.append(place)
            safe = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            written.append(f'<text x="{place[0]:.0f}" y="{place[1] - 38:.0f}">{safe}</text>')
        if len(taken) == MOST_LABELS:
            break
    style = (
        'font-family="sans-serif" font-size="25" font-weight="600" text-anchor="middle" fill="#1c2526" '
        'stroke="#ffffff" stroke-width="6" stroke-linejoin="round" paint-order="stroke"'
    )
    return f"<g {style}>{''.join(written)}</g>"


def _marks(marks: Sequence[Mark], at: Projection) -> str:
    """Write each number at its place; those that would hide one another share a mark."""
    places = at(np.array([(mark.x, mark.y) for mark in marks]).reshape(-1, 2))
    plates = [_Plate(float(x), float(y), (mark.number,)) for (x, y), mark in zip(places, marks, strict=True)]
    while hidden := next((pair for pair in combinations(plates, 2) if pair[0].hides(pair[1])), None):
        plates = [plate for plate in plates if plate not in hidden] + [hidden[0].joined(hidden[1])]
    return "".join(plate.svg() for plate in plates)


@dataclass(frozen=True)
class _Plate:
    """The numbers of results that stand at one place of the drawing, or too near to be told apart."""

    x: float
    y: float
    numbers: tuple[int, ...]

    @functools.cached_property
    def lines(self) -> list[tuple[int, ...]]:
        return [self.numbers[start : start + PER_LINE] for start in range(0, len(self.numbers), PER_LINE)]

    @functools.cached_property
    def size(self) -> tuple[float, float]:
        widest = max(len(" ".join(map(str, line))) for line in self.lines)
        return max(36, 14 * widest + 16), 28 * len(self.lines) + 8

    def hides(self, other: "_Plate") -> bool:
        (width, height), (its_width, its_height) = self.size, other.size
        return abs(self.x - other.x) < (width + its_width) / 2 and abs(self.y - other.y) < (height + its_height) / 2

    def joined(self, other: "_Plate") -> "_Plate":
        own, its = len(self.numbers), len(other.numbers)
        x, y = ((own * a + its * b) / (own + its) for a, b in ((self.x, other.x), (self.y, other.y)))
        return _Plate(x, y, tuple(sorted(self.numbers + other.numbers)))

    def svg(self) -> str:
        width, height = self.size
        left = min(max(self.x - width / 2, 2), SIZE - width - 2)
        top = min(max(self.y - height / 2, 2), SIZE - height - 2)
        texts = "".join(
            f'<text x="{left + width / 2:.0f}" y="{top + 26 + 28 * row:.0f}">'
            + " ".join(f'<tspan class="numero">{number}</tspan>' for number in line)
            + "</text>"
            for row, line in enumerate(self.lines)
        )
        return (
            f'<rect x="{left:.0f}" y="{top:.0f}" width="{width}" height="{height}" rx="16" fill="{POINT}" '
            'stroke="#ffffff" stroke-width="3"/><g font-family="sans-serif" font-size="25" font-weight="700" '
            f'text-anchor="middle" fill="#ffffff">{texts}</g>'
        )


def _scale(units: float) -> str:
    """Draw a round length, about a quarter of the map at most."""
    most = SIZE / 4 / units / 1000
    km = max((length for length in (1, 2, 5, 10, 20, 50, 100) if length <= most), default=1)
    length, y = km * 1000 * units, SIZE - 26
    return (
        f'<path d="M14,{y}v12h{length:.0f}v-12" fill="none" stroke="#1c2526" stroke-width="3"/>'
        f'<text x="{length + 26:.0f}" y="{y + 14}" font-family="sans-serif" font-size="24" fill="#1c2526" '
        f'stroke="#ffffff" stroke-width="5" paint-order="stroke">{km}\u00a0km</text>'
    )
