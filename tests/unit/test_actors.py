"""The join: each placed actor in exactly one commune, or reported; and the territories above it."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from esscarto.actors import Actors, locate
from esscarto.site import Site
from esscarto.territories import LEVEL_COLUMNS, Territories, Territory
from esscarto.vocabulary import CATEGORIES, PLACED

MakeActors = Callable[..., Actors]


def findings(actors: Actors) -> list[tuple[str, str]]:
    return [(finding.actor, finding.kind) for finding in actors.findings]


def at(lon: float | str, lat: float | str, **cells: str) -> dict[str, str]:
    return {"precision": "adresse", "longitude": str(lon), "latitude": str(lat), **cells}


# ---- a point without a declared commune


def test_a_point_inside_a_commune_gives_the_commune_and_all_above(make_actors: MakeActors):
    row = make_actors(at(2.5, 48.5)).frame.iloc[0]
    assert (row["code_insee"], row["siren_epci"], row["petr"]) == ("01001", "100000001", "val")
    assert (row["code_departement"], row["code_region"]) == ("01", "99")
    assert row["rattachement"] == "commune:01001"
    assert (row["lon"], row["lat"]) == (2.5, 48.5)


@pytest.mark.parametrize(
    ("lon", "lat", "commune"),
    [
        (3, 48.5, "01001"),  # between Aire (01001) and Brie (01002)
        (4, 48.75, "01002"),  # between two EPCI and two départements: Brie (01002) and Brie (02001)
        (3, 49, "01001"),  # three communes: Aire (01001), Brie (01002), La Haute (01003)
        (4, 49, "01002"),  # three communes: Brie (01002), La Haute (01003), Brie (02001)
        (4, 48.5, "01002"),  # three communes: Brie (01002), Brie (02001), Le Désert (02002)
        (2, 48, "01001"),  # the outer corner of Aire
    ],
)
def test_a_point_on_a_border_is_counted_once_in_the_smallest_code(
    make_actors: MakeActors, lon: float, lat: float, commune: str
):
    actors = make_actors(at(lon, lat))
    assert actors.frame["code_insee"].tolist() == [commune]
    assert findings(actors) == []


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(48.5, 2.5), (0, 0), (2.5, 47.9), (-2.5, 48.5), (180, 90)],
    ids=["swapped", "zero", "just outside", "wrong sign", "pole"],
)
def test_a_point_in_no_commune_is_reported(make_actors: MakeActors, lon: float, lat: float):
    actors = make_actors(at(lon, lat))
    assert findings(actors) == [("acteur-0", "hors_communes")]
    assert actors.frame["code_insee"].tolist() == [None]
    assert actors.frame["siren_epci"].tolist() == [None]


NO_COORDINATES = pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("723337", "6920506"),
        ("nan", "48.5"),
        ("2.5", "inf"),
        ("", ""),
        ("2,5", "48,5"),
        ("200", "48.5"),
        ("2.5", "148.5"),
    ],
    ids=["Lambert-93", "nan", "inf", "empty", "decimal comma", "beyond 180", "beyond 90"],
)


@NO_COORDINATES
def test_what_is_no_pair_of_degrees_gives_no_point(make_actors: MakeActors, lon: str, lat: str):
    frame = make_actors(at(lon, lat)).frame
    assert frame[["lon", "lat", "x", "y"]].isna().all(axis=None)
    assert frame["code_insee"].tolist() == [None]


@NO_COORDINATES
def test_what_is_no_pair_of_degrees_is_reported(make_actors: MakeActors, lon: str, lat: str):
    assert [actor for actor, _ in findings(make_actors(at(lon, lat)))] == ["acteur-0"]


@NO_COORDINATES
def test_without_a_usable_point_the_declared_commune_gives_its_label_point(make_actors: MakeActors, lon: str, lat: str):
    row = make_actors(at(lon, lat, code_insee="01003")).frame.iloc[0]
    assert row["code_insee"] == "01003"
    # La Haute is the box (2, 49) to (4, 50): its middle is (3, 49.5).
    assert (row["lon"], row["lat"]) == (3, 49.5)


# ---- a declared commune


def test_the_declared_commune_decides_on_a_border(make_actors: MakeActors):
    actors = make_actors(at(3, 49, code_insee="01003"))
    assert actors.frame["code_insee"].tolist() == ["01003"]
    assert findings(actors) == []


@pytest.mark.parametrize(("lon", "said"), [(3.001, []), (3.1, [("acteur-0", "ecart_commune")])])
def test_a_point_is_compared_with_the_declared_commune(
    make_actors: MakeActors, lon: float, said: list[tuple[str, str]]
):
    # One degree of longitude at 48.5 N is 111.3 km x cos 48.5 = 73.8 km: 0.001 degree beyond the border of
    # Aire is 74 m, less than the 500 m allowed to simplified contours; 0.1 degree is 7.4 km.
    actors = make_actors(at(lon, 48.5, code_insee="01001"))
    assert findings(actors) == said
    assert actors.frame["code_insee"].tolist() == ["01001"]


def test_a_gap_is_said_with_its_metres_and_the_commune_under_the_point(make_actors: MakeActors):
    (finding,) = make_actors(at(3.1, 48.5, code_insee="01001")).findings
    assert finding.message.startswith("déclaré dans 01001, son point est à 73")
    assert finding.message.endswith(" m, dans 01002")


@pytest.mark.parametrize(("lon", "lat"), [(48.5, 2.5), (0, 0)], ids=["swapped", "zero"])
def test_a_point_far_from_every_commune_is_reported_against_the_declared_one(
    make_actors: MakeActors, lon: float, lat: float
):
    actors = make_actors(at(lon, lat, code_insee="01001"))
    assert findings(actors) == [("acteur-0", "ecart_commune")]
    assert actors.findings[0].message.endswith("dans aucune commune connue")
    assert actors.frame["code_insee"].tolist() == ["01001"]


@pytest.mark.parametrize(("lon", "lat"), [(48.5, 2.5), (0, 0)], ids=["swapped", "zero"])
@pytest.mark.parametrize("code", ["", "01001"])
def test_a_point_outside_every_commune_is_not_drawn_there(make_actors: MakeActors, lon: float, lat: float, code: str):
    row = make_actors(at(lon, lat, code_insee=code)).frame.iloc[0]
    assert (row["lon"], row["lat"]) != (lon, lat)


@pytest.mark.parametrize("old", ["01098", "01099"])
def test_an_old_or_delegated_code_is_resolved_and_said(make_actors: MakeActors, old: str):
    actors = make_actors({"code_insee": old})
    assert actors.frame["code_insee"].tolist() == ["01003"]
    assert findings(actors) == [("acteur-0", "code_ancien")]


def test_a_code_that_no_layer_holds_is_reported_and_gives_nothing(make_actors: MakeActors):
    actors = make_actors({"code_insee": "33063"})
    assert findings(actors) == [("acteur-0", "code_inconnu")]
    row = actors.frame.iloc[0]
    assert [row[column] for column in LEVEL_COLUMNS.values()] == [None] * 5
    assert np.isnan(row["lon"])


def test_an_unknown_code_gives_way_to_the_commune_under_the_point(make_actors: MakeActors):
    actors = make_actors(at(2.5, 49.5, code_insee="33063"))
    assert actors.frame["code_insee"].tolist() == ["01003"]
    assert findings(actors) == [("acteur-0", "code_inconnu")]


@pytest.mark.parametrize(
    ("cells", "precision"),
    [
        (at(2.5, 48.5, code_insee="01001"), "adresse"),
        (at("", "", code_insee="01001"), "commune"),
        (at(3.1, 48.5, code_insee="01001"), "commune"),
        ({"precision": "commune", "code_insee": "01001"}, "commune"),
        ({"precision": "petr", "territoire": "petr:val"}, "petr"),
    ],
    ids=["own point", "no point", "refuted point", "commune", "no commune"],
)
def test_the_point_of_a_commune_is_never_said_to_be_an_address(
    make_actors: MakeActors, cells: dict[str, str], precision: str
):
    assert make_actors(cells).frame["precision_point"].tolist() == [precision]


def test_a_point_elsewhere_in_france_is_drawn_and_reported(make_actors: MakeActors):
    # Bordeaux is in no commune of the toy country.
    actors = make_actors(at(-0.58, 44.84))
    assert actors.frame[["lon", "lat"]].values.tolist() == [[-0.58, 44.84]]
    assert findings(actors) == [("acteur-0", "hors_communes")]


# ---- no point


@pytest.mark.parametrize("precision", PLACED)
def test_a_doubtful_place_gives_no_point_and_no_commune(make_actors: MakeActors, precision: str):
    doubtful = {"precision": precision, "code_insee": "01001", "longitude": "2.5", "latitude": "48.5"}
    actors = make_actors({**doubtful, "lieu_confiance": "douteux", "territoire": "epci:100000002"})
    row = actors.frame.iloc[0]
    assert np.isnan([row["lon"], row["lat"], row["x"], row["y"]]).all()
    assert (row["code_insee"], row["siren_epci"]) == (None, "100000002")


@pytest.mark.parametrize("precision", ["epci", "petr", "departement", "region", "aucune"])
def test_a_place_wider_than_a_commune_is_never_pinned_on_one(make_actors: MakeActors, precision: str):
    row = make_actors({"precision": precision, "code_insee": "01001"}).frame.iloc[0]
    assert row["code_insee"] is None
    assert np.isnan(row["lon"])


@pytest.mark.parametrize(
    ("territory", "codes"),
    [
        ("epci:100000001", [None, "100000001", "val", "01", "99"]),
        ("epci:100000003", [None, "100000003", None, "02", "99"]),
        ("petr:val", [None, None, "val", "01", "99"]),
        ("departement:02", [None, None, None, "02", "99"]),
        ("region:99", [None, None, None, None, "99"]),
        ("region:76", [None, None, None, None, None]),
        ("", [None, None, None, None, None]),
    ],
)
def test_without_a_commune_an_actor_belongs_to_its_territory_and_those_above(
    make_actors: MakeActors, territory: str, codes: list[str | None]
):
    actors = make_actors({"precision": "aucune", "territoire": territory})
    row = actors.frame.iloc[0]
    assert [row[column] for column in LEVEL_COLUMNS.values()] == codes
    assert row["rattachement"] == territory
    assert findings(actors) == []


def test_the_commune_wins_over_the_territory_of_attachment(make_actors: MakeActors):
    row = make_actors({"code_insee": "02001", "territoire": "petr:val"}).frame.iloc[0]
    assert (row["petr"], row["rattachement"]) == (None, "commune:02001")


def test_the_rows_keep_their_order_and_the_table_given_is_not_written_to(
    make_rows: Callable[..., pd.DataFrame], toy: Territories
):
    rows = make_rows({"id": "b", "code_insee": "01001"}, {"id": "a"}, {"id": "c", "code_insee": "01099"})
    before = rows.copy(deep=True)
    assert locate(rows, toy).frame.index.tolist() == ["b", "a", "c"]
    assert rows.equals(before)


def test_an_empty_table_is_no_error(make_actors: MakeActors):
    actors = make_actors()
    assert len(actors) == 0
    assert findings(actors) == []


# ---- what an actor is


@pytest.mark.parametrize(
    ("cells", "category"),
    [
        ({"famille": "association"}, "association"),
        ({"famille": "cooperative", "types": "scic|ressourcerie"}, "cooperative"),
        ({"famille": "association", "types": "ptce"}, "ptce"),
        ({"famille": "association", "statut_ess": "accompagnement"}, "accompagnement"),
        ({"famille": "", "statut_ess": "public"}, "public"),
        ({"famille": "", "statut_ess": "hors_ess"}, "hors_ess"),
        ({"famille": "", "statut_ess": "qualification"}, "autre"),
        ({"famille": "", "statut_ess": "non_imprime"}, "autre"),
    ],
)
def test_the_category_is_the_role_else_the_family(make_actors: MakeActors, cells: dict[str, str], category: str):
    assert make_actors(cells).category.tolist() == [category]


@pytest.mark.parametrize(
    ("link", "state", "counted"),
    [
        ("statut", "actif", True),
        ("qualification", "a_verifier", True),
        ("statut", "projet", False),
        ("statut", "passe", False),
        ("accompagnement", "actif", False),
        ("public", "actif", False),
        ("hors_ess", "actif", False),
        ("non_imprime", "actif", False),
    ],
)
def test_only_what_is_of_the_ess_and_alive_enters_a_density(
    make_actors: MakeActors, link: str, state: str, counted: bool
):
    assert make_actors({"statut_ess": link, "statut": state}).counted.tolist() == [counted]


def test_a_hostile_name_goes_through_the_join_as_it_is(make_actors: MakeActors, hostile: str):
    assert make_actors({"nom": hostile, "code_insee": "01001"}).frame["nom"].tolist() == [hostile]


# ---- the real data


def test_each_real_placed_actor_is_in_one_known_commune_or_is_reported(site: Site):
    frame = site.actors.frame
    placed = frame[frame["precision"].isin(PLACED) & (frame["lieu_confiance"] != "douteux")]
    reported = {finding.actor for finding in site.actors.findings}
    lost = [actor for actor, code in placed["code_insee"].items() if code not in site.territories.communes.index]
    assert [actor for actor in lost if actor not in reported] == []


def test_each_real_point_lies_in_its_commune_or_is_reported(site: Site):
    frame = site.actors.frame
    located = frame[frame["lon"].notna()]
    points = gpd.GeoSeries.from_xy(located["lon"], located["lat"], crs=4326).to_crs(2154)
    communes = site.territories.communes.geometry.loc[located["code_insee"].tolist()].to_crs(2154)
    metres = points.distance(communes.reset_index(drop=True), align=False)
    reported = {finding.actor for finding in site.actors.findings}
    assert [
        actor for actor, far in zip(located.index, metres > 500, strict=True) if far and actor not in reported
    ] == []


def test_no_real_actor_outside_a_commune_has_a_point(site: Site):
    frame = site.actors.frame
    assert frame.index[frame["code_insee"].isna() & frame["lon"].notna()].tolist() == []


def test_every_real_actor_keeps_the_territories_of_its_commune(site: Site):
    frame, communes = site.actors.frame, site.territories.communes
    located = frame[frame["code_insee"].notna()]
    for level in ("epci", "petr", "departement", "region"):
        column = LEVEL_COLUMNS[level]
        own, expected = located[column].fillna(""), communes[column].reindex(located["code_insee"]).fillna("")
        assert own.tolist() == expected.tolist()


@pytest.mark.parametrize("upper", ["epci", "petr"])
def test_sums_of_communes_epci_and_petr_agree(site: Site, upper: str):
    """Actors with a commune: those of a territory are those of its communes, each counted once."""
    frame, territories = site.actors.frame, site.territories
    known = frame[frame["code_insee"].notna()]
    by_commune = known["code_insee"].value_counts()
    for code in territories.layers[upper].index:
        territory = Territory(upper, str(code))
        inside = by_commune.reindex(territories.communes_of(territory)).sum()
        assert inside == (known[LEVEL_COLUMNS[upper]] == code).sum(), territory
    assert by_commune.sum() == len(known)


def test_a_petr_holds_the_actors_of_its_epci_and_those_known_no_closer(site: Site):
    frame, territories = site.actors.frame, site.territories
    for petr in map(str, territories.layers["petr"].index):
        inside = frame[frame["petr"] == petr]
        in_epci = frame["siren_epci"].isin(territories.children(Territory("petr", petr), "epci"))
        no_closer = inside["rattachement"] == f"petr:{petr}"
        assert len(inside) == in_epci.sum() + no_closer.sum()


def test_every_real_actor_has_a_category_of_the_closed_list(site: Site):
    assert sorted(set(site.actors.category) - set(CATEGORIES)) == []
