"""A tour as a value: what a link or a table holds is what is read back, and nothing else gets in."""

import datetime

import pytest

from esscarto.tours import MOST, Stop, Tour, clock_of, format_link, from_rows, minutes_of, parse_link, to_rows

FULL = Tour(
    "Tour d’été ~ 1, 2",
    datetime.date(2026, 11, 26),
    "02722",
    "2A004",
    "08:30",
    40,
    "12:15",
    90,
    60,
    (Stop("a-b", 30, "10:05", True), Stop("c"), Stop("d", None, "14:00"), Stop("e", None, "", True)),
    True,
)


def yes(_: str) -> bool:
    return True


@pytest.mark.parametrize("tour", [FULL, Tour(stops=(Stop("c"),))])
def test_a_tour_is_read_back_from_its_link_and_from_its_rows(tour: Tour):
    assert parse_link(format_link(tour), yes, yes) == tour
    assert from_rows(to_rows(tour), yes, yes) == {tour.name: tour}


def test_a_link_leaves_out_what_is_unknown_twice_or_unreadable():
    text = "2026-13-45~2599~02722~nulle-part~9999~1230-61~5~x~a,a,<b>,zz,c.3.9999"
    tour = parse_link({"tour": text, "nom": "x" * 500}, lambda actor: actor != "zz", lambda code: code == "02722")
    assert tour == Tour("x" * 80, start="02722", stops=(Stop("a"), Stop("c")))


@pytest.mark.parametrize("text", ["", "~", "~" * 30, "é" * 300])
def test_a_broken_link_is_an_empty_tour(text: str):
    assert parse_link({"tour": text}, yes, yes) == Tour()


def test_a_tour_holds_no_more_than_its_most():
    assert len(Tour().with_actors(str(at) for at in range(99)).stops) == MOST


def test_a_stop_is_moved_within_the_day_and_the_order_is_then_by_hand():
    tour = Tour().with_actors("abc")
    assert tour.move("c", -1).actors == ["a", "c", "b"]
    assert tour.move("a", -1).actors == ["a", "b", "c"]
    assert tour.move("a", 9).by_hand


def test_choosing_other_actors_keeps_the_hours_of_those_that_stay():
    tour = Tour().with_actors("abc").change("b", minutes=20)
    assert tour.with_actors(["c", "b", "d"]).stops == (Stop("b", 20), Stop("c"), Stop("d"))


def test_hours_are_minutes_after_midnight():
    assert (minutes_of("09:05"), clock_of(545), clock_of(24 * 60 + 5)) == (545, "09:05", "00:05")
