"""Whom to call: from the nearest territory to the widest, in the order in which help is needed."""

import pandas as pd
import pytest

from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.site import Site
from esscarto.supports import ROLES, Supports
from esscarto.territories import Territory

AIRE, OUEST, VAL = Territory("commune", "01001"), Territory("epci", "100000001"), Territory("petr", "val")


@pytest.fixture
def supports() -> Supports:
    rows = [
        ("b-banque", "financement", "petr:val"),
        ("a-reseau", "reseau", "petr:val"),
        ("c-epci", "collectivite", "epci:100000001"),
        ("a-epci", "information", "epci:100000001"),
        ("a-banque", "financement", "petr:val"),
        ("loin", "information", "petr:ailleurs"),
        ("partout", "information", "france"),
        ("nulle-part", "information", ""),
    ]
    return Supports(pd.DataFrame(rows, columns=["organisation", "role", "territoire"]))


def test_the_nearest_come_first_then_the_role_then_the_name(supports: Supports):
    found = supports.for_territories([AIRE, OUEST, VAL])
    assert [(row["organisation"], row["territoire"]) for row in found] == [
        ("c-epci", "epci:100000001"),
        ("a-epci", "epci:100000001"),
        ("a-banque", "petr:val"),
        ("b-banque", "petr:val"),
        ("a-reseau", "petr:val"),
    ]


def test_only_the_territories_asked_for_answer(supports: Supports):
    assert [row["organisation"] for row in supports.for_territories([Territory("petr", "ailleurs")])] == ["loin"]
    assert supports.for_territories([AIRE]) == supports.for_territories([]) == []


def test_every_role_of_the_schema_has_words():
    schema = read_schema(SCHEMAS / "soutiens.schema.json")
    assert sorted(ROLES) == sorted(next(field.allowed for field in schema.fields if field.name == "role"))


def test_somebody_of_soissons_is_given_its_intercommunalite(site: Site):
    # 000:116-118: CA GrandSoissons among the collectivités of the PETR.
    soissons = Territory("commune", "02722")
    found = site.supports.for_territories([soissons, *site.territories.parents(soissons)])
    assert ("ca-grandsoissons", "collectivite") in {(row["organisation"], row["role"]) for row in found}
    levels = [row["territoire"].partition(":")[0] for row in found]
    order = ["commune", "epci", "petr", "departement", "region"]
    assert [order.index(level) for level in levels] == sorted(order.index(level) for level in levels)


def test_the_supports_of_the_country_are_asked_for_apart(supports: Supports):
    assert [row["organisation"] for row in supports.national()] == ["partout"]
