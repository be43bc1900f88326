"""Points and registers in a browser, against local services; the files say what was written, and nothing else."""

import csv
import itertools
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from esscarto.registers import commands
from esscarto.settings import SITE
from esscarto.site import Site
from tests.browser.conftest import Visitor, serving
from tests.browser.test_accessibility import DESK, FAINT_TEXTS, HEADINGS, PHONE, TABLES, WIDE
from tests.servers.faults import nobody, running
from tests.servers.geoplateforme import Geoplateforme, Known
from tests.servers.recherche_entreprises import RechercheEntreprises, company, establishment

pytestmark = pytest.mark.browser

SOISSONS, GUISE = "02722", "02361"
EPCI = ("200071991", "240200477", "240200501", "240200519")
SIRET, OTHER = "12345678900011", "12345678900029"
HOSTILE = '{{7*7}} <img src=x onerror="window.hit=1"> ![](https://tracker.example/p.png) :red[x]'


class House(NamedTuple):
    """The application on data of its own, and the services that it asks."""

    address: str
    data: Path
    geocoder: Geoplateforme
    register: RechercheEntreprises

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, actor: str) -> dict[str, str]:
        (found,) = [row for row in self.rows("actors") if row["id"] == actor]
        return found

    def part(self, visit: Visitor, code: str) -> Page:
        visit.open(f"{self.address}/donnees?partie={code}")
        expect(visit.page.locator(".ess h2").first).to_be_visible()
        rested(visit.page)
        return visit.page


@pytest.fixture
def house(tmp_path: Path, site: Site) -> Iterator[House]:
    data = tmp_path / "data"
    shutil.copytree(SITE / "data", data, ignore=shutil.ignore_patterns(".*"))

    def place(code: str, name: str, score: float | None = None) -> Known:
        commune = site.territories.communes.loc[code]
        postal_code = commune["codes_postaux"].split("|")[0]
        return Known(name, postal_code, code, commune["nom"], commune["label_lon"], commune["label_lat"], score=score)

    book = [place(SOISSONS, "64 Avenue de Paris"), place(GUISE, "61 Rue Chantraine", 0.62)]
    known = next(row for row in csv.DictReader((data / "actors.csv").open(encoding="utf-8")) if row["id"] == "axo-meca")
    companies = [
        company("123456789", HOSTILE, establishment(SIRET, SOISSONS)),
        company(known["siret"][:9], "AXO'MECA", establishment(known["siret"], known["code_insee"])),
    ]
    communes = {code: [SOISSONS, known["code_insee"]] for code in EPCI}
    with ExitStack() as stack:
        geocoder = stack.enter_context(running(Geoplateforme(book=book)))
        register = stack.enter_context(running(RechercheEntreprises(register=companies, communes_of=communes)))
        variables = {"ESSCARTO_GEOCODER_URL": geocoder.url, "ESSCARTO_SIRENE_URL": register.url}
        address = stack.enter_context(serving(data, ESSCARTO_ACCESS="local", **variables))
        yield House(address, data, geocoder, register)


def rested(page: Page) -> None:
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, label: str, words: str) -> None:
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(words)
    page.get_by_role("option", name=words).first.click()


def said(page: Page) -> Locator:
    return page.locator(".ess-annonce")


def fit(page: Page) -> None:
    """Check what a reader needs of a page: headings in order, contrast, width, tables with their titles."""
    root = page.locator(":root")
    levels = root.evaluate(HEADINGS)
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert root.evaluate(FAINT_TEXTS) == []
    assert root.evaluate(WIDE) == []
    for table in root.evaluate(TABLES):
        assert table["caption"]
        assert table["bare"] == 0


