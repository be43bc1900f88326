"""The life of a row, in a browser: corrected, added, retired, proposed, decided, undone; the files say the same."""

import csv
import datetime
import itertools
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from esscarto.settings import SITE
from tests.browser.conftest import Visitor, serving
from tests.browser.test_accessibility import DESK, FAINT_TEXTS, HEADINGS, PHONE, TABLES, WIDE

pytestmark = pytest.mark.browser

HOSTILE = '{{7*7}} <img src=x onerror="window.hit=1"> ![](https://tracker.example/p.png) :red[x]'
TODAY = datetime.date.today().isoformat()


class House(NamedTuple):
    """Two servers on one folder of data: the referent's, and the one that visitors reach."""

    local: str
    visitors: str
    data: Path

    def rows(self, table: str = "actors") -> list[dict[str, str]]:
        with (self.data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, actor: str) -> dict[str, str]:
        (found,) = [row for row in self.rows() if row["id"] == actor]
        return found

    def change(self, number: str) -> list[dict[str, str]]:
        return [line for line in self.rows("journal") if line["change"] == number]


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("annuaire") / "data"
    shutil.copytree(SITE / "data", data)
    with ExitStack() as stack:
        local = stack.enter_context(serving(data, ESSCARTO_ACCESS="local"))
        yield House(local, stack.enter_context(serving(data, ESSCARTO_ACCESS="lecture")), data)


def part(visit: Visitor, address: str, code: str, actor: str = "") -> Page:
    """Open one part of the page and wait until it is drawn."""
    visit.open(f"{address}/donnees?partie={code}" + (f"&acteur={actor}" if actor else ""))
    expect(visit.page.locator(".ess h2").first).to_be_visible()
    rested(visit.page)
    return visit.page


def rested(page: Page) -> None:
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()


