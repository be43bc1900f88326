"""A day of visits in a real browser: from nothing to a roadbook and an agenda."""

import datetime
import re

import icalendar
import pypdf
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ACTORS = ("Les Ateliers de Taux", "Anne Morgan", "ESAT de Coyolles")


def test_a_tour_of_three_actors_is_ordered_and_taken_away_as_a_roadbook_and_an_agenda(visit, app):
    visit.open(f"{app}/ess_tour")
    page = visit.page
    choice = page.get_by_role("combobox", name=re.compile("Acteurs, par nom"))
    rows = page.locator("#horaire tbody tr")
    for rank, name in enumerate(ACTORS, start=1):
        choice.fill(name)
        page.get_by_role("option", name=re.compile(name)).first.click()
        expect(rows.filter(has_text=name)).to_have_count(1)
        expect(page.locator("#tour .ess-phrase")).to_contain_text(f"{rank}\u00a0visite")
    page.keyboard.press("Escape")
    image = page.locator(".ess-carte-fixe img")
    assert image.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0

    page.get_by_text("Régler une visite").click()
    first = rows.first.inner_text()
    page.get_by_role("button", name="Plus tard").click()
    expect(page.locator("#horaire caption")).to_contain_text("choisi à la main")
    page.get_by_role("button", name="Suivre l’ordre proposé").click()
    expect(page.locator("#horaire caption")).to_contain_text("proposé")
    assert first

    # A link restores the day: here with its date, which the agenda needs.
    expect(page).to_have_url(re.compile("tour="))
    link = re.sub(r"tour=[^~]*~", "tour=2026-11-26~", page.url)
    visit.open(link)
    expect(rows.filter(has_text="Anne Morgan")).to_have_count(1)
    contents = {}
    for label in ("Carnet de route (PDF)", "Agenda"):
        with page.expect_download() as started:
            page.get_by_role("button", name=label, exact=True).click()
        contents[label] = started.value.path().read_bytes()
    book = icalendar.Calendar.from_ical(contents["Agenda"])
    assert sum(str(event["SUMMARY"]).startswith("Visite") for event in book.walk("VEVENT")) == 3
    assert {event.decoded("DTSTART").date() for event in book.walk("VEVENT")} == {datetime.date(2026, 11, 26)}
    with started.value.path().with_name("carnet.pdf").open("w+b") as file:
        file.write(contents["Carnet de route (PDF)"])
        texts = " ".join(one.extract_text() for one in pypdf.PdfReader(file).pages)
    assert all(name in texts for name in ACTORS)


def test_what_is_typed_without_accents_finds_a_commune_and_an_actor(visit, app):
    visit.open(f"{app}/ess_tour?tour=2026-11-26~0900~~~45~1230-60~50~~anne-morgan")
    page = visit.page
    expect(page.locator("#horaire")).to_be_visible()
    start = page.get_by_role("combobox", name="Commune de départ")
    start.click()
    start.fill("peronne")
    start.press("Enter")
    expect(page).to_have_url(re.compile("~80620~"))
    expect(page.locator("#horaire tbody tr").first).to_contain_text("Péronne")

    choice = page.get_by_role("combobox", name=re.compile("Acteurs, par nom"))
    choice.click()
    choice.fill("rie AIR")
    # The letters as they are written, never scattered in a name.
    expect(page.get_by_role("option", name="Ressourcerie AIR")).to_be_visible()
    assert len([name for name in page.get_by_role("option").all_inner_texts() if "Chercher" not in name]) == 1
    choice.fill("peronne")
    choice.press("Enter")
    expect(page.locator(".ess-note", has_text="peronne")).to_contain_text("Ressourcerie AIR")
    choice.fill("ressourcerie air peronne")
    choice.press("Enter")
    expect(page).to_have_url(re.compile("ressourcerie-air-peronne"))
    assert "peronne" not in page.locator("#horaire").inner_text()
