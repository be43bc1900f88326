"""The tour in one file, presented in a room: keys, map, notebook; then the same served by the application."""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from esscarto import feedback_import
from esscarto.offline import carried
from esscarto.settings import data_dir
from esscarto.site import Site, load_site
from esscarto.timetable import Timetable, build
from esscarto.tours import Tour
from tests.browser.conftest import Visitor, opened_alone
from tests.browser.test_accessibility import FAINT_TEXTS, HEADINGS, SMALL_TARGETS, SMALLEST_TARGET_PX

pytestmark = pytest.mark.browser

DAY = datetime.date(2026, 11, 27)
SOISSONNAIS = ["anne-morgan", "axo-meca", "ateliers-de-taux", "realiss", "tereos", "le-relais-nord-est-idf-crouy"]
LINK = f"tour=2026-12-10~0900~02722~02722~45~1230-60~50~~{','.join(SOISSONNAIS)}&nom=Essai"


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(data_dir())


@pytest.fixture(scope="module")
def table(site: Site) -> Timetable:
    tour = Tour("Décembre; l’essai", day=datetime.date(2026, 12, 10), start="02722", end="02722")
    return build(site, tour.with_actors(SOISSONNAIS))


@pytest.fixture
def opened(
    site: Site, table: Timetable, chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Page]:
    """The file of the tour, opened by its path; whatever it asks of anybody else is a failure."""
    file = tmp_path / "tour à emporter.html"
    file.write_bytes(carried.of_tour(site, table, DAY))
    with opened_alone(chromium, file, getattr(request, "param", (1920, 1080))) as view:
        yield view


def again(view: Page) -> None:
    """Open the file again; what is around the map is not looked at before it is there."""
    view.reload()
    expect(view.locator("body.avant")).to_have_count(0)


def title(view: Page):
    return view.locator("#ecrans article:not([hidden]) h1")


def settled(view: Page, rank: int, total: int) -> None:
    expect(view.locator("#rang")).to_have_text(f"{rank} sur {total}")


def test_the_arrows_go_from_stop_to_stop_and_the_map_follows_without_being_made_anew(opened: Page, table: Timetable):
    opened.evaluate("() => { document.querySelector('#carte').kept = true; }")
    opened.get_by_role("button", name="Présenter le tour").click()
    settled(opened, 1, 7)
    expect(title(opened)).to_have_text("Décembre; l’essai")
    for rank, visit in enumerate(table.visits, start=2):
        opened.keyboard.press("ArrowRight")
        settled(opened, rank, 7)
        expect(title(opened)).to_have_text(visit.name)
        expect(title(opened).locator("..")).to_be_focused()
        mark = opened.locator(".etape.ici")
        expect(mark).to_have_text(str(visit.number))
        # The stop is in the middle of the map: within a tenth of its size.
        box, frame = mark.bounding_box(), opened.locator("#carte").bounding_box()
        assert box
        assert frame
        assert abs(box["x"] + box["width"] / 2 - frame["x"] - frame["width"] / 2) < frame["width"] / 10
        assert abs(box["y"] + box["height"] / 2 - frame["y"] - frame["height"] / 2) < frame["height"] / 10
    opened.keyboard.press("ArrowRight")
    settled(opened, 7, 7)
    opened.keyboard.press("Home")
    settled(opened, 1, 7)
    assert opened.evaluate("() => document.querySelector('#carte').kept")
    assert opened.locator(".etape:not(.bout)").count() == len(table.visits)
    expect(opened.locator(".etape.bout")).to_have_text("D/A")


def test_escape_leaves_to_the_button_that_opened_and_the_map_is_as_before(opened: Page):
    before = opened.locator("path.ess-polygone").count()
    button = opened.get_by_role("button", name="Présenter le tour")
    button.click()
    opened.keyboard.press("End")
    settled(opened, 7, 7)
    opened.keyboard.press("Escape")
    expect(opened.locator("#presentation")).to_be_hidden()
    expect(button).to_be_focused()
    assert opened.locator("path.ess-polygone").count() == before
    expect(opened.locator("#liste [data-acteur]").first).to_be_visible()


def test_the_screens_of_the_territory_paint_what_their_titles_say(opened: Page, site: Site, table: Timetable):
    opened.get_by_role("button", name=re.compile("Présenter le PETR")).click()
    settled(opened, 1, 8)
    expect(opened.locator(".etape")).to_have_count(0)
    opened.keyboard.press("PageDown")
    settled(opened, 2, 8)
    # The four intercommunalités, each in its colour: none has the density of another.
    fills = opened.locator("path.ess-epci").evaluate_all("all => all.map((one) => one.getAttribute('fill'))")
    assert len(set(fills)) == len(fills) == 4
    for _ in range(3):
        opened.keyboard.press("ArrowRight")
    settled(opened, 5, 8)
    hatched = opened.locator('path.ess-polygone[fill="url(#ess-hachures)"]')
    white = carried.territory_screens.deck(site, carried.home(site, table), DAY).screens[4].view.white
    assert white is not None
    expect(hatched).to_have_count(int(white.sum()))


