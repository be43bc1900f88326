"""Distances as the crow flies: metres in Lambert-93, never degrees."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from esscarto.actors import Actors, locate
from esscarto.proximity import Nearby, nearest
from esscarto.site import Site
from esscarto.territories import Territories, Territory

MakeActors = Callable[..., Actors]
SOISSONS = Territory("commune", "02722")


def everyone(actors: Actors) -> np.ndarray:
    return np.ones(len(actors), dtype=bool)


def test_soissons_to_peronne_is_68_kilometres(site: Site, make_rows):
    # Label points in Lambert-93: Soissons (723 337, 6 920 506), Péronne (694 654, 6 981 813).
    # dx = 28 683 m, dy = 61 307 m; square root of (28 683² + 61 307²) = 67 685 m.
    actors = locate(make_rows({"id": "peronne", "code_insee": "80620"}), site.territories)
    (found,) = nearest(actors, site.territories, SOISSONS, everyone(actors), 5)
    assert found[0] == "peronne"
    assert found[1] == pytest.approx(67.69, abs=0.02)


def test_distances_are_not_degrees_times_111(site: Site, make_rows):
    # One degree of longitude at 49.38 N is 111.32 x cos 49.38 = 72.5 km, not 111 km.
    row = site.territories.row(SOISSONS)
    east = {
        "id": "east",
        "precision": "adresse",
        "longitude": str(row["label_lon"] + 1),
        "latitude": str(row["label_lat"]),
    }
    actors = locate(make_rows(east), site.territories)
    assert nearest(actors, site.territories, SOISSONS, everyone(actors), 1)[0][1] == pytest.approx(72.6, abs=0.2)


def test_the_nearest_come_first_and_no_more_than_asked(make_actors: MakeActors, toy: Territories):
    actors = make_actors(
        {"id": "far", "code_insee": "02001"},
        {"id": "here", "code_insee": "01001"},
        {"id": "near", "code_insee": "01002"},
    )
    aire = Territory("commune", "01001")
    assert [actor for actor, _ in nearest(actors, toy, aire, everyone(actors), 9)] == ["here", "near", "far"]
    assert [actor for actor, _ in nearest(actors, toy, aire, everyone(actors), 2)] == ["here", "near"]
    assert nearest(actors, toy, aire, everyone(actors), 0) == []
    assert nearest(actors, toy, aire, everyone(actors), 1) == [("here", 0.0)]


def test_ties_are_in_the_order_of_the_identifiers(make_actors: MakeActors, toy: Territories):
    same = [{"id": name, "code_insee": "01002"} for name in ("c", "a", "b")]
    actors = make_actors(*same)
    found = nearest(actors, toy, Territory("commune", "01001"), everyone(actors), 3)
    assert [actor for actor, _ in found] == ["a", "b", "c"]
    assert len({kilometres for _, kilometres in found}) == 1


def test_only_the_selection_is_looked_at(make_actors: MakeActors, toy: Territories):
    actors = make_actors({"id": "a", "code_insee": "01001"}, {"id": "b", "code_insee": "01002"})
    mask = np.array([False, True])
    assert [actor for actor, _ in nearest(actors, toy, Territory("commune", "01001"), mask, 5)] == ["b"]


def test_an_actor_without_a_point_is_never_near(make_actors: MakeActors, toy: Territories):
    actors = make_actors(
        {"id": "epci", "precision": "epci", "territoire": "epci:100000001"},
        {"id": "doubtful", "code_insee": "01001", "lieu_confiance": "douteux"},
        {"id": "unknown", "code_insee": "33063"},
    )
    assert nearest(actors, toy, Territory("commune", "01001"), everyone(actors), 5) == []


# ---- the tree


@pytest.mark.parametrize("share", [1.0, 0.5, 0.01])
def test_the_tree_finds_what_measuring_everyone_finds(share: float):
    rng = np.random.default_rng(3)
    size = 12_000
    # A grid of 500 m: many stand at the same place, so the names settle most ties.
    xy = np.round(rng.uniform(0, 60_000, (size, 2)) / 500) * 500
    names = [f"n{one:05d}" for one in rng.permutation(size)]
    nearby = Nearby(Actors(pd.DataFrame({"nom": names, "x": xy[:, 0], "y": xy[:, 1]}, index=names)))
    mask = rng.random(size) < share
    for x, y in rng.uniform(-5_000, 65_000, (20, 2)):
        metres = np.hypot(xy[:, 0] - x, xy[:, 1] - y)
        order = sorted(np.flatnonzero(mask), key=lambda at: (metres[at], names[at]))
        assert [at for at, _ in nearby.nearest(x, y, 7, mask)] == order[:7]
        assert [at for at, _ in nearby.within(x, y, 3, mask)] == [at for at in order if metres[at] <= 3_000]


def test_nobody_near_is_an_empty_answer(make_actors: MakeActors):
    nearby = Nearby(make_actors({"id": "nowhere", "precision": "region", "territoire": "region:32"}))
    everywhere = np.ones(1, dtype=bool)
    assert nearby.nearest(0.0, 0.0, 3, everywhere) == nearby.within(0.0, 0.0, 9_000, everywhere) == []
