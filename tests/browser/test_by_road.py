"""Distances by road in a real browser: the browser itself asks nobody, and what came is kept when one goes on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from esscarto.settings import SITE
from esscarto.storage.road_cache import FILE, RoadCache
from tests.browser.conftest import Visitor, serving
from tests.servers.faults import running
from tests.servers.road_service import RoadService

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 900), (360, 800)
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[str, Path, RoadService]]:
    data = tmp_path / "data"
    shutil.copytree(SITE / "data", data, ignore=shutil.ignore_patterns(".*", FILE))
    with running(RoadService()) as service, serving(data, ESSCARTO_ROUTES_URL=service.url) as address:
        yield address, data, service


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True)
def test_a_click_writes_kilometres_minutes_and_day_beside_the_straight_line(visit: Visitor, house):
    address, data, service = house
    visit.open(f"{address}/partenaires?t=commune:02810&p=ouvrir une ressourcerie")
    visit.page.get_by_role("button", name="distances par la route").click()
    expect(visit.page.get_by_text("distances par la route reçues.")).to_be_visible()
    expect(visit.page.locator("li.ess-resultat", has_text="(IGN, ").first).to_contain_text("km à vol d’oiseau, ")
    assert len(service.asked) == len(RoadCache(data / FILE))
    assert visit.page.evaluate(WIDE) == 0


def test_whoever_goes_on_before_the_end_keeps_what_came(visit: Visitor, house):
    address, data, service = house
    visit.open(f"{address}/partenaires?t=commune:02722")
    expect(visit.page.get_by_role("button", name="distances par la route")).to_be_visible()
    answered = service.answer

    def first_then_silent(asked):
        service.fault = "slow"
        return answered(asked)

    service.answer = first_then_silent
    visit.page.get_by_role("button", name="distances par la route").click()
    expect(visit.page.get_by_text("Distances par la route : 1 sur")).to_be_visible()
    visit.page.get_by_text("Les plus proches", exact=True).click()
    expect(visit.page.locator("#reponse .ess-phrase")).to_contain_text("les 5 plus proches de chaque rôle")
    expect(visit.page.locator("li.ess-resultat", has_text="(IGN, ")).not_to_have_count(0)
    assert len(RoadCache(data / FILE)) == 1
