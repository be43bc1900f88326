"""The basket, run by Streamlit’s own harness: filled from a card, put in order, annotated, given by a link."""

import html
import re
import urllib.parse

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tests.app.harness import checked, open_page, raw, text_of

from esscarto import basket as baskets
from esscarto import settings
from esscarto.basket import Basket

GARAGE, SORTING, PETR = "acteur:axo-meca", "acteur:ateliers-de-taux", "acteur:petr-soissonnais-valois"
THREE = Basket((GARAGE, SORTING, PETR), {SORTING: "Appeler & visiter"}, "Ouvrir une ressourcerie")


def names(app: AppTest) -> list[str]:
    return re.findall(r"(?<!lignes) (\b[1-9]\. [A-Z][^·]*?) (?:Opérateurs|Collectivités)", text_of(app))


def kept_by_the_browser(app: AppTest) -> dict[str, str]:
    marks = [
        re.search(r'data-panier="([^"]*)"', body.proto.body)
        for body in app.get("html")
        if "ess-panier-garde" in body.proto.body
    ]
    assert len(marks) == 1
    assert marks[0]
    return dict(urllib.parse.parse_qsl(html.unescape(marks[0][1])))


def address(app: AppTest) -> dict[str, str]:
    return {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}


def test_an_empty_basket_says_how_to_fill_it_and_keeps_nothing_in_the_browser():
    app = open_page("panier")
    assert "Le panier est vide" in text_of(app)
    assert not [body for body in app.get("html") if "ess-panier-garde" in body.proto.body]
    assert address(app) == {}


def test_the_card_of_an_actor_fills_the_basket_which_follows_to_its_page_and_back():
    app = open_page("carte", t="partout", n="epci", sel=GARAGE)
    checked(app.button(key=f"panier_{GARAGE}").click().run())
    assert app.button(key=f"panier_{GARAGE}").label == "Retirer du panier"
    assert kept_by_the_browser(app) == {"p": GARAGE}
    app.switch_page(str(settings.PAGES / "panier.py"))
    checked(app.run())
    assert names(app) == ["1. Axo’Meca"]
    assert address(app) == {"p": GARAGE}


def test_a_link_gives_the_basket_with_its_order_its_notes_and_its_question():
    app = open_page("panier", **baskets.format_link(THREE))
    assert names(app) == ["1. Axo’Meca", "2. Les Ateliers de Taux", "3. PETR du Soissonnais et du Valois"]
    assert app.text_input(key=f"panier_note_{SORTING}").value == "Appeler & visiter"
    assert app.text_input(key="panier_q").value == "Ouvrir une ressourcerie"


def test_the_order_the_notes_and_what_is_taken_out_are_in_the_address_at_once():
    app = open_page("panier", **baskets.format_link(THREE))
    checked(app.button(key=f"panier_Descendre_{GARAGE}").click().run())
    assert address(app) == {
        "p": f"{SORTING},{GARAGE},{PETR}",
        "q": "Ouvrir une ressourcerie",
        "n1": "Appeler & visiter",
    }
    checked(app.text_input(key=f"panier_note_{PETR}").set_value("Prendre rendez-vous").run())
    checked(app.button(key=f"panier_retirer_{GARAGE}").click().run())
    assert address(app) == {
        **{"p": f"{SORTING},{PETR}", "q": "Ouvrir une ressourcerie"},
        **{"n1": "Appeler & visiter", "n2": "Prendre rendez-vous"},
    }
    assert kept_by_the_browser(app) == address(app)
    assert app.button(key=f"panier_Monter_{SORTING}").disabled
    assert app.button(key=f"panier_Descendre_{PETR}").disabled


def test_a_basket_that_is_emptied_is_empty_everywhere():
    app = open_page("panier", **baskets.format_link(THREE))
    emptied = next(button for button in app.button if button.label == "Vider le panier")
    checked(emptied.click().run())
    assert "Le panier est vide" in text_of(app)
    assert address(app) == {}
    assert kept_by_the_browser(app) == {}
    assert app.text_input(key="panier_q").value == ""


def test_what_a_link_names_that_the_site_does_not_know_is_left_out():
    app = open_page("panier", p=f"acteur:personne,{GARAGE},acteur:<b>", n2="<b>gras</b> :red[rouge]")
    assert names(app) == ["1. Axo’Meca"]
    assert app.text_input(key=f"panier_note_{GARAGE}").value == "<b>gras</b> :red[rouge]"
    assert address(app)["p"] == GARAGE


def test_the_address_of_an_organisation_is_a_link_to_write_to_it():
    app = open_page("panier", p=PETR)
    bodies = " ".join(body.proto.body for body in app.get("html"))
    assert '<a href="mailto:contact@soissonnaisvalois.fr">' in bodies


def test_the_link_of_another_basket_puts_mine_aside_and_gives_it_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(type(st.context), "cookies", {"panier": f"p={urllib.parse.quote(PETR)}"})
    app = AppTest.from_file(str(settings.MAIN_SCRIPT), default_timeout=60)
    app.run()
    app.switch_page(str(settings.PAGES / "panier.py"))
    app.query_params["p"] = GARAGE
    checked(app.run())
    assert names(app) == ["1. Axo’Meca"]
    back = next(button for button in app.button if button.label.startswith("Reprendre mon panier"))
    checked(back.click().run())
    assert names(app) == ["1. PETR du Soissonnais et du Valois"]
    assert address(app) == {"p": PETR}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("02810~reemploi~ressourcerie~20", "partenaires?th=reemploi&ty=ressourcerie&t=commune%3A02810"),
        ("80410~alimentation.mobilite~~n7", "partenaires?th=mobilite%2Calimentation&par=nombre&n=7&t=commune%3A80410"),
        ("99999~~~20", ""),
        ("not-a-question", ""),
        ("~~~~~~", ""),
    ],
)
def test_a_basket_leads_back_to_its_question_when_it_has_one(asked: str, expected: str):
    app = open_page("panier", p="acteur:adf-02", o=asked)
    found = re.findall(r'href="(partenaires\?[^"]*)"', raw(app))
    assert [html.unescape(link) for link in found] == ([expected] if expected else [])