def test_every_screen_is_read_by_all_one_heading_of_its_own_no_faint_text_no_small_target(opened: Page):
    root = opened.locator("html")
    for button, total in (("Présenter le tour", 7), ("Présenter le PETR", 8)):
        opened.get_by_role("button", name=re.compile(button)).click()
        for rank in range(1, total + 1):
            settled(opened, rank, total)
            assert root.evaluate(HEADINGS)[:1] == [1]
            assert root.evaluate(HEADINGS).count(1) == 1
            assert root.locator("#presentation").evaluate(FAINT_TEXTS) == []
            assert root.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX) == []
            opened.keyboard.press("ArrowRight")
        opened.get_by_role("button", name="Quitter").click()


@pytest.mark.parametrize("opened", [(360, 740), (320, 640)], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways_and_the_buttons_turn_the_screens(opened: Page):
    width = opened.evaluate("() => window.innerWidth")
    assert opened.evaluate("() => document.documentElement.scrollWidth") == width
    opened.get_by_role("button", name="Présenter le tour").click()
    opened.get_by_role("button", name="Écran suivant").click()
    settled(opened, 2, 7)
    assert opened.evaluate("() => document.documentElement.scrollWidth") == width
    assert (
        opened.evaluate("() => { const e = document.querySelector('#ecrans'); return e.scrollWidth - e.clientWidth; }")
        == 0
    )
    opened.get_by_role("button", name="Quitter").click()
    expect(opened.locator("#tour")).to_be_visible()


def test_what_reaches_a_person_is_said_while_it_is_typed(opened: Page):
    first = opened.locator(".noter").first
    first.locator("summary").click()
    first.get_by_label("Notes").fill("Rappeler au 0" + "6 12 34 56 78")
    expect(opened.locator("#carnet-dit")).to_contain_text("l’import les refusera")


def test_in_a_room_every_screen_is_whole_without_scrolling(opened: Page):
    for button, total in (("Présenter le tour", 7), ("Présenter le PETR", 8)):
        opened.get_by_role("button", name=re.compile(button)).click()
        for rank in range(1, total + 1):
            settled(opened, rank, total)
            area = opened.locator("#ecrans")
            assert area.evaluate("(area) => area.scrollHeight - area.clientHeight") == 0, (button, rank)
            opened.keyboard.press("ArrowRight")
        opened.get_by_role("button", name="Quitter").click()


def test_what_is_noted_stays_after_a_reload_and_leaves_as_the_table_that_the_application_reads(opened: Page):
    first = opened.locator(".noter").first
    first.locator("summary").click()
    first.get_by_label("Personnes présentes").fill("12")
    first.get_by_label("Notes").fill('=1+1; des "guillemets"\net une ligne')
    first.get_by_label("Suites à donner").fill("Rappeler la mairie")
    expect(first.locator(".fait")).to_have_text(" (noté)")
    actor = first.get_attribute("data-acteur")
    again(opened)
    expect(opened.locator(".noter").first.locator(".fait")).to_have_text(" (noté)")
    with opened.expect_download() as waited:
        opened.get_by_role("button", name="Exporter mes notes").click()
    download = waited.value
    assert download.suggested_filename == "esscarto-notes-decembre-l-essai.csv"
    content = Path(download.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 1
    assert rows[0] | {"nom": ""} == {
        "tour": "Décembre; l’essai",
        "jour": "2026-12-10",
        "acteur": actor,
        "nom": "",
        "presents": "12",
        "notes": '\'=1+1; des "guillemets"\net une ligne',
        "suites": "Rappeler la mairie",
    }
    (brought,) = feedback_import.read(content, download.suggested_filename, {actor: "Nom"}).rows
    assert (brought.actor, brought.present, brought.notes, brought.follow_ups) == (
        actor,
        12,
        '=1+1; des "guillemets"\net une ligne',
        "Rappeler la mairie",
    )
    forget = opened.get_by_role("button", name="Effacer mes notes")
    opened.once("dialog", lambda asked: asked.dismiss())
    forget.click()
    expect(first.get_by_label("Suites à donner")).to_have_value("Rappeler la mairie")
    opened.once("dialog", lambda asked: asked.accept())
    forget.click()
    expect(forget).to_be_disabled()
    again(opened)
    expect(opened.locator(".noter").first.get_by_label("Notes")).to_have_value("")


@pytest.mark.parametrize("visit", [(1920, 1080)], indirect=True)
def test_the_page_of_the_tour_opens_its_presentation_in_a_tab_of_its_own(visit: Visitor, app: str):
    visit.open(f"{app}/ess_tour?{LINK}")
    with visit.page.context.expect_page() as waited:
        visit.page.get_by_role("link", name="Présenter ce tour").click()
    shown = waited.value
    other: list[str] = []
    shown.on("request", lambda sent: other.append(sent.url) if not sent.url.startswith(app) else None)
    expect(title(shown)).to_have_text("Essai")
    settled(shown, 1, 7)
    expect(shown.locator(".etape:not(.bout)")).to_have_count(len(SOISSONNAIS))
    shown.keyboard.press("ArrowRight")
    settled(shown, 2, 7)
    expect(shown.locator(".etape.ici")).to_have_text("1")
    assert other == []


def test_the_sheet_of_a_petr_opens_its_eight_screens(visit: Visitor, app: str):
    visit.open(f"{app}/territoires?t=petr:coeur-hauts-de-france")
    with visit.page.context.expect_page() as waited:
        visit.page.get_by_role("link", name="Présenter en huit écrans").click()
    settled(waited.value, 1, 8)
    expect(title(waited.value)).to_have_text("PETR Cœur des Hauts-de-France")
