"""A tour that has come back: its stops in their order with what was noted of each, its totals, what is left to do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from esscarto.feedback import Feedback
from esscarto.french import bound, count, number
from esscarto.timetable import Timetable

OFF_TOUR = "hors du tour"


@dataclass(frozen=True)
class Line:
    """A stop: its number in the day, or a few words when it has none, and what was noted, which may be nothing."""

    rank: str
    feedback: Feedback

    @property
    def title(self) -> str:
        """Its number and its name."""
        name = self.feedback.name
        return f"{self.rank}. {name}" if self.rank.isdigit() else f"{name} ({self.rank})"


@dataclass(frozen=True)
class TourReport:
    """What a tour brought back.

    Parameters
    ----------
    table : Timetable
        The day, as it was planned.
    lines : tuple of Line
        Its stops in their order, then those that were noted and are not in it.
    """

    table: Timetable
    lines: tuple[Line, ...]

    @property
    def noted(self) -> list[Line]:
        """The stops of which something is noted: those that were visited."""
        return [line for line in self.lines if not line.feedback.is_empty]

    @property
    def silent(self) -> list[Line]:
        """The stops of which nothing is."""
        return [line for line in self.lines if line.feedback.is_empty]

    @property
    def present(self) -> int | None:
        """How many came, stop after stop; None when nobody was counted."""
        counted = [line.feedback.present for line in self.lines if line.feedback.present is not None]
        return sum(counted) if counted else None

    @property
    def actions(self) -> list[tuple[str, Line]]:
        """What is left to do, and the stop that it comes from."""
        return [(action, line) for line in self.noted for action in line.feedback.actions]

    @property
    def sentence(self) -> str:
        """The totals in one sentence: somebody who was at two stops counts twice, and the word says so."""
        people = "présences non comptées" if self.present is None else count(self.present, "présence")
        stops = f"{number(len(self.noted))} sur {count(len(self.lines), 'étape')}"
        return bound(f"Noté : {stops}, {people}, {count(len(self.actions), 'suite')} à donner.")


def build(table: Timetable, held: Mapping[str, Feedback]) -> TourReport:
    """Return the report of a tour.

    Parameters
    ----------
    table : Timetable
        The day.
    held : mapping of str to Feedback
        What was noted, by actor.
    """
    tour = table.tour
    stops = [(str(visit.number), visit.stop.actor, visit.name) for visit in table.visits]
    stops += [("sans point sur la carte", actor, name) for actor, name in table.unplaced]
    planned = {actor for _, actor, _ in stops}
    stops += [(OFF_TOUR, actor, one.name or actor) for actor, one in held.items() if actor not in planned]
    day = tour.day.isoformat() if tour.day else ""
    found = {actor: held.get(actor) or Feedback(tour.name, actor, day=day) for _, actor, _ in stops}
    return TourReport(table, tuple(Line(rank, replace(found[actor], name=name)) for rank, actor, name in stops))
