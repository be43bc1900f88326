"""The basket in a browser: filled on the map, kept between pages, put in order, taken away, given by a link."""

import itertools
import json
import re
import zipfile

import pypdf
import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

QUESTION = "Ouvrir une ressourcerie à Villers-Cotterêts"


def fill(visit, app: str, *actors: str) -> None:
    """Add actors from their cards, each opened by an address of its own as a reader of the list does."""
    for number, actor in enumerate(actors, start=1):
        visit.open(f"{app}/carte?t=partout&n=epci&sel=acteur:{actor}")
        visit.page.get_by_role("button", name="Ajouter au panier").click()
        expect(visit.page.get_by_role("button", name="Retirer du panier")).to_be_visible()
        said = "1 élément" if number == 1 else f"{number} éléments"
        expect(visit.page.locator(".ess-panier-garde a")).to_have_text(f"Panier\u00a0: {said}")


def titles(visit) -> list[str]:
    return visit.page.locator("article h2").all_inner_texts()


def test_from_a_card_to_a_dossier_and_to_another_browser(visit, app, chromium: Browser):
    page = visit.page
    fill(visit, app, "axo-meca", "ateliers-de-taux", "petr-soissonnais-valois")
    page.locator(".ess-panier-garde a").click()
    expect(page.locator("article h2")).to_have_count(3)

    page.get_by_label("Votre projet, en une phrase").fill(QUESTION)
    page.get_by_label("Votre note sur le n° 2").fill("Appeler en janvier")
    page.get_by_role("button", name="Monter le n° 2").click()
    expect(page.locator("article h2").first).to_have_text("1. Les Ateliers de Taux")
    # While the page is drawn again, the field of before may still stand beside the new one.
    expect(page.get_by_label("Votre note sur le n° 1").first).to_have_value("Appeler en janvier")
    page.wait_for_url(re.compile("n1=Appeler"))

    with page.expect_download() as download:
        page.get_by_role("button", name="Dossier PDF").click()
    words = " ".join(leaf.extract_text() for leaf in pypdf.PdfReader(download.value.path()).pages)
    for said in (
        QUESTION,
        "Les Ateliers de Taux",
        "Appeler en janvier",
        "Prochaines étapes",
        "contact@soissonnaisvalois",
    ):
        assert said in words
    with page.expect_download() as download:
        page.get_by_role("button", name="GeoJSON").click()
    features = json.loads(download.value.path().read_text(encoding="utf-8"))["features"]
    assert {feature["id"] for feature in features} == {"axo-meca", "ateliers-de-taux", "petr-soissonnais-valois"}
    with page.expect_download() as download:
        page.get_by_role("button", name="Contacts").click()
    assert download.value.path().read_text(encoding="utf-8").count("BEGIN:VCARD") == 3
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter en Excel").click()
    with zipfile.ZipFile(download.value.path()) as book:
        assert 'name="Panier"' in book.read("xl/workbook.xml").decode()

    context = chromium.new_context(locale="fr-FR")
    try:
        other = context.new_page()
        other.goto(page.url)
        expect(other.locator("article h2")).to_have_text(titles(visit))
        expect(other.get_by_label("Votre projet, en une phrase")).to_have_value(QUESTION)
        expect(other.get_by_label("Votre note sur le n° 1")).to_have_value("Appeler en janvier")
    finally:
        context.close()


def test_an_emptied_basket_stays_empty_when_the_page_is_opened_again(visit, app):
    fill(visit, app, "axo-meca")
    visit.open(f"{app}/panier")
    expect(visit.page.locator("article h2")).to_have_text(["1. Axo’Meca"])
    visit.page.get_by_role("button", name="Vider le panier").click()
    expect(visit.page.get_by_text("Le panier est vide.")).to_be_visible()
    expect(visit.page.locator(".ess-panier-garde")).to_have_attribute("data-panier", "")
    visit.open(f"{app}/panier")
    expect(visit.page.get_by_text("Le panier est vide.")).to_be_visible()


@pytest.mark.parametrize("visit", [(320, 740)], indirect=True)
def test_the_basket_is_read_on_a_narrow_screen_and_by_the_keyboard(visit, app):
    visit.open(f"{app}/panier?p=acteur:petr-soissonnais-valois,programme:cote,programme:fonds-reemploi&n1=Rendez-vous")
    expect(visit.page.locator("article h2")).to_have_count(3)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    levels = visit.page.locator("h1, h2, h3").evaluate_all("(all) => all.map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    # An order is inside a role: the PETR stays alone in its own.
    expect(visit.page.get_by_role("button", name="Descendre le n° 1")).to_be_disabled()
    down = visit.page.get_by_role("button", name="Descendre le n° 2")
    down.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("article h2").nth(2)).to_have_text("3. COTE")
    expect(visit.page.get_by_role("link", name="Écrire à contact@soissonnaisvalois.fr")).to_be_visible()
