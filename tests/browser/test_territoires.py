"""The sheet of a territory in a real browser: found, read, taken away."""

from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_commune_is_found_read_and_taken_away_as_a_pdf(app: str, visit: Visitor, tmp_path: Path):
    page = visit.page
    visit.open(f"{app}/territoires")
    page.get_by_label("Chercher une autre commune ou intercommunalité").fill("allemant")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Allemant (CC du Val de l’Aisne)").click()
    expect(page.get_by_role("heading", name="Allemant", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="dga@cc-valdeaisne.fr").first).to_be_visible()
    row = page.locator("tr").filter(has_text="on compte 3\u202f650 emplois")
    expect(row).to_contain_text("pour le PETR du Soissonnais et du Valois")
    row.get_by_text("Source", exact=True).click()
    expect(row).to_contain_text("lignes 11-12, 162")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Fiche en PDF").click()
    target = tmp_path / "fiche.pdf"
    taken.value.save_as(target)
    words = "".join(part.extract_text() for part in pypdf.PdfReader(target).pages)
    assert "Allemant" in words
    # Read on this very machine, the page has no address that a phone could open: none is printed.
    assert app not in words.replace("\n", "")


@pytest.mark.parametrize("visit", [(320, 640)], indirect=True)
def test_nothing_scrolls_sideways_on_a_small_screen(app: str, visit: Visitor):
    visit.open(f"{app}/territoires?t=petr:soissonnais-valois")
    expect(visit.page.get_by_role("heading", name="PETR du Soissonnais et du Valois", level=1)).to_be_visible()
    expect(visit.page.get_by_role("heading", name="Ce que l’annuaire connaît ici")).to_be_attached()
    assert visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 320
