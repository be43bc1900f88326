"""The proof of the layers: every promise, checked on what is written."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from esscarto.boundaries.coverage import FOREIGN_ENCLAVES, rings_inside
from esscarto.boundaries.layers import Layers
from esscarto.boundaries.reference import CODE_INSEE, SIREN, Reference
from esscarto.errors import DataError
from esscarto.french import number
from esscarto.territories import LEVEL_COLUMNS, METRIC_CRS

AREA_SLACK_M2 = 1.0
"""Square metres by which an EPCI may differ from the sum of its communes: arithmetic, no more."""

ROUNDING_M = 0.1
"""Metres by which a border written may depart from that of a neighbour that is not in the layer."""


@dataclass(frozen=True)
class Check:
    """A promise held, and what was counted."""

    promise: str
    result: str


def prove(layers: Layers, around: gpd.GeoSeries | None = None, reference: Reference | None = None) -> list[Check]:
    """Check every promise of the layers.

    Parameters
    ----------
    layers : Layers
        As they are written.
    around : geopandas.GeoSeries, optional
        Lambert-93 shapes of the communes about the layer: they may fill a hole in it.
    reference : Reference, optional
        Official lists: with them, no EPCI may lack a commune.

    Returns
    -------
    list of Check
        One a promise, with its figures.

    Raises
    ------
    DataError
        At the first promise that is not held.
    """
    checks = [
        _crs(layers),
        _codes(layers),
        _valid(layers),
        _coverage(layers.communes),
        *_tiles(layers, around),
        _labels(layers),
        _mairies(layers.communes),
        _sums(layers),
        _former(layers),
    ]
    if reference is not None:
        checks.append(_whole_epci(layers, reference))
    return checks


def _require(held: bool, fault: str) -> None:
    if not held:
        raise DataError(fault, "preuve des couches", "Les couches précédentes restent en place.")


def _crs(layers: Layers) -> Check:
    for level, layer in layers.levels.items():
        _require(layer.crs is not None and layer.crs.to_epsg() == 4326, f"la couche {level} n’est pas en EPSG:4326")
    return Check("Coordonnées en EPSG:4326", f"{len(layers.levels)} couches")


def _codes(layers: Layers) -> Check:
    patterns = {"commune": CODE_INSEE, "epci": SIREN}
    for level, layer in layers.levels.items():
        codes = layer[LEVEL_COLUMNS[level]]
        _require(all(isinstance(code, str) for code in codes), f"un code de la couche {level} n’est pas du texte")
        _require(codes.is_unique, f"la couche {level} a un code en double")
        _require(level not in patterns or all(map(patterns[level].fullmatch, codes)), f"code {level} mal formé")
        _require(bool((layer["nom"].str.len() > 0).all()), f"un territoire de la couche {level} n’a pas de nom")
    return Check("Codes en texte, bien formés, sans doublon ; noms présents", f"{_territories(layers)} territoires")


def _valid(layers: Layers) -> Check:
    for level, layer in layers.levels.items():
        sound = layer.geometry.is_valid & ~layer.geometry.is_empty & layer.geometry.notna()
        _require(bool(sound.all()), f"la couche {level} a une géométrie invalide ou vide")
    return Check("Géométries valides et non vides", f"{_territories(layers)} territoires")


def _territories(layers: Layers) -> str:
    return number(sum(map(len, layers.levels.values())))


def _coverage(communes: gpd.GeoDataFrame) -> Check:
    shapes = communes.geometry.values
    _require(bool(shapely.coverage_is_valid(shapes)), "des communes se recouvrent ou s’accolent mal")
    points = number(int(shapely.get_num_coordinates(shapes).sum()))
    promise = "Aucun recouvrement ; toute limite partagée est dessinée une seule fois"
    return Check(promise, f"{number(len(communes))} communes, {points} points")


def _tiles(layers: Layers, around: gpd.GeoSeries | None) -> list[Check]:
    """Each EPCI is the sum of its communes, and a hole in it is somebody else's ground."""
    shapes = layers.communes.set_index("code_insee").geometry.to_crs(METRIC_CRS)
    everything = shapes if around is None else pd.concat([shapes, around])
    epci = layers.epci.set_index("siren_epci").geometry.to_crs(METRIC_CRS)
    members = shapes.groupby(layers.communes.set_index("code_insee")["siren_epci"])
    enclaves, worst = 0, 0.0
    for siren, group in members:
        union = shapely.coverage_union_all(group.values)
        gap = max(abs(epci[siren].area - group.area.sum()), shapely.symmetric_difference(epci[siren], union).area)
        _require(gap <= AREA_SLACK_M2, f"l’EPCI {siren} n’est pas la somme de ses communes (écart de {gap:.0f} m²)")
        worst = max(worst, gap)
        for ring in rings_inside(epci[siren]):
            _require(_filled(ring, everything), f"l’EPCI {siren} a un trou que personne n’occupe")
            enclaves += 1
    holes = rings_inside(shapely.coverage_union_all(shapes.values))
    for ring in holes:
        _require(_filled(ring, everything), "la couche des communes a un trou que personne n’occupe")
    worst_text, enclave_text = number(worst, 2), number(enclaves)
    return [
        Check(
            "Chaque EPCI est pavé par ses communes, sans trou ni recouvrement",
            f"{number(len(members))} EPCI, écart d’aire au plus {worst_text} m² ; "
            f"trous occupés par un autre EPCI : {enclave_text}",
        ),
        Check(
            "La couche entière n’a aucun trou inexpliqué",
            f"trous occupés par une commune voisine : {len(holes)}",
        ),
    ]


