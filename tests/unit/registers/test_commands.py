import csv
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from register_places import SOISSONNAIS, SOISSONS
from tests.servers.faults import running
from tests.servers.geoplateforme import Geoplateforme, Known
from tests.servers.recherche_entreprises import RechercheEntreprises, company, establishment

from esscarto.errors import DataError
from esscarto.registers import commands
from esscarto.settings import SITE
from esscarto.storage import geocoding
from esscarto.storage.http import Limits

EPCI = ("200071991", "240200477", "240200501", "240200519")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shipped") / "data"
    shutil.copytree(SITE / "data", folder, ignore=shutil.ignore_patterns(".*"))
    return folder


@pytest.fixture
def data(shipped, tmp_path):
    """A data folder that can be written to, with the real directory and the real layers."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "geo").symlink_to(shipped / "geo")
    shutil.copy(shipped / "actors.csv", folder)
    return folder


@pytest.fixture
def told():
    return []


@pytest.fixture
def sirene():
    place = establishment("12345678900011", SOISSONS, adresse="=3 RUE DES ESSAIS 02200 SOISSONS")
    register = [company("123456789", "ASSOCIATION D'ESSAI", place)]
    with running(RechercheEntreprises(register=register, communes_of={key: [SOISSONS] for key in EPCI})) as server:
        yield server


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_an_import_of_sirene_proposes_and_changes_nothing(data, told, sirene, tmp_path):
    before = (data / "actors.csv").read_bytes()
    out = tmp_path / "p.csv"
    assert commands.import_sirene(data, told.append, petr=SOISSONNAIS, out=out, url=sirene.url) == 0
    assert (data / "actors.csv").read_bytes() == before
    (line,) = [each for each in table(out) if each["nom"] == "ASSOCIATION D'ESSAI"]
    assert (line["proposition"], line["commune"], line["source"]) == (
        "absent de l’annuaire",
        "Soissons",
        "900:12345678900011",
    )
    assert "1 établissement absent de l’annuaire, dont 1 depuis la dernière fois." in [
        text.replace("\u00a0", " ") for text in told
    ]


def test_the_second_import_knows_what_the_first_one_told(data, told, sirene, tmp_path):
    for _ in range(2):
        told.clear()
        commands.import_sirene(data, told.append, petr=SOISSONNAIS, out=tmp_path / "p.csv", url=sirene.url)
    assert any("1\u00a0établissement absent de l’annuaire, dont 0 depuis" in text for text in told)
    assert (data / "registre_sirene.csv").exists()


def test_a_fault_of_the_service_leaves_what_was_remembered(data, told, sirene, tmp_path):
    commands.import_sirene(data, told.append, petr=SOISSONNAIS, out=tmp_path / "p.csv", url=sirene.url)
    before = (data / "registre_sirene.csv").read_bytes()
    sirene.fault = "portal"
    with pytest.raises(DataError, match="page web"):
        commands.import_sirene(data, told.append, petr=SOISSONNAIS, out=tmp_path / "p.csv", url=sirene.url)
    assert (data / "registre_sirene.csv").read_bytes() == before


def test_an_import_of_a_list(data, told, tmp_path):
    path = tmp_path / "siae.csv"
    path.write_text("SIRET;Raison sociale;Type;CP;Ville\n12345678900011;A;EI;02200;Soissons\n", encoding="utf-8")
    out = tmp_path / "p.csv"
    assert commands.import_list("siae", path, data, told.append, day="2026-10-01", out=out) == 0
    assert [(each["nom"], each["date"]) for each in table(out)] == [("A", "2026-10-01")]
    with pytest.raises(DataError, match="n’est pas une date"):
        commands.import_list("siae", path, data, told.append, day="hier")
    with pytest.raises(DataError, match="petr:ailleurs"):
        commands.import_list("siae", path, data, told.append, petr=["ailleurs"])


def test_every_list_has_its_reader(data, told, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    for which in commands.LISTS:
        with pytest.raises(DataError, match="n’est pas celui attendu"):
            commands.import_list(which, path, data, told.append)


# ---- geocode


@pytest.fixture
def geocoder(site, monkeypatch):
    monkeypatch.setattr(geocoding, "LIMITS", Limits(deadline_s=5, attempts=1, per_second=1000))
    row = site.territories.communes.loc[SOISSONS]
    book = [Known("12 Rue des Essais", "02200", SOISSONS, "Soissons", row["label_lon"], row["label_lat"])]
    with running(Geoplateforme(book=book)) as server:
        yield server


def test_a_file_comes_back_with_its_points_and_a_cache(data, told, geocoder, tmp_path):
    path = tmp_path / "structures.csv"
    path.write_text(
        "Nom;Adresse;CP;Ville\nÉlan;12 rue des Essais;2200;SOISSONS\nAutre;rue Perdue;02200;Soissons\nSans;;;\n",
        encoding="cp1252",
    )
    assert commands.geocode_file(path, data, told.append, url=geocoder.url) == 0
    lines = table(tmp_path / "structures-geocode.csv")
    assert [line["geo_decision"] for line in lines] == ["adresse", "commune", "sans_objet"]
    assert (lines[0]["Nom"], lines[0]["code_insee"], lines[0]["precision"]) == ("Élan", SOISSONS, "adresse")
    assert told[-2].replace("\u00a0", " ") == (
        "3 lignes : 1 à l’adresse, 1 au point de la commune et 1 sans adresse à chercher."
    )
    geocoder.asked.clear()
    assert commands.geocode_file(path, data, told.append, online=False) == 0
    assert table(tmp_path / "structures-geocode.csv")[0]["geo_decision"] == "adresse"
    assert geocoder.asked == []


def test_every_column_of_the_file_comes_back(data, told, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("Horaires,adresse,cp,ville,insee_com\n9 h,rue X,2200,Soissons,2722\n", encoding="utf-8")
    commands.geocode_file(path, data, told.append, online=False)
    (line,) = table(tmp_path / "s-geocode.csv")
    assert [line[name] for name in ("Horaires", "adresse", "code_postal", "commune", "code_insee", "precision")] == [
        "9 h",
        "rue X",
        "02200",
        "Soissons",
        "02722",
        "commune",
    ]


def test_an_interrupted_search_says_how_to_go_on(data, told, geocoder, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("adresse;cp;commune\n12 rue des Essais;02200;Soissons\n", encoding="utf-8")
    geocoder.fault = "portal"
    assert commands.geocode_file(path, data, told.append, url=geocoder.url) == 1
    assert told[-1].startswith("Interrompu\u00a0: Le géocodeur de la Géoplateforme a été remplacé par une page web")
    assert told[-1].endswith("elle reprend où elle s’est arrêtée.")
    assert [line["geo_decision"] for line in table(tmp_path / "s-geocode.csv")] == ["non_cherche"]


def test_the_directory_itself_can_be_geocoded_and_keeps_its_points(data, told, tmp_path):
    out = tmp_path / "out.csv"
    assert commands.geocode_file(data / "actors.csv", data, told.append, out=out, online=False) == 0
    before = list(csv.DictReader((data / "actors.csv").open(encoding="utf-8")))
    after = table(out)
    kept = ("id", "nom", "source", "longitude", "latitude", "precision", "adresse", "lieu_source")
    unplaced = Counter(row["id"] for row in before if row["adresse"] and not row["longitude"])
    for one, other in zip(before, after, strict=True):
        if one["id"] not in unplaced:
            assert [other[name] for name in kept] == [one[name] for name in kept]


def test_a_file_without_addresses_is_refused(data, told, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("nom\nA\n", encoding="utf-8")
    with pytest.raises(DataError, match="il manque une colonne « adresse »"):
        commands.geocode_file(path, data, told.append)


def test_the_network_is_for_the_storage_alone_and_pages_do_not_ask_it():
    source = SITE / "src" / "esscarto"
    asking = [path for path in source.rglob("*.py") if "import httpx" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(source).as_posix() for path in asking] == ["storage/http.py"]


def test_importing_the_registers_brings_no_duckdb():
    script = (
        "import sys, esscarto.registers.commands, esscarto.registers.stock, esscarto.registers.sirene;"
        "print('duckdb' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
