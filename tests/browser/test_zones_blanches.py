"""The white zones in a real browser: what is hatched on the map is what the list says, theme after theme."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from esscarto.reach import white_zones
from esscarto.settings import data_dir
from esscarto.site import load_site
from esscarto.territories import Territory
from esscarto.ui import zones_view

pytestmark = pytest.mark.browser

HATCHED = """(image) => new DOMParser()
    .parseFromString(atob(image.src.split(",")[1]), "image/svg+xml")
    .querySelectorAll("g.blanches path").length"""


def hatched(picture: Locator) -> int:
    return picture.evaluate(HATCHED)


def test_as_many_communes_are_hatched_as_the_list_has_rows_after_each_theme(visit, app):
    site = load_site(data_dir())
    petr = Territory("petr", "soissonnais-valois")
    visit.open(f"{app}/zones_blanches")
    rows, picture = visit.page.locator("#zones tbody tr"), visit.page.locator(".ess-carte-fixe img")
    for label, theme in (("Culture", "culture"), ("Mobilité", "mobilite"), ("Alimentation", "alimentation")):
        mask = zones_view.selection(site, {"th": theme, "ty": "", "qui": "ess"})
        expected = white_zones(site.reach, petr, mask, 10)
        visit.page.get_by_role("button", name=label, exact=True).click()
        expect(visit.page.locator(".ess-phrase")).to_contain_text(f"thème {label.lower()}")
        expect(rows).to_have_count(len(expected.white))
        expect(picture).to_have_attribute("alt", re.compile(rf"\b{len(expected.white)} communes hachurées sur 163"))
        assert hatched(picture) == len(expected.white)
        assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    expect(visit.page).to_have_url(re.compile("th=alimentation"))


def test_the_distance_is_changed_with_the_keyboard_and_the_link_restores_it(visit, app):
    visit.open(f"{app}/zones_blanches?th=alimentation&d=29")
    slider = visit.page.get_by_role("slider", name="Plus loin que")
    expect(slider).to_have_value("29")
    slider.press("ArrowRight")
    expect(visit.page.locator("#zones")).to_contain_text("30 km ou moins")
    expect(visit.page).to_have_url(re.compile("d=30"))
    visit.page.reload()
    expect(slider).to_have_value("30")


def test_the_workbook_holds_the_rows_of_the_list(visit, app):
    visit.open(f"{app}/zones_blanches?th=culture&t=epci:200071991")
    rows = visit.page.locator("#zones tbody tr")
    expect(rows.first).to_be_visible()
    with visit.page.expect_download() as started:
        visit.page.get_by_role("button", name="Exporter en Excel").click()
    _, *lines = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))["Communes"].values
    assert [line[1] for line in lines] == rows.locator("th").all_inner_texts()


@pytest.mark.parametrize("visit", [(320, 640)], indirect=True)
@pytest.mark.parametrize("page", ["zones_blanches?th=mobilite", "indicateurs?t=commune:02722&i=a_10_km"])
def test_on_a_phone_nothing_scrolls_sideways(visit, app, page: str):
    visit.open(f"{app}/{page}")
    expect(visit.page.locator(".ess h2").last).to_be_visible()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    block = visit.page.locator("[data-testid=stMainBlockContainer]")
    assert block.evaluate("(box) => box.scrollWidth <= box.clientWidth")


def test_the_rank_follows_the_indicator_that_is_chosen(visit, app):
    visit.open(f"{app}/indicateurs?t=commune:02722")
    phrase = visit.page.locator(".ess-phrase")
    expect(phrase).to_contain_text("Acteurs pour 1")
    visit.page.get_by_role("combobox", name="Indicateur").click()
    visit.page.get_by_role("option", name="Distance à l’acteur connu le plus proche").click()
    expect(phrase).to_contain_text(re.compile(r"Soissons\s: \d+,\d\skm"))
    expect(visit.page.locator("tr.ici")).to_have_count(2)
    expect(visit.page).to_have_url(re.compile("i=distance"))


def test_a_bar_is_as_long_as_what_it_counts(visit, app):
    visit.open(f"{app}/indicateurs?t=commune:59350&i=distance&th=culture")
    bars = visit.page.locator(".ess-histogramme .ess-part:has(.ess-trait)")
    expect(bars.first).to_be_visible()
    drawn = bars.evaluate_all(
        "(parts) => parts.map((part) => [Number(part.textContent), part.firstElementChild.offsetWidth])"
    )
    most, widest = max(drawn)
    assert len(drawn) > 3
    for count, width in drawn:
        assert abs(width - widest * count / most) <= 2
