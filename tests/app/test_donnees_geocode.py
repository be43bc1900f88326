"""The parts « Situer » and « Registres publics », against local services that speak the documented formats."""

import csv
import shutil
import threading
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tests.app.harness import open_page, raw, text_of
from tests.servers.faults import nobody, running
from tests.servers.geoplateforme import Geoplateforme, Known
from tests.servers.recherche_entreprises import RechercheEntreprises, company, establishment

from esscarto import settings
from esscarto.ui import cache

DATA = settings.SITE / "data"
SOISSONS, PERONNE = "02722", "80620"
EPCI = ("200071991", "240200477", "240200501", "240200519")
HOSTILE = "ÉLAN <img src=x onerror=window.hit=1> *gras*"
PATIENCE_S = 60


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, that this machine's user may change."""
    for path in DATA.iterdir():
        if path.is_dir() and not path.name.startswith("."):
            (tmp_path / path.name).symlink_to(path)
        elif path.suffix == ".csv" and path.stem not in ("journal", "proposals"):
            shutil.copy(path, tmp_path)
    monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path))
    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    return tmp_path


@pytest.fixture
def geocoder(site, monkeypatch):
    """A geocoder that knows one address of the directory for sure, and doubts of another."""

    def place(code, name, **more):
        commune = site.territories.communes.loc[code]
        postal_code = commune["codes_postaux"].split("|")[0]
        return Known(name, postal_code, code, commune["nom"], commune["label_lon"], commune["label_lat"], **more)

    book = [place(SOISSONS, "64 Avenue de Paris"), place("02361", "61 Rue Chantraine", score=0.62)]
    with running(Geoplateforme(book=book)) as server:
        monkeypatch.setenv("ESSCARTO_GEOCODER_URL", server.url)
        yield server


@pytest.fixture
def register(monkeypatch):
    """A register that knows an establishment that the directory has not, and one that it has."""
    known = next(row for row in rows(DATA, "actors") if row["id"] == "axo-meca")
    there = establishment(known["siret"], known["code_insee"], adresse="9 RUE NEUVE 02200 SOISSONS")
    new = establishment("12345678900011", SOISSONS)
    companies = [company("123456789", HOSTILE, new), company(known["siret"][:9], "AXO'MECA", there)]
    communes = {code: [SOISSONS, known["code_insee"]] for code in EPCI}
    with running(RechercheEntreprises(register=companies, communes_of=communes)) as server:
        monkeypatch.setenv("ESSCARTO_SIRENE_URL", server.url)
        yield server


def ended(app: AppTest, job: str) -> AppTest:
    """Wait for the end of a task of the server, then draw the page as its next look would."""
    found = cache.jobs().get(job)
    assert found is not None
    found.wait(PATIENCE_S)
    app.run()
    assert not app.exception, app.exception
    return app


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def actor(folder: Path, name: str) -> dict[str, str]:
    (found,) = [row for row in rows(folder, "actors") if row["id"] == name]
    return found


def to_place() -> list[str]:
    return [
        row["id"]
        for row in rows(DATA, "actors")
        if row["adresse"] and not row["longitude"] and row["lieu_confiance"] != "douteux"
    ]


# ---- « Situer »


@pytest.mark.usefixtures("folder")
def test_the_actors_with_an_address_and_no_point_are_counted():
    words = text_of(open_page("donnees", partie="geocoder"))
    assert f"{len(to_place())} fiches avec une adresse et sans point" in words
    assert f"Pas encore cherchées {len(to_place())}" in words
    assert f"{len(to_place())} fiches à chercher" in words
    assert "une adresse commune à plusieurs fiches n’est cherchée qu’une fois" in words
    assert words.count("Modifier :") == len(to_place())


def test_drawing_the_page_asks_nothing_of_the_network(folder, geocoder):
    open_page("donnees", partie="geocoder")
    assert geocoder.asked == []
    assert not (folder / "geocodage.csv").exists()


def test_a_point_that_is_found_is_written_with_its_record_once_saved(folder, geocoder):
    app = open_page("donnees", partie="geocoder")
    app.button(key="situer_chercher").click().run()
    ended(app, "situer")
    assert "Compagnie Acaly" in text_of(app)
    assert "À la commune → À l’adresse 1,00" in text_of(app)
    assert actor(folder, "compagnie-acaly")["longitude"] == ""
    app.button(key="situer_enregistrer").click().run()
    assert "1 point enregistré." in text_of(app)
    after = actor(folder, "compagnie-acaly")
    assert (after["longitude"], after["precision"]) == (f"{geocoder.book[0].longitude:.6f}", "adresse")
    assert "géocodeur de la Géoplateforme" in after["lieu_source"]
    journal = rows(folder, "journal")
    assert {(line["role"], line["kind"], line["actor"]) for line in journal} == {
        ("local", "correction", "compagnie-acaly")
    }
    assert {line["column"] for line in journal} == {"longitude", "latitude", "precision", "lieu_source"}
    unchanged = {row["id"]: row for row in rows(DATA, "actors") if row["id"] != "compagnie-acaly"}
    assert {row["id"]: row for row in rows(folder, "actors") if row["id"] != "compagnie-acaly"} == unchanged


@pytest.mark.usefixtures("geocoder")
def test_a_place_to_review_is_written_only_when_somebody_chooses_it(folder):
    app = open_page("donnees", partie="geocoder")
    app.button(key="situer_chercher").click().run()
    ended(app, "situer")
    assert app.button(key="situer_enregistrer_choix").disabled
    (choice,) = [one for one in app.selectbox if one.key == "situer_lieu_recycljouets"]
    assert choice.options[1].replace("\u00a0", " ").startswith("61 Rue Chantraine 02120 Guise · à l’adresse")
    choice.select_index(1).run()
    app.button(key="situer_enregistrer_choix").click().run()
    assert actor(folder, "recycljouets")["precision"] == "adresse"
    assert {line["actor"] for line in rows(folder, "journal")} == {"recycljouets"}


