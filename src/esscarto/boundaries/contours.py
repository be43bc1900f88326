"""What a contour file says: one table whatever the producer, its checks, the ground of each commune."""

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import shapely

from esscarto.boundaries.reference import CODE_INSEE, Reference
from esscarto.errors import DataError
from esscarto.territories import METRIC_CRS

ALIASES = {
    "code_insee": ("code_insee", "insee_com", "code", "codgeo", "depcom", "com", "code_commune"),
    "nom": ("nom", "nom_officiel", "nom_com", "libelle", "libgeo"),
    "siren_epci": ("siren_epci", "codes_siren_des_epci", "code_epci", "codeepci", "epci"),
    "code_departement": ("code_departement", "code_insee_du_departement", "insee_dep", "departement", "dep"),
    "code_region": ("code_region", "code_insee_de_la_region", "insee_reg", "region", "reg"),
    "population": ("population", "population_municipale"),
    "commune": ("commune", "commune_parent"),
}
"""Our name -> the names met in ADMIN EXPRESS (old and new), Etalab contours, geo.api.gouv.fr; case ignored.

``commune`` is filled only for a delegated commune or a municipal arrondissement: the code it belongs to.
"""

MAINLAND = (-5.6, 41.0, 10.0, 51.5)
"""Longitudes and latitudes (WGS 84) that hold mainland France and Corsica."""

AROUND = 0.2
"""Degrees about the scope where neighbours are drawn too, to tell a hole from somebody's ground."""

POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Contours:
    """Contours as a source gives them.

    Parameters
    ----------
    communes : geopandas.GeoDataFrame
        ``code_insee``, ``geometry``, and of ``nom``, ``siren_epci``, ``population`` those the source has.
    parts : geopandas.GeoDataFrame
        The same for delegated communes and municipal arrondissements; may be empty.
    label : str
        Product and edition, as far as the file says.
    credit : str
        Producer, as a credit line names it.
    simplified : bool
        Whether the producer simplified the outlines.
    where : str
        Name of the file.
    """

    communes: gpd.GeoDataFrame
    parts: gpd.GeoDataFrame
    label: str
    credit: str
    simplified: bool
    where: str


@dataclass(frozen=True)
class Ground:
    """The ground of communes of today, in Lambert-93.

    Parameters
    ----------
    scope : geopandas.GeoSeries
        Index: codes asked for.
    around : geopandas.GeoSeries
        Index: codes of the communes about them, as the source draws them.
    merged : dict of str to list of str
        Commune of today -> former communes whose contours were united to make it.
    drawn : set of str
        Codes the source has a contour for, old and new.
    draws_parts : bool
        Whether the source draws delegated communes.
    """

    scope: gpd.GeoSeries
    around: gpd.GeoSeries
    merged: dict[str, list[str]] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    draws_parts: bool = False


