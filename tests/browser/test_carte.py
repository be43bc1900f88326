"""Journeys on the map: what is painted is counted, not guessed."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def shown(visit) -> int:
    return int(re.match(r"\d+", visit.phrase().inner_text())[0])


def test_every_commune_of_the_petr_is_painted_once(visit, app):
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    # Soissonnais et Valois of today: 27 + 54 + 56 + 26 communes.
    expect(visit.map.locator("path.ess-commune")).to_have_count(163)
    expect(visit.map.locator("path.ess-epci-contour")).to_have_count(4)
    expect(visit.map.locator("path.ess-petr-contour")).to_have_count(1)


def test_clusters_markers_and_badges_sum_to_the_sentence(visit, app):
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    assert visit.clusters_sum() == shown(visit)


def test_a_commune_clicked_lights_up_and_opens_its_card_without_moving_the_map(visit, app):
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    visit.page.frame_locator('iframe[title*="st_folium"]').locator("body").evaluate("() => { window.sameMap = true; }")
    visit.map.get_by_role("combobox", name="Chercher une commune ou un acteur").fill("ambleny")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name="Ambleny")).to_be_visible()
    expect(visit.map.locator('path.ess-commune[stroke="#b5541c"]')).to_have_count(1)
    expect(visit.page).to_have_url(re.compile("sel=commune(%3A|:)02011"))
    assert visit.map.locator("body").evaluate("() => window.sameMap") is True


def test_a_legend_click_filters_at_once_and_the_page_follows(visit, app):
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    button = visit.map.locator('.ess-famille[data-famille="association"]')
    expected = int(button.locator(".ess-nombre").inner_text())
    button.click()
    expect(visit.phrase()).to_contain_text(re.compile(f"^{expected}\\s+acteurs?\\s*: association"))
    assert visit.clusters_sum() == expected
    expect(visit.page).to_have_url(re.compile("f=association"))


def test_a_permalink_restores_everything_in_a_new_browser(visit, app):
    visit.open(f"{app}/carte?t=epci:200071991&i=pour_1000&th=handicap,culture&sel=acteur:apei-des-2-vallees")
    visit.wait_for_map()
    expect(visit.phrase()).to_contain_text("thèmes handicap ou culture, CC Retz en Valois")
    expect(visit.map.locator(".leaflet-popup")).to_contain_text("APEI des 2 Vallées")
    expect(visit.page.locator(".ess-fiche h2")).to_contain_text("APEI des 2 Vallées")
    expect(visit.map.locator(".ess-legende h3").first).to_have_text("Acteurs pour 1 000 habitants")
