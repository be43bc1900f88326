"""Do communes tile the ground? Overlaps and holes are explained and repaired, or the layer is refused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from esscarto.boundaries.contours import Ground
from esscarto.boundaries.reference import Reference
from esscarto.errors import DataError
from esscarto.french import enumerate_words, number
from esscarto.territories import METRIC_CRS

OVERLAP_LIMIT = 1e-4
"""Share of the ground two communes may both claim before the layer is refused; less is cleaned."""

SLIT_WIDTH_M = 1.0
"""A hole narrower than this is a slip of the drawing: it is closed."""

SMALL_GAP_KM2 = 0.15
"""An unexplained hole up to this goes to the commune with the longest border on it; larger, it is refused."""

DECIMALS = 6
"""Decimals of the longitudes and latitudes written: about ten centimetres."""

FOREIGN_ENCLAVES = {"Llívia (Espagne)": (1.98, 42.465)}
"""Foreign towns surrounded by France: longitude and latitude of a point inside."""

SIREN_OF_OLDER_COMMUNES = ("20", "21")
"""First digits of the SIREN of communes, save those born of the latest mergers."""


@dataclass(frozen=True)
class Hole:
    """Ground that no commune claims, inside the layer.

    Parameters
    ----------
    polygon : shapely.Polygon
        In Lambert-93.
    area_km2, width_m : float
        Area, and diameter of the widest circle inside.
    code_insee : str or None
        Commune the ground is given to; None for a foreign enclave.
    reason : str
        Why, in French.
    merger : bool
        Whether it is the ground of a commune absorbed by a recent merger.
    """

    polygon: shapely.Polygon
    area_km2: float
    width_m: float
    code_insee: str | None
    reason: str
    merger: bool


@dataclass(frozen=True)
class Tiling:
    """Communes that tile the ground, and what had to be mended.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        EPSG:4326, rounded to :data:`DECIMALS`, index ``code_insee``: a valid coverage.
    holes : tuple of Hole
        Holes wider than :data:`SLIT_WIDTH_M`.
    slits : int
        Narrower ones.
    overlaps : pandas.DataFrame
        ``first``, ``second`` (codes), ``area_m2``: ground claimed twice, largest first.
    """

    shapes: gpd.GeoSeries
    holes: tuple[Hole, ...]
    slits: int
    overlaps: pd.DataFrame


def tile(ground: Ground, reference: Reference, where: str) -> Tiling:
    """Turn the ground of communes into a coverage: no overlap, no hole, shared borders drawn once.

    Parameters
    ----------
    ground : Ground
        Communes in Lambert-93.
    reference : Reference
        The official lists: which communes are born of a merger the contours do not know.
    where : str
        Name of the contour file, for the errors.

    Raises
    ------
    DataError
        Overlaps above :data:`OVERLAP_LIMIT`; a hole above :data:`SMALL_GAP_KM2` that nothing explains.

    Notes
    -----
    The repair is ``shapely.coverage_clean`` (GEOS 3.14 or later) in Lambert-93.
    """
    shapes = ground.scope.copy()
    overlaps = _overlaps(shapes)
    claimed_twice = overlaps["area_m2"].sum()
    if claimed_twice > OVERLAP_LIMIT * shapes.area.sum():
        first, second = (reference.title(code) for code in overlaps.loc[0, ["first", "second"]])
        raise DataError(
            f"des communes se recouvrent sur {number(claimed_twice / 1e6, 3)} km² : {first} et {second}",
            where,
            "Reprenez les contours du producteur : chaque terrain doit appartenir à une seule commune.",
        )
    slits, holes = _holes(ground, reference, where)
    for hole in holes:
        if hole.code_insee in shapes.index:
            shapes[hole.code_insee] = shapely.union(shapes[hole.code_insee], hole.polygon)
    clean = gpd.GeoSeries(
        shapely.coverage_clean(shapes.values, gap_width=SLIT_WIDTH_M), index=shapes.index, crs=shapes.crs
    )
    return Tiling(_rounded(clean.to_crs(4326), where), holes, slits, overlaps)


def rings_inside(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the holes of a polygon or multipolygon, each as a polygon; islands in a hole are left out."""
    parts = shapely.get_parts(shape)
    holes = []
    for ring in (ring for part in parts for ring in part.interiors):
        hole = shapely.Polygon(ring)
        islands = parts[shapely.within(parts, hole)]
        holes += shapely.get_parts(shapely.difference(hole, shapely.union_all(islands))).tolist()
    return holes


def _overlaps(shapes: gpd.GeoSeries) -> pd.DataFrame:
    faulty = shapes[~shapely.is_empty(shapely.coverage_invalid_edges(shapes.values))]
    first, second = faulty.sindex.query(faulty.values, predicate="intersects")
    once = first < second
    first, second = faulty.iloc[first[once]], faulty.iloc[second[once]]
    area = shapely.area(shapely.intersection(first.values, second.values))
    pairs = pd.DataFrame({"first": first.index, "second": second.index, "area_m2": area})
    return pairs[pairs["area_m2"] > 0].sort_values("area_m2", ascending=False, ignore_index=True)


