"""Where a question is asked from: a commune or a point, what holds it, and the short text of a link that says it."""

import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from esscarto.actors import MAINLAND
from esscarto.asking import Place, Question
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import THEMES, TYPES

_POINT = re.compile(r"-?\d{1,3}(?:\.\d{1,6})?,-?\d{1,2}(?:\.\d{1,6})?", re.ASCII)
_REACH = re.compile(r"n?[1-9]\d?", re.ASCII)


def commune_place(site: Site, code: str) -> Place:
    """Return the inhabited point of a commune as a place."""
    row = site.territories.communes.loc[code]
    return Place(float(row["label_lon"]), float(row["label_lat"]), site.territories.title(Territory("commune", code)))


def practice_place(site: Site, sheet: Mapping[str, Any]) -> Place | None:
    """Return the commune where a practice stands, when its document prints only one."""
    level, _, code = sheet.get("lieu_imprime", "").partition(":")
    known = level == "commune" and code in site.territories.communes.index
    return commune_place(site, code) if known else None


def holders_of(site: Site, place: Place) -> tuple[Territory, ...]:
    """Return the territories that hold a point, from the commune up; none outside the layers."""
    point = gpd.points_from_xy([place.lon], [place.lat])[0]
    communes = site.territories.communes
    under = communes.geometry.sindex.query(point, predicate="intersects")
    if not len(under):
        return ()
    commune = Territory("commune", min(str(communes.index[at]) for at in under))
    return (commune, *site.territories.parents(commune))


def place_of(site: Site, where: str) -> Place | None:
    """Return the place of a commune’s code, or of a point, « lon,lat » in degrees; None for anything else.

    A point bears the name of its commune: what somebody typed as an address stays with them.
    """
    if where in site.territories.communes.index:
        return commune_place(site, where)
    point = point_of(where)
    if point is None:
        return None
    holders = holders_of(site, Place(*point, ""))
    return Place(*point, site.territories.title(holders[0]) if holders else f"Point {where}")


def point_of(text: str) -> tuple[float, float] | None:
    """Return the longitude and the latitude of « lon,lat » in degrees; None when it is not a point of the mainland."""
    if not _POINT.fullmatch(text):
        return None
    lon, lat = map(float, text.split(","))
    west, south, east, north = MAINLAND
    return (lon, lat) if west <= lon <= east and south <= lat <= north else None


def format_asked(where: str, question: Question) -> str:
    """Return a question as one short text for a link: ``02810~reemploi.culture~ressourcerie~20``, ``…~n5``."""
    reach = f"n{question.nearest_n}" if question.nearest_n else f"{question.radius_km:g}"
    return "~".join((where, ".".join(question.themes), ".".join(question.types), reach))


def parse_asked(site: Site, text: str) -> Question | None:
    """Return the question of :func:`format_asked`; None when its place is not known or it is not one."""
    where, *rest = text.split("~")
    place = place_of(site, where)
    if place is None or len(rest) != 3 or not _REACH.fullmatch(rest[2]):
        return None
    themes = tuple(code for code in THEMES if code in rest[0].split("."))
    types = tuple(code for code in TYPES if code in rest[1].split("."))
    if rest[2].startswith("n"):
        return Question(place, themes, types, nearest_n=int(rest[2][1:]))
    return Question(place, themes, types, radius_km=float(rest[2]))
