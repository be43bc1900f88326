"""The JSON that the browser fetches once: the polygons of a sheet, and the actors."""

import json
import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from esscarto import links
from esscarto.actors import Actors
from esscarto.cartography import symbols
from esscarto.french import date
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.territories import Territories, Territory
from esscarto.vocabulary import STATUTS, THEMES, TYPES, tranche_label

MOST_TOWNS = 12
DECIMALS = 4
"""About 10 m: the contours are simplified well beyond that."""

SOURCE_COLUMNS = ["source", "lieu_source", "lieu_date"]
_URL = re.compile(r"https?://(?:www\.)?([^/\s;]+)[^\s;]*")


def communes_json(territories: Territories, sheet: Territory) -> str:
    """Return the communes of a sheet as GeoJSON: properties ``c`` (code) and ``n`` (name)."""
    layer = territories.communes.loc[territories.communes_of(sheet)]
    return dump(_features(layer))


def outlines_json(territories: Territories, sheet: Territory) -> str:
    """Return the EPCI, the outline of the sheet and the neighbouring EPCI, each a GeoJSON collection."""
    epci = territories.layers["epci"]
    inside = epci.loc[territories.children(sheet, "epci")]
    outline = territories.layers[sheet.level].loc[[sheet.code]]
    around = shapely.box(*outline.total_bounds).buffer(0.35)
    near = epci[epci.intersects(around) & ~epci.index.isin(inside.index)]
    if sheet.level != "petr":
        near = near.iloc[0:0]
        petr = territories.layers["petr"]
        outline = pd.concat([outline, petr[petr.intersects(shapely.box(*outline.total_bounds))]])
    shapes = {"epci": _features(inside), "petr": _features(outline), "voisins": _features(near)}
    return dump({**shapes, "villes": _towns(territories, sheet)})


def sheet_epci(territories: Territories, sheet: Territory) -> pd.Index:
    """Return the EPCI of a sheet in the order of :func:`outlines_json`."""
    return territories.children(sheet, "epci")


def actors_json(site: Site) -> str:
    """Return the actors column by column, in their order, with the words of their cards.

    Only http(s) links and plain addresses leave as links; everything else is text for ``textContent``.
    """
    actors, frame = site.actors, site.actors.frame
    columns: dict[str, Any] = {
        "id": frame["id"].tolist(),
        "nom": frame["nom"].tolist(),
        "alias": frame["aliases"].tolist(),
        "cat": actors.category.tolist(),
        "types": [words(cell, TYPES) for cell in frame["types"]],
        "themes": [words(cell, THEMES) for cell in frame["themes"]],
        "lieu": site.places,
        "adresse": frame["adresse"].tolist(),
        "precision": frame["precision_point"].tolist(),
        "statut": frame["statut"].tolist(),
        "etat": [_state(row) for row in frame[["statut", "statut_date"]].itertuples(index=False)],
        "taille": [tranche_label(code) if code else "" for code in frame["tranche_effectif"]],
        "telephone": frame["telephone"].tolist(),
        "courriel": frame["courriel"].map(links.mail).tolist(),
        "site": frame["site_web"].map(links.web).tolist(),
        "source": [_source(site, row) for row in frame[SOURCE_COLUMNS].itertuples(index=False)],
        "lon": _degrees(frame["lon"]),
        "lat": _degrees(frame["lat"]),
        "attache": frame["rattachement"].tolist(),
        "symboles": symbols.legend(),
        "territoires": _badges(actors, site.territories),
    }
    return dump(columns)


def bounds_of(territories: Territories, territory: Territory) -> list[list[float]]:
    """Return the bounds of a territory as Leaflet takes them: south-west then north-east, in degrees."""
    west, south, east, north = territories.bounds(territory)
    return [[round(south, 4), round(west, 4)], [round(north, 4), round(east, 4)]]


def words(cell: str, labels: dict[str, str]) -> str:
    """Say the codes of a list cell: ``Réemploi et économie circulaire, Insertion et emploi``."""
    codes = (code.strip() for code in cell.split(LIST_SEPARATOR))
    return ", ".join(labels.get(code, code) for code in codes if code)


def dump(content: Any) -> str:
    """Write compact JSON."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _features(layer: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return a layer as GeoJSON, coordinates rounded, name and code as the only properties."""
    rounded = shapely.transform(layer.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"c": code, "n": name},
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
            for code, name, shape in zip(layer.index, layer["nom"], rounded, strict=True)
        ],
    }


def _towns(territories: Territories, sheet: Territory) -> list[dict[str, Any]]:
    """Return the most inhabited commune of each EPCI of a sheet: the names by which one finds one's way."""
    inside = territories.communes.loc[territories.communes_of(sheet)]
    largest = inside.loc[inside.groupby("siren_epci")["population"].idxmax()].nlargest(MOST_TOWNS, "population")
    return [
        {"n": row.nom, "lon": round(row.label_lon, 4), "lat": round(row.label_lat, 4)}
        for row in largest.itertuples(index=False)
    ]


def _badges(actors: Actors, territories: Territories) -> dict[str, dict[str, Any]]:
    """Return where the badge of each territory with unplaced actors stands: the north-east of its outline."""
    badges = {}
    for text in actors.frame.loc[actors.frame["lon"].isna(), "rattachement"].unique():
        territory = Territory.parse(text) if text else None
        if territory is None or territory not in territories:
            continue
        shape = territories.layers[territory.level].geometry[territory.code]
        west, south, east, north = shape.bounds
        # A corner of its own for each level: the badge of a PETR does not lie under that of its EPCI.
        corners = {"petr": (west, north), "departement": (east, south), "region": (west, south)}
        corner = shapely.Point(corners.get(territory.level, (east, north)))
        point = shapely.shortest_line(shape.boundary, corner).coords[0]
        badges[text] = {
            "n": territories.name(territory),
            "lon": round(point[0], 5),
            "lat": round(point[1], 5),
        }
    return badges


def _degrees(column: pd.Series) -> list[float | None]:
    return [None if np.isnan(value) else round(value, 5) for value in column]


def _state(row: Any) -> str:
    if row.statut == "actif":
        return ""
    return f"{STATUTS[row.statut]} ({date(row.statut_date)})" if row.statut_date else STATUTS[row.statut]


def _source(site: Site, row: Any) -> str:
    """Say on what a card rests: its documents by their short titles, then the source and date of its place."""
    said = " ; ".join(document for document, _ in site.cite(row.source))
    if not row.lieu_source:
        return said
    place = _URL.sub(lambda url: url[1], row.lieu_source)
    when = date(row.lieu_date)
    return f"{said} ; lieu : {place}" if when in place else f"{said} ; lieu : {place} ({when})"
