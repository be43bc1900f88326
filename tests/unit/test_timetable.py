"""The timetable of real stops, its distances and its hours computed by hand."""

import datetime
import math
from dataclasses import replace

import pytest
from tests.app.harness import plain

from esscarto.storage.road_cache import Road, RoadCache
from esscarto.timetable import METHOD, build, longer_km
from esscarto.tour_warnings import warnings
from esscarto.tours import Tour

TAUX, COYOLLES, ANNE_MORGAN = "ateliers-de-taux", "apei-des-2-vallees-coyolles", "anne-morgan"
RESTAURANT = "apei-des-2-vallees-villers-cotterets"
TODAY = datetime.date(2026, 11, 22)


def told(site, table, today=TODAY):
    return plain(" ".join(warnings(site, table, today)))


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


def test_an_order_by_hand_is_kept_and_is_never_shorter_than_the_proposed_one(site):
    tour = Tour(start="02722", end="02722", by_hand=True).with_actors([COYOLLES, ANNE_MORGAN, RESTAURANT, TAUX])
    table = build(site, tour)
    assert table.tour.actors == tour.actors
    assert longer_km(site, tour) == table.km - build(site, replace(tour, by_hand=False)).km > 0


def test_somebody_who_comes_early_waits_for_the_appointment_and_who_is_late_is_told(site):
    tour = Tour(by_hand=True, lunch=0).with_actors([TAUX, COYOLLES])
    late = build(site, tour.change(COYOLLES, appointment="10:00"))
    assert "22 min trop tard" in told(site, late)
    early = build(site, tour.change(COYOLLES, appointment="11:30"))
    assert early.visits[1].begin == 11 * 60 + 30
    assert "d’attente" in told(site, early)


def test_what_somebody_should_look_at_before_leaving_is_said(site):
    lost = next(str(one) for one in site.actors.frame.index[site.actors.frame["x"].isna()])
    table = build(site, Tour(minutes=200).with_actors([TAUX, COYOLLES, RESTAURANT, lost]))
    said = told(site, table)
    assert [actor for actor, _ in table.unplaced] == [lost]
    for words in ("Journée longue", "Sans point sur la carte", "Adresse à demander", "en projet", "même organisation"):
        assert words in said


def test_lunch_goes_inside_a_long_wait_for_an_appointment_near_noon(site):
    tour = Tour(at="10:30", by_hand=True).with_actors([TAUX, COYOLLES])
    first, last = build(site, tour.change(COYOLLES, appointment="14:00")).visits
    # There at 11:52, lunch as wished for at 12:30, and nobody waits beyond it without a word.
    assert (first.end, last.arrival, last.begin) == (11 * 60 + 15, 11 * 60 + 52, 14 * 60)
    assert (first.lunch, last.lunch) == ((12 * 60 + 30, 13 * 60 + 30), None)
    assert "1 h 08 d’attente" in told(site, build(site, tour.change(COYOLLES, appointment="14:00")))
    soon = build(site, tour.change(COYOLLES, appointment="13:10")).visits
    assert [visit.lunch for visit in soon] == [(12 * 60 + 10, 13 * 60 + 10), None]


def test_a_wait_too_short_or_too_early_leaves_lunch_after_the_visit(site):
    tour = Tour(at="10:30", by_hand=True).with_actors([TAUX, COYOLLES])
    for appointment in ("12:20", "12:40"):
        first, last = build(site, tour.change(COYOLLES, appointment=appointment)).visits
        assert (first.lunch, last.lunch) == (None, (last.end, last.end + 60))


def test_each_actor_has_one_warning_about_its_address(site):
    frame = site.actors.frame
    both = frame.index[(frame["precision_point"] == "commune") & (frame["lieu_confiance"] == "probable")]
    assert len(both)
    name = plain(str(frame.at[both[0], "nom"]))
    said = told(site, build(site, Tour(day=TODAY).with_actors([str(both[0])])))
    assert "Adresse à demander" in said
    assert said.count(name) == 1


def test_a_date_that_is_past_is_said(site):
    table = build(site, Tour(day=TODAY).with_actors([TAUX]))
    assert "Cette date est passée" not in told(site, table)
    assert "Cette date est passée" in told(site, table, TODAY + datetime.timedelta(1))


@pytest.mark.parametrize("actors", [[], ["a-table-citoyens"], ["rien-de-tel"]])
def test_a_tour_without_a_place_to_go_has_no_hours_and_no_fault(site, actors):
    table = build(site, Tour(start="02722").with_actors(actors))
    assert table.visits == ()
    assert table.km == 0


# ---- by road


@pytest.fixture
def day():
    return Tour(start="02722", end="02722", lunch=0, by_hand=True).with_actors([COYOLLES, TAUX])


def with_roads(site, tour, names, minutes=12.2, day="2026-11-27"):
    """The timetable of a tour once the legs of these names are known: 100 km each, whatever they are."""
    known = RoadCache()
    for name in names:
        way = build(site, tour).legs[name]
        known.add(way.start, way.end, Road(100.0, minutes, day))
    return build(site, tour, known)


def test_a_leg_that_is_known_has_its_road_and_the_others_their_straight_line(site, day):
    straight, table = build(site, day), with_roads(site, day, ["2"])
    assert [visit.km for visit in table.visits] == [straight.visits[0].km, 100.0]
    # Begun minutes count.
    assert table.visits[1].drive == 13
    assert table.visits[1].arrival == straight.visits[0].end + 13
    assert table.back == table.visits[1].end + straight.home_drive
    assert table.km == pytest.approx(straight.visits[0].km + 100 + straight.home_km)


def test_the_method_says_which_leg_is_which(site, day):
    assert build(site, day).method == METHOD
    said = {
        ("2",): "Vers l’étape 2 : distance et durée par la route, en voiture, sans le trafic du jour",
        ("1", "arrivée"): "Vers l’étape 1 et vers l’arrivée : distance et durée par la route",
        ("1", "2"): "Vers les étapes 1 et 2 : distance et durée par la route",
    }
    for names, words in said.items():
        method = plain(with_roads(site, day, names).method)
        assert method.startswith(words)
        assert "(service d’itinéraire de l’IGN, 27 novembre 2026)" in method
        assert method.endswith("Les autres : ligne droite (Lambert-93) × 1,3, à 50 km/h de moyenne.")
    every = plain(with_roads(site, day, ["1", "2", "arrivée"]).method)
    assert every.startswith("Distances et durées : par la route")
    assert "ligne droite" not in every


def test_the_sentence_gives_the_average_speed_only_when_no_leg_is_by_road(site, day):
    assert build(site, day).sentence.endswith("à 50\xa0km/h de moyenne.")
    assert "moyenne" not in with_roads(site, day, ["2"]).sentence


def test_roads_never_change_the_proposed_order_and_the_method_says_so(site, day):
    tour = replace(day, by_hand=False)
    straight, table = build(site, tour), with_roads(site, tour, ["1", "2"], minutes=80)
    assert table.tour.actors == straight.tour.actors
    assert table.method.endswith("Ordre proposé\N{NARROW NO-BREAK SPACE}: calculé sur les lignes droites × 1,3.")


def test_a_day_that_starts_where_its_first_visit_is_has_no_leg_there(site):
    table = build(site, Tour(lunch=0).with_actors([TAUX, COYOLLES]))
    assert list(table.legs) == ["2"]
    assert table.visits[0].drive == table.home_drive == 0
