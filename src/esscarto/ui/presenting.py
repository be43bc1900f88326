"""The presentation served by the application: the file of a tour or of a territory, opened on its screens."""

import datetime
import urllib.parse
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse

from esscarto import tours
from esscarto.errors import DataError
from esscarto.site import Site
from esscarto.storage.road_cache import RoadCache
from esscarto.territories import Territory
from esscarto.timetable import build
from esscarto.tours import Tour
from esscarto.ui import cache, render

PATH = "presenter"
# The file carries its own policy; this one says who may frame it.
_HEADERS = {"content-security-policy": "frame-ancestors 'self'"}


def link(tour: Tour) -> str:
    """Return the address, relative to a page, that presents a tour."""
    return PATH + tours.link(tour)


def serve(request: Request) -> HTMLResponse:
    """Answer with the screens of the tour, or of the territory, that the address names."""
    query = dict(urllib.parse.parse_qsl(request.url.query[:8000]))
    try:
        site, roads = cache.site(), cache.roads()
    except DataError as error:
        return _refuse(error, 503)
    try:
        content = page(site, query, datetime.date.today(), roads)
    except DataError as error:
        return _refuse(error, 404)
    return HTMLResponse(content, headers=_HEADERS)


def _refuse(error: DataError, status: int) -> HTMLResponse:
    return HTMLResponse(render.html("presenter_faute.html", texte=str(error)), status, _HEADERS)


def page(site: Site, query: Mapping[str, str], day: datetime.date, roads: RoadCache) -> bytes:
    """Return the page that an address asks for.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    query : mapping
        ``tour`` and ``nom`` as the page ESS Tour writes them, or ``t``, a territory.
    day : datetime.date
        Today.
    roads : RoadCache
        The roads that are known: the same hours as on the page ESS Tour.

    Raises
    ------
    DataError
        The address names no known actor and no known territory.
    """
    # Imported here: what draws these pages is not to be waited for by those who never present.
    from esscarto.offline import carried

    frame, communes = site.actors.frame, site.territories.communes
    tour = tours.parse_link(query, frame.index.__contains__, communes.index.__contains__)
    if tour.stops:
        return carried.of_tour(site, build(site, tour, roads), day, "tour")
    level, _, code = query.get("t", "").partition(":")
    layer = site.territories.layers.get(level)
    if layer is None or code not in layer.index:
        raise DataError(
            "cette adresse ne nomme ni tour ni territoire connus",
            remedy="Ouvrez la présentation depuis la page ESS Tour ou la fiche d’un territoire.",
        )
    return carried.of_territory(site, Territory(level, code), day, "territoire")