def normalise(table: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Give the columns of a contour table our names; columns without a known name are left out.

    Raises
    ------
    DataError
        When no column holds the codes of the communes.
    """
    by_folded = {str(name).casefold(): name for name in table.columns if name != table.geometry.name}
    found = {}
    for ours, theirs in ALIASES.items():
        name = next((by_folded[alias] for alias in theirs if alias in by_folded), None)
        if name is not None:
            found[ours] = table[name]
    if "code_insee" not in found:
        expected = ", ".join(ALIASES["code_insee"])
        raise DataError("aucune colonne ne porte le code des communes", where, f"Noms reconnus : {expected}.")
    found["code_insee"] = found["code_insee"].astype(str).str.strip()
    if "siren_epci" in found:
        found["siren_epci"] = found["siren_epci"].replace({"NR": None, "": None})
    return gpd.GeoDataFrame(found, geometry=shapely.force_2d(table.geometry.values), crs=table.crs)


def check_codes(contours: Contours, reference: Reference) -> None:
    """Refuse a layer without a CRS, or with codes that are misread, unknown or doubled.

    Raises
    ------
    DataError
        With the first codes at fault.
    """
    table, where = contours.communes, contours.where
    if table.crs is None or not (table.crs.is_geographic or table.crs.is_projected):
        remedy = "Demandez le fichier avec son système de coordonnées (fichier .prj pour un shapefile)."
        raise DataError("la couche n’a pas de système de coordonnées (CRS)", where, remedy)
    misread = table.loc[~table["code_insee"].str.fullmatch(CODE_INSEE), "code_insee"]
    if len(misread):
        remedy = "Cinq caractères, zéro initial compris : « 02722 »."
        raise DataError(f"code de commune illisible : {_some(misread)}", where, remedy)
    codes = table["code_insee"]
    unknown = codes[reference.today(codes).isna() & ~codes.isin(reference.shared)]
    if len(unknown):
        fault = f"code de commune inconnu du découpage {reference.year} : {_some(unknown)}"
        raise DataError(fault, where, "Contours et découpage doivent être de la même année.")
    doubled = codes[codes.duplicated()]
    if len(doubled):
        fault = f"commune présente deux fois : {_some(doubled)}"
        raise DataError(fault, where, "Gardez un contour par commune.")


def ground_of(contours: Contours, reference: Reference, scope: pd.Index) -> Ground:
    """Draw each commune of ``scope`` as it is today, and those around it.

    A commune that absorbed others unites their contours when the source still draws them apart; a commune
    without a contour of its own unites those of its delegated communes.

    Raises
    ------
    DataError
        When a commune has no contour, or one that is not a valid polygon, or lies outside mainland France.
    """
    communes, parts = _drawn(contours.communes, reference), _drawn(contours.parts, reference)
    own = communes[communes["today"].isin(scope)]
    instead = parts[parts["today"].isin(scope) & ~parts["today"].isin(own["today"])]
    rows = pd.concat([own, instead]) if len(instead) else own
    _check_shapes(rows, contours.where, reference)
    missing = scope.difference(rows["today"])
    if len(missing):
        raise DataError(
            f"{len(missing)} commune(s) sans contour : {', '.join(map(reference.title, missing[:5]))}",
            contours.where,
            "Prenez des contours de la même année que le découpage, ou d’un autre producteur.",
        )
    by_today = rows.groupby("today")["code_insee"]
    merged = {str(code): sorted(codes) for code, codes in by_today if len(codes) > 1}
    pieces = rows.to_crs(METRIC_CRS).groupby("today")["geometry"]
    united = {code: shapely.union_all(group.values) for code, group in pieces}
    west, south, east, north = rows.to_crs(4326).total_bounds
    near = communes[~communes["today"].isin(scope) & communes.geometry.is_valid].to_crs(4326)
    near = near.cx[west - AROUND : east + AROUND, south - AROUND : north + AROUND]
    near = near.drop_duplicates("today").set_index("today")
    return Ground(
        scope=gpd.GeoSeries(united, crs=METRIC_CRS).reindex(scope),
        around=near.geometry.to_crs(METRIC_CRS),
        merged=merged,
        drawn=set(communes["code_insee"]) | set(parts["code_insee"]),
        draws_parts=not parts.empty,
    )


def _drawn(table: gpd.GeoDataFrame, reference: Reference) -> gpd.GeoDataFrame:
    """Keep the rows that have a shape, with the code of the commune of today."""
    rows = table[~(table.geometry.isna() | table.geometry.is_empty)]
    return rows.assign(today=reference.today(rows["code_insee"])).dropna(subset="today")


def _check_shapes(rows: gpd.GeoDataFrame, where: str, reference: Reference) -> None:
    title = reference.title
    lines = rows.loc[~rows.geometry.geom_type.isin(POLYGONS)]
    if len(lines):
        raise DataError(f"le contour de {title(lines['today'].iloc[0])} n’est pas un polygone", where)
    bad = rows.loc[~rows.geometry.is_valid]
    if len(bad):
        reason = shapely.is_valid_reason(bad.geometry.iloc[0])
        raise DataError(
            f"contour invalide pour {title(bad['today'].iloc[0])} : {reason}",
            where,
            "Corrigez-le dans un SIG (« réparer les géométries ») ou reprenez le fichier du producteur.",
        )
    bounds = rows.to_crs(4326).geometry.bounds
    west, south, east, north = MAINLAND
    inside = (bounds >= (west, south, west, south)).all(axis=1) & (bounds <= (east, north, east, north)).all(axis=1)
    if not inside.all():
        crs = rows.crs.to_string() if rows.crs else "?"
        raise DataError(
            f"{title(rows.loc[~inside, 'today'].iloc[0])} tombe hors de France métropolitaine",
            where,
            f"Le système de coordonnées déclaré ({crs}) n’est sans doute pas celui des coordonnées.",
        )


def _some(codes: pd.Series) -> str:
    shown = [f"« {code} »" for code in codes.unique()[:5]]
    return ", ".join(shown) + ("…" if codes.nunique() > 5 else "")
