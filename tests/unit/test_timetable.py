"""The timetable of real stops, its distances and its hours computed by hand."""

import math
from dataclasses import replace

import pytest

from esscarto.timetable import build, plan, proposed_km
from esscarto.tours import Tour

TAUX, COYOLLES, ANNE_MORGAN = "ateliers-de-taux", "apei-des-2-vallees-coyolles", "anne-morgan"
RESTAURANT = "apei-des-2-vallees-villers-cotterets"


def test_distance_and_time_are_the_straight_line_times_one_point_three_at_the_speed_given(site):
    tour = Tour(at="09:00", minutes=45, speed_kmh=50, lunch=0, by_hand=True).with_actors([TAUX, COYOLLES])
    table = build(site, tour)
    one, two = (site.actors.frame.loc[actor] for actor in (TAUX, COYOLLES))
    km = math.hypot(one["x"] - two["x"], one["y"] - two["y"]) / 1000 * 1.3
    assert km == pytest.approx(30.3, abs=0.05)
    assert table.km == pytest.approx(km)
    # 30.3 km at 50 km/h: 36.3 minutes, said as 37. From 9:45 to 10:22, then 45 minutes there.
    assert [(visit.begin, visit.end) for visit in table.visits] == [(540, 585), (622, 667)]
    assert (table.drive, table.back) == (37, 667)


def test_the_day_goes_from_its_start_to_its_end_with_lunch_between_two_visits(site):
    tour = Tour(start="02722", end="02722", at="11:15").with_actors([TAUX, COYOLLES])
    table = build(site, tour)
    first, last = table.visits
    assert first.lunch == (first.end, first.end + 60)
    assert last.arrival == first.end + 60 + last.drive
    assert table.back == last.end + table.home_drive
    assert [row[3] for row in plan(table)][1:] == ["Départ", first.name, "Déjeuner", last.name, "Arrivée"]


def test_an_order_by_hand_is_kept_and_is_never_shorter_than_the_proposed_one(site):
    tour = Tour(start="02722", end="02722", by_hand=True).with_actors([COYOLLES, ANNE_MORGAN, RESTAURANT, TAUX])
    table = build(site, tour)
    assert table.tour.actors == tour.actors
    assert table.km > proposed_km(site, tour) == build(site, replace(tour, by_hand=False)).km


def test_somebody_who_comes_early_waits_for_the_appointment_and_who_is_late_is_told(site):
    tour = Tour(by_hand=True, lunch=0).with_actors([TAUX, COYOLLES])
    late = build(site, tour.change(COYOLLES, appointment="10:00"))
    assert any("22 min trop tard" in words.replace("\xa0", " ") for words in late.warnings)
    early = build(site, tour.change(COYOLLES, appointment="11:30"))
    assert early.visits[1].begin == 11 * 60 + 30
    assert any("d’attente" in words for words in early.warnings)


def test_what_somebody_should_look_at_before_leaving_is_said(site):
    lost = next(str(one) for one in site.actors.frame.index[site.actors.frame["x"].isna()])
    table = build(site, Tour(minutes=200).with_actors([TAUX, COYOLLES, RESTAURANT, lost]))
    said = " ".join(table.warnings)
    assert [actor for actor, _ in table.unplaced] == [lost]
    for words in ("Journée longue", "Sans point sur la carte", "Adresse à demander", "en projet", "même organisation"):
        assert words in said


@pytest.mark.parametrize("actors", [[], ["a-table-citoyens"], ["rien-de-tel"]])
def test_a_tour_without_a_place_to_go_has_no_hours_and_no_fault(site, actors):
    table = build(site, Tour(start="02722").with_actors(actors))
    assert table.visits == ()
    assert table.km == 0
