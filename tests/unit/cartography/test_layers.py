"""The JSON that the browser fetches: valid, in the order of the territories, with no link that acts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from esscarto.cartography import layers
from esscarto.site import Site
from esscarto.territories import Territories, Territory
from esscarto.vocabulary import CATEGORIES

MakeSite = Callable[..., Site]
VAL = Territory("petr", "val")
REAL_SHEETS = ["petr:soissonnais-valois", "petr:coeur-hauts-de-france", "departement:02", "region:32"]


def refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def parse(text: str) -> Any:
    """Read JSON as a browser does: NaN and Infinity are no JSON."""
    return json.loads(text, parse_constant=refuse)


def codes(collection: dict[str, Any]) -> list[str]:
    return [feature["properties"]["c"] for feature in collection["features"]]


def actors_of(site: Site) -> dict[str, Any]:
    return parse(layers.actors_json(site))


# ---- polygons


@pytest.mark.parametrize("sheet", REAL_SHEETS)
def test_the_communes_follow_the_order_of_the_territories(site: Site, sheet: str):
    territory = Territory.parse(sheet)
    found = parse(layers.communes_json(site.territories, territory))
    assert codes(found) == site.territories.children(territory, "commune").tolist()
    assert [feature["properties"]["n"] for feature in found["features"]] == [
        site.territories.communes.at[code, "nom"] for code in codes(found)
    ]


@pytest.mark.parametrize("sheet", REAL_SHEETS)
def test_the_epci_follow_the_order_of_the_territories(site: Site, sheet: str):
    territory = Territory.parse(sheet)
    found = parse(layers.outlines_json(site.territories, territory))
    assert codes(found["epci"]) == site.territories.children(territory, "epci").tolist()
    assert codes(found["epci"]) == layers.sheet_epci(site.territories, territory).tolist()


def test_the_neighbours_of_a_petr_are_the_epci_around_and_not_its_own(site: Site):
    found = parse(layers.outlines_json(site.territories, Territory.parse("petr:soissonnais-valois")))
    assert codes(found["petr"]) == ["soissonnais-valois"]
    assert sorted(set(codes(found["voisins"])) & set(codes(found["epci"]))) == []
    # CC de la Haute Somme lies north of the Soissonnais, less than 0.35 degree away.
    assert "200037059" in codes(found["voisins"])


def test_the_polygons_carry_their_code_and_their_name_and_nothing_else(toy: Territories):
    found = parse(layers.communes_json(toy, VAL))
    assert found["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in found["features"]] == [
        {"c": "01001", "n": "Aire"},
        {"c": "01002", "n": "Brie"},
        {"c": "01003", "n": "La Haute"},
    ]
    assert shapely.from_geojson(json.dumps(found["features"][0]["geometry"])).equals(shapely.box(2, 48, 3, 49))


def test_the_real_polygons_stay_within_ten_metres_of_the_layers(site: Site):
    sheet = Territory.parse("petr:coeur-hauts-de-france")
    for feature in parse(layers.communes_json(site.territories, sheet))["features"]:
        drawn = shapely.from_geojson(json.dumps(feature["geometry"]))
        known = site.territories.communes.geometry[feature["properties"]["c"]]
        # Half of the last of four decimals, on the diagonal: 0.00005 x 1.42
        assert shapely.hausdorff_distance(drawn, known) < 0.000_072


def test_a_hostile_name_of_a_territory_leaves_as_text(toy: Territories, hostile: str):
    named = Territories({**toy.layers, "commune": toy.communes.assign(nom=hostile)})
    names = [feature["properties"]["n"] for feature in parse(layers.communes_json(named, VAL))["features"]]
    assert names == [hostile] * 3


def test_bounds_are_south_west_then_north_east(toy: Territories):
    assert layers.bounds_of(toy, Territory("epci", "100000003")) == [[48, 4], [50, 5]]


# ---- actors


def test_the_actors_leave_column_by_column_in_their_order(site: Site):
    found = actors_of(site)
    assert found["id"] == site.actors.frame.index.tolist()
    assert found["nom"] == site.actors.frame["nom"].tolist()
    lengths = {name: len(column) for name, column in found.items() if isinstance(column, list)}
    assert set(lengths.values()) == {len(site.actors)}
    assert set(found["cat"]) <= set(CATEGORIES)
    assert set(found["symboles"]) == set(CATEGORIES)


def test_a_real_point_is_given_to_five_decimals_and_no_point_is_null(site: Site):
    found = actors_of(site)
    for column in ("lon", "lat"):
        known = site.actors.frame[column]
        assert [value is None for value in found[column]] == known.isna().tolist()
        given = [value for value in found[column] if value is not None]
        # Half of the fifth decimal is 0.000 005 degree: less than a metre.
        assert given == pytest.approx(known.dropna().tolist(), abs=0.000_0051)
        assert [value for value in given if round(value, 5) != value] == []


def test_a_hostile_text_is_kept_exactly(make_site: MakeSite, hostile: str):
    site = make_site({"id": "a", "nom": hostile, "aliases": hostile, "telephone": hostile, "code_insee": "01001"})
    found = actors_of(site)
    assert (found["nom"], found["alias"], found["telephone"]) == ([hostile], [hostile], [hostile])


@pytest.mark.parametrize(
    "address",
    ["https://exemple.fr", "http://exemple.fr:8080/a?b=c#d", "https://www.sous-domaine.exemple.fr/é?q=1&r=2"],
)
def test_a_web_address_leaves_as_a_link(make_site: MakeSite, address: str):
    assert actors_of(make_site({"site_web": address}))["site"] == [address]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//exemple.fr",
        "exemple.fr",
        "https://",
        "https://moi@exemple.fr",
        "https://exemple.fr@autre.fr/",
        "https://exеmple.fr",
        'https://exemple.fr/" onclick="x',
        "https://exemple.fr/<b>",
        "https://exemple.fr javascript:x",
        "https://exemple.fr\njavascript:x",
        "{{7*7}}",
    ],
    ids=ascii,
)
def test_any_other_address_never_leaves(make_site: MakeSite, address: str):
    assert actors_of(make_site({"site_web": address}))["site"] == [""]


@pytest.mark.parametrize(
    ("mail", "leaves"),
    [
        ("contact@exemple.fr", "contact@exemple.fr"),
        ("ess+info@sous.exemple.fr", "ess+info@sous.exemple.fr"),
        ("contact@exemple.fr?bcc=autre@exemple.fr", ""),
        ("javascript:x@exemple.fr", ""),
        ("contact@exemple", ""),
        # The end of the line is cleaned before: what leaves is the plain address.
        ("contact@exemple.fr\n", "contact@exemple.fr"),
        ('"><b>@exemple.fr', ""),
    ],
)
def test_only_a_plain_mail_address_leaves(make_site: MakeSite, mail: str, leaves: str):
    assert actors_of(make_site({"courriel": mail}))["courriel"] == [leaves]


def test_the_place_on_the_card_is_that_of_the_site(site: Site):
    assert actors_of(site)["lieu"] == site.places


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"statut": "actif", "statut_date": "2024"}, ""),
        ({"statut": "projet", "statut_date": "2026-09"}, "En projet (septembre 2026)"),
        ({"statut": "passe"}, "Terminé"),
    ],
)
def test_a_project_or_a_past_is_said_with_its_date(make_site: MakeSite, cells: dict, words: str):
    assert actors_of(make_site(cells))["etat"] == [words]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"source": "000:89"}, "document 000"),
        ({"source": "000:89|001:12", "source_date": "2024"}, "document 000 ; document 001"),
        ({"source": "saisie:2026-11-22"}, "saisie le 22 novembre 2026"),
        (
            {"source": "002:5", "lieu_source": "site de la structure", "lieu_date": "2026-11"},
            "document 002 ; lieu : site de la structure (novembre 2026)",
        ),
    ],
)
def test_every_actor_says_where_it_comes_from(make_site: MakeSite, cells: dict, words: str):
    assert actors_of(make_site(cells))["source"] == [words]


def test_the_badge_of_unplaced_actors_stands_on_the_outline_of_their_territory(make_site: MakeSite):
    site = make_site(
        {"precision": "epci", "territoire": "epci:100000003"},
        {"precision": "aucune", "territoire": "region:76"},
        {"precision": "aucune"},
        {"code_insee": "01001"},
    )
    # CC de l’Est is the box (4, 48) to (5, 50): its north-east is (5, 50).
    assert actors_of(site)["territoires"] == {"epci:100000003": {"n": "CC de l’Est", "lon": 5, "lat": 50}}


def test_the_words_of_a_list_are_those_of_the_closed_list_and_an_unknown_code_stays():
    assert layers.words("a|c|b", {"a": "Un", "b": "Deux"}) == "Un, c, Deux"
    assert layers.words("", {"a": "Un"}) == ""


def test_a_number_that_is_no_json_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        layers.dump({"x": float("inf")})


def test_an_unusable_point_still_makes_valid_json(make_site: MakeSite):
    site = make_site(
        {"id": "inf", "precision": "adresse", "longitude": "inf", "latitude": "nan"},
        {"id": "lambert", "precision": "adresse", "longitude": "723337", "latitude": "6920506"},
    )
    found = actors_of(site)
    assert (found["lon"], found["lat"]) == ([None, None], [None, None])
