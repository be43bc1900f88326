"""Every page run by Streamlit's own test harness, with figures computed by hand from the tables."""

import csv
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.harness import open_page, text_of

from esscarto import settings
from esscarto.site import load_site
from esscarto.territories import Territory

DATA = settings.SITE / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        # 001:124 and 000:11-12, as the documents print them.
        ("accueil", "environ 1 800"),
        ("accueil", "3 650"),
        # 27 + 54 + 56 + 26 communes in the four EPCI of today.
        ("accueil", "163 communes"),
        ("carte", "282 établissements employeurs publiés"),
        ("sources", "L’économie sociale et solidaire dans les territoires des Hauts-de-France"),
        ("sources", "Liste des SIAE (ASP), décembre 2020"),
    ],
)
def test_each_page_opens_and_says_a_known_figure(page, said):
    assert said in text_of(open_page(page))


def test_the_sentence_counts_the_actors_of_the_territory():
    # Haute-Somme, by hand: the rows whose commune or territory is of that EPCI.
    haute_somme = "epci:200037059"
    app = open_page("carte", t=haute_somme)
    communes = set(load_site(DATA).territories.communes_of(Territory.parse(haute_somme)))
    by_hand = sum(
        row["code_insee"] in communes or (not row["code_insee"] and row["territoire"] == haute_somme)
        for row in rows("actors.csv")
    )
    assert f"{by_hand} acteurs : CC de la Haute Somme" in text_of(app)


def test_a_theme_chosen_narrows_the_list_and_the_url_follows():
    app = open_page("carte")
    app.multiselect(key="th").set_value(["mobilite"]).run()
    assert not app.exception
    assert "thème mobilité, PETR du Soissonnais et du Valois" in text_of(app)
    assert app.query_params["th"] == "mobilite"


def test_filters_are_kept_when_the_visitor_comes_back_to_the_page():
    app = open_page("carte")
    app.multiselect(key="th").set_value(["mobilite"]).run()
    app.switch_page(str(settings.PAGES / "sources.py")).run()
    app.switch_page(str(settings.PAGES / "carte.py")).run()
    assert app.multiselect(key="th").value == ["mobilite"]


def test_reset_opens_every_filter_and_keeps_the_territory():
    app = open_page("carte", t="epci:200071991", th="mobilite", q="soissons")
    next(button for button in app.button if button.label == "Effacer les filtres").click().run()
    assert app.multiselect(key="th").value == []
    assert app.text_input(key="q").value == ""
    assert app.selectbox(key="t").value == "epci:200071991"


@pytest.mark.parametrize(
    "query",
    [
        {"t": "petr:nulle-part"},
        {"t": "<script>alert(1)</script>"},
        {"th": "mobilite,inconnu,../../etc"},
        {"i": "'; drop", "n": "galaxie", "m": "x", "pg": "-3"},
        {"sel": "acteur:personne"},
        {"sel": "commune:99999"},
        {"q": "x" * 100_000},
        {"pg": "9999999999999999"},
        {"p": "\x00"},
    ],
)
def test_a_broken_link_is_never_an_error(query):
    app = open_page("carte", **query)
    assert "acteur" in text_of(app)


def test_a_territory_without_any_actor_says_so_and_names_the_nearest():
    app = open_page("carte", sel="commune:02011")
    said = text_of(app)
    assert "Aucun acteur connu ici" in said
    assert re.search(r"Les plus proches connus de l.annuaire, à vol d.oiseau", said)


def test_the_card_of_an_organisation_gathers_its_places_figures_and_lines():
    said = text_of(open_page("carte", sel="acteur:apei-des-2-vallees"))
    assert "300 000" in said  # 000:93
    assert "Coyolles" in said
    assert "Fiche territoriale de la CRESS" in said


def test_a_missing_data_folder_is_a_french_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path))
    app = AppTest.from_file(str(settings.MAIN_SCRIPT), default_timeout=60).run()
    assert not app.exception
    assert "cette couche manque" in text_of(app)
    assert str(Path(tmp_path)) not in text_of(app)


def test_every_practice_can_be_opened_with_its_lines():
    site = load_site(DATA)
    app = open_page("inspirations", pr="bouquinerie-sart-amiens")
    said = text_of(app)
    # 003:545.
    assert "512 000 livres par an" in said
    assert "Panorama de l’inclusion, DREETS Hauts-de-France, 2025, ligne 545" in said
    for sheet in site.practices.sheets:
        app.query_params["pr"] = sheet["id"]
        app.run()
        assert not app.exception, sheet["id"]


def test_a_theme_keeps_the_practices_that_carry_it():
    app = open_page("inspirations", pth="mobilite")
    expected = sum("mobilite" in sheet["themes"] for sheet in load_site(DATA).practices.sheets)
    assert sum('class="ess ess-pratique"' in element.proto.body for element in app.get("html")) == expected
