"""A small still map of a PETR, as SVG: its communes, its EPCI, its outline."""

import base64

import geopandas as gpd
import shapely
from shapely.affinity import affine_transform

from esscarto.territories import METRIC_CRS, Territories, Territory

WIDTH = 360.0


def thumbnail(territories: Territories, petr: Territory, highlighted: frozenset[str]) -> str:
    """Return the map of a PETR as an address for an ``img``.

    Parameters
    ----------
    territories : Territories
        The layers, drawn in Lambert-93 without a background.
    petr : Territory
        The PETR.
    highlighted : frozenset of str
        Codes of the communes to fill: those with a known actor.
    """
    communes = territories.communes.loc[territories.communes_of(petr)]
    epci = territories.layers["epci"].loc[territories.children(petr, "epci")]
    outline = territories.layers["petr"].loc[[petr.code]]
    west, south, east, north = outline.to_crs(METRIC_CRS).total_bounds
    scale = (WIDTH - 8) / (east - west)
    height = (north - south) * scale + 8
    onto_page = [scale, 0, 0, -scale, 4 - west * scale, 4 + north * scale]
    paths = [
        _path(
            shape,
            f'fill="{"#2f93a7" if code in highlighted else "#ffffff"}" stroke="#b9b4a5" stroke-width=".6"',
        )
        for code, shape in zip(communes.index, _drawn(communes, onto_page), strict=True)
    ]
    paths += [_path(shape, 'fill="none" stroke="#08363c" stroke-width="1.4"') for shape in _drawn(epci, onto_page)]
    paths += [_path(shape, 'fill="none" stroke="#08363c" stroke-width="2.6"') for shape in _drawn(outline, onto_page)]
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}">{"".join(paths)}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _drawn(layer: gpd.GeoDataFrame, onto_page: list[float]) -> list[shapely.Geometry]:
    return [affine_transform(shape, onto_page) for shape in layer.to_crs(METRIC_CRS).geometry]


def _path(shape: shapely.Geometry, style: str) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    drawn = " ".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords) + "Z" for ring in rings)
    return f'<path d="{drawn}" {style} fill-rule="evenodd"/>'
