"""The file to take away, opened from a disk with the network cut: it paints, filters and answers by itself."""

import csv
import dataclasses
import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from esscarto.actors import locate
from esscarto.documents.selection import Selection
from esscarto.offline import page as offline
from esscarto.settings import data_dir
from esscarto.site import Site, load_site
from esscarto.storage.loading import read_actors
from esscarto.territories import Territory
from tests.browser.conftest import DRAWN, opened_alone

pytestmark = pytest.mark.browser

SOISSONNAIS_VALOIS = Territory("petr", "soissonnais-valois")
COMMUNES = 163
NAME = """</script><img src=x onerror="window.hit=1"><!-- {{7*7}} L'Étape "d'Or" & Cie"""


@pytest.fixture(scope="module")
def site() -> Site:
    """The real data, and one actor of Soissons whose every text is hostile."""
    found = load_site(data_dir())
    rows = read_actors(data_dir()).rows
    free = dict.fromkeys(("nom", "aliases", "description", "note", "telephone", "courriel", "site_web"), NAME)
    known = {"statut_ess": "statut", "famille": "association", "roles": "operateur", "statut": "actif"}
    place = {"precision": "commune", "commune": "Soissons", "code_insee": "02722", "source": "000:1"}
    hostile = dict.fromkeys(rows.columns, "") | {"id": "hostile", "organisation": "hostile"} | free | known | place
    actors = locate(pd.concat([rows, pd.DataFrame([hostile])], ignore_index=True), found.territories)
    return dataclasses.replace(found, actors=actors)


@pytest.fixture
def opened(site: Site, chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """The file of the PETR, opened by its path; whatever it asks of anybody else is a failure."""
    mask = site.index.inside(SOISSONNAIS_VALOIS)
    file = tmp_path / "carte à emporter.html"
    file.write_bytes(
        offline.export(Selection(site, mask, f"{mask.sum()} acteurs", datetime.date(2026, 11, 22), SOISSONNAIS_VALOIS))
    )
    with opened_alone(chromium, file, getattr(request, "param", (1280, 900))) as view:
        yield view
        assert view.evaluate("() => window.hit") is None


def draws(view: Page, actors: int) -> None:
    """Wait until the map stands for so many actors."""
    view.wait_for_function(f"(expected) => ({DRAWN})() === expected", arg=actors)


def listed(view: Page) -> list[str]:
    return view.locator("#liste [data-acteur]").evaluate_all("all => all.map((one) => one.dataset.acteur)")


def test_the_map_the_list_and_the_sentence_show_the_actors_of_the_selection(opened: Page, site: Site):
    expected = site.actors.frame.index[site.index.inside(SOISSONNAIS_VALOIS)]
    assert opened.locator("path.ess-polygone").count() == COMMUNES
    draws(opened, len(expected))
    assert sorted(listed(opened)) == sorted(expected)
    expect(opened.locator("#phrase")).to_have_text(f"{len(expected)} acteurs")


def test_a_theme_keeps_the_actors_that_the_directory_says(opened: Page, site: Site):
    with (data_dir() / "actors.csv").open(encoding="utf-8", newline="") as file:
        themes = {row["id"]: row["themes"].split("|") for row in csv.DictReader(file)}
    inside = site.actors.frame.index[site.index.inside(SOISSONNAIS_VALOIS)]
    expected = sorted(actor for actor in inside if "mobilite" in themes.get(actor, []))
    opened.get_by_role("checkbox", name="Mobilité").check()
    expect(opened.locator("#liste [data-acteur]")).to_have_count(len(expected))
    assert sorted(listed(opened)) == expected
    expect(opened.locator("#phrase")).to_contain_text(f"{len(expected)} acteurs sur {len(inside)} : thème mobilité")
    draws(opened, len(expected))
    opened.get_by_role("button", name="Effacer les filtres").click()
    expect(opened.locator("#liste [data-acteur]")).to_have_count(len(inside))


def test_a_territory_and_a_word_keep_what_the_application_keeps(opened: Page, site: Site):
    epci = Territory("epci", "200071991")
    expected = site.actors.frame.index[site.index.inside(epci)]
    opened.get_by_label("Territoire", exact=True).select_option(str(epci))
    expect(opened.locator("#liste [data-acteur]")).to_have_count(len(expected))
    assert sorted(listed(opened)) == sorted(expected)
    opened.get_by_label("Contenant le mot").fill("introuvable")
    expect(opened.locator("#liste tbody")).to_contain_text("Aucun acteur connu ne correspond")
    draws(opened, 0)


def test_a_family_of_the_map_is_a_filter_of_the_list(opened: Page, site: Site):
    category = site.actors.category[site.index.inside(SOISSONNAIS_VALOIS)]
    button = opened.locator('.ess-famille[data-famille="cooperative"]')
    button.click()
    expect(opened.locator("#liste [data-acteur]")).to_have_count(int(np.count_nonzero(category == "cooperative")))
    expect(button).to_have_attribute("aria-pressed", "true")
    draws(opened, int(np.count_nonzero(category == "cooperative")))
    expect(opened.locator('input[name="f"][value="cooperative"]')).to_be_checked()


def test_a_hostile_name_is_shown_as_it_is_written_and_its_card_gives_the_focus_back(opened: Page):
    row = opened.locator('#liste [data-acteur="hostile"]')
    expect(row).to_have_text(NAME)
    row.click()
    card = opened.locator(".leaflet-popup .ess-fiche")
    expect(card.locator("h2 > span:last-child")).to_have_text(NAME)
    expect(opened.locator("#liste tr.ici [data-acteur]")).to_have_attribute("data-acteur", "hostile")
    opened.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(row).to_be_focused()


def test_a_title_of_the_list_sorts_it_and_says_so(opened: Page):
    title = opened.get_by_role("columnheader", name="Taille")
    title.get_by_role("button").click()
    expect(title).to_have_attribute("aria-sort", "ascending")
    sizes = opened.locator('#liste td[data-titre="Taille"]').all_inner_texts()
    known = [int(re.sub(r"\s", "", size).split("à")[0]) for size in sizes if size != "n. d."]
    assert known == sorted(known)
    assert sizes[len(known) :] == ["n. d."] * (len(sizes) - len(known))


@pytest.mark.parametrize("opened", [(320, 640)], indirect=True)
def test_on_a_narrow_phone_nothing_scrolls_sideways(opened: Page):
    opened.get_by_text("Filtrer").click()
    expect(opened.get_by_label("Territoire", exact=True)).to_be_visible()
    assert opened.evaluate("() => document.documentElement.scrollWidth") == 320
