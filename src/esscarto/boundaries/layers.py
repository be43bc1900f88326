"""The layers drawn: communes, then EPCI, PETR, départements and régions made of them."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from esscarto.boundaries.coverage import DECIMALS
from esscarto.boundaries.reference import Reference
from esscarto.territories import METRIC_CRS

LABEL_TOLERANCE_M = 20.0
"""How near to the best place a label point is looked for."""

AREA_DECIMALS = 4
"""Square kilometres are kept to a hundred square metres."""


@dataclass(frozen=True)
class Layers:
    """What ``data/geo`` holds.

    Parameters
    ----------
    levels : dict of str to geopandas.GeoDataFrame
        One layer a level of :data:`esscarto.territories.LEVEL_COLUMNS`, in EPSG:4326.
    former : pandas.DataFrame
        ``code_ancien`` (unique), ``nom`` ("" when unknown), ``type``, ``code_insee`` of today.
    """

    levels: dict[str, gpd.GeoDataFrame]
    former: pd.DataFrame

    @property
    def communes(self) -> gpd.GeoDataFrame:
        """The layer of communes."""
        return self.levels["commune"]

    @property
    def epci(self) -> gpd.GeoDataFrame:
        """The layer of EPCI."""
        return self.levels["epci"]


def build_layers(shapes: gpd.GeoSeries, reference: Reference, mairies: gpd.GeoSeries, petr: pd.DataFrame) -> Layers:
    """Build every layer from the shapes of the communes.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        EPSG:4326, index ``code_insee``, a valid coverage.
    reference : Reference
        Names, memberships, populations.
    mairies : geopandas.GeoSeries
        Points of town halls, EPSG:4326, index ``code_insee``.
    petr : pandas.DataFrame
        ``petr.csv``.
    """
    communes = commune_layer(shapes, reference, mairies)
    return Layers(
        {
            "commune": communes,
            "epci": epci_layer(communes, reference, petr),
            "petr": petr_layer(communes, petr),
            "departement": departement_layer(communes, reference),
            "region": region_layer(communes, reference),
        },
        former_table(communes, reference),
    )


def commune_layer(shapes: gpd.GeoSeries, reference: Reference, mairies: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Build the layer of communes.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        EPSG:4326, index ``code_insee``, a valid coverage.
    reference : Reference
        Names, EPCI, populations.
    mairies : geopandas.GeoSeries
        Points of town halls, EPSG:4326, index ``code_insee``; some may be missing or elsewhere.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code_insee``, ``nom``, ``siren_epci`` (None when in none), ``code_departement``, ``code_region``,
        ``codes_postaux`` (joined by ``|``), ``population`` (inhabitants), ``area_km2`` (Lambert-93),
        ``label_lon``, ``label_lat``, ``mairie_lon``, ``mairie_lat`` (degrees; missing when the town hall is
        unknown or does not lie in its commune), ``geometry`` (EPSG:4326).
    """
    facts = reference.communes.loc[shapes.index]
    metric = shapes.to_crs(METRIC_CRS)
    inside = mairies_inside(shapes, mairies)
    anchors = inside.to_crs(METRIC_CRS)
    labels = [label_point(shape, anchors.get(code)) for code, shape in metric.items()]
    points = _degrees(labels)
    return gpd.GeoDataFrame(
        {
            "code_insee": shapes.index.astype(str),
            "nom": facts["nom"].to_numpy(),
            "siren_epci": facts["siren_epci"].to_numpy(),
            "code_departement": facts["code_departement"].to_numpy(),
            "code_region": facts["code_region"].to_numpy(),
            "codes_postaux": facts["codes_postaux"].to_numpy(),
            "population": facts["population"].astype("int64").to_numpy(),
            "area_km2": (metric.area / 1e6).round(AREA_DECIMALS).to_numpy(),
            "label_lon": points.x.to_numpy(),
            "label_lat": points.y.to_numpy(),
            "mairie_lon": inside.x.reindex(shapes.index).to_numpy(),
            "mairie_lat": inside.y.reindex(shapes.index).to_numpy(),
        },
        geometry=shapes.to_numpy(),
        crs=shapes.crs,
    )


def epci_layer(communes: gpd.GeoDataFrame, reference: Reference, petr: pd.DataFrame) -> gpd.GeoDataFrame:
    """Build the layer of EPCI.

    ``siren_epci``, ``nom``, ``nature`` (CA, CC, CU, ME), ``petr`` (or None), ``population`` (inhabitants),
    ``area_km2`` (Lambert-93), ``communes`` (count), ``label_lon``, ``label_lat`` (degrees), ``geometry``.
    """
    petr_of = petr[petr["petr"] != ""].set_index("siren_epci")["petr"]
    layer = _dissolved(communes, "siren_epci")
    facts = reference.epci.loc[layer["siren_epci"]]
    layer.insert(1, "nom", facts["nom"].to_numpy())
    layer.insert(2, "nature", facts["nature"].to_numpy())
    layer.insert(3, "petr", [petr_of.get(siren) for siren in layer["siren_epci"]])
    return layer