@pytest.mark.usefixtures("geocoder")
def test_an_actor_left_aside_is_not_written(folder):
    app = open_page("donnees", partie="geocoder")
    app.button(key="situer_chercher").click().run()
    ended(app, "situer")
    app.multiselect(key="situer_ecartes").select("compagnie-acaly").run()
    assert app.button(key="situer_enregistrer").disabled
    assert actor(folder, "compagnie-acaly")["longitude"] == ""


@pytest.mark.usefixtures("geocoder")
def test_without_a_network_the_cache_alone_proposes(folder, monkeypatch):
    app = open_page("donnees", partie="geocoder")
    app.button(key="situer_chercher").click().run()
    ended(app, "situer")
    st.cache_resource.clear()
    monkeypatch.setenv("ESSCARTO_GEOCODER_URL", nobody())
    app = open_page("donnees", partie="geocoder")
    assert "Points proposés 1" in text_of(app)
    app.button(key="situer_enregistrer").click().run()
    assert actor(folder, "compagnie-acaly")["precision"] == "adresse"


@pytest.mark.parametrize(
    ("fault", "words"),
    [("down", "injoignable"), ("429", "reçoit trop de demandes"), ("portal", "a été remplacé par une page web")],
)
def test_a_service_that_fails_is_told_in_french_and_the_commune_stays(folder, geocoder, monkeypatch, fault, words):
    geocoder.fault = fault
    if fault == "down":
        monkeypatch.setenv("ESSCARTO_GEOCODER_URL", nobody())
    app = open_page("donnees", partie="geocoder")
    app.button(key="situer_chercher").click().run()
    ended(app, "situer")
    assert words in text_of(app)
    assert "Les réponses reçues sont gardées, le point de la commune reste." in text_of(app)
    assert (folder / "actors.csv").read_bytes() == (DATA / "actors.csv").read_bytes()
    assert not (folder / "journal.csv").exists()
    assert not app.button(key="situer_chercher").disabled


def test_a_search_under_way_can_be_stopped_from_the_page(folder):
    gate = threading.Event()

    def work(tell):
        tell(2, 5)
        gate.wait(PATIENCE_S)

    app = open_page("donnees", partie="geocoder")
    cache.jobs().start("situer", work)
    app.run()
    assert [one.key for one in app.button if "situer" in str(one.key)] == ["arreter_situer"]
    app.button(key="arreter_situer").click().run()
    gate.set()
    app.run()
    assert "Recherche des adresses : arrêtée" in text_of(app)
    assert not (folder / "journal.csv").exists()


# ---- « Registres publics »


def asked_sirene() -> AppTest:
    app = open_page("donnees", partie="registres")
    app.button(key="registre_interroger").click().run()
    return ended(app, "registres")


def test_reading_a_register_changes_nothing_in_the_directory(folder, register):
    app = asked_sirene()
    assert "Lecture du " in text_of(app)
    assert "2 établissements." in text_of(app)
    assert HOSTILE in text_of(app)
    assert "<img" not in raw(app)
    assert (folder / "actors.csv").read_bytes() == (DATA / "actors.csv").read_bytes()
    assert (folder / "registre_sirene.csv").exists()
    assert not any("dirigeants" in request.parameters.get("include", [""])[0] for request in register.asked)


@pytest.mark.usefixtures("register")
def test_what_is_ticked_is_added_with_its_record_its_origin_and_its_document(folder):
    app = asked_sirene()
    (box,) = app.checkbox
    box.check().run()
    app.button(key="registre_ecrire").click().run()
    assert "1 fiche enregistrée dans l’annuaire." in text_of(app)
    (added,) = [row for row in rows(folder, "actors") if row["siret"] == "12345678900011"]
    assert (added["nom"], added["source"], added["precision"]) == (HOSTILE, "900:12345678900011", "commune")
    assert {(line["role"], line["kind"]) for line in rows(folder, "journal")} == {("local", "ajout")}
    assert "900" in {line["document"] for line in rows(folder, "documents")}
    assert {line["source"] for line in rows(folder, "provenance")} == {"900:12345678900011"}
    assert len(rows(folder, "actors")) == len(rows(DATA, "actors")) + 1
    assert "Tous les établissements lus sont dans l’annuaire." in text_of(app)


def test_the_last_reading_is_still_there_after_a_restart(folder, register):
    asked_sirene()
    st.cache_resource.clear()
    register.asked.clear()
    app = open_page("donnees", partie="registres")
    assert HOSTILE in text_of(app)
    assert register.asked == []
    assert (folder / "registre_sirene.csv").exists()


def test_a_register_that_cannot_be_asked_is_told_and_nothing_is_remembered(folder, register):
    register.fault = "portal"
    app = asked_sirene()
    assert "a été remplacé par une page web" in text_of(app)
    assert "Rien n’a changé dans l’annuaire." in text_of(app)
    assert not (folder / "registre_sirene.csv").exists()


@pytest.mark.usefixtures("folder")
def test_the_stock_files_are_read_from_the_command_line():
    app = open_page("donnees", partie="registres")
    app.selectbox(key="registre").select("sirene_stock").run()
    assert "esscarto import sirene-stock" in text_of(app)
    assert "Ce registre n’a pas encore été lu avec cet annuaire." in text_of(app)
