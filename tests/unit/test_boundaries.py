import geopandas as gpd
import pandas as pd
import pytest
import shapely
import shapely.affinity
from shapely import box

from esscarto.boundaries.contours import ALIASES, Contours, Ground, check_codes, ground_of, normalise
from esscarto.boundaries.coverage import DECIMALS, OVERLAP_LIMIT, rings_inside, tile
from esscarto.boundaries.layers import label_point
from esscarto.boundaries.reference import Reference, check_petr, population_year, scope_of
from esscarto.boundaries.report import table
from esscarto.errors import DataError

X, Y = 700_000, 6_900_000
LLIVIA = (613_000, 6_149_000)


def reference(former: dict[str, str] | None = None, recent: tuple[str, ...] = ()) -> Reference:
    """Communes 02001 to 02009 in one EPCI; ``former`` maps old codes to new, ``recent`` are newborn."""
    codes = [f"0200{i}" for i in range(1, 10)]
    communes = pd.DataFrame(
        {
            "nom": [f"Ville {code[-1]}" for code in codes],
            "siren": [("93" if code in recent else "21") + code for code in codes],
            "siren_epci": "111111111",
            "code_departement": "02",
            "code_region": "32",
            "codes_postaux": "02000",
            "population": pd.array([10] * 9, dtype="Int64"),
            "population_epci": pd.array([9] * 9, dtype="Int64"),
        },
        index=codes,
    )
    old = pd.DataFrame(
        [(code, "", "ancienne-commune", new) for code, new in (former or {}).items()],
        columns=["code_ancien", "nom", "type", "code_insee"],
    )
    return Reference(
        communes,
        epci=pd.DataFrame({"nom": ["CC"], "nature": ["CC"]}, index=["111111111"]),
        departements=pd.DataFrame({"nom": ["Aisne"], "code_region": ["32"]}, index=["02"]),
        regions=pd.DataFrame({"nom": ["Hauts-de-France"]}, index=["32"]),
        former=old,
        shared={},
        version="6.0.0",
        year="2026",
        epci_year="2026",
    )


def ground(
    *shapes: shapely.Geometry, at: tuple[int, int] = (X, Y), around: tuple = (), draws_parts: bool = False
) -> Ground:
    """Communes 02001... of the given shapes (metres from ``at``), then those around."""
    moved = [shapely.transform(shape, lambda points: points + at) for shape in (*shapes, *around)]
    series = gpd.GeoSeries(moved, index=[f"0200{i + 1}" for i in range(len(moved))], crs=2154)
    return Ground(
        scope=series[: len(shapes)],
        around=series[len(shapes) :],
        drawn=set(series.index),
        draws_parts=draws_parts,
    )


def ring(hole: shapely.Geometry, size: int = 1000) -> list[shapely.Geometry]:
    """Two communes that surround a hole."""
    return [box(0, 0, size / 2, size) - hole, box(size / 2, 0, size, size) - hole]


# The normal table


@pytest.mark.parametrize("name", [*ALIASES["code_insee"], "INSEE_COM", "CODE_INSEE"])
def test_the_code_is_found_under_any_of_its_names(name):
    given = gpd.GeoDataFrame({name: [" 02722 "], "autre": [1]}, geometry=[box(0, 0, 1, 1)], crs=2154)
    assert normalise(given, "x")["code_insee"].tolist() == ["02722"]
    assert list(normalise(given, "x").columns) == ["code_insee", "geometry"]


def test_names_of_several_products_come_to_ours():
    old = {"INSEE_COM": ["02722"], "NOM": ["Soissons"], "NOM_M": ["SOISSONS"], "SIREN_EPCI": ["240200477"]}
    new = {"code_insee": ["02722"], "nom_officiel": ["Soissons"], "codes_siren_des_epci": ["240200477"]}
    tables = [normalise(gpd.GeoDataFrame(each, geometry=[box(0, 0, 1, 1)], crs=4326), "x") for each in (old, new)]
    assert tables[0].drop(columns="geometry").equals(tables[1].drop(columns="geometry"))
    assert tables[0]["nom"].tolist() == ["Soissons"]


def test_no_epci_is_none_whatever_its_spelling():
    given = gpd.GeoDataFrame({"code": ["1", "2"], "epci": ["NR", ""]}, geometry=[box(0, 0, 1, 1)] * 2, crs=4326)
    assert normalise(given, "x")["siren_epci"].isna().all()


def test_the_overseas_grid_is_no_lambert():
    far = gpd.GeoDataFrame({"code": ["02001"]}, geometry=[box(55, -21, 55.1, -20.9)], crs=4326)
    given = Contours(normalise(far, "x"), normalise(far[:0], "x"), "", "", False, "x")
    with pytest.raises(DataError, match="hors de France métropolitaine"):
        ground_of(given, reference(), pd.Index(["02001"]))


def test_an_engineering_crs_is_no_crs():
    local = 'LOCAL_CS["nowhere",UNIT["metre",1]]'
    given = normalise(gpd.GeoDataFrame({"code": ["02001"]}, geometry=[box(0, 0, 1, 1)], crs=local), "x")
    with pytest.raises(DataError, match="système de coordonnées"):
        check_codes(Contours(given, given[:0], "", "", False, "x"), reference())