def _filled(ring: shapely.Polygon, everything: gpd.GeoSeries) -> bool:
    near = everything.iloc[everything.sindex.query(ring, predicate="intersects")]
    occupied = shapely.area(shapely.intersection(near.values, ring)).sum()
    if occupied >= ring.area - max(AREA_SLACK_M2, ROUNDING_M * ring.length):
        return True
    points = gpd.GeoSeries([shapely.Point(point) for point in FOREIGN_ENCLAVES.values()], crs=4326).to_crs(METRIC_CRS)
    return bool(points.within(ring).any())


def _labels(layers: Layers) -> Check:
    for level, layer in layers.levels.items():
        inside = _points(layer, "label").within(layer.geometry)
        _require(bool(inside.all()), f"une étiquette de la couche {level} tombe hors de son territoire")
    several = int((layers.communes.geometry.count_geometries() > 1).sum())
    return Check(
        "Étiquette dans son territoire, et dans la partie de la mairie quand une commune a plusieurs parties",
        f"{_territories(layers)} points, dont {number(several)} communes en plusieurs parties",
    )


def _mairies(communes: gpd.GeoDataFrame) -> Check:
    known = communes.dropna(subset=["mairie_lon", "mairie_lat"])
    mairies, labels = _points(known, "mairie"), _points(known, "label")
    _require(bool(mairies.within(known.geometry).all()), "une mairie est placée hors de sa commune")
    for index, shape in known.geometry[known.geometry.count_geometries() > 1].items():
        together = any(
            part.contains(labels[index]) and part.contains(mairies[index]) for part in shapely.get_parts(shape)
        )
        _require(together, "une étiquette n’est pas dans la partie de commune où se trouve la mairie")
    result = f"{number(len(known))} gardés sur {number(len(communes))} communes"
    return Check("Point de mairie gardé seulement dans sa propre commune", result)


def _points(layer: gpd.GeoDataFrame, prefix: str) -> gpd.GeoSeries:
    return gpd.GeoSeries.from_xy(layer[f"{prefix}_lon"], layer[f"{prefix}_lat"], crs=4326, index=layer.index)


def _sums(layers: Layers) -> Check:
    communes = layers.communes
    communes = communes.assign(petr=communes["siren_epci"].map(layers.epci.set_index("siren_epci")["petr"]))
    for level, layer in layers.levels.items():
        if level == "commune":
            continue
        column = LEVEL_COLUMNS[level]
        groups = communes[communes[column].isin(layer[column])].groupby(column)
        upper = layer.set_index(column).sort_index()
        _require(bool((groups["population"].sum() == upper["population"]).all()), f"populations : {level} diverge")
        _require(bool((groups.size() == upper["communes"]).all()), f"nombres de communes : {level} diverge")
        gap = (groups["area_km2"].sum() - upper["area_km2"]).abs()
        _require(bool((gap < 1e-3).all()), f"surfaces : {level} diverge")
    people, area = number(int(communes["population"].sum())), number(communes["area_km2"].sum(), 1)
    promise = "Communes, habitants, surfaces : tout territoire est la somme de ses communes"
    return Check(promise, f"{people} habitants, {area} km²")


def _former(layers: Layers) -> Check:
    former = layers.former
    _require(former["code_ancien"].is_unique, "un ancien code désigne plusieurs communes")
    known = former["code_insee"].isin(layers.communes["code_insee"])
    _require(bool(known.all()), "un ancien code renvoie à une commune absente")
    return Check("Chaque ancien code renvoie à une seule commune d’aujourd’hui", f"{len(former)} anciens codes")


def _whole_epci(layers: Layers, reference: Reference) -> Check:
    official = reference.communes["siren_epci"].value_counts()
    present = layers.communes["siren_epci"].value_counts()
    _require(bool((present == official.reindex(present.index)).all()), "un EPCI n’a pas toutes ses communes")
    return Check("Aucun EPCI coupé : toutes ses communes de la liste officielle sont là", f"{len(present)} EPCI")
