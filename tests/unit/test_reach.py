"""Who is within reach: distances computed by hand in Lambert-93, and the white zones that follow."""

from collections.abc import Callable

import numpy as np
import pytest

from esscarto.actors import Actors, locate
from esscarto.proximity import nearest
from esscarto.reach import Reach, white_zones
from esscarto.site import Site
from esscarto.territories import Territories, Territory

MakeActors = Callable[..., Actors]

SOISSONS, PERONNE, HAM, VILLERS, COYOLLES = "02722", "80620", "80410", "02810", "02232"
RETZ = Territory("epci", "200071991")


def everyone(actors: Actors) -> np.ndarray:
    return np.ones(len(actors), dtype=bool)


@pytest.fixture(scope="module")
def two_towns(site: Site, make_rows) -> Reach:
    """Soissons and Péronne are the only communes with an actor."""
    rows = make_rows({"id": "soissons", "code_insee": SOISSONS}, {"id": "peronne", "code_insee": PERONNE})
    return Reach(locate(rows, site.territories), site.territories)


@pytest.mark.parametrize(
    ("commune", "town", "km"),
    [
        # Points in Lambert-93 (metres): Soissons (723 337, 6 920 506), Péronne (694 654, 6 981 813).
        (SOISSONS, "soissons", 0.0),
        # Villers-Cotterêts (706 928, 6 905 151): square root of (16 409² + 15 355²) = 22 473 m from Soissons.
        (VILLERS, "soissons", 22.473),
        # Ham (705 531, 6 961 762): (10 877² + 20 051²) gives 22 811 m to Péronne; Soissons is at 44 935 m.
        (HAM, "peronne", 22.811),
        # Coyolles (703 504, 6 902 057): square root of (19 833² + 18 449²) = 27 087 m.
        (COYOLLES, "soissons", 27.087),
    ],
)
def test_the_nearest_of_a_commune_is_what_pythagoras_says(two_towns: Reach, commune: str, town: str, km: float):
    found = two_towns.nearest(everyone(two_towns.actors))
    at = two_towns.territories.communes.index.get_loc(commune)
    assert two_towns.actors.frame.index[found.actor[at]] == town
    assert found.km[at] == pytest.approx(km, abs=0.002)


@pytest.mark.parametrize("commune", [SOISSONS, HAM, COYOLLES, "59350", "62765", "18033", "37261"])
def test_the_tree_agrees_with_comparing_every_actor(site: Site, commune: str):
    mask = site.actors.counted
    (actor, km), *_ = nearest(site.actors, site.territories, Territory("commune", commune), mask, 1)
    found = site.reach.nearest(mask)
    at = site.territories.communes.index.get_loc(commune)
    assert site.actors.frame.index[found.actor[at]] == actor
    assert found.km[at] == pytest.approx(km, abs=1e-6)


def test_of_several_at_the_same_place_the_first_identifier_is_named(make_actors: MakeActors, toy: Territories):
    actors = make_actors(*({"id": name, "code_insee": "01002"} for name in ("c", "a", "b")))
    found = Reach(actors, toy).nearest(everyone(actors))
    assert {actors.frame.index[at] for at in found.actor} == {"a"}


def test_an_actor_without_a_point_is_near_nobody(make_actors: MakeActors, toy: Territories):
    actors = make_actors(
        {"id": "epci", "precision": "epci", "territoire": "epci:100000001"},
        {"id": "doubtful", "code_insee": "01001", "lieu_confiance": "douteux"},
    )
    found = Reach(actors, toy).nearest(everyone(actors))
    assert np.isinf(found.km).all()
    assert (found.actor == -1).all()


def test_a_service_that_travels_is_reached_at_each_of_its_stops(make_actors: MakeActors, toy: Territories):
    stops = [{"id": f"bus-{code}", "organisation": "bus", "code_insee": code} for code in ("01001", "02001")]
    actors = make_actors(*stops)
    zones = white_zones(Reach(actors, toy), Territory("region", "99"), everyone(actors), 1)
    # Of the five communes only the two where it stops are near.
    assert zones.communes.index[~zones.communes["white"]].tolist() == ["01001", "02001"]


def test_an_actor_of_elsewhere_counts_for_those_who_live_near(make_actors: MakeActors, toy: Territories):
    actors = make_actors({"id": "neighbour", "code_insee": "02001"})
    reach, inside = Reach(actors, toy), Territory("epci", "100000001")
    # From (4.5, 49.25): Brie (3.5, 48.5) is one degree away, about 110 km; Aire (2.5, 48.5) two, about 168 km.
    zones = white_zones(reach, inside, everyone(actors), 150)
    assert zones.communes["actor"].tolist() == ["neighbour", "neighbour"]
    assert zones.white.index.tolist() == ["01001"]
    assert zones.inhabitants == 1000


def test_a_commune_at_the_very_distance_is_not_white(two_towns: Reach):
    mask = everyone(two_towns.actors)
    km = float(white_zones(two_towns, RETZ, mask, 1).communes.at[VILLERS, "km"])
    assert not white_zones(two_towns, RETZ, mask, km).communes.at[VILLERS, "white"]
    assert white_zones(two_towns, RETZ, mask, km - 1e-6).communes.at[VILLERS, "white"]


def test_without_any_placed_actor_all_is_white_and_nobody_is_named(make_actors: MakeActors, toy: Territories):
    actors = make_actors({"id": "epci", "precision": "epci", "territoire": "epci:100000001"})
    zones = white_zones(Reach(actors, toy), Territory("petr", "val"), everyone(actors), 30)
    assert zones.communes["white"].all()
    assert zones.inhabitants == 4500
    assert (zones.communes["actor"] == "").all()
    assert (zones.measured, zones.unplaced) == (0, 1)


def test_the_totals_are_those_of_the_communes_inside_the_territory(make_actors: MakeActors, toy: Territories):
    actors = make_actors({"id": "a", "code_insee": "01001"})
    totals = white_zones(Reach(actors, toy), Territory("region", "99"), everyone(actors), 1).totals()
    # Only Aire (1 000 inhabitants) is near. Ouest: Brie, 3 000. Est: 2 500 and Le Désert, 0. Nord: 500.
    assert totals.to_dict("index") == {
        "100000001": {"communes": 2, "population": 4000, "white_communes": 1, "white_population": 3000},
        "100000003": {"communes": 2, "population": 2500, "white_communes": 2, "white_population": 2500},
        "100000002": {"communes": 1, "population": 500, "white_communes": 1, "white_population": 500},
    }


def test_every_inhabitant_of_a_real_petr_is_on_one_side(site: Site):
    petr = Territory("petr", "soissonnais-valois")
    zones = white_zones(site.reach, petr, site.actors.counted, 10)
    totals = zones.totals()
    # Population municipale 2023 (Insee).
    assert totals["population"].sum() == 106668
    assert totals["white_population"].sum() == zones.inhabitants
    assert totals["communes"].sum() == 163
    assert zones.white["km"].is_monotonic_decreasing
    assert (zones.white["km"] > 10).all()
