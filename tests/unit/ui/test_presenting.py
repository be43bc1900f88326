"""What the address of a presentation answers."""

import datetime

import pytest
from starlette.requests import Request

from esscarto.errors import DataError
from esscarto.storage.road_cache import RoadCache
from esscarto.tours import Tour
from esscarto.ui.presenting import link, page, serve

DAY = datetime.date(2026, 11, 27)


def test_the_link_of_a_tour_opens_on_its_screens(site):
    address = link(Tour("Été").with_actors(["axo-meca"]))
    assert address.startswith("presenter?tour=")
    said = page(site, {"tour": "~~~~~~~~axo-meca", "nom": "Été"}, DAY, RoadCache()).decode()
    assert '"ouvre":"tour"' in said
    assert "Visite 1 sur 1" in said


def test_a_territory_opens_on_its_own_screens(site):
    said = page(site, {"t": "petr:soissonnais-valois"}, DAY, RoadCache()).decode()
    assert '"ouvre":"territoire"' in said
    assert said.count("<article") == 8


@pytest.mark.parametrize("query", [{}, {"t": "petr:nulle-part"}, {"t": "../../etc"}, {"tour": "~~~~~~~~personne"}])
def test_what_is_not_known_is_said_in_french(site, query):
    with pytest.raises(DataError, match="ne nomme ni tour ni territoire connus"):
        page(site, query, DAY, RoadCache())


@pytest.mark.parametrize(("broken", "status"), [(False, 404), (True, 503)])
def test_an_unknown_tour_is_not_found_and_broken_data_are_not_available(
    tmp_path, monkeypatch, broken: bool, status: int
):
    if broken:
        monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path))
    request = Request(
        {"type": "http", "method": "GET", "path": "/presenter", "query_string": b"t=petr:x", "headers": []}
    )
    answer = serve(request)
    assert answer.status_code == status
    assert "<html" in bytes(answer.body).decode()
