"""The page Partenaires in a real browser: the map has the numbers of the list, the link gives the question back."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

DRAWN = """(image) => [...new DOMParser()
    .parseFromString(new TextDecoder().decode(Uint8Array.from(atob(image.src.split(",")[1]), (c) => c.charCodeAt(0))),
        "image/svg+xml")
    .querySelectorAll("tspan.numero")].map((text) => Number(text.textContent)).sort((a, b) => a - b)"""
PLACED = """(lines) => lines
    .filter((line) => /à vol d’oiseau/.test(line.textContent) && !/hors de la carte/.test(line.textContent))
    .filter((line) => line.querySelector(".ess-symbole"))
    .map((line) => Number(line.querySelector(".ess-numero").textContent)).sort((a, b) => a - b)"""


def numbers(visit: Visitor) -> tuple[list[int], list[int]]:
    picture = visit.page.locator(".ess-carte-reponse img")
    expect(picture).to_be_visible()
    # A body may stand in two roles, under one number.
    return picture.evaluate(DRAWN), sorted(set(visit.page.locator("li.ess-resultat").evaluate_all(PLACED)))


@pytest.mark.parametrize(
    "query",
    ["t=commune:02810&p=ouvrir une ressourcerie", "t=commune:80620&th=mobilite&par=nombre", "t=commune:02722&d=40"],
)
def test_the_numbers_of_the_map_are_those_of_the_list(visit: Visitor, app: str, query: str):
    visit.open(f"{app}/partenaires?{query}")
    expect(visit.page.locator("#reponse .ess-phrase")).to_be_visible()
    folded = visit.page.locator('.ess-geste[value^="ouvrir:"]')
    for left in reversed(range(folded.count())):
        folded.first.click()
        expect(folded).to_have_count(left)
    drawn, listed = numbers(visit)
    assert drawn == listed
    assert len(drawn) >= 3
    everyone = visit.page.locator("li.ess-resultat .ess-numero").evaluate_all("all => all.map(one => +one.textContent)")
    # A body may stand in two roles: it keeps its number.
    assert sorted(set(everyone)) == list(range(1, max(everyone) + 1))


def test_a_link_gives_the_question_back_in_a_new_browser(visit: Visitor, chromium: Browser, app: str):
    visit.open(f"{app}/partenaires?t=commune:02810")
    field = visit.page.get_by_label("Votre projet, en quelques mots")
    field.fill("une ressourcerie")
    field.press("Enter")
    expect(visit.page).to_have_url(re.compile("th=reemploi"))
    phrase = visit.page.locator("#reponse .ess-phrase")
    expect(phrase).to_contain_text("réemploi et économie circulaire")
    answer = visit.page.locator("#reponse").inner_text()
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    other = Visitor(context.new_page())
    other.open(visit.page.url)
    expect(other.page.locator("#reponse .ess-phrase")).to_contain_text("réemploi et économie circulaire")
    expect(other.page.get_by_label("Votre projet, en quelques mots")).to_have_value("une ressourcerie")
    assert other.page.locator("#reponse").inner_text() == answer
    assert (other.outside, other.errors) == ([], [])
    context.close()


@pytest.mark.parametrize("typed", ["villers cotterets", "villers-cotterets", "villers cott"])
def test_a_commune_is_found_as_it_is_typed(visit: Visitor, app: str, typed: str):
    visit.open(f"{app}/partenaires")
    expect(visit.page.locator("#reponse .ess-phrase")).to_be_visible()
    box = visit.page.get_by_role("combobox", name="Commune")
    box.fill(typed)
    expect(visit.page.get_by_role("option", name=f"Chercher « {typed} »")).to_be_visible()
    box.press("Enter")
    expect(visit.page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Villers-Cotterêts,")
    expect(box).to_have_value("Villers-Cotterêts (02)")
    expect(visit.page).to_have_url(re.compile("t=commune(%3A|:)02810"))


def test_a_typing_that_several_names_hold_says_them_and_changes_nothing(visit: Visitor, app: str):
    visit.open(f"{app}/partenaires?t=commune:80620")
    expect(visit.page.locator("#reponse .ess-phrase")).to_be_visible()
    box = visit.page.get_by_role("combobox", name="Commune")
    box.fill("villers")
    box.press("Enter")
    expect(visit.page.get_by_text("« villers » :")).to_contain_text("Villers-")
    expect(visit.page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Péronne,")


@pytest.mark.parametrize("visit", [(360, 740)], indirect=True)
def test_on_a_phone_a_link_leads_to_the_answer_and_the_map_stands_before_the_list(visit: Visitor, app: str):
    visit.open(f"{app}/partenaires?t=commune:80410&p=une épicerie itinérante")
    expect(visit.page.locator("#reponse .ess-phrase")).to_be_visible()
    top = "(id) => document.getElementById(id).getBoundingClientRect().top"
    assert visit.page.evaluate(top, "carte-reponse") < visit.page.evaluate(top, "reponse")
    visit.page.get_by_role("link", name="Voir la réponse").click()
    visit.page.wait_for_function(f"() => Math.abs(({top})('reponse')) < innerHeight / 2")


def test_a_click_on_the_map_asks_from_another_commune(visit: Visitor, app: str):
    visit.open(f"{app}/partenaires?t=commune:02722&th=culture")
    frame = visit.page.locator(".ess-clic")
    expect(frame).to_be_attached()
    belleu = frame.locator('a[title="Belleu"]')
    expect(belleu).to_have_count(1)
    # The middle of the commune, as its outline gives it.
    corners = re.findall(r"([\d.]+)% ([\d.]+)%", belleu.get_attribute("style") or "")
    left, top = (sum(float(corner[axis]) for corner in corners) / len(corners) / 100 for axis in (0, 1))
    picture = visit.page.locator(".ess-carte-reponse img")
    picture.scroll_into_view_if_needed()
    box, over = picture.bounding_box(), belleu.bounding_box()
    assert box
    assert over
    # The outlines lie on the picture.
    assert all(abs(box[side] - over[side]) < 2 for side in ("x", "y", "width", "height")), (box, over)
    visit.page.mouse.click(box["x"] + left * box["width"], box["y"] + top * box["height"])
    expect(visit.page.locator("#reponse .ess-phrase")).to_contain_text("Belleu")
    expect(visit.page).to_have_url(re.compile(r"t=commune(%3A|:)02064"))
    expect(visit.page).to_have_url(re.compile("th=culture"))


@pytest.mark.parametrize("visit", [(320, 640)], indirect=True)
@pytest.mark.parametrize("query", ["t=commune:02810&th=reemploi", "vue=rencontres&t=commune:80620&d=40"])
def test_on_a_phone_nothing_scrolls_sideways(visit: Visitor, app: str, query: str):
    visit.open(f"{app}/partenaires?{query}")
    expect(visit.page.locator(".ess h2").last).to_be_visible()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    block = visit.page.locator("[data-testid=stMainBlockContainer]")
    assert block.evaluate("(box) => box.scrollWidth <= box.clientWidth")