# ---- « Situer »


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True)
def test_addresses_are_searched_outside_the_page_reviewed_and_saved(visit: Visitor, house: House):
    page = house.part(visit, "geocoder")
    assert house.geocoder.asked == []
    press(page, "Chercher les adresses")
    table = page.get_by_role("region", name="Points proposés")
    expect(table).to_contain_text("Compagnie Acaly")
    expect(page.get_by_role("button", name="Arrêter")).to_have_count(0)
    rested(page)
    fit(page)
    assert house.row("compagnie-acaly")["longitude"] == ""

    press(page, "Enregistrer 1\u00a0point")
    expect(said(page)).to_contain_text("1\u00a0point enregistré")
    assert house.row("compagnie-acaly")["precision"] == "adresse"

    rank = page.locator("h4", has_text="Recycljouets").inner_text().partition(".")[0]
    choose(page, f"Lieu retenu pour la fiche {rank}", "61 Rue Chantraine")
    press(page, "Enregistrer 1\u00a0choix")
    expect(said(page)).to_contain_text("1\u00a0point enregistré")
    row, found = house.row("recycljouets"), house.geocoder.book[1]
    assert (float(row["longitude"]), float(row["latitude"])) == (
        pytest.approx(found.longitude, abs=1e-6),
        pytest.approx(found.latitude, abs=1e-6),
    )
    assert row["lieu_source"].endswith("score 0,62")
    assert {(line["role"], line["kind"], line["actor"]) for line in house.rows("journal")} == {
        ("local", "correction", "compagnie-acaly"),
        ("local", "correction", "recycljouets"),
    }


@pytest.mark.parametrize(("fault", "words"), [("500", "est en panne"), ("429", "reçoit trop de demandes")])
def test_a_service_that_fails_writes_nothing_and_the_next_click_goes_on(
    visit: Visitor, house: House, fault: str, words: str
):
    before = (house.data / "actors.csv").read_bytes()
    house.geocoder.fault = fault
    page = house.part(visit, "geocoder")
    press(page, "Chercher les adresses")
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("alert")).to_contain_text("le point de la commune reste")
    assert (house.data / "actors.csv").read_bytes() == before
    assert not (house.data / "journal.csv").exists()
    house.geocoder.fault = ""
    press(page, "Chercher les adresses")
    expect(page.get_by_role("region", name="Points proposés")).to_contain_text("Compagnie Acaly")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_service_that_nobody_reaches_is_told_and_what_the_cache_holds_is_still_proposed(visit: Visitor, house: House):
    page = house.part(visit, "geocoder")
    press(page, "Chercher les adresses")
    expect(page.get_by_role("region", name="Points proposés")).to_contain_text("Compagnie Acaly")
    (house.data / "actors.csv").write_text(
        (house.data / "actors.csv").read_text(encoding="utf-8").replace("61 rue Chantraine", "9 rue Jamais Cherchée"),
        encoding="utf-8",
    )
    before = (house.data / "actors.csv").read_bytes()
    with serving(house.data, ESSCARTO_ACCESS="local", ESSCARTO_GEOCODER_URL=nobody()) as address:
        visit.open(f"{address}/donnees?partie=geocoder")
        press(page, "Chercher les adresses")
        expect(page.get_by_role("alert")).to_contain_text("est injoignable")
        assert (house.data / "actors.csv").read_bytes() == before
        press(page, "Enregistrer 1\u00a0point")
        expect(said(page)).to_contain_text("1\u00a0point enregistré")
    assert house.row("compagnie-acaly")["precision"] == "adresse"
    assert house.row("recycljouets")["longitude"] == ""


def test_a_search_that_does_not_end_can_be_stopped_and_left(visit: Visitor, house: House):
    house.geocoder.fault = "slow"
    page = house.part(visit, "geocoder")
    press(page, "Chercher les adresses")
    expect(page.get_by_role("progressbar")).to_be_visible()
    # Whoever leaves the page finds the same search again.
    page = house.part(visit, "geocoder")
    expect(page.get_by_role("progressbar")).to_be_visible()
    press(page, "Arrêter")
    expect(said(page)).to_contain_text("Recherche des adresses : arrêtée")
    expect(page.get_by_role("button", name="Chercher les adresses", exact=True)).to_be_enabled()
    assert not (house.data / "journal.csv").exists()