def choose(page: Page, label: str, words: str) -> None:
    """Choose in a list by typing."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(words)
    page.get_by_role("option", name=words).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def said(page: Page) -> Locator:
    """Return the message of success, which is under the button."""
    return page.locator(".ess-annonce")


def last_change(page: Page) -> str:
    return said(page).inner_text().partition("changement ")[2].partition(")")[0]


def test_a_corrected_telephone_is_written_recorded_and_undone_to_the_byte(visit, house: House):
    before = (house.data / "actors.csv").read_bytes()
    page = part(visit, house.local, "modifier", "activcites")
    page.get_by_label("Téléphone").fill("03 21 00 00 00")
    page.get_by_label("Motif (facultatif)").fill("appel du standard")
    press(page, "Enregistrer")
    expect(said(page).get_by_role("row", name="Téléphone")).to_contain_text("(vide)03 21 00 00 00")
    row = house.row("activcites")
    assert row["telephone"] == "03 21 00 00 00"
    assert row["source"].endswith(f"|saisie:{TODAY}")
    number = last_change(page)
    lines = {line["column"]: line for line in house.change(number)}
    assert set(lines) == {"telephone", "source"}
    assert (lines["telephone"]["before"], lines["telephone"]["after"]) == ("", "03 21 00 00 00")
    assert {(line["role"], line["kind"], line["reason"]) for line in lines.values()} == {
        ("local", "correction", "appel du standard")
    }
    # The form holds the row as it is now.
    expect(page.get_by_label("Téléphone")).to_have_value("03 21 00 00 00")

    page = part(visit, house.local, "historique")
    expect(page.get_by_role("region", name=f"Valeurs du changement {number}")).to_contain_text("03 21 00 00 00")
    press(page, f"Annuler le changement {number}")
    expect(said(page)).to_contain_text("est annulé")
    expect(page.get_by_role("button", name=f"Annuler le changement {number}", exact=True)).to_have_count(0)
    assert (house.data / "actors.csv").read_bytes() == before


def test_faults_are_said_at_their_fields_and_nothing_typed_is_lost(visit, house: House):
    before = (house.data / "actors.csv").read_bytes()
    page = part(visit, house.local, "modifier", "activcites")
    page.get_by_label("Code postal").fill("6267")
    page.get_by_label("Téléphone").fill("06 00 00 00 00")
    page.get_by_label("Description").fill(HOSTILE)
    press(page, "Enregistrer")
    faults = page.locator(".ess-faute")
    expect(faults).to_have_count(2)
    expect(faults.nth(0)).to_contain_text("Écrivez par exemple 02200.")
    expect(faults.nth(1)).to_contain_text("téléphone mobile")
    expect(page.locator(".ess-refus")).to_contain_text("Code postal, Téléphone")
    expect(page.get_by_label("Description")).to_have_value(HOSTILE)
    assert (house.data / "actors.csv").read_bytes() == before


def test_an_actor_is_added_with_only_what_is_needed_and_a_namesake_is_told(visit, house: House):
    page = part(visit, house.local, "modifier")
    page.get_by_text("Ajouter un acteur").click()
    press(page, "Ajouter")
    expect(page.locator(".ess-faute")).to_have_count(4)
    page.get_by_label("Nom (obligatoire)").fill("Zeste, l’épicerie")
    choose(page, "Rapport à l’ESS", "ESS par son statut")
    choose(page, "Rôles", "Opérateur")
    page.keyboard.press("Escape")
    choose(page, "Commune", "Soissons (02)")
    choose(page, "État", "En activité")
    press(page, "Ajouter")
    expect(said(page)).to_contain_text("Ajouté à l’annuaire")
    filled = {column: cell for column, cell in house.row("zeste-l-epicerie").items() if cell}
    assert filled == {
        "id": "zeste-l-epicerie",
        "organisation": "zeste-l-epicerie",
        "nom": "Zeste, l’épicerie",
        "statut_ess": "statut",
        "roles": "operateur",
        "precision": "commune",
        "commune": "Soissons",
        "code_insee": "02722",
        "statut": "actif",
        "source": f"saisie:{TODAY}",
    }
    visit.open(f"{house.local}/carte?t=commune:02722&sel=acteur:zeste-l-epicerie")
    expect(page.locator(".ess-fiche h2")).to_have_text("Zeste, l’épicerie")
    link = page.get_by_role("link", name="Proposer une correction")
    expect(link).to_have_attribute("href", "donnees?partie=proposer&acteur=zeste-l-epicerie")

    page = part(visit, house.local, "modifier")
    page.get_by_text("Ajouter un acteur").click()
    page.get_by_label("Nom (obligatoire)").fill("ZESTE l’épicerie")
    press(page, "Ajouter")
    expect(page.locator(".ess-faute").first).to_contain_text("Zeste, l’épicerie, Soissons")


def test_a_retired_actor_stays_dated_and_asks_for_a_confirmation(visit, house: House):
    page = part(visit, house.local, "modifier", "tereos")
    page.get_by_text("Retirer un acteur").click()
    page.get_by_label("Depuis quand").fill("octobre 2026")
    press(page, "Retirer")
    expect(page.locator(".ess-faute")).to_contain_text("cochez la case")
    assert house.row("tereos")["statut"] == "actif"
    page.get_by_text("Je confirme le retrait").click()
    press(page, "Retirer")
    expect(said(page)).to_contain_text("Fiche retirée")
    row = house.row("tereos")
    assert (row["statut"], row["statut_date"]) == ("passe", "2026-10")
    assert {line["kind"] for line in house.change(last_change(page))} == {"retrait"}


def test_two_tabs_the_second_is_told_both_values_and_keeps_what_it_typed(visit, house: House):
    second = part(visit, house.local, "modifier", "apei-des-2-vallees")
    second.get_by_label("Courriel").fill("contact@exemple.fr")
    first = second.context.new_page()
    first.goto(f"{house.local}/donnees?partie=modifier&acteur=apei-des-2-vallees")
    first.get_by_label("Adresse").fill("1 place Neuve")
    press(first, "Enregistrer")
    expect(said(first)).to_be_visible()
    press(second, "Enregistrer")
    clash = second.locator(".ess-refus")
    expect(clash).to_contain_text("La fiche a changé pendant votre saisie")
    expect(clash.get_by_role("row", name="Adresse")).to_contain_text("1 place Neuve")
    assert house.row("apei-des-2-vallees")["courriel"] != "contact@exemple.fr"
    # What was typed is still there, on the row of the other: both are kept.
    expect(second.get_by_label("Courriel")).to_have_value("contact@exemple.fr")
    expect(second.get_by_label("Adresse")).to_have_value("1 place Neuve")
    press(second, "Enregistrer")
    expect(said(second)).to_contain_text("contact@exemple.fr")
    row = house.row("apei-des-2-vallees")
    assert (row["adresse"], row["courriel"]) == ("1 place Neuve", "contact@exemple.fr")


def test_a_visitor_proposes_and_only_the_referent_makes_it_live(visit, house: House):
    page = part(visit, house.visitors, "proposer", "13-avenir")
    page.get_by_label("Téléphone").fill("01 00 00 00 00")
    page.get_by_label("Source de l’information").fill("leur site")
    press(page, "Envoyer la proposition")
    expect(said(page)).to_contain_text("Votre proposition porte le numéro")
    number = house.rows("proposals")[-1]["proposal"]
    expect(said(page)).to_contain_text(f"le numéro {number}.")
    assert house.row("13-avenir")["telephone"] == ""

    page = part(visit, house.local, "propositions")
    choose(page, "Proposition à lire", f"N° {number}")
    expect(page.get_by_role("row", name="Téléphone")).to_contain_text("(vide)01 00 00 00 00")
    press(page, "Accepter")
    expect(said(page)).to_contain_text(f"Proposition {number} acceptée")
    row = house.row("13-avenir")
    assert row["telephone"] == "01 00 00 00 00"
    assert row["source"].endswith(f"|proposition:{number}")
    (decided,) = [line for line in house.rows("proposals") if line["proposal"] == number]
    assert (decided["state"], decided["role"]) == ("acceptee", "local")


def test_hostile_texts_are_shown_exactly_to_the_referent_who_completes_and_accepts_or_refuses(visit, house: House):
    numbers = []
    for name in (HOSTILE, f"{HOSTILE} 2"):
        page = part(visit, house.visitors, "proposer")
        page.get_by_label("Nom (obligatoire)").fill(name)
        page.get_by_label("Source de l’information").fill(HOSTILE)
        press(page, "Envoyer la proposition")
        expect(said(page)).to_be_visible()
        numbers.append(house.rows("proposals")[-1]["proposal"])
    accepted, refused = numbers

    page = part(visit, house.local, "propositions")
    choose(page, "Proposition à lire", f"N° {accepted}")
    expect(page.locator(".ess-note", has_text="Source donnée par le visiteur")).to_contain_text(HOSTILE)
    expect(page.get_by_label("Nom (obligatoire)")).to_have_value(HOSTILE)
    press(page, "Accepter")
    expect(page.locator(".ess-faute")).to_have_count(3)
    choose(page, "Rapport à l’ESS", "Statut non imprimé")
    choose(page, "Rôles", "Partenaire")
    page.keyboard.press("Escape")
    choose(page, "État", "À vérifier")
    press(page, "Accepter")
    expect(said(page)).to_contain_text(HOSTILE)
    (row,) = [row for row in house.rows() if row["nom"] == HOSTILE]
    assert (row["precision"], row["source"]) == ("aucune", f"proposition:{accepted}")

    choose(page, "Proposition à lire", f"N° {refused}")
    page.get_by_text("Refuser cette proposition").click()
    press(page, "Refuser")
    expect(page.locator(".ess-faute")).to_contain_text("dites pourquoi")
    page.get_by_label("Pourquoi ?").fill("hors du territoire")
    press(page, "Refuser")
    expect(said(page)).to_contain_text(f"Proposition {refused} refusée")
    (line,) = [line for line in house.rows("proposals") if line["proposal"] == refused]
    assert (line["state"], line["reason"]) == ("refusee", "hors du territoire")

    page = part(visit, house.local, "historique")
    expect(page.locator(".ess-changement h4").first).to_contain_text(HOSTILE)
    assert page.evaluate("() => window.hit") is None


def test_what_fills_in_the_hidden_field_is_refused_and_no_person_can_reach_it(visit, house: House):
    page = part(visit, house.visitors, "proposer")
    trap = page.locator(".st-key-piege input")
    expect(trap).to_be_hidden()
    expect(page.get_by_role("textbox", name="Laissez ce champ vide")).to_have_count(0)
    page.get_by_label("Nom (obligatoire)").fill("Robot")
    page.get_by_label("Source de l’information").fill("x")
    page.add_style_tag(content=".st-key-piege { display: block !important; }")
    trap.fill("https://exemple.invalid")
    press(page, "Envoyer la proposition")
    expect(page.locator(".ess-refus")).to_contain_text("rempli par un programme")
    assert not [line for line in house.rows("proposals") if "Robot" in line["cells"]]


def test_a_version_is_seen_before_it_comes_back_and_the_present_one_is_kept(visit, house: House):
    page = part(visit, house.local, "modifier", "a-table-citoyens")
    page.get_by_label("Description").fill("Essai")
    press(page, "Enregistrer")
    expect(said(page)).to_be_visible()
    page = part(visit, house.local, "historique")
    page.get_by_text("Versions de l’annuaire").click()
    kept = page.get_by_role("region", name="Versions gardées")
    expect(kept).to_be_visible()
    numbers = [int(text.split()[-1]) for text in kept.locator("tbody th").all_inner_texts()]
    choose(page, "Version à remettre", f"Version {numbers[1]},")
    expect(page.get_by_text("Fiches qui reprendraient d’anciennes valeurs")).to_contain_text("1 (A Table Citoyens")
    press(page, "Revenir à cette version")
    expect(page.locator(".ess-refus")).to_contain_text("cochez la case")
    page.get_by_text("Je confirme le retour").click()
    press(page, "Revenir à cette version")
    expect(said(page)).to_contain_text(f"revenu à la version {numbers[1]}")
    assert house.row("a-table-citoyens")["description"] != "Essai"
    assert house.rows("journal")[-1]["kind"] == "restauration"


@pytest.mark.parametrize("code", ["modifier", "historique", "propositions", "importer"])
def test_a_visitor_never_sees_the_parts_of_editors_even_by_their_address(visit, house: House, code):
    page = part(visit, house.visitors, code, "activcites")
    assert page.get_by_role("radio", name="Modifier").count() == 0
    for name in ("Enregistrer", "Ajouter", "Retirer", "Accepter", "Refuser"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


@pytest.mark.parametrize("visit", [DESK, PHONE], indirect=True)
@pytest.mark.parametrize(
    ("code", "actor"),
    [("modifier", "activcites"), ("proposer", ""), ("propositions", ""), ("historique", "")],
)
def test_each_part_is_in_order_can_be_read_and_does_not_stick_out(visit, house: House, code, actor):
    page = part(visit, house.local, code, actor)
    root = page.locator("html")
    levels = root.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    assert root.evaluate(FAINT_TEXTS) == []
    assert root.evaluate(WIDE) == []
    for table in root.evaluate(TABLES):
        assert table["caption"]
        assert table["bare"] == 0
