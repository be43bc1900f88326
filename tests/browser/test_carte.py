"""Journeys on the map: what is painted is counted, not guessed."""

import re

import pytest
from playwright.sync_api import expect

from esscarto.filters import ActorFilter
from esscarto.metrics import INDICATORS
from esscarto.settings import data_dir
from esscarto.site import load_site
from esscarto.territories import Territory

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
    visit.shows(shown(visit))


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
    visit.shows(expected)
    expect(visit.page).to_have_url(re.compile("f=association"))


def test_a_permalink_restores_everything_in_a_new_browser(visit, app):
    visit.open(f"{app}/carte?t=epci:200071991&i=pour_1000&th=handicap,culture&sel=acteur:apei-des-2-vallees")
    visit.wait_for_map()
    expect(visit.phrase()).to_contain_text("thèmes handicap ou culture, CC Retz en Valois")
    expect(visit.map.locator(".leaflet-popup")).to_contain_text("APEI des 2 Vallées")
    expect(visit.page.locator(".ess-fiche h2")).to_contain_text("APEI des 2 Vallées")
    expect(visit.map.locator(".ess-legende h3").first).to_have_text("Acteurs pour 1 000 habitants")


def test_each_colour_of_the_legend_paints_the_communes_it_stands_for(visit, app):
    visit.open(f"{app}/carte?t=petr:soissonnais-valois")
    visit.wait_for_map()
    site = load_site(data_dir())
    counts = site.counter("commune").counts(site.index.mask(ActorFilter()))
    inside = INDICATORS["acteurs"].values(counts)[site.territories.communes_of(Territory("petr", "soissonnais-valois"))]
    swatches = visit.map.locator(".ess-classes li")
    for position in range(swatches.count()):
        swatch = swatches.nth(position)
        colour = swatch.locator(".ess-case").get_attribute("style").removeprefix("background:").rstrip(";").strip()
        low, _, high = swatch.inner_text().strip().partition(" à ")
        expected = int(inside.between(int(low), int(high or low)).sum())
        expect(visit.map.locator(f'path.ess-commune[fill="{colour}"]')).to_have_count(expected)


def test_the_level_of_the_colours_changes_without_losing_the_view(visit, app):
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    visit.page.get_by_text("Intercommunalités (EPCI)", exact=True).click()
    expect(visit.map.locator("path.ess-epci")).to_have_count(4)
    expect(visit.map.locator("path.ess-commune")).to_have_count(0)


def test_the_list_holds_as_many_rows_as_the_sentence_says(visit, app):
    visit.open(f"{app}/carte?t=epci:200071991")
    visit.wait_for_map()
    expect(visit.page.locator("table.ess-liste tbody tr")).to_have_count(shown(visit))


def test_a_row_of_the_list_opens_the_card_and_the_popup(visit, app):
    visit.open(f"{app}/carte?q=acaly")
    visit.wait_for_map()
    link = visit.page.locator("table.ess-liste a", has_text="Compagnie Acaly")
    link.click()
    expect(visit.page.locator(".ess-fiche h2")).to_contain_text("Acaly")
    visit.wait_for_map()
    expect(visit.map.locator(".leaflet-popup")).to_contain_text("Acaly")
    # The list of territories still names the one that is shown.
    expect(visit.page.get_by_role("combobox", name="Territoire", exact=True)).to_have_value(
        "PETR du Soissonnais et du Valois"
    )


def test_a_marker_opens_by_keyboard_and_escape_closes_it(visit, app):
    visit.open(f"{app}/carte?q=ateliers%20de%20taux")
    visit.wait_for_map()
    marker = visit.map.get_by_role("button", name=re.compile("Ateliers de Taux"))
    marker.focus()
    visit.page.keyboard.press("Enter")
    popup = visit.map.locator(".leaflet-popup")
    expect(popup).to_contain_text("Hartennes-et-Taux")
    visit.page.keyboard.press("Escape")
    expect(popup).to_have_count(0)


def test_the_list_is_reached_by_keyboard_before_the_map(visit, app):
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    skip = visit.page.get_by_role("link", name="Aller à la liste des acteurs")
    frame_follows = visit.page.evaluate(
        """() => {
            const skip = document.querySelector("a.ess-saut");
            const frame = document.querySelector('iframe[title*="st_folium"]');
            return Boolean(skip.compareDocumentPosition(frame) & Node.DOCUMENT_POSITION_FOLLOWING);
        }"""
    )
    assert frame_follows
    skip.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", name=re.compile("La liste"))).to_be_in_viewport()


@pytest.mark.parametrize("visit", [(320, 640), (360, 740)], indirect=True)
def test_nothing_scrolls_sideways_on_a_phone(visit, app):
    visit.open(f"{app}/carte?sel=epci:200071991")
    visit.wait_for_map()
    wide = visit.page.evaluate(
        "() => { const box = document.querySelector('.block-container'); return box.scrollWidth - box.clientWidth; }"
    )
    assert wide <= 0


@pytest.mark.parametrize("page", ["", "carte", "sources"])
def test_each_page_is_french_and_asks_nothing_of_another_host(visit, app, page):
    visit.open(f"{app}/{page}")
    expect(visit.page.locator(".ess").first).to_be_visible()
    if page == "carte":
        visit.wait_for_map()
        expect(visit.map.locator("html")).to_have_attribute("lang", "fr")
    assert visit.page.locator("html").get_attribute("lang") == "fr"


def test_an_unknown_file_of_the_map_leaves_the_list_and_says_so(visit, app):
    visit.page.route("**/acteurs-*.json", lambda route: route.fulfill(status=404))
    visit.open(f"{app}/carte")
    expect(visit.map.locator(".ess-avis")).to_contain_text("la liste reste disponible")
    expect(visit.page.locator("table.ess-liste tbody tr").first).to_be_visible()


def choose_family(visit, name: str) -> None:
    visit.page.get_by_role("combobox", name="Famille ou rôle").click()
    visit.page.get_by_role("option", name=name, exact=True).click()
    expect(visit.phrase()).to_contain_text(name.lower())


def test_a_filter_comes_down_the_short_way(visit, app):
    heard = []
    visit.page.on(
        "websocket",
        lambda socket: (
            socket.on("framereceived", lambda text: heard.append(text)) if "/direct/" in socket.url else None
        ),
    )
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    choose_family(visit, "Association")
    visit.shows(shown(visit))
    assert any('"familles":["association"]' in str(text) for text in heard)


def test_without_the_short_way_the_map_follows_all_the_same(visit, app):
    refused = []

    def refuse(socket) -> None:
        refused.append(socket.url)
        socket.close()

    visit.page.route_web_socket(re.compile("/direct/"), refuse)
    visit.open(f"{app}/carte")
    visit.wait_for_map()
    choose_family(visit, "Association")
    visit.shows(shown(visit))
    assert refused
