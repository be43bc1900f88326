"""Distances by road on the pages Partenaires and ESS Tour: asked by a click, shown with their day, kept."""

import re
import shutil

import pytest
from tests.app.harness import checked, open_page, text_of
from tests.servers.faults import nobody, running
from tests.servers.road_service import RoadService

from esscarto import dossier, settings
from esscarto.basket import Basket
from esscarto.french import date
from esscarto.storage.road_cache import FILE, RoadCache
from esscarto.ui import cache

QUESTION = {"t": "commune:02722", "d": "10"}
TOUR = "2026-11-26~0900~02722~02722~45~1230-60~50~1~apei-des-2-vallees-coyolles,ateliers-de-taux"
PARTNERS, STOPS = "partenaires_routes", "ess_tour_routes"


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(settings.SITE / "data", folder, ignore=shutil.ignore_patterns(".*", "*.sha256", FILE))
    monkeypatch.setenv("ESSCARTO_DATA", str(folder))
    return folder


@pytest.fixture
def server(data, monkeypatch):  # noqa: ARG001 - the pages of this service read the copy
    with running(RoadService()) as service:
        monkeypatch.setenv("ESSCARTO_ROUTES_URL", service.url)
        yield service


def test_a_page_that_is_drawn_asks_nothing_and_reads_no_file_again(server, monkeypatch):
    def refuse(*_):
        raise AssertionError("a plain run reads no road")

    app = open_page("partenaires", **QUESTION)
    monkeypatch.setattr(RoadCache, "_read", refuse)
    monkeypatch.setattr(cache, "RoadCache", refuse)
    checked(app.run())
    assert app.button(key=PARTNERS).label.startswith("Demander ")
    assert server.asked == []


def test_one_click_asks_the_road_to_each_placed_result_and_shows_it_beside_the_straight_line(server, data):
    app = open_page("partenaires", **QUESTION)
    asked = int(app.button(key=PARTNERS).label.split("\xa0")[0].split()[-1])
    checked(app.button(key=PARTNERS).click().run())
    assert f"{asked} distances par la route reçues." in text_of(app)
    for role in ("operateurs", "insertion"):
        app.query_params["geste"] = f"ouvrir:{role}"
        checked(app.run())
    said = text_of(app)
    assert len(server.asked) == asked == len(RoadCache(data / FILE)) > 3
    assert {one.parameters["start"][0] for one in server.asked} == {"3.3213,49.3836"}
    day = (data / FILE).read_text(encoding="utf-8").rpartition(",")[2]
    assert said.count(f"(IGN, {date(day)})") >= asked
    assert " à vol d’oiseau, " in said
    assert "sauf où « IGN » est écrit" in said
    assert PARTNERS not in [button.key for button in app.button]


def test_the_roads_of_the_file_are_shown_to_the_next_visitor_without_asking(server):
    checked(open_page("partenaires", **QUESTION).button(key=PARTNERS).click().run())
    before = len(server.asked)
    assert "(IGN, " in text_of(open_page("partenaires", **QUESTION))
    assert len(server.asked) == before


def test_the_basket_and_its_table_say_the_roads_that_were_asked(server, data, site):  # noqa: ARG001 - a server answers
    app = checked(open_page("partenaires", **QUESTION).button(key=PARTNERS).click().run())
    app.query_params["geste"] = "garder:acteur:axo-meca"
    checked(app.run())
    app.switch_page(str(settings.PAGES / "panier.py"))
    (said,) = re.findall(
        r"Distance : à 3,5 km à vol d’oiseau de Soissons, ([\d,]+) km par la route, ", text_of(checked(app.run()))
    )
    kept = Basket().add("acteur:axo-meca").ask_from("02722~~~20")
    known = RoadCache(data / FILE)
    table = dossier.table(kept, dossier.entries(site, kept, known.get))
    assert table["Par la route (km, IGN)"].tolist() == [float(said.replace(",", "."))]


def test_what_starts_from_an_address_stays_in_the_session(server, data):
    app = open_page("partenaires", pt="3.32,49.38", ad="2 rue de la Paix", d="10")
    checked(app.button(key=PARTNERS).click().run())
    assert "(IGN, " in text_of(app)
    assert server.asked
    assert not (data / FILE).exists()
    assert "(IGN, " not in text_of(open_page("partenaires", pt="3.32,49.38", d="10"))


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("page", "query", "key"), [("partenaires", QUESTION, PARTNERS), ("ess_tour", {"tour": TOUR}, STOPS)]
)
def test_without_a_network_one_sentence_says_so_and_nothing_else_changes(monkeypatch, page, query, key):
    monkeypatch.setenv("ESSCARTO_ROUTES_URL", nobody())
    app = open_page(page, **query)
    before = text_of(app)
    checked(app.button(key=key).click().run())
    told = "Le service d’itinéraire de l’IGN est injoignable. Vérifiez la connexion, puis relancez."
    told += " Les distances restent en ligne droite."
    assert told in text_of(app)
    assert text_of(app).replace(f"{told} ", "") == before
    checked(app.run())
    assert text_of(app) == before


def test_a_service_that_fails_half_way_keeps_what_it_gave(server, data, monkeypatch):
    app = open_page("ess_tour", tour=TOUR)
    answered = server.answer

    def once(asked):
        server.fault = "500"
        return answered(asked)

    monkeypatch.setattr(server, "answer", once)
    checked(app.button(key=STOPS).click().run())
    said = text_of(app)
    assert "est en panne (code 500)" in said
    assert "1 distance par la route reçue avant l’arrêt, les autres restent en ligne droite." in said
    assert "Vers l’étape 1 : distance et durée par la route" in said
    assert len(RoadCache(data / FILE)) == 1
    assert app.button(key=STOPS).label == "Demander 2\xa0distances par la route"


def test_the_timetable_of_a_tour_uses_the_roads_and_says_so(server):
    app = open_page("ess_tour", tour=TOUR)
    app.text_input(key="ess_tour_contact").set_value("Accueil").run()
    assert "de route à 50 km/h de moyenne" in text_of(app)
    server.said = {"duration": 61.5, "distance": 60}
    checked(app.button(key=STOPS).click().run())
    said = text_of(app)
    assert "Distances et durées : par la route, en voiture, sans le trafic du jour" in said
    assert said.count("60,0 km, 1 h 02 (IGN)") == 3
    # 9 h, three roads of 62 minutes, two visits of 45 and an hour for lunch.
    assert "2 visites, de 9 h à 14 h 36, environ 180 km et 3 h 06 de route." in said
    assert app.text_input(key="ess_tour_contact").value == "Accueil"
    assert "Votre ordre est plus long que l’ordre proposé" not in said
