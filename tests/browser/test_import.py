"""A file of others in a browser: sent, checked, mended, decided, published, undone; the files say the same."""

import csv
import io
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from esscarto.importing.reference import load_reference
from esscarto.settings import SITE
from tests.browser.conftest import Visitor, serving
from tests.browser.made_directory import CONFIRMED, ENCODINGS, FORMULAS, MadeDirectory, make_directory
from tests.browser.test_accessibility import DESK, FAINT_TEXTS, HEADINGS, PHONE, TABLES, WIDE
from tests.sources import documents_folder

pytestmark = pytest.mark.browser

SAMPLES = ("france_services_hdf_20240801.csv", "structures_conseillers_numeriques_hdf_2021.csv")
"""Real public files that stand beside the source documents, where they are at hand."""
HOSTILE = "liste_*_<img src=x onerror=window.hit=1>.csv"


class House(NamedTuple):
    """A server, and its folder of data."""

    address: str
    data: Path

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("import") / "data"
    shutil.copytree(SITE / "data", data)
    with serving(data, ESSCARTO_ACCESS="local") as address:
        yield House(address, data)


@pytest.fixture(scope="module")
def made() -> MadeDirectory:
    reference = load_reference(SITE / "data")
    return make_directory(reference.gazetteer, reference.known)


def opened(visit: Visitor, house: House) -> Page:
    visit.open(f"{house.address}/donnees?partie=importer")
    expect(visit.page.get_by_test_id("stFileUploader")).to_be_visible()
    rested(visit.page)
    return visit.page


def rested(page: Page) -> None:
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()


def send(page: Page, name: str, content: bytes) -> None:
    chosen = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(chosen)


def step(page: Page, name: str) -> None:
    page.get_by_test_id("stButtonGroup").filter(has_text="Étape").get_by_text(re.compile(f"^{name}")).click()
    rested(page)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()


def expect_counts(page: Page, **counts: int) -> None:
    """Wait until the counts at the head of the part are these."""
    words = {
        "read": "lignes lues",
        "bonne": "bonnes",
        "a_corriger": "à corriger",
        "refusee": "refusées",
        "doublon": "doublons à décider",
        "completee": "à compléter",
        "ecartee": "écartées par vous",
    }
    for key, value in counts.items():
        term = page.locator(".ess-import .ess-chiffre", has=page.get_by_text(words[key], exact=True))
        expect(term.locator("dd")).to_have_text(str(value))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_counts_are_those_that_the_file_was_made_with(visit: Visitor, house: House, made: MadeDirectory, encoding):
    page = opened(visit, house)
    send(page, "annuaire.csv", made.content(encoding))
    expect_counts(page, read=len(made.made.lines), **made.counts)


def test_a_file_is_mended_decided_published_and_undone(visit: Visitor, house: House, made: MadeDirectory, tmp_path):
    before, counts = (house.data / "actors.csv").read_bytes(), made.counts
    page = opened(visit, house)
    send(page, "annuaire.csv", made.content("cp1252"))
    expect_counts(page, **counts)

    step(page, "Source")
    page.get_by_label("Titre (obligatoire)").fill("Annuaire de l’essai")
    page.get_by_label("Producteur").fill("PETR exemple")
    page.get_by_label("Date du fichier").fill("novembre 2026")
    press(page, "Enregistrer la source")
    rested(page)

    step(page, "Problèmes")
    expect(page.locator("table.ess-problemes")).to_contain_text("le zéro du début s’est perdu")
    press(page, re.compile("suggestions confirmées$"))
    expect_counts(page, bonne=counts["bonne"] + CONFIRMED, a_corriger=counts["a_corriger"] - CONFIRMED)
    with page.expect_download() as started:
        press(page, "Télécharger le rapport (Excel)")
    started.value.save_as(tmp_path / "rapport.xlsx")
    report = openpyxl.load_workbook(tmp_path / "rapport.xlsx", read_only=True)
    waiting = sum(1 for _ in report["Lignes en attente"].iter_rows(min_row=2))
    assert waiting == sum(counts.values()) - counts["bonne"] - CONFIRMED

    step(page, "Doublons")
    expect(page.locator("table.ess-cote-a-cote").first).to_contain_text("≠ différent")
    page.get_by_role("combobox", name="Doublons qui attendent").click()
    page.get_by_role("option", name=re.compile("^même SIRET qu’un acteur")).click()
    page.get_by_role("combobox", name="Décision").click()
    page.get_by_role("option", name="Même acteur : compléter ses cases vides").click()
    press(page, re.compile("^Décider de"))
    bearers = len(made.siret_bearers)
    expect_counts(page, doublon=counts["doublon"] - bearers, completee=bearers)
    page.get_by_role("radio", name="Deux acteurs différents").first.check(force=True)
    press(page, "Enregistrer ces décisions")
    expect_counts(page, bonne=counts["bonne"] + CONFIRMED + 1, doublon=counts["doublon"] - bearers - 1)

    # What is settled outlives a look at another part.
    page.get_by_test_id("stButtonGroup").first.get_by_text("Historique").click()
    rested(page)
    page.get_by_test_id("stButtonGroup").first.get_by_text("Importer").click()
    expect_counts(page, bonne=counts["bonne"] + CONFIRMED + 1)

    step(page, "Publier")
    press(page, re.compile("^Publier .* lignes$"))
    added = counts["bonne"] + CONFIRMED + 1
    expect(page.locator(".ess-annonce")).to_contain_text(f"{added}\u00a0fiches ajoutées")
    number = check_files(house, before, added)

    press(page, "Annuler cet import")
    expect(page.locator(".ess-annonce")).to_contain_text("Import annulé")
    assert (house.data / "actors.csv").read_bytes() == before
    # The record stays, each line with what undid it; the number is never given to another file.
    assert all(line["undone_by"] for line in house.rows("journal") if line["kind"] != "annulation")
    assert house.rows("documents")[-1]["document"] == number


