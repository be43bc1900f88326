"""The order of the visits against every order there is, and against a clock read by hand."""

import itertools

import numpy as np
import pytest

from esscarto.routing import EXACT, Clock, Roads, best_order


def roads(size: int, seed: int, **more) -> Roads:
    points = np.random.default_rng(seed).random((size + 2, 2)) * 30_000
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return Roads(metres[:size, :size], metres[size, :size], metres[:size, size + 1], **more)


@pytest.mark.parametrize("seed", range(4))
def test_the_proposed_order_of_eight_visits_is_the_shortest_of_all_orders(seed: int):
    day = roads(8, seed)
    least = min(map(day.length, itertools.permutations(range(8))))
    assert day.length(best_order(day)) == pytest.approx(least)


@pytest.mark.parametrize("fixed", [{3: 0}, {0: 6, 2: 1}, {5: 3, 1: 4, 6: 0}])
def test_a_visit_kept_at_its_place_stays_there_and_the_rest_is_the_shortest(fixed: dict[int, int]):
    day = roads(7, 7, fixed=fixed)
    allowed = [order for order in itertools.permutations(range(7)) if day.allows(order)]
    found = best_order(day)
    assert day.allows(found)
    assert day.length(found) == pytest.approx(min(map(day.length, allowed)))


def test_beyond_the_exact_size_the_order_holds_each_visit_once_and_shortens_the_order_given():
    day = roads(EXACT + 8, 3, fixed={4: 10})
    found = best_order(day)
    assert sorted(found) == list(range(EXACT + 8))
    assert found[10] == 4
    assert day.length(found) < 0.7 * day.length(range(EXACT + 8))


def test_an_appointment_is_kept_even_when_the_way_is_longer():
    # Three places on a line, 10 km apart, 60 km/h: the farthest first, for who waits there at 9:30.
    line = np.array([0.0, 10_000, 20_000])
    between = abs(line[:, None] - line[None])
    clock = Clock(np.full(3, 30.0), {2: 9 * 60 + 30}, 60, 9 * 60)
    assert best_order(Roads(between, line, line)) in ([0, 1, 2], [2, 1, 0])
    assert best_order(Roads(between, line, line, clock=clock))[0] == 2


def test_appointments_that_cannot_all_be_kept_still_give_an_order_in_their_order():
    line = np.array([0.0, 60_000])
    clock = Clock(np.full(2, 30.0), {0: 540.0, 1: 540.0}, 60, 540)
    assert sorted(best_order(Roads(abs(line[:, None] - line[None]), line, line, clock=clock))) == [0, 1]


@pytest.mark.parametrize("size", [0, 1])
def test_a_day_of_no_visit_or_of_one_has_its_order(size: int):
    assert best_order(roads(size, 1)) == list(range(size))