def petr_layer(communes: gpd.GeoDataFrame, petr: pd.DataFrame) -> gpd.GeoDataFrame:
    """Build the layer of PETR: ``petr``, ``nom``, then as :func:`epci_layer` from ``population`` on."""
    listed = petr[petr["petr"] != ""]
    layer = _dissolved(communes.assign(petr=communes["siren_epci"].map(listed.set_index("siren_epci")["petr"])), "petr")
    layer.insert(1, "nom", layer["petr"].map(listed.drop_duplicates("petr").set_index("petr")["nom"]))
    return layer


def departement_layer(communes: gpd.GeoDataFrame, reference: Reference) -> gpd.GeoDataFrame:
    """Build the layer of whole départements: ``code_departement``, ``nom``, ``code_region``, the same."""
    layer = _dissolved(_complete(communes, "code_departement", reference), "code_departement")
    facts = reference.departements.loc[layer["code_departement"]]
    layer.insert(1, "nom", facts["nom"].to_numpy())
    layer.insert(2, "code_region", facts["code_region"].to_numpy())
    return layer


def region_layer(communes: gpd.GeoDataFrame, reference: Reference) -> gpd.GeoDataFrame:
    """Build the layer of the whole régions: ``code_region``, ``nom``, then the same."""
    layer = _dissolved(_complete(communes, "code_region", reference), "code_region")
    layer.insert(1, "nom", reference.regions.loc[layer["code_region"], "nom"].to_numpy())
    return layer


def former_table(communes: gpd.GeoDataFrame, reference: Reference) -> pd.DataFrame:
    """List the former and delegated communes of a layer: see :class:`Layers`."""
    former = reference.former
    return former[former["code_insee"].isin(communes["code_insee"])].sort_values("code_ancien", ignore_index=True)


def mairies_inside(shapes: gpd.GeoSeries, mairies: gpd.GeoSeries) -> gpd.GeoSeries:
    """Keep the town halls that lie in their own commune, coordinates rounded as they are written."""
    known = mairies[mairies.index.isin(shapes.index)].dropna()
    known = gpd.GeoSeries.from_xy(known.x.round(DECIMALS), known.y.round(DECIMALS), crs=known.crs, index=known.index)
    return known[known.within(shapes.loc[known.index])]


def label_point(shape: shapely.Geometry, anchor: shapely.Point | None = None) -> shapely.Point:
    """Return the point where the name of a territory is written: the middle of its widest place.

    Parameters
    ----------
    shape : shapely.Geometry
        Polygon or multipolygon in Lambert-93.
    anchor : shapely.Point, optional
        A point that says which part people live in: the town hall. Without it the largest part is taken.
    """
    parts = shapely.get_parts(shape)
    inhabited = [part for part in parts if anchor is not None and part.contains(anchor)]
    part = inhabited[0] if inhabited else max(parts, key=lambda each: each.area)
    centre = shapely.Point(shapely.maximum_inscribed_circle(part, tolerance=LABEL_TOLERANCE_M).coords[0])
    return centre if part.contains(centre) else part.representative_point()


def _complete(communes: gpd.GeoDataFrame, column: str, reference: Reference) -> gpd.GeoDataFrame:
    official = reference.communes[column].value_counts()
    present = communes[column].value_counts()
    whole = present.index[present == official.reindex(present.index)]
    return communes[communes[column].isin(whole)]


def _dissolved(communes: gpd.GeoDataFrame, column: str) -> gpd.GeoDataFrame:
    """Unite the communes that share a code; ``population``, ``area_km2`` and ``communes`` are sums."""
    groups = communes.dropna(subset=column).groupby(column, sort=True)
    keys = [str(key) for key, _ in groups]
    shapes = gpd.GeoSeries([shapely.coverage_union_all(group.geometry.values) for _, group in groups], crs=communes.crs)
    points = _degrees([label_point(shape) for shape in shapes.to_crs(METRIC_CRS)])
    totals = {
        column: pd.Series(keys, dtype=object),
        "population": groups["population"].sum().to_numpy(),
        "area_km2": groups["area_km2"].sum().round(AREA_DECIMALS).to_numpy(),
        "communes": groups.size().to_numpy(),
        "label_lon": points.x.to_numpy(),
        "label_lat": points.y.to_numpy(),
    }
    return gpd.GeoDataFrame(totals, geometry=shapes.to_numpy(), crs=communes.crs)


def _degrees(points: list[shapely.Point]) -> gpd.GeoSeries:
    degrees = gpd.GeoSeries(points, crs=METRIC_CRS).to_crs(4326)
    return gpd.GeoSeries.from_xy(degrees.x.round(DECIMALS), degrees.y.round(DECIMALS), crs=4326)
