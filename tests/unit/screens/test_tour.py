"""The screens of a tour: the day, then each stop with its figures, its source and what comes next."""

import datetime

import pytest
from tests.app.harness import plain

from esscarto.screens import tour
from esscarto.screens.model import Deck
from esscarto.site import Site
from esscarto.timetable import Timetable, build
from esscarto.tours import Tour

ACTORS = ["anne-morgan", "axo-meca", "ateliers-de-taux"]


@pytest.fixture(scope="module")
def table(site: Site) -> Timetable:
    asked = Tour("Novembre", day=datetime.date(2026, 11, 26), start="02722", end="02722", lunch=0)
    return build(site, asked.with_actors(ACTORS))


@pytest.fixture(scope="module")
def told(site: Site, table: Timetable) -> Deck:
    return tour.deck(site, table)


def test_the_day_comes_first_then_one_screen_a_stop_in_the_order_of_the_visits(told: Deck, table: Timetable):
    assert [screen.title for screen in told.screens] == ["Novembre", *(visit.name for visit in table.visits)]
    assert told.screens[0].over == "Jeudi 26 novembre 2026"
    stops = [f"{visit.number}. {visit.name}" for visit in table.visits]
    assert [line.words for line in told.screens[0].lines] == ["Départ de Soissons", *stops, "Arrivée à Soissons"]


def test_each_screen_says_what_comes_next_and_when_until_the_way_back(told: Deck, table: Timetable):
    for screen, visit in zip(told.screens, table.visits, strict=False):
        assert screen.next.startswith(f"{visit.number}. {visit.name}")
    assert plain(told.screens[-1].next).startswith("Soissons, ")


def test_a_stop_shows_the_figures_of_its_organisation_its_commune_and_its_intercommunalite(told: Deck):
    stop = next(screen for screen in told.screens if screen.title == "Axo’Meca")
    facts = {plain(fact.label): plain(fact.value) for fact in stop.facts}
    # data/figures.csv prints 6 jobs and 2 posts; one actor is known in the commune, seven in the agglomération.
    assert facts["Emplois en insertion créés"] == "6 emplois"
    assert facts["acteur connu de l’ESS, Villeneuve-Saint-Germain"] == "1"
    assert facts["acteurs connus de l’ESS, CA GrandSoissons Agglomération"] == "7"
    assert all(fact.source for fact in stop.facts)
    assert any("ligne" in source for source, _ in stop.said_sources)


def test_the_map_flies_to_the_point_of_the_stop_and_shows_it_alone(told: Deck, table: Timetable, site: Site):
    for screen, visit in zip(told.screens[1:], table.visits, strict=True):
        assert screen.view.point == (visit.lon, visit.lat)
        assert screen.view.actors is not None
        assert list(site.actors.frame.index[screen.view.actors]) == [visit.stop.actor]


def test_an_actor_without_a_point_is_shown_last_and_said_to_be_out_of_the_hours(site: Site):
    lost = next(str(one) for one in site.actors.frame.index[site.actors.frame["x"].isna()])
    screen = tour.deck(site, build(site, Tour().with_actors([*ACTORS, lost]))).screens[-1]
    assert screen.title == site.actors.frame.at[lost, "nom"]
    assert "sans point" in screen.over
    assert screen.view.point is None
