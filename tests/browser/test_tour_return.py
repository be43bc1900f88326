"""A tour that comes back, in a browser: noted, taken away, brought into another copy, reported on one page."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pypdf
import pytest
from playwright.sync_api import Page, expect

from esscarto.feedback import of_tour
from esscarto.saved_tours import save
from esscarto.settings import SITE
from esscarto.storage.store import FileStore
from esscarto.tours import Tour
from tests.browser.conftest import Visitor, serving

pytestmark = pytest.mark.browser

NAME = "Novembre"
ACTORS = ["ateliers-de-taux", "anne-morgan"]
LINK = f"ess_tour?tour=2026-11-26~0900~~~45~1230-60~50~~{','.join(ACTORS)}&nom={NAME}"
NOTES = 'Dit : « un local ; vite »\n"guillemets"'


class Copy(NamedTuple):
    address: str
    data: Path


@pytest.fixture(scope="module")
def copies(tmp_path_factory) -> Iterator[list[Copy]]:
    with ExitStack() as stack:
        found = []
        for name in ("une", "autre"):
            data = tmp_path_factory.mktemp(name) / "data"
            shutil.copytree(SITE / "data", data, ignore=shutil.ignore_patterns(".*", "*.sha256", "retours.csv"))
            save(FileStore(data), Tour(NAME).with_actors(ACTORS), role="referent", replacing=True)
            found.append(Copy(stack.enter_context(serving(data, ESSCARTO_ACCESS="local")), data))
        yield found


def opened(visit: Visitor, address: str) -> Page:
    visit.open(f"{address}/{LINK}")
    expect(visit.page.locator("#retour")).to_be_visible()
    rested(visit.page)
    return visit.page


def rested(page: Page) -> None:
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()


def choose(page: Page, name: str) -> None:
    choice = page.get_by_role("combobox", name="Visite à noter")
    # Brought into sight first: a list that is open closes when the page scrolls.
    choice.scroll_into_view_if_needed()
    choice.click()
    choice.fill(name.partition(" ")[0])
    page.get_by_role("option", name=re.compile(name)).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    rested(page)


def taken(page: Page, label: str) -> Path:
    with page.expect_download() as started:
        page.get_by_role("button", name=label, exact=True).click()
    return started.value.path()


def test_notes_typed_here_are_imported_there_and_reported_on_one_page(visit, copies, tmp_path):
    here, there = copies
    page = opened(visit, here.address)
    choose(page, "Anne Morgan")
    page.get_by_role("spinbutton", name="Présents").fill("12")
    page.get_by_role("textbox", name="Notes", exact=True).fill(NOTES)
    page.get_by_role("textbox", name="Suites à donner").fill("- Écrire à la commune\nRevenir en mars")
    page.get_by_role("button", name="Enregistrer cette visite").click()
    expect(page.locator(".ess-annonce")).to_contain_text("Enregistré\u202f: Anne Morgan.")
    expect(page.locator("#retours caption")).to_contain_text("12\u00a0présences")
    report = pypdf.PdfReader(taken(page, "Compte rendu (PDF)"))
    assert len(report.pages) == 1
    words = " ".join(report.pages[0].extract_text().split())
    assert "• Écrire à la commune" in words
    assert "12 présents" in words

    file = tmp_path / "retour.csv"
    shutil.copy(taken(page, "Notes en CSV"), file)
    rows = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["tour", "jour", "acteur", "nom", "presents", "notes", "suites"]
    assert rows[1][5:] == [NOTES, "'- Écrire à la commune\nRevenir en mars"]

    page = opened(visit, there.address)
    page.get_by_text("Importer des notes").click()
    for step in ("Ajouter à 1", "Fermer"):
        page.locator('input[type="file"]').set_input_files(file)
        button = page.get_by_role("button", name=step)
        expect(button).to_be_enabled()
        assert of_tour(FileStore(there.data), NAME) == ({} if step != "Fermer" else of_tour(FileStore(here.data), NAME))
        button.click()
        expect(page.get_by_text("Importer des notes")).to_be_visible()
    assert of_tour(FileStore(there.data), NAME) == of_tour(FileStore(here.data), NAME)
    assert of_tour(FileStore(there.data), NAME)["anne-morgan"].notes == NOTES


def test_a_visit_stays_chosen_once_saved_and_what_is_typed_of_it_waits(visit, copies):
    page = opened(visit, copies[1].address)
    choose(page, "Ateliers de Taux")
    page.get_by_role("textbox", name="Notes", exact=True).fill("Pas encore dit, pas encore écrit")
    choose(page, "Anne Morgan")
    expect(page.get_by_role("textbox", name="Notes", exact=True)).not_to_have_value("Pas encore dit, pas encore écrit")
    choose(page, "Ateliers de Taux")
    expect(page.get_by_role("textbox", name="Notes", exact=True)).to_have_value("Pas encore dit, pas encore écrit")
    page.get_by_role("textbox", name="Suites à donner").fill("Corriger le site")
    page.get_by_role("button", name="Enregistrer cette visite").click()
    expect(page.locator(".ess-annonce")).to_contain_text("Les Ateliers de Taux")
    rested(page)
    page.get_by_text("En faire une proposition de correction").click()
    expect(page.get_by_role("heading", name="Une correction pour")).to_contain_text("Ateliers de Taux")
    taken(page, "Notes en CSV")
    expect(page.get_by_role("heading", name="Une correction pour")).to_contain_text("Ateliers de Taux")
