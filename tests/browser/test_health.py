"""The state of the directory and its letter, as a browser draws them: for a desk and for a phone."""

import csv
import io
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from esscarto.editing import Correction
from esscarto.journal import record
from esscarto.settings import SITE
from esscarto.storage.store import FileStore
from tests.browser.conftest import Visitor, serving
from tests.browser.test_accessibility import DESK, FAINT_TEXTS, HEADINGS, PHONE, TABLES, WIDE

pytestmark = pytest.mark.browser

VIEWS = {"ensemble": "Ce que disent les fiches", "verifier": "acteurs à vérifier", "doublons": "à comparer"}
LABELS = {"ensemble": "Vue d’ensemble", "verifier": "À vérifier", "doublons": "Doublons possibles"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a directory of its own, in which one actor has been given a telephone today."""
    data = tmp_path_factory.mktemp("annuaire") / "data"
    shutil.copytree(SITE / "data", data)
    record(FileStore(data), [Correction("compagnie-acaly", {}, {"telephone": "03 22 00 00 00"})], role="referent")
    with serving(data, ESSCARTO_ACCESS="local") as address:
        yield address


def opened(visit: Visitor, address: str, part: str) -> Page:
    visit.open(f"{address}/donnees?partie={part}")
    expect(visit.page.locator(".ess h2").first).to_be_visible()
    return visit.page


def chosen(visit: Visitor, address: str, view: str) -> Page:
    """Open one view of the state of the directory."""
    page = opened(visit, address, "sante")
    if view != "ensemble":
        page.get_by_test_id("stButtonGroup").last.get_by_text(LABELS[view]).click()
    expect(page.locator(".ess h2", has_text=VIEWS[view])).to_be_visible()
    return page


def check(page: Page) -> None:
    """Headings in order, texts that can be read, nothing wider than the screen, tables that say what they are."""
    root = page.locator("html")
    levels = root.evaluate(HEADINGS)
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels)), levels
    assert root.evaluate(FAINT_TEXTS) == []
    assert root.evaluate(WIDE) == []
    for table in root.evaluate(TABLES):
        assert table["caption"]
        assert set(table["scopes"]) <= {"col", "row"}
        assert not table["bare"]


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_state_of_the_directory_can_be_read_by_all(visit: Visitor, house: str, view: str):
    check(chosen(visit, house, view))


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_the_letter_can_be_read_by_all(visit: Visitor, house: str):
    page = opened(visit, house, "lettre")
    expect(page.locator(".ess-lettre")).to_contain_text("Compagnie Acaly (Soissons)\u00a0: téléphone ajouté")
    check(page)


def test_each_bar_is_as_long_as_its_text_says(visit: Visitor, house: str):
    page = chosen(visit, house, "ensemble")
    bars = page.locator(".ess-part").evaluate_all(
        """(cells) => cells.map((cell) => {
            const [frame, bar] = [cell.querySelector(".ess-barre"), cell.querySelector(".ess-barre span")];
            return [100 * bar.getBoundingClientRect().width / frame.clientWidth, cell.textContent];
        })"""
    )
    assert len(bars) > 20
    for width, text in bars:
        assert width == pytest.approx(float(text.partition("%")[0].strip()), abs=1.5), text


@pytest.mark.parametrize(("label", "extension"), [("Exporter en Excel", "xlsx"), ("CSV", "csv")])
def test_the_list_to_check_is_taken_away_whole(visit: Visitor, house: str, label: str, extension: str):
    page = chosen(visit, house, "verifier")
    total = int(page.locator(".ess h2").inner_text().split()[0])
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    content = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename.endswith(extension)
    if extension == "csv":
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    else:
        lines = list(openpyxl.load_workbook(io.BytesIO(content))["À vérifier"].iter_rows())
    assert len(lines) == total + 1 > 20


def test_a_link_leads_from_the_list_to_the_form_of_the_actor(visit: Visitor, house: str):
    page = chosen(visit, house, "verifier")
    page.get_by_role("link", name="Modifier\u00a0: 13 Avenir").click()
    expect(page.get_by_label("Nom (obligatoire)")).to_have_value("13 Avenir")


@pytest.mark.parametrize(
    ("label", "sign"), [("Télécharger (page web)", "<li>"), ("Télécharger (texte Markdown)", "- **")]
)
def test_the_letter_is_taken_away(visit: Visitor, house: str, label: str, sign: str):
    page = opened(visit, house, "lettre")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert sign in text
    assert "téléphone ajouté" in text