# ---- « Registres publics »


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True)
def test_a_register_proposes_and_only_what_is_accepted_is_written(visit: Visitor, house: House):
    page = house.part(visit, "registres")
    press(page, "Interroger le registre")
    expect(page.locator("h4")).to_have_text([f"1. {HOSTILE}"])
    rested(page)
    fit(page)
    assert page.evaluate("window.hit") is None
    page.get_by_text("Ajouter la fiche 1", exact=True).click()
    press(page, "Ajouter 1\u00a0fiche à l’annuaire")
    expect(said(page)).to_contain_text("1\u00a0fiche enregistrée")
    (added,) = [row for row in house.rows("actors") if row["siret"] == SIRET]
    assert (added["nom"], added["source"]) == (HOSTILE, f"900:{SIRET}")

    before = house.row("axo-meca")
    page.get_by_text("Disent autre chose, ou plus (1)").click()
    expect(page.get_by_role("region", name="Fiche 1, champ par champ")).to_contain_text("Complète l’annuaire")
    fit(page)
    press(page, "Cocher ce qui complète (1\u00a0fiche)")
    page.locator(".st-key-registre_ecrire button").click()
    expect(said(page)).to_contain_text("1\u00a0fiche enregistrée")
    after = house.row("axo-meca")
    changed = {column for column, value in after.items() if value != before[column]}
    assert changed == {column for column in changed if before[column] == ""}
    assert {"famille", "tranche_effectif"} <= changed
    assert {line["id"] for line in house.rows("provenance")} == {added["id"], "axo-meca"}
    assert {line["kind"] for line in house.rows("journal")} == {"ajout", "correction"}
    assert [line["document"] for line in house.rows("documents")].count("900") == 1


def test_an_establishment_that_is_gone_is_to_be_checked_and_never_deleted(visit: Visitor, house: House):
    page = house.part(visit, "registres")
    press(page, "Interroger le registre")
    expect(page.get_by_text("Plus dans le registre (0)")).to_be_visible()
    house.register.register.pop()
    press(page, "Interroger le registre")
    page.get_by_text("Plus dans le registre (1)").click()
    expect(page.locator("h4")).to_contain_text("Axo’Meca")
    page.get_by_text("Mettre la fiche 1 à vérifier", exact=True).click()
    press(page, "Mettre 1\u00a0fiche à vérifier")
    expect(said(page)).to_contain_text("1\u00a0fiche enregistrée")
    assert house.row("axo-meca")["statut"] == "a_verifier"
    assert [line["column"] for line in house.rows("journal")] == ["statut"]


def test_a_list_is_read_from_a_file_and_another_file_is_refused(visit: Visitor, house: House, tmp_path: Path):
    page = house.part(visit, "registres")
    choose(page, "Registre", "Liste des structures")
    wrong = tmp_path / "autre.csv"
    wrong.write_text("a;b\n1;2\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(wrong)
    press(page, "Lire le fichier")
    expect(page.get_by_role("alert")).to_contain_text("ce fichier n’est pas celui attendu")
    right = tmp_path / "siae.csv"
    right.write_text(f"SIRET;Raison sociale;Type;CP;Ville\n{OTHER};ÉTÉ;EI;02200;Soissons\n", encoding="cp1252")
    page.locator("input[type=file]").set_input_files(right)
    press(page, "Lire le fichier")
    page.get_by_text("Ajouter la fiche 1", exact=True).click()
    press(page, "Ajouter 1\u00a0fiche à l’annuaire")
    expect(said(page)).to_contain_text("1\u00a0fiche enregistrée")
    (added,) = [row for row in house.rows("actors") if row["siret"] == OTHER]
    assert (added["nom"], added["source"], added["types"]) == ("ÉTÉ", "903:2", "ei|siae")


def test_the_file_of_the_command_line_is_decided_on_the_page(visit: Visitor, house: House, tmp_path: Path):
    path = tmp_path / "propositions.csv"
    commands.import_sirene(house.data, lambda _: None, petr="soissonnais-valois", out=path, url=house.register.url)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    kept = [lines[0], *(line for line in lines if '"famille"' in line)]
    path.write_text("\n".join(kept), encoding="utf-8-sig")
    page = house.part(visit, "registres")
    choose(page, "Registre", "Fichier de propositions")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_text("Disent autre chose, ou plus (1)").click()
    expect(page.get_by_text("Absents de l’annuaire (0)")).to_be_visible()
    page.get_by_role("button", name="Famille juridique").click()
    press(page, "Enregistrer 1\u00a0valeur dans 1\u00a0fiche")
    expect(said(page)).to_contain_text("1\u00a0fiche enregistrée")
    assert house.row("axo-meca")["famille"] == "association"
    assert [line["column"] for line in house.rows("journal")] == ["famille"]
