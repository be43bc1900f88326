"""Whom to call: from the nearest territory to the widest, in the order in which help is needed."""

import re

import pandas as pd
import pytest

from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.site import WRITTEN, Site
from esscarto.supports import ROLES, WAYS, Supports, completed
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


def holders(site: Site, text: str) -> list[Territory]:
    territory = Territory.parse(text)
    return [territory, *site.territories.parents(territory)]


@pytest.mark.parametrize(
    ("text", "organisation", "function", "email"),
    [
        # 000:83-85: « premier interlocuteur du territoire »; a CC of it, nearer, prints an address too (000:120-122).
        ("commune:02010", "petr-soissonnais-valois", "Chargés de mission du PETR", "contact@soissonnaisvalois.fr"),
        ("epci:240200519", "petr-soissonnais-valois", "Chargés de mission du PETR", "contact@soissonnaisvalois.fr"),
        (
            "petr:soissonnais-valois",
            "petr-soissonnais-valois",
            "Chargés de mission du PETR",
            "contact@soissonnaisvalois.fr",
        ),
        # No body of the other PETR prints an address: 000:144-151.
        ("commune:80144", "region-hauts-de-france", "Cellule ESS", "ess@hautsdefrance.fr"),
        ("petr:coeur-hauts-de-france", "region-hauts-de-france", "Cellule ESS", "ess@hautsdefrance.fr"),
        ("departement:80", "region-hauts-de-france", "Cellule ESS", "ess@hautsdefrance.fr"),
    ],
)
def test_the_first_to_call_informs_and_can_be_reached(
    site: Site, text: str, organisation: str, function: str, email: str
):
    found = site.supports.first(holders(site, text))
    assert found
    assert (found["organisation"], found["contact_fonction"], found["courriel"]) == (organisation, function, email)


def test_without_anybody_who_informs_the_nearest_that_can_be_reached_is_called(site: Site):
    # 004:184-202: the CRESS accompanies, and prints a telephone.
    found = site.supports.first(holders(site, "departement:18"))
    assert found
    assert (found["organisation"], found["telephone"]) == ("cress-centre-val-de-loire", "02 38 68 18 90")
    assert site.supports.first([]) is None


def test_a_contact_printed_anywhere_is_that_of_every_row_of_the_body_with_its_source():
    columns = ["organisation", *WAYS, "source"]
    supports = pd.DataFrame(
        [
            ("region", "", "", "", "", "001:399"),
            ("region", "Cellule ESS", "ess@region.fr", "", "", "000:144|001:399"),
            ("ville", "", "", "", "", "002:4"),
            ("ville", "Économie", "", "", "", "002:5"),
            ("muet", "", "", "", "", "003:1"),
            ("bourg", "", "", "", "", "003:2"),
        ],
        columns=columns,
    )
    actors = pd.DataFrame(
        [("ville", "a@ville.fr", "", "", "002:6"), ("bourg", "", "https://bourg.fr", "", "003:9")],
        columns=["organisation", "courriel", "site_web", "telephone", "source"],
    )
    rows = completed(supports, actors)[columns].to_numpy().tolist()
    assert rows == [
        ["region", "Cellule ESS", "ess@region.fr", "", "", "001:399|000:144"],
        ["region", "Cellule ESS", "ess@region.fr", "", "", "000:144|001:399"],
        ["ville", "Économie", "", "", "", "002:4|002:5"],
        ["ville", "Économie", "", "", "", "002:5"],
        ["muet", "", "", "", "", "003:1"],
        ["bourg", "", "", "https://bourg.fr", "", "003:2|003:9"],
    ]


def test_nobody_whose_contact_is_printed_is_without_one(site: Site):
    silent = {row["organisation"] for row in site.supports.rows if not any(row[column] for column in WAYS)}
    frame = site.actors.frame
    reached = frame.loc[(frame[["courriel", "telephone", "site_web"]] != "").any(axis=1), "organisation"]
    assert silent
    assert silent.isdisjoint(reached)
    assert silent.isdisjoint(row["organisation"] for row in site.supports.rows if any(row[column] for column in WAYS))


def test_no_sentence_breaks_a_number_nor_begins_with_the_bare_number_of_a_line(site: Site):
    rows = [*site.supports.rows, *site.programmes.rows, *site.figures.frame.to_dict("records")]
    rows += site.network.frame.to_dict("records")
    sentences = [row.get(column, "") for row in rows for column in WRITTEN]
    assert any("80\u202f000 euros" in sentence for sentence in sentences)
    assert [sentence for sentence in sentences if re.search(r"\d \d{3}(?!\d)", sentence)] == []
    notes = sentences + site.actors.frame["note"].tolist()
    bare = re.compile(r"(?:^|[.;] )(?:les )?\d{3}(?: et \d{3})? (?:cite|imprime|nomme|parle)|\(\d{3}(?:, \d{3})*\)")
    assert [note for note in notes if bare.search(note)] == []