def _holes(ground: Ground, reference: Reference, where: str) -> tuple[int, tuple[Hole, ...]]:
    """Find the holes that touch the scope, and give each an owner: how many slits, then the wider ones."""
    everything = pd.concat([ground.scope, ground.around])
    slits, found = 0, []
    for polygon in rings_inside(shapely.union_all(everything.values)):
        beside = [str(code) for code in everything.index[everything.sindex.query(polygon, predicate="intersects")]]
        if not ground.scope.index.isin(beside).any():
            continue
        width = 2 * shapely.maximum_inscribed_circle(polygon).length
        if width < SLIT_WIDTH_M:
            slits += 1
        else:
            found.append((polygon, width, _borders(polygon, everything[beside])))
    claims = _claims([list(borders.index) for _, _, borders in found], ground, reference)
    holes = []
    for (polygon, width, borders), claim in zip(found, claims, strict=True):
        code_insee, reason = _owner(polygon, borders, claim, reference, where)
        holes.append(Hole(polygon, polygon.area / 1e6, width, code_insee, reason, bool(claim)))
    _require_all_found(holes, ground, reference, where)
    return slits, tuple(sorted(holes, key=lambda hole: (str(hole.code_insee), -hole.area_km2)))


def _borders(polygon: shapely.Polygon, beside: gpd.GeoSeries) -> pd.Series:
    """Return the metres of border each commune shares with a hole, longest first; a corner is no border."""
    metres = beside.buffer(SLIT_WIDTH_M / 2).intersection(polygon.boundary).length
    return metres[metres > 5 * SLIT_WIDTH_M].sort_index().sort_values(ascending=False, kind="stable")


def _claims(besides: Sequence[Sequence[str]], ground: Ground, reference: Reference) -> list[dict[str, list[str]]]:
    """Return, for each hole, the communes on its border that a merger enlarged, and what they absorbed.

    A commune alone to claim as many holes as it absorbed communes has all its ground, and claims no more.
    """
    lost = {code: _lost_by_merger(code, ground, reference) for beside in besides for code in beside}
    claims = [{code: lost[code] for code in beside if lost[code]} for beside in besides]
    alone = Counter(code for claim in claims if len(claim) == 1 for code in claim)
    return [
        claim if len(claim) < 2 else {code: old for code, old in claim.items() if alone[code] < len(old)}
        for claim in claims
    ]


def _lost_by_merger(code: str, ground: Ground, reference: Reference) -> list[str]:
    if str(reference.communes.at[code, "siren"]).startswith(SIREN_OF_OLDER_COMMUNES):
        return []
    return [former for former in reference.former_codes(code) if former not in ground.drawn]


def _owner(
    polygon: shapely.Polygon,
    borders: pd.Series,
    claim: dict[str, list[str]],
    reference: Reference,
    where: str,
) -> tuple[str | None, str]:
    """Say whose ground a hole is, and why; refuse when nothing tells."""
    area_km2 = polygon.area / 1e6
    if len(claim) == 1:
        code, lost = next(iter(claim.items()))
        missing = enumerate_words(map(reference.former_title, lost))
        reason = "commune née d’une fusion que ces contours ignorent : ils n’ont que son chef-lieu"
        return code, f"{reason}, sans le territoire de {missing}"
    if area_km2 <= SMALL_GAP_KM2:
        return str(borders.index[0]), "petite lacune, donnée à la commune qui la borde le plus longuement"
    for name, (lon, lat) in FOREIGN_ENCLAVES.items():
        point = gpd.GeoSeries.from_xy([lon], [lat], crs=4326).to_crs(METRIC_CRS).iloc[0]
        if polygon.contains(point):
            return None, f"enclave étrangère : {name}"
    centre = gpd.GeoSeries([polygon.representative_point()], crs=METRIC_CRS).to_crs(4326).iloc[0]
    towns = enumerate_words(reference.title(str(code)) for code in borders.index[:4])
    rivals = f" ; plusieurs fusions possibles : {', '.join(map(reference.title, sorted(claim)))}" if claim else ""
    raise DataError(
        f"trou de {number(area_km2, 2)} km² entre {towns}, vers {centre.y:.4f} N {centre.x:.4f} E{rivals}",
        where,
        "Il manque un contour de commune ou d’ancienne commune : prenez les contours d’un autre producteur.",
    )


def _require_all_found(holes: Sequence[Hole], ground: Ground, reference: Reference, where: str) -> None:
    """Refuse a layer that lacks the ground of an absorbed commune without showing a hole: it lay on the edge.

    Only a source that draws delegated communes is judged so: another may already unite them.
    """
    owners = {hole.code_insee for hole in holes if hole.merger}
    for code in ground.scope.index.difference(owners) if ground.draws_parts else ():
        lost = [] if code in ground.merged else _lost_by_merger(str(code), ground, reference)
        if lost:
            raise DataError(
                f"il manque à {reference.title(str(code))} le territoire de "
                f"{enumerate_words(map(reference.former_title, lost))}, au bord de la couche",
                where,
                "Prenez des contours plus récents, ou d’un autre producteur.",
            )


def _rounded(shapes: gpd.GeoSeries, where: str) -> gpd.GeoSeries:
    """Round the coordinates, and clean again in the rare case where rounding broke a border."""
    for _ in range(3):
        values = shapely.transform(shapes.values, lambda points: np.round(points, DECIMALS))
        rounded = gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs)
        if rounded.is_valid.all() and not rounded.is_empty.any() and shapely.coverage_is_valid(values):
            return rounded
        repaired = shapely.coverage_clean(shapely.make_valid(values), snapping_distance=10**-DECIMALS)
        shapes = gpd.GeoSeries(repaired, index=shapes.index, crs=shapes.crs)
    raise DataError("les limites communes des communes ne peuvent pas être rendues identiques", where)
