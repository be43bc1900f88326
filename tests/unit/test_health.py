"""The health of the directory, beside figures counted by hand from the tables of the repository."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from esscarto.actors import locate
from esscarto.health import (
    AGES,
    DATES,
    WATCHED,
    age,
    ages,
    completeness,
    coverage,
    doubts,
    first_day,
    left_out,
    precisions,
    scope,
    twins,
)
from esscarto.settings import SITE
from esscarto.site import Site, load_site
from esscarto.storage.loading import read_actors
from esscarto.territories import Territory

DATA = SITE / "data"
TODAY = date(2026, 11, 22)
SOISSONNAIS = Territory("petr", "soissonnais-valois")


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = read("actors.csv")


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site(DATA)


@pytest.fixture(scope="module")
def everyone(site: Site):
    return scope(site, None)


def line(site, mask, title):
    return next(found for found in completeness(site, mask) if found.watched.title == title)


@pytest.mark.parametrize("column", ["description", "types", "themes", "statut_date", "source_date"])
def test_a_field_that_applies_to_all_is_counted_over_all(site, everyone, column):
    watched = next(one for one in WATCHED if one.columns == (column,))
    found = line(site, everyone, watched.title)
    assert found.filled == sum(row[column] != "" for row in ROWS)
    assert (found.applicable, found.pointless) == (len(ROWS), 0)


def test_a_number_of_register_is_not_asked_of_a_project_nor_of_what_is_over(site, everyone):
    pointless = sum(row["statut"] in ("projet", "passe") and row["siret"] == "" for row in ROWS)
    found = line(site, everyone, "SIRET")
    assert pointless > 0
    assert (found.filled, found.pointless) == (sum(row["siret"] != "" for row in ROWS), pointless)
    assert found.applicable == len(ROWS) - pointless


def test_the_code_that_says_nothing_is_not_a_filled_field(site, everyone):
    found = line(site, everyone, "Rapport à l’ESS")
    assert found.filled == sum(row["statut_ess"] != "non_imprime" for row in ROWS) < len(ROWS)


def test_one_contact_is_enough(site, everyone):
    found = line(site, everyone, "Un contact au moins")
    assert found.filled == sum(any(row[c] for c in ("telephone", "courriel", "site_web")) for row in ROWS)
    assert found.share == pytest.approx(100 * found.filled / found.applicable)


def test_a_share_of_nothing_is_not_zero(site, everyone):
    assert line(site, ~everyone, "SIRET").share != line(site, ~everyone, "SIRET").share


def test_each_actor_has_one_precision_and_a_doubtful_place_has_no_point(site, everyone):
    found = {drawn.precision: drawn for drawn in precisions(site, everyone)}
    by_hand = Counter(row["precision"] for row in ROWS)
    assert {code: drawn.total for code, drawn in found.items()} == dict(by_hand)
    assert sum(drawn.total for drawn in found.values()) == len(ROWS)
    addresses = [row for row in ROWS if row["precision"] == "adresse" and row["lieu_confiance"] != "douteux"]
    assert found["adresse"].points == len(addresses)
    assert sum(found[code].points for code in ("epci", "petr", "departement", "region", "aucune")) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", "un_an"),
        ("2025-11-23", "un_an"),
        ("2025-11-22", "deux_ans"),
        ("2025-12", "un_an"),
        ("2025-11", "deux_ans"),
        ("2025", "deux_ans"),  # the year may have begun nearly two years ago
        ("2024-11-22", "cinq_ans"),
        ("2021-11-22", "ancien"),
        ("2015", "ancien"),
        ("2026-12", "a_venir"),
        ("", "non_date"),
        ("hier", "non_date"),
        ("2025-02-30", "non_date"),
    ],
)
def test_a_date_is_never_taken_for_more_recent_than_it_may_be(text, expected):
    assert age(text, TODAY) == expected


def test_a_leap_day_has_its_anniversary():
    assert age("2027-03-01", date(2028, 2, 29)) == "un_an"
    assert age("2027-02-28", date(2028, 2, 29)) == "deux_ans"


def test_the_ages_are_counted_by_column(site, everyone):
    found = ages(site, everyone, TODAY)
    assert list(found) == list(DATES)
    assert all(list(counts) == list(AGES) for counts in found.values())
    assert found["statut_date"]["non_date"] == sum(row["statut_date"] == "" for row in ROWS)
    assert sum(found["statut_date"].values()) == len(ROWS)
    # A place without a source of its own has no date of its own.
    assert sum(found["lieu_date"].values()) == sum(row["lieu_source"] != "" for row in ROWS)
    assert found["lieu_date"]["ancien"] == sum(
        row["lieu_source"] != "" and row["lieu_date"] != "" and first_day(row["lieu_date"]) <= date(2021, 11, 22)
        for row in ROWS
    )


def expected_reasons(row: dict[str, str]) -> set[str]:
    """Say by hand why a row is to be looked at, its place against the layers aside."""
    said = {"declare"} if row["statut"] == "a_verifier" else set()
    if row["statut"] != "passe":
        parts = [int(part) for part in row["statut_date"].split("-") if part]
        if not parts:
            said.add("sans_date")
        elif date(*[*parts, 1, 1][:3]) <= date(2023, 11, 22):
            said.add("date_ancienne")
    return said | ({"confiance"} if row["lieu_confiance"] in ("probable", "douteux") else set())


def test_every_actor_to_look_at_is_found_with_each_of_its_reasons(site, everyone):
    by_hand = {row["id"]: expected_reasons(row) for row in ROWS}
    found = {doubt.actor: {code for code, _ in doubt.reasons} for doubt in doubts(site, everyone, TODAY)}
    lost = {finding.actor for finding in site.actors.findings}
    assert lost == {row["id"] for row in ROWS if row["code_insee"] in ("75056", "44109")}
    expected = {actor: codes | ({"lieu"} if actor in lost else set()) for actor, codes in by_hand.items()}
    assert found == {actor: codes for actor, codes in expected.items() if codes}


def test_a_territory_keeps_the_actors_known_to_be_inside(site):
    # Haute-Somme, by hand: the rows whose commune or territory is of that EPCI.
    haute_somme = Territory("epci", "200037059")
    communes = set(site.territories.communes_of(haute_somme))
    inside = [
        row
        for row in ROWS
        if row["code_insee"] in communes or (not row["code_insee"] and "200037059" in row["territoire"])
    ]
    mask = scope(site, haute_somme)
    assert mask.sum() == len(inside) > 0
    assert line(site, mask, "Description").filled == sum(row["description"] != "" for row in inside)


def test_the_known_actors_stand_beside_the_employers_that_a_document_publishes(site):
    found = {str(one.territory): one for one in coverage(site, None)}
    (printed,) = [
        row
        for row in read("figures.csv")
        if row["sujet"] == "petr:soissonnais-valois" and row["indicateur"] == "etablissements_employeurs_ess"
    ]
    # The table cites a line by its number; the page by the name of the document.
    said = printed["note"].replace(
        "000:162", "«\N{NO-BREAK SPACE}Fiche territoriale de la CRESS\N{NO-BREAK SPACE}», ligne\N{NO-BREAK SPACE}162"
    )
    assert said != printed["note"]
    assert found["petr:soissonnais-valois"].published == {**printed, "note": said}
    assert (printed["valeur"], printed["annee"]) == ("282", "2019")
    communes = set(site.territories.communes_of(SOISSONNAIS))
    epcis = {f"epci:{code}" for code in site.territories.children(SOISSONNAIS, "epci")}
    places = {*epcis, "petr:soissonnais-valois"}
    assert found["petr:soissonnais-valois"].known == sum(
        row["statut_ess"] in ("statut", "qualification")
        and row["statut"] in ("actif", "a_verifier")
        and (row["code_insee"] in communes or (not row["code_insee"] and row["territoire"] in places))
        for row in ROWS
    )
    # No document gives it for the others: nothing is made up.
    assert all(one.published is None for name, one in found.items() if name != "petr:soissonnais-valois")
    assert epcis <= set(found)


def test_the_coverage_of_an_epci_names_its_petr(site):
    found = [str(one.territory) for one in coverage(site, Territory("epci", "200071991"))]
    assert found == ["petr:soissonnais-valois", "epci:200071991"]


# ---- rows that look alike, and rows that do not hold


@pytest.fixture
def changed(tmp_path, site):
    """Return how to load the shipped site with other rows of actors."""

    def load(rows: list[dict[str, str]]) -> Site:
        with (tmp_path / "actors.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(ROWS[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        table = read_actors(tmp_path)
        problems = {**site.problems, "actors.csv": table.problems}
        return replace(site, actors=locate(table.rows, site.territories), problems=problems)

    return load


def copy_of(actor: str, **cells: str) -> dict[str, str]:
    row = next(row for row in ROWS if row["id"] == actor)
    return {**row, "id": f"{actor}-bis", "organisation": f"{actor}-bis", "siret": "", **cells}


def test_the_shipped_directory_holds_no_likely_duplicate(site):
    assert twins(site) == []


@pytest.mark.parametrize(
    ("cells", "is_seen"),
    [
        ({}, True),
        ({"nom": "ACTIV CITES"}, True),
        ({"organisation": "activcites"}, False),  # another place of the same organisation
        ({"nom": "Les Jardins d’en face"}, False),
        ({"commune": "Soissons", "code_insee": "02722", "code_postal": "02200"}, False),
    ],
)
def test_a_row_that_looks_like_another_is_shown_beside_it(changed, cells, is_seen):
    found = twins(changed([*ROWS, copy_of("activcites", **cells)]))
    assert [{pair.left, pair.right} for pair in found] == ([{"activcites", "activcites-bis"}] if is_seen else [])


def test_the_same_siret_under_another_name_elsewhere_is_seen(changed):
    known = next(row for row in ROWS if row["siret"])
    elsewhere = {"nom": "Tout autre nom", "commune": "Soissons", "code_insee": "02722", "siret": known["siret"]}
    (pair,) = twins(changed([*ROWS, copy_of(known["id"], **elsewhere)]))
    assert {pair.left, pair.right} == {known["id"], f"{known['id']}-bis"}
    assert "SIRET" in pair.reason


def test_an_actor_whose_commune_is_not_known_is_compared_with_the_others(changed):
    nowhere = {"precision": "aucune", "commune": "", "code_insee": "", "adresse": "", "longitude": "", "latitude": ""}
    site = changed([*ROWS, copy_of("activcites", **nowhere)])
    assert any("activcites-bis" in (pair.left, pair.right) for pair in twins(site))


def test_a_row_that_does_not_hold_is_counted_and_said(changed):
    site = changed([*ROWS, copy_of("activcites", statut="en vacances")])
    assert len(site.actors) == len(ROWS)
    ((table, problem),) = left_out(site)
    assert (table, problem.line, problem.column) == ("actors.csv", len(ROWS) + 2, "statut")


def test_a_state_dated_from_the_future_is_to_be_looked_at(changed):
    site = changed([*ROWS, copy_of("activcites", nom="Demain", statut_date="2027-01")])
    (doubt,) = [one for one in doubts(site, scope(site, None), TODAY) if one.actor == "activcites-bis"]
    assert ("date_a_venir", "son état est daté du futur\u00a0: janvier 2027") in doubt.reasons