# The official lists


def test_a_code_old_or_new_leads_to_today():
    codes = pd.Series(["02001", "02999", "02888"])
    assert reference({"02999": "02002"}).today(codes).tolist()[:2] == ["02001", "02002"]
    assert reference({"02999": "02002"}).today(codes).isna().tolist() == [False, False, True]


def test_the_scope_is_regions_and_whole_epci():
    lists = reference()
    lists.communes.loc["02009", "code_region"] = "44"
    lists.communes.loc["02008", ["code_region", "siren_epci"]] = ["44", None]
    assert scope_of(lists, ["32"], []).tolist() == [f"0200{i}" for i in (1, 2, 3, 4, 5, 6, 7, 9)]
    assert scope_of(lists, [], ["111111111"]).tolist() == scope_of(lists, ["32"], []).tolist()


def test_the_year_is_that_of_which_every_total_is_met():
    published = pd.DataFrame(
        [("2023", "32", "90"), ("2023", "44", "7"), ("2022", "32", "90"), ("2022", "44", "8")],
        columns=["year", "code_region", "population"],
    )
    assert population_year(pd.Series({"32": 90, "44": 7}), published) == "2023"
    assert population_year(pd.Series({"32": 90, "44": 6}), published) is None
    assert population_year(pd.Series({"32": 90}), published) is None


def test_two_years_that_fit_prove_none():
    published = pd.DataFrame([("2023", "32", "9"), ("2022", "32", "9")], columns=["year", "code_region", "population"])
    assert population_year(pd.Series({"32": 9}), published) is None


def test_the_table_of_petr_must_have_its_columns():
    with pytest.raises(DataError, match="colonne absente : petr, nom"):
        check_petr(pd.DataFrame({"siren_epci": ["1"]}), reference())


# The coverage


def test_a_clean_layer_is_left_as_it_is():
    tiling = tile(ground(box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)), reference(), "x")
    assert (tiling.slits, tiling.holes, len(tiling.overlaps)) == (0, (), 0)
    assert tiling.shapes.crs.to_epsg() == 4326
    assert shapely.coverage_is_valid(tiling.shapes.values)
    assert tiling.shapes.to_crs(2154).area.round(-2).tolist() == [1_000_000, 1_000_000]


def test_coordinates_are_rounded_as_written():
    tiling = tile(ground(box(0, 0, 1000, 1000)), reference(), "x")
    values = shapely.get_coordinates(tiling.shapes.values)
    assert (values == values.round(DECIMALS)).all()


def test_a_border_with_more_points_on_one_side_is_drawn_once():
    left = shapely.Polygon([(0, 0), (1000, 0), (1000, 300), (1000, 1000), (0, 1000)])
    tiling = tile(ground(left, box(1000, 0, 2000, 1000)), reference(), "x")
    assert shapely.coverage_is_valid(tiling.shapes.values)


def test_a_small_overlap_goes_to_one_commune():
    tiling = tile(ground(box(0, 0, 1000.05, 1000), box(1000, 0, 2000, 1000)), reference(), "x")
    assert tiling.overlaps[["first", "second"]].values.tolist() == [["02001", "02002"]]
    assert tiling.overlaps["area_m2"].sum() == pytest.approx(50)
    assert shapely.coverage_is_valid(tiling.shapes.values)


def test_the_overlap_limit_is_a_share_of_the_ground():
    width = 2000 * OVERLAP_LIMIT
    for wide, refused in ((0.9 * width, False), (1.1 * width, True)):
        given = ground(box(0, 0, 1000 + wide, 1000), box(1000, 0, 2000, 1000))
        if refused:
            with pytest.raises(DataError, match=r"Ville 1 \(02001\) et Ville 2 \(02002\)"):
                tile(given, reference(), "x")
        else:
            tile(given, reference(), "x")


def test_a_slit_is_closed_and_counted():
    tiling = tile(ground(*ring(box(450, 450, 550, 450.5))), reference(), "x")
    assert (tiling.slits, tiling.holes) == (1, ())
    assert tiling.shapes.to_crs(2154).area.sum() == pytest.approx(1_000_000, abs=20)


def test_a_small_gap_goes_to_the_longest_border():
    tiling = tile(ground(*ring(box(300, 450, 550, 550))), reference(), "x")
    (hole,) = tiling.holes
    assert (hole.code_insee, hole.merger) == ("02001", False)
    assert hole.area_km2 == pytest.approx(0.025)
    assert hole.width_m == pytest.approx(100)
    assert rings_inside(shapely.union_all(tiling.shapes.values)) == []


def test_a_large_gap_is_refused_with_its_place():
    with pytest.raises(
        DataError, match=r"trou de 0,25 km² entre Ville 1 \(02001\) et Ville 2 \(02002\), vers 49\.\d{4} N"
    ):
        tile(ground(*ring(box(250, 250, 750, 750))), reference(), "x")


def test_a_gap_filled_by_a_commune_around_is_no_gap():
    inner = box(250, 250, 750, 750)
    assert tile(ground(*ring(inner), around=(inner,)), reference(), "x").holes == ()


