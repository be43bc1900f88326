"""The calendar of the ESS year: a date where a document prints one, and nowhere else."""

import datetime

import pytest

from esscarto import events
from esscarto.questions import THEMES, headcount, questions
from esscarto.territories import Territory
from esscarto.vocabulary import THEMES as KNOWN_THEMES

PETR = Territory("petr", "soissonnais-valois")


def row(site, key: str) -> dict[str, str]:
    return next(one for one in site.events.rows if one["id"] == key)


@pytest.mark.parametrize(
    ("day", "first"), [("2026-11-22", (2026, 11, 1)), ("2026-12-01", (2027, 11, 1)), ("2026-03-01", (2026, 11, 1))]
)
def test_the_month_of_the_ess_is_the_whole_of_the_next_november(site, day, first):
    found = events.days(row(site, "mois-de-l-ess"), datetime.date.fromisoformat(day))
    assert found == (datetime.date(*first), datetime.date(first[0], 11, 30))
    assert events.when(row(site, "mois-de-l-ess")) == "en novembre, chaque année"


def test_an_event_whose_source_prints_no_date_has_none(site):
    forum = row(site, "forum-annuel-de-l-ess")
    assert events.when(forum) == "date non fournie par la source"
    assert events.days(forum, datetime.date(2026, 1, 1)) is None


def test_a_past_event_keeps_the_months_that_are_printed(site):
    found = events.days(row(site, "mardis-de-l-inclusion"), datetime.date(2026, 1, 1))
    assert found == (datetime.date(2025, 6, 1), datetime.date(2025, 7, 31))


def test_who_could_host_is_in_activity_in_the_territory_and_of_a_type_of_the_table(site):
    mask = events.hosts(site.index, row(site, "mois-de-l-ess"), PETR)
    found = site.actors.frame[mask]
    assert len(found)
    assert set(found["petr"]) == {"soissonnais-valois"}
    assert set(found["statut"]) == {"actif"}
    assert not events.hosts(site.index, row(site, "festival-deux-mains"), PETR).any()


def test_each_theme_has_its_question_and_each_actor_a_few(site):
    assert set(THEMES) == set(KNOWN_THEMES)
    for actor in site.actors.frame.index:
        assert 2 <= len(questions(site, str(actor))) <= 12


def test_nobody_is_asked_for_a_number_that_a_source_prints_of_the_organisation(site):
    for actor, row in zip(site.actors.frame.index, site.rows, strict=True):
        own = row["tranche_effectif"] or row["effectif_imprime"]
        asks = any("Combien de personnes employez-vous" in one.words for one in questions(site, str(actor)))
        assert asks == (not own and not headcount(site, row["organisation"]))
    assert headcount(site, "apei-des-2-vallees") == "500 à 999\u00a0salariés"
    assert headcount(site, "rien-de-tel") == ""
