"""The still map of a territory among its neighbours, as lines and points on a page: drawn as SVG or in a PDF."""

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.affinity import affine_transform

from esscarto.site import Site
from esscarto.territories import METRIC_CRS, Territory, metres

WIDTH = 360.0
"""Width of the drawing; its height follows the ground."""
MARGIN = 0.08
LEAST_M = 20_000.0
"""Width of the ground drawn around a single point."""
LINE = 0.7
"""Detail kept, in units of the drawing."""

MOST_NAMES = 5
NAME = 10.0
"""Size of the letters, in units of the drawing."""

_UNITS = {"commune": "commune", "epci": "commune", "petr": "commune", "departement": "epci", "region": "epci"}
_FRAMES = {"commune": "epci"}
"""Level -> level of the territory that fills the drawing; itself by default."""

Rings = tuple[tuple[tuple[float, float], ...], ...]
"""A polygon: its outer ring, then its holes."""


@dataclass(frozen=True)
class Shape:
    """An area: what it is on the map, its outer and inner rings."""

    kind: str
    """``around``, ``unit``, ``here`` to fill; ``limit``, ``division``, ``outline`` to draw as lines."""
    rings: Rings


@dataclass(frozen=True)
class Place:
    """The drawing: shapes from the back to the front, and where actors are known."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    points: tuple[tuple[float, float, int], ...]
    """Abscissa, ordinate, known actors there."""
    names: tuple[tuple[str, float, float], ...] = ()
    """The commune of the sheet, then the largest towns: name, abscissa of its middle, ordinate of its foot."""


def place(site: Site, territory: Territory) -> Place:
    """Return the map of a territory: a commune in its EPCI, any other filling the drawing.

    Measured in Lambert-93 (EPSG:2154), north up, no background. Points are those of the placed actors of the
    territory that fills the drawing.
    """
    frame = next(
        (one for one in site.territories.parents(territory) if one.level == _FRAMES.get(territory.level)), territory
    )
    ground = _ground(site, frame, _UNITS[territory.level])
    shapes = [
        Shape(kind, rings)
        for wanted in ("around", "unit", "here")
        for code, inside, areas in ground.units
        if (kind := "here" if code == territory.code else "unit" if inside else "around") == wanted
        for rings in areas
    ]
    points = _points(site, frame, ground.onto_page)
    communes = site.territories.communes.loc[site.territories.communes_of(frame)]
    own = [territory.code] if territory.level == "commune" else []
    names = tuple(_names(site, communes, ground.onto_page, ground.height, own))
    return Place(WIDTH, ground.height, (*shapes, *ground.lines), points, names)


@dataclass(frozen=True)
class _Ground:
    """What the maps of all the territories drawn in one frame share."""

    height: float
    onto_page: list[float]
    units: tuple[tuple[str, bool, list[Rings]], ...]
    """Code of each area, whether the frame holds it, its polygons; the largest area first."""
    lines: tuple[Shape, ...]


@functools.lru_cache(maxsize=32)
def _ground(site: Site, frame: Territory, unit: str) -> _Ground:
    """Draw a frame, kept: the sheet of each of its communes asks for it."""
    territories = site.territories
    window, onto_page, height = _window(territories.layers[frame.level], frame.code)
    near = _near(territories.layers[unit], territories.layers[frame.level], frame.code)
    drawn = _on_page(near, window, onto_page, LINE / onto_page[0])
    members = set(territories.children(frame, unit))
    units = [(code, code in members, _rings(drawn[code])) for code in sorted(drawn, key=lambda code: -drawn[code].area)]
    lines = []
    for level, kind, held in (
        ("epci", "limit" if unit == "epci" else "division", list(territories.children(frame, "epci"))),
        (frame.level, "outline", [frame.code]),
    ):
        outlines = _on_page(territories.layers[level].loc[held], window, onto_page, LINE / onto_page[0])
        lines += [Shape(kind, rings) for outline in outlines.values() for rings in _rings(outline)]
    return _Ground(height, onto_page, tuple(units), tuple(lines))


def around(site: Site, spots: Sequence[tuple[float, float]]) -> Place:
    """Return the map of a few points (EPSG:2154, metres) and what is there, its towns named; its points are these."""
    across, down = np.array(spots, float).T
    middle_x, middle_y = (across.min() + across.max()) / 2, (down.min() + down.max()) / 2
    room = 1 + 3 * MARGIN
    # Never flatter than two for one, never taller than wide: it stands on a page among words.
    wide = max(np.ptp(across) * room, np.ptp(down) * room, LEAST_M)
    tall = max(np.ptp(down) * room, wide / 2)
    window = (middle_x - wide / 2, middle_y - tall / 2, middle_x + wide / 2, middle_y + tall / 2)
    scale = WIDTH / wide
    onto_page = [scale, 0, 0, -scale, -window[0] * scale, window[3] * scale]
    seen = gpd.GeoSeries([shapely.box(*window)], crs=METRIC_CRS).to_crs("EPSG:4326").iloc[0]
    shapes = []
    for level, kind in (("epci", "unit"), ("departement", "limit"), ("petr", "outline")):
        layer = site.territories.layers[level]
        held = layer.iloc[np.sort(layer.sindex.query(seen))]
        if len(held):
            drawn = _on_page(held, window, onto_page, LINE / scale)
            shapes += [Shape(kind, rings) for area in drawn.values() for rings in _rings(area)]
    points = tuple(
        (float(x), float(y), 1) for x, y in zip((across - window[0]) * scale, (window[3] - down) * scale, strict=True)
    )
    west, south, east, north = seen.bounds
    communes = site.territories.communes
    communes = communes[communes["label_lon"].between(west, east) & communes["label_lat"].between(south, north)]
    stops = gpd.GeoSeries.from_xy(across, down, crs=METRIC_CRS).to_crs("EPSG:4326")
    visited = communes.iloc[np.unique(communes.sindex.query(stops, predicate="within")[1])]
    first = visited["population"].sort_values(ascending=False, kind="stable").index.tolist()
    names = tuple(_names(site, communes, onto_page, tall * scale, first))
    return Place(WIDTH, tall * scale, tuple(shapes), points, names)


def _window(layer: gpd.GeoDataFrame, code: str) -> tuple[tuple[float, float, float, float], list[float], float]:
    """Return the rectangle drawn (metres), how to put it on the page, and the height of the page."""
    west, south, east, north = layer.loc[[code]].to_crs(METRIC_CRS).total_bounds
    pad = MARGIN * max(east - west, north - south)
    west, south, east, north = west - pad, south - pad, east + pad, north + pad
    scale = WIDTH / (east - west)
    return (west, south, east, north), [scale, 0, 0, -scale, -west * scale, north * scale], (north - south) * scale


def _near(layer: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, code: str) -> gpd.GeoDataFrame:
    """Return the areas of a layer that the rectangle around a territory may show."""
    west, south, east, north = frame.loc[[code]].total_bounds
    pad = 2 * MARGIN * max(east - west, north - south)
    found = layer.sindex.query(shapely.box(west - pad, south - pad, east + pad, north + pad))
    return layer.iloc[np.sort(found)]


def _on_page(
    layer: gpd.GeoDataFrame, window: tuple[float, float, float, float], onto_page: list[float], detail: float
) -> dict[str, shapely.Geometry]:
    """Return the areas of a layer on the page, their shared lines kept shared."""
    simple = shapely.coverage_simplify(layer.to_crs(METRIC_CRS).geometry.to_numpy(), detail)
    cut = shapely.clip_by_rect(simple, *window)
    return {
        str(code): affine_transform(shape, onto_page)
        for code, shape in zip(layer.index, cut, strict=True)
        if not shape.is_empty
    }


def _rings(area: shapely.Geometry) -> list[Rings]:
    """Return the rings of each polygon of an area, to a tenth of a unit."""
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return [
        tuple(
            tuple((round(x, 1), round(y, 1)) for x, y in ring.coords) for ring in (polygon.exterior, *polygon.interiors)
        )
        for polygon in polygons
    ]


def _points(site: Site, frame: Territory, onto_page: list[float]) -> tuple[tuple[float, float, int], ...]:
    """Return where the actors of a territory are, those on the same spot together."""
    rows = site.actors.frame[site.actors.inside(frame)]
    scale, _, _, _, left, top = onto_page
    spots = Counter(
        (round(x * scale + left), round(top - y * scale))
        for x, y in rows[["x", "y"]].to_numpy(float)
        if np.isfinite(x) and np.isfinite(y)
    )
    return tuple((float(x), float(y), count) for (x, y), count in sorted(spots.items()))


def _names(
    site: Site, communes: gpd.GeoDataFrame, onto_page: list[float], height: float, first: Sequence[str]
) -> Iterator[tuple[str, float, float]]:
    """Yield the names that can be read: the communes ``first``, then the most inhabited, none over another."""
    largest = communes["population"].sort_values(ascending=False, kind="stable").index[: 4 * MOST_NAMES]
    scale, _, _, _, left, top = onto_page
    taken: list[tuple[float, float, float]] = []
    for code in dict.fromkeys([*first, *largest]):
        name = site.territories.name(Territory("commune", code))
        east, north = metres(float(communes.at[code, "label_lon"]), float(communes.at[code, "label_lat"]))
        half = 0.3 * NAME * len(name)
        x, y = east * scale + left, top - north * scale - 0.8 * NAME
        if code in first:
            x, y = min(max(x, half), WIDTH - half), max(y, NAME)
        fits = half <= x <= WIDTH - half and NAME <= y <= height
        if fits and all(abs(y - b) > 1.4 * NAME or abs(x - a) > half + wide for a, b, wide in taken):
            taken.append((x, y, half))
            yield name, x, y
        if len(taken) == MOST_NAMES:
            return
