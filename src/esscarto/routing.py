"""The order of a day of visits: exact for a dozen of them, a good one beyond.

The exact order is that of Held and Karp, « A Dynamic Programming Approach to Sequencing Problems », Journal of the
Society for Industrial and Applied Mathematics 10 (1962): the best way to have made a set of visits, for each set and
each last visit, all the sets of one size computed together.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

EXACT = 12
"""Visits up to which the order is exact."""
LATE = 1e6
"""What a minute of delay weighs, in metres: more than any detour."""


@dataclass(frozen=True)
class Clock:
    """The hours of a day, for whoever has appointments.

    Parameters
    ----------
    minutes : numpy.ndarray
        Minutes of each visit.
    appointments : dict of int to float
        Visit -> when it must begin, in minutes after midnight.
    speed_kmh : float
        Average speed on the road.
    start : float
        When the day starts, in minutes after midnight.
    lunch : tuple of float
        When lunch is wished for, and its minutes.
    """

    minutes: np.ndarray
    appointments: Mapping[int, float]
    speed_kmh: float
    start: float
    lunch: tuple[float, float] = (24 * 60.0, 0.0)

    def after(self, before: np.ndarray, metres: np.ndarray, visit: int) -> np.ndarray:
        """Return when a visit ends, from when the one before ended; infinite when it would begin too late."""
        arrival = before + metres / 1000 / self.speed_kmh * 60
        due = self.appointments.get(visit)
        if due is not None:
            arrival = np.where(arrival > due + 1e-9, np.inf, due)
        end = arrival + self.minutes[visit]
        # Lunch is taken at the end of the first visit that ends after its hour.
        return np.where((before < self.lunch[0]) & (end >= self.lunch[0]), end + self.lunch[1], end)


@dataclass(frozen=True)
class Roads:
    """What lies between the visits, in metres, and what is not to be changed.

    Parameters
    ----------
    between : numpy.ndarray
        Metres from each visit to each other, shape (n, n).
    first, last : numpy.ndarray
        Metres from the start to each visit, and from each visit to the end; zeros where there is none.
    fixed : dict of int to int
        Visit -> its place in the day, 0 for the first.
    clock : Clock or None
        The hours, when a visit has an appointment.
    """

    between: np.ndarray
    first: np.ndarray
    last: np.ndarray
    fixed: Mapping[int, int] = field(default_factory=dict)
    clock: Clock | None = None

    def length(self, order: Sequence[int]) -> float:
        """Return the metres of an order."""
        if not len(order):
            return 0.0
        inside = sum(self.between[one, other] for one, other in itertools.pairwise(order))
        return float(self.first[order[0]] + inside + self.last[order[-1]])

    def cost(self, order: Sequence[int]) -> float:
        """Return the metres of an order, its delays counted as long detours and its waiting as short ones."""
        metres = self.length(order)
        if self.clock is None:
            return metres
        now, previous, late = self.clock.start, None, 0.0
        for visit in order:
            road = self.first[visit] if previous is None else self.between[previous, visit]
            arrival = now + road / 1000 / self.clock.speed_kmh * 60
            due = self.clock.appointments.get(visit)
            late += max(arrival - due, 0.0) if due is not None else 0.0
            begin = max(arrival, due) if due is not None else arrival
            end = begin + self.clock.minutes[visit]
            now = end + self.clock.lunch[1] * (now < self.clock.lunch[0] <= end)
            previous = visit
        return late * LATE + (now - self.clock.start) * self.clock.speed_kmh / 60 * 1000 + metres * 1e-3

    def allows(self, order: Sequence[int]) -> bool:
        """Whether each fixed visit is at its place."""
        return all(order[place] == visit for visit, place in self.fixed.items())


def best_order(roads: Roads) -> list[int]:
    """Return the shortest order of the visits: with appointments, the one that keeps them and ends the day first.

    Without appointments, exact up to :data:`EXACT` visits. Else a good order, improved as long as turning a part of
    the day round, or moving a visit, makes it better.
    """
    size = len(roads.first)
    exact = _exact(roads) if 0 < size <= EXACT else None
    if exact is not None and roads.clock is None:
        return exact
    return _improved(roads, exact or _nearest(roads))


def _exact(roads: Roads) -> list[int] | None:
    """Return the best order, None when none is found that keeps the appointments."""
    size, clock = len(roads.first), roads.clock
    every = np.arange(1 << size)
    sizes = sum((every >> visit) & 1 for visit in range(size))
    cost = np.full((1 << size, size), np.inf)
    metres = np.full((1 << size, size), np.inf)
    before = np.full((1 << size, size), -1, dtype=int)
    at = {place: visit for visit, place in roads.fixed.items()}
    for place in range(size):
        sets = every[sizes == place]
        for visit in [at[place]] if place in at else [one for one in range(size) if one not in roads.fixed]:
            held = sets[(sets >> visit) & 1 == 0]
            if not len(held):
                continue
            after = held | (1 << visit)
            if place == 0:
                metres[after, visit] = roads.first[visit]
                cost[after, visit] = (
                    roads.first[visit]
                    if clock is None
                    else clock.after(np.array(clock.start), roads.first[visit], visit)
                )
                continue
            road = roads.between[:, visit]
            whole = metres[held] + road
            found = whole if clock is None else clock.after(cost[held], road, visit)
            # Of two orders that end at the same hour, the shorter on the road.
            chosen = np.argmin(np.where(np.isfinite(found), found + whole * 1e-9, np.inf), axis=1)
            rows = np.arange(len(held))
            cost[after, visit], metres[after, visit] = found[rows, chosen], whole[rows, chosen]
            before[after, visit] = chosen
    home = roads.last if clock is None else roads.last / 1000 / clock.speed_kmh * 60
    ends = cost[-1] + home
    if not np.isfinite(ends).any():
        return None
    last, left, order = int(np.argmin(ends)), (1 << size) - 1, []
    while last >= 0:
        order.append(last)
        left, last = left & ~(1 << last), int(before[left, last])
    return order[::-1]


def _nearest(roads: Roads) -> list[int]:
    """Return an order where each visit is the nearest of those that remain, appointments in their order."""
    size = len(roads.first)
    at = {place: visit for visit, place in roads.fixed.items()}
    free = [visit for visit in range(size) if visit not in roads.fixed]
    order: list[int] = []
    for place in range(size):
        road = roads.between[order[-1]] if order else roads.first
        visit = at[place] if place in at else min(free, key=lambda one: (road[one], one))
        order.append(visit)
        free = [one for one in free if one != visit]
    if roads.clock:
        due = roads.clock.appointments
        timed = [place for place, visit in enumerate(order) if visit in due and visit not in roads.fixed]
        for place, visit in zip(timed, sorted((order[one] for one in timed), key=due.__getitem__), strict=True):
            order[place] = visit
    return order


def _improved(roads: Roads, order: list[int]) -> list[int]:
    best, least = order, roads.cost(order)
    while True:
        found = min((one for one in _around(best) if roads.allows(one)), key=roads.cost, default=best)
        cost = roads.cost(found)
        if cost >= least - 1e-6:
            return best
        best, least = found, cost


def _around(order: list[int]) -> list[list[int]]:
    """Return the orders that differ by one part turned round, or by one visit moved."""
    size = len(order)
    turned = [
        order[:low] + order[low:high][::-1] + order[high:] for low in range(size) for high in range(low + 2, size + 1)
    ]
    moved = []
    for place, visit in enumerate(order):
        others = order[:place] + order[place + 1 :]
        moved += [[*others[:other], visit, *others[other:]] for other in range(size) if abs(other - place) > 1]
    return turned + moved
