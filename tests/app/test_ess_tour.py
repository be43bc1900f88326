"""The page ESS Tour, run by Streamlit's own harness on a copy of the tables."""

import shutil

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tests.app.harness import checked, open_page, raw, text_of

from esscarto import settings
from esscarto.access import Person
from esscarto.saved_tours import save, saved
from esscarto.storage.store import FileStore
from esscarto.territories import Territory
from esscarto.tours import Tour
from esscarto.ui import access

LINK = "2026-11-26~0900~02722~02722~45~1230-60~50~~ateliers-de-taux,anne-morgan,apei-des-2-vallees-coyolles"


@pytest.fixture
def data(tmp_path, monkeypatch):
    st.cache_data.clear()
    st.cache_resource.clear()
    shutil.copytree(settings.SITE / "data", tmp_path / "data", ignore=shutil.ignore_patterns(".*", "*.sha256"))
    (tmp_path / "data" / "tours.csv").unlink(missing_ok=True)
    monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ESSCARTO_ACCESS", "public")
    return tmp_path / "data"


def address(app: AppTest, key: str) -> str:
    value = app.query_params[key]
    return value if isinstance(value, str) else value[0]


def editor(monkeypatch):
    person = Person(role="referent")
    assert person.may_edit
    monkeypatch.setattr(access, "person", lambda: person)


@pytest.mark.usefixtures("data")
def test_an_empty_page_says_how_to_begin_and_shows_the_year():
    app = open_page("ess_tour")
    assert "Aucune visite choisie" in text_of(app)
    assert "en novembre, chaque année" in text_of(app)
    assert not [one for one in app.button if one.label == "Enregistrer"]


@pytest.mark.usefixtures("data")
def test_a_link_restores_the_day_and_the_address_keeps_it():
    app = open_page("ess_tour", tour=LINK, nom="Novembre")
    assert "3 visites, de 9 h à" in text_of(app)
    assert app.text_input(key="ess_tour_nom").value == "Novembre"
    assert address(app, "nom") == "Novembre"
    before = address(app, "tour")
    app.run()
    assert address(app, "tour") == before


@pytest.mark.usefixtures("data")
def test_a_visit_moved_by_hand_stays_there_until_the_proposed_order_is_asked_for():
    app = open_page("ess_tour", tour=LINK)
    order = address(app, "tour").rpartition("~")[2]
    checked(app.button(key="ess_tour_Plus tard").click().run())
    moved = address(app, "tour")
    assert "~1~" in moved
    assert moved.rpartition("~")[2] != order
    assert "choisi à la main" in text_of(app)
    checked(app.button(key="ess_tour_auto").click().run())
    assert "~1~" not in address(app, "tour")


@pytest.mark.usefixtures("data")
def test_a_longer_visit_and_an_appointment_change_the_hours():
    app = open_page("ess_tour", tour=LINK)
    first = app.selectbox(key="ess_tour_visite").value
    field = next(one for one in app.number_input if one.label == "Durée, en minutes")
    checked(field.set_value(90).run())
    assert f"{first}.90" in address(app, "tour")


def test_an_editor_saves_duplicates_and_deletes_a_tour(data, site, monkeypatch):
    editor(monkeypatch)
    app = open_page("ess_tour", tour=LINK, nom="Novembre")
    checked(app.button(key="ess_tour_enregistrer").click().run())
    assert "Tour enregistré : Novembre." in text_of(app)
    app.button(key="ess_tour_enregistrer").click().run()
    assert not app.exception
    assert "porte déjà ce nom" in text_of(app)
    checked(app.button(key="ess_tour_copier").click().run())
    assert list(saved(FileStore(data), site)) == ["Novembre", "Novembre (copie)"]
    checked(app.button(key="ess_tour_effacer").click().run())
    assert list(saved(FileStore(data), site)) == ["Novembre (copie)"]


def test_a_visitor_opens_a_saved_tour_and_changes_none(data):
    save(FileStore(data), Tour("Novembre").with_actors(["anne-morgan"]), role="referent")
    app = open_page("ess_tour")
    assert "Supprimer" not in [one.label for one in app.button]
    checked(app.button(key="ess_tour_ouvrir").click().run())
    assert "1 visite, de 9 h" in text_of(app)


@pytest.mark.usefixtures("data")
def test_an_actor_of_the_map_joins_the_tour_and_leaves_it():
    app = open_page("carte", t="petr:soissonnais-valois", sel="acteur:axo-meca")
    checked(app.button(key="acteur_tour").click().run())
    assert app.button(key="acteur_tour").label == "Retirer du tour (1 visite)".replace("1 v", "1\xa0v")
    app.switch_page(str(settings.PAGES / "ess_tour.py"))
    checked(app.run())
    assert app.multiselect(key="ess_tour_qui").value == ["axo-meca"]
    assert "1 visite, de 9 h" in text_of(app)


@pytest.mark.usefixtures("data")
def test_a_filter_of_the_map_becomes_a_tour_when_a_day_can_hold_it(site):
    app = open_page("carte", t="petr:soissonnais-valois", th="insertion_emploi", sous="telecharger")
    # Sixteen sheets bear the theme in the PETR; those without a point cannot be on a road.
    mask = site.index.inside(Territory("petr", "soissonnais-valois")) & site.index.rows["th"]["insertion_emploi"]
    placed = site.actors.frame.index[mask & site.actors.frame["lon"].notna().to_numpy()]
    assert f"les {len(placed)} acteurs qui ont un point" in text_of(app)
    assert "ess_tour?tour=" in raw(app)
    wide = open_page("carte", t="partout", sous="telecharger")
    assert "filtrez jusqu’à 30 acteurs au plus" in text_of(wide)


@pytest.mark.usefixtures("data")
def test_a_new_tour_empties_the_page_and_the_one_before_comes_back():
    app = open_page("ess_tour", tour=LINK, nom="Novembre")
    checked(app.button(key="ess_tour_nouveau").click().run())
    assert app.multiselect(key="ess_tour_qui").value == []
    assert (app.text_input(key="ess_tour_nom").value, app.selectbox(key="ess_tour_depart").value) == ("", "")
    assert "tour" not in app.query_params
    checked(app.button(key="ess_tour_revenir").click().run())
    assert app.text_input(key="ess_tour_nom").value == "Novembre"
    assert "3 visites, de 9 h à" in text_of(app)
    assert not [one for one in app.button if one.key == "ess_tour_revenir"]


@pytest.mark.usefixtures("data")
def test_whom_to_call_stays_when_the_page_is_left_and_is_in_no_address():
    app = open_page("ess_tour", tour=LINK)
    checked(app.text_input(key="ess_tour_contact").set_value("Accueil, 03 00 00 00 00").run())
    app.switch_page(str(settings.PAGES / "carte.py"))
    checked(app.run())
    app.switch_page(str(settings.PAGES / "ess_tour.py"))
    checked(app.run())
    assert app.text_input(key="ess_tour_contact").value == "Accueil, 03 00 00 00 00"
    assert "Accueil" not in str(app.query_params)


@pytest.mark.usefixtures("data")
def test_the_year_of_the_ess_is_that_of_the_territory_of_the_tour():
    assert "celui-ci (PETR Cœur des Hauts-de-France)" in text_of(
        open_page("ess_tour", tour="2026-11-26~0900~~~45~1230-60~50~~association-saint-jean")
    )