def test_a_gap_among_the_communes_around_is_not_ours():
    far = [shapely.affinity.translate(shape, 5000) for shape in ring(box(250, 250, 750, 750))]
    assert tile(ground(box(0, 0, 1000, 1000), around=tuple(far)), reference(), "x").holes == ()


def test_a_merger_explains_a_large_gap():
    lists = reference({"02999": "02002"}, recent=("02002",))
    tiling = tile(ground(*ring(box(250, 250, 750, 750))), lists, "x")
    (hole,) = tiling.holes
    assert (hole.code_insee, hole.merger) == ("02002", True)
    assert "sans le territoire de l’ancienne commune 02999" in hole.reason


def test_an_old_merger_explains_nothing():
    with pytest.raises(DataError, match="trou de 0,25"):
        tile(ground(*ring(box(250, 250, 750, 750))), reference({"02999": "02002"}), "x")


def test_a_commune_that_has_its_ground_claims_no_other():
    """The first hole has one claimant; in the second, which both touch, it has already its ground."""
    holes = shapely.union_all([box(400, 1200, 700, 1800), box(1600, 900, 2300, 1600)])
    shapes = [box(0, 0, 2000, 2000) - holes, box(2000, 0, 4000, 2000) - holes]
    lists = reference({"02998": "02001", "02999": "02002"}, recent=("02001", "02002"))
    tiling = tile(ground(*shapes), lists, "x")
    assert [(hole.code_insee, hole.merger) for hole in tiling.holes] == [("02001", True), ("02002", True)]


def test_a_corner_is_no_border():
    middle = box(1000, 1000, 2000, 2000)
    shapes = [box(0, 0, 1000, 1000), box(0, 0, 3000, 3000) - box(0, 0, 1000, 1000) - middle]
    lists = reference({"02998": "02001", "02999": "02002"}, recent=("02001", "02002"))
    assert tile(ground(*shapes), lists, "x").holes[0].code_insee == "02002"


def test_a_town_inside_its_hole_stays_whole():
    """The chief town of a new commune, alone in the ground of those it absorbed."""
    lists = reference({"02999": "02003"}, recent=("02003",))
    tiling = tile(ground(*ring(box(250, 250, 750, 750)), box(400, 400, 600, 600)), lists, "x")
    (hole,) = tiling.holes
    assert hole.area_km2 == pytest.approx(0.25 - 0.04)
    areas = tiling.shapes.to_crs(2154).area
    assert areas["02003"] == pytest.approx(250_000, rel=1e-3)
    assert areas.sum() == pytest.approx(1_000_000, rel=1e-3)


def test_a_foreign_enclave_stays_a_hole():
    tiling = tile(ground(*ring(box(1000, 1000, 5000, 5000), 6000), at=LLIVIA), reference(), "x")
    (hole,) = tiling.holes
    assert (hole.code_insee, hole.reason) == (None, "enclave étrangère : Llívia (Espagne)")
    assert len(rings_inside(shapely.union_all(tiling.shapes.values))) == 1


def test_ground_missing_on_the_edge_is_refused_when_the_source_draws_delegated_communes():
    lists = reference({"02999": "02001"}, recent=("02001",))
    tile(ground(box(0, 0, 1000, 1000)), lists, "x")
    with pytest.raises(DataError, match=r"il manque à Ville 1 \(02001\) le territoire de l’ancienne commune 02999"):
        tile(ground(box(0, 0, 1000, 1000), draws_parts=True), lists, "x")


def test_points_nearer_than_the_rounding_do_not_break_the_coverage():
    jagged = shapely.Polygon(
        [(0, 0), (1000, 0), (1000, 400), (1000.02, 400.01), (1000, 400.02), (1000, 1000), (0, 1000)]
    )
    tiling = tile(ground(jagged, box(0, 0, 2000, 1000) - jagged), reference(), "x")
    assert tiling.shapes.is_valid.all()
    assert shapely.coverage_is_valid(tiling.shapes.values)


# Labels and the report


def test_the_label_is_inside_even_a_crescent():
    crescent = shapely.Point(0, 0).buffer(1000) - shapely.Point(400, 0).buffer(950)
    assert crescent.contains(label_point(crescent))


def test_the_label_is_in_the_widest_place_of_the_largest_part():
    shape = shapely.MultiPolygon([box(0, 0, 1000, 1000), box(5000, 0, 5100, 100)])
    assert label_point(shape).distance(shapely.Point(500, 500)) < 30


def test_the_town_hall_says_which_part_people_live_in():
    shape = shapely.MultiPolygon([box(0, 0, 1000, 1000), box(5000, 0, 5100, 100)])
    assert label_point(shape, shapely.Point(5001, 1)).distance(shapely.Point(5050, 50)) < 30
    assert label_point(shape, shapely.Point(9999, 0)).distance(shapely.Point(500, 500)) < 30


def test_a_cell_cannot_break_a_table():
    assert table(("A", "B"), [("x|y", "z")]) == ["| A | B |", "| --- | --- |", "| x\\|y | z |"]
