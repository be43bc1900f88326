"""The eight screens of a territory, their figures counted by hand from the tables."""

import csv
import datetime

import pytest
from tests.app.harness import plain

from esscarto.screens import territory
from esscarto.screens.model import Deck
from esscarto.settings import SITE
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 27)
SOISSONNAIS = Territory("petr", "soissonnais-valois")
COEUR = Territory("petr", "coeur-hauts-de-france")


@pytest.fixture(scope="module")
def told(site: Site) -> Deck:
    return territory.deck(site, SOISSONNAIS, DAY)


@pytest.mark.parametrize("level_code", ["petr:soissonnais-valois", "epci:200071991", "departement:80", "region:32"])
def test_any_territory_is_told_in_eight_screens_that_all_have_a_title_and_a_source(site: Site, level_code: str):
    screens = territory.deck(site, Territory.parse(level_code), DAY).screens
    assert len(screens) == 8
    for screen in screens:
        assert screen.title
        assert screen.said_sources or screen.remark, screen.over


def test_a_commune_is_told_by_its_intercommunalite(site: Site):
    assert "Retz" in territory.deck(site, Territory("commune", "02810"), DAY).title


def test_every_figure_and_every_line_has_its_source(told: Deck):
    for screen in told.screens:
        for fact in screen.facts:
            assert fact.source, (screen.over, fact.label)
        for line in screen.lines:
            assert line.source, (screen.over, line.words)


def test_the_density_is_that_of_the_table(told: Deck):
    # 14 actors counted in the PETR (tests/app counts the same on the page), for 106,668 inhabitants.
    facts = {fact.label: fact for fact in told.screens[1].facts}
    assert facts["acteurs de l’ESS connus"].value == "14"
    assert facts["acteur connu pour 1 000 habitants"].value == "0,13"
    assert plain(facts["Établissements employeurs de l’ESS"].value) == "282"


def test_the_families_and_the_themes_count_the_rows_of_the_directory(site: Site, told: Deck):
    inside = set(site.actors.frame.index[site.index.inside(SOISSONNAIS)])
    with (SITE / "data" / "actors.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["id"] in inside]
    insertion = sum("insertion_emploi" in row["themes"].split("|") for row in rows)
    assert plain(told.screens[2].title).startswith(f"{len(rows)} fiches")
    assert sum(int(plain(line.detail).split()[0]) for line in told.screens[2].lines) == len(rows)
    assert plain(told.screens[3].lines[0].detail) == f"{insertion} fiches"


def test_the_white_zones_are_those_of_the_map_and_the_screen_says_what_they_are_not(site: Site, told: Deck):
    screen = told.screens[4]
    assert [fact.label.partition(", ")[2] for fact in screen.facts] == [
        "culture",
        "mobilité",
        "alimentation",
        "bien vieillir",
    ]
    white = screen.view.white
    assert white is not None
    people = site.territories.communes.loc[white.index[white], "population"].sum()
    assert plain(screen.title).startswith(f"Culture : {plain(f'{people:,.0f}'.replace(',', ' '))} habitants")
    assert "ne veut pas dire aucun acteur" in screen.remark


def test_a_territory_without_a_pole_says_so_and_shows_those_of_the_region(site: Site):
    screen = territory.deck(site, COEUR, DAY).screens[5]
    assert screen.title == "Aucun pôle de coopération connu ici"
    assert screen.lines
    assert screen.list_title == "Dans la région"


def test_what_comes_next_calls_somebody_who_can_be_reached(told: Deck):
    call = told.screens[7].lines[0]
    assert call.words.startswith("Appeler")
    assert "contact@soissonnaisvalois.fr" in call.detail
