"""The layers shipped with the project, and the proof that would refuse them if they were broken."""

import json
import os
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from esscarto.boundaries.coverage import rings_inside
from esscarto.boundaries.layers import Layers
from esscarto.boundaries.proof import prove
from esscarto.errors import DataError
from esscarto.settings import SITE
from esscarto.storage.geo_build import build, read_layers

SHIPPED = SITE / "data" / "geo"
PACKAGES = os.environ.get("ESSCARTO_GEO_PACKAGES", "")


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
    papers = (SHIPPED / "SOURCES.md").read_text(encoding="utf-8") + (SHIPPED / "report.md").read_text(encoding="utf-8")
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