def check_files(house: House, before: bytes, added: int) -> str:
    """Check what was written, and return the number of the document."""
    known = {row["id"] for row in csv.DictReader(io.StringIO(before.decode(), newline=""))}
    new = [row for row in house.rows("actors") if row["id"] not in known]
    assert len(new) == added
    document = house.rows("documents")[-1]
    assert (document["titre"], document["producteur"], document["date"]) == (
        "Annuaire de l’essai",
        "PETR exemple",
        "2026-11",
    )
    number = document["document"]
    assert all(re.fullmatch(rf"{number}:[0-9]+", row["source"]) for row in new)
    journal = house.rows("journal")
    assert {line["role"] for line in journal} == {"local"}
    assert {line["actor"] for line in journal if line["kind"] == "ajout"} >= {row["id"] for row in new}
    kept = {line["value"] for line in house.rows("beside") if line["document"] == number}
    assert {f"'{formula}" for formula in FORMULAS} <= kept
    return number


def test_a_file_that_is_no_table_is_refused_and_its_name_is_only_text(visit: Visitor, house: House):
    page = opened(visit, house)
    send(page, HOSTILE, b"%PDF-1.7")
    expect(page.locator(".ess-refus")).to_contain_text(f"Ce fichier est un document PDF, pas un tableau ({HOSTILE})")
    expect(page.get_by_role("button", name="Choisir un fichier", exact=True)).to_be_visible()
    assert page.evaluate("window.hit") is None


def test_hostile_titles_and_cells_are_only_text(visit: Visitor, house: House):
    page = opened(visit, house)
    text = '{{7*7}} <img src=x onerror="window.hit=1"> ![](https://tracker.example/p.png) :red[x] $a$'
    quoted = '"' + text.replace('"', '""') + '"'
    lines = f"nom;code_insee;siret;{quoted}\n{quoted};99999;1,2E+13;x\n{quoted};99999;1,2E+13;y\n"
    send(page, "essai.csv", lines.encode())
    expect_counts(page, read=2)
    for name in ("Problèmes", "Doublons", "Publier"):
        step(page, name)
    step(page, "Colonnes")
    expect(page.locator("table").first).to_contain_text(text)
    page.get_by_text("Changer aussi les colonnes reconnues").click()
    expect(page.get_by_text(f"4. {text}")).to_be_visible()
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_public_file_is_read_whole_and_its_good_lines_enter(visit: Visitor, house: House, name: str):
    folder = documents_folder()
    if folder is None or not (folder.parent / "samples" / name).is_file():
        pytest.skip(
            "the real files are not at hand: set ESSCARTO_SOURCES to the folder of the documents, beside samples"
        )
    content = (folder.parent / "samples" / name).read_bytes()
    lines = len([row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if any(row)]) - 1
    before = len(house.rows("actors"))
    page = opened(visit, house)
    send(page, name, content)
    expect_counts(page, read=lines)
    step(page, "Publier")
    press(page, re.compile("^Publier .* lignes$"))
    said = page.locator(".ess-annonce")
    expect(said).to_contain_text("fiches ajoutées")
    found = re.search(r"(\d+)\s*fiches ajoutées", said.inner_text())
    assert found
    assert len(house.rows("actors")) == before + int(found[1])
    press(page, "Annuler cet import")
    expect(said).to_contain_text("Import annulé")
    assert len(house.rows("actors")) == before


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_each_step_can_be_read_by_everybody(visit: Visitor, house: House, made: MadeDirectory):
    page = opened(visit, house)
    send(page, "annuaire.csv", made.content("utf-8-sig"))
    expect_counts(page, **made.counts)
    for name in ("Colonnes", "Source", "Problèmes", "Doublons", "Publier"):
        step(page, name)
        root = page.locator("body")
        levels = root.evaluate(HEADINGS)
        assert levels[0] == 1, name
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (name, levels)
        assert all(table["caption"] and not table["bare"] and all(table["scopes"]) for table in root.evaluate(TABLES))
        assert root.evaluate(FAINT_TEXTS) == [], name
        assert root.evaluate(WIDE) == [], name
