"""What follows from what is typed: a point never outlives its address, a value never goes without its origin."""

import pytest

from esscarto.completing import place, source

POINT = {
    "adresse": "1 rue Haute",
    "commune": "Soissons",
    "code_insee": "02722",
    "precision": "adresse",
    "longitude": "3.32",
    "latitude": "49.38",
    "lieu_source": "BAN",
    "lieu_date": "2026",
    "lieu_confiance": "sure",
}
FORGOTTEN = {
    "precision": "commune",
    **dict.fromkeys(("longitude", "latitude", "lieu_source", "lieu_date", "lieu_confiance"), ""),
}


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        (POINT, {"telephone": "03 00 00 00 00"}, {}),
        (POINT, {"adresse": "2 rue Basse"}, FORGOTTEN),
        (POINT, {"commune": "Ham", "code_insee": "80410"}, FORGOTTEN),
        (POINT, {"commune": "", "code_insee": ""}, {**FORGOTTEN, "precision": "aucune"}),
        (POINT, {"adresse": "2 rue Basse", "lieu_source": "leurs statuts"}, {**FORGOTTEN, "lieu_source": None}),
        # Who gives the point gives it for the new address.
        (POINT, {"adresse": "2 rue Basse", "longitude": "3.4", "latitude": "49.4"}, {}),
        ({"precision": "commune", "code_insee": "02722"}, {"adresse": "2 rue Basse"}, {}),
        ({"precision": "epci", "territoire": "epci:200071991"}, {"code_insee": "02722"}, {"precision": "commune"}),
        ({"precision": "aucune"}, {"territoire": "epci:200071991"}, {"precision": "epci"}),
        ({"precision": "commune", "code_insee": "02722"}, {"territoire": "epci:200071991"}, {}),
        ({}, {"nom": "Zeste"}, {"precision": "aucune"}),
        ({}, {"nom": "Zeste", "territoire": "departement:02"}, {"precision": "departement"}),
        ({}, {"nom": "Zeste", "code_insee": "02722"}, {"precision": "commune"}),
        ({}, {"nom": "Zeste", "code_insee": "02722", "precision": "rue"}, {}),
    ],
)
def test_the_place_follows_the_address_and_the_commune(before, after, follows):
    assert place(before, after) == {name: value for name, value in follows.items() if value is not None}


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        ({"source": "000:1"}, {"telephone": "03"}, "000:1|saisie:2026-11-22"),
        ({}, {"nom": "Zeste"}, "saisie:2026-11-22"),
        ({"source": "000:1|saisie:2026-11-22"}, {"telephone": "03"}, None),
        ({"source": "000:1"}, {"telephone": "03", "source": "003:12"}, None),
        ({"source": "000:1"}, {"note": "homonyme"}, None),
        ({"source": "000:1"}, {}, None),
    ],
)
def test_a_new_value_brings_its_origin_unless_the_person_has_written_it(before, after, written):
    assert source(before, after, "saisie:2026-11-22") == ({"source": written} if written else {})
