"""A tour that has come back: its order, its totals, what is left to do."""

import datetime

from esscarto.feedback import Feedback
from esscarto.french import NBSP
from esscarto.timetable import build as timetable
from esscarto.tour_report import build
from esscarto.tours import Tour

TOUR = Tour("Novembre", datetime.date(2026, 11, 26)).with_actors(
    ["anne-morgan", "ateliers-de-taux", "a-table-citoyens"]
)


def test_stops_stand_in_the_order_of_the_day_then_those_that_are_not_in_it(site):
    table = timetable(site, TOUR)
    held = {
        "parti": Feedback("Novembre", "parti", "Une structure partie", present=3, follow_ups="Relancer"),
        "anne-morgan": Feedback("Novembre", "anne-morgan", "Ancien nom", present=12, follow_ups="- Un\n- Deux"),
    }
    report = build(table, held)
    placed = [f"{visit.number}. {visit.name}" for visit in table.visits]
    rest = ["A Table Citoyens (sans point sur la carte)", "Une structure partie (hors du tour)"]
    assert [line.title for line in report.lines] == [*placed, *rest]
    assert report.present == 15
    assert [action for action, _ in report.actions] == ["Un", "Deux", "Relancer"]
    assert {line.feedback.actor for line in report.silent} == {"ateliers-de-taux", "a-table-citoyens"}
    said = report.sentence.replace("\u202f", " ").replace(NBSP, " ")
    assert said == "Noté : 2 sur 4 étapes, 15 présences, 3 suites à donner."


def test_nobody_counted_is_not_nobody_present(site):
    report = build(timetable(site, TOUR), {})
    assert report.present is None
    assert "présences non comptées" in report.sentence
    assert build(timetable(site, TOUR), {"anne-morgan": Feedback("N", "anne-morgan", present=0)}).present == 0
