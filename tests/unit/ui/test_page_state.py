from typing import Any

import pytest
import streamlit as st

from esscarto.site import Site
from esscarto.ui import page_state, state

pytestmark = pytest.mark.usefixtures("session")


def chosen(site: Site) -> dict[str, Any]:
    return page_state.page_choice("essai", site, {}, {"t": lambda text: state.known_territory(text, site)})


def test_a_long_list_keeps_the_default_that_it_was_first_drawn_with(session: dict[str, Any], site: Site):
    st.query_params.from_dict({"t": "commune:02722"})
    assert chosen(site) == {"t": "commune:02722"}
    assert chosen(site) == {"t": "commune:02722"}  # Read twice before it is drawn, as Partenaires does.
    # The list is told its default, and nothing is put in it: what a rerun says of it is what the first run said.
    assert page_state.first_value("essai_t") == "commune:02722"
    assert "essai_t" not in session
    session["essai_t"] = "commune:02810"  # The visitor chooses.
    assert chosen(site) == {"t": "commune:02810"}
    assert page_state.first_value("essai_t") == "commune:02722"
    assert session["essai_t"] == "commune:02810"


def test_a_page_left_and_opened_again_has_a_new_first_value(session: dict[str, Any], site: Site):
    st.query_params.from_dict({"t": "commune:02722"})
    chosen(site)
    page_state.first_value("essai_t")
    session["essai_t"] = "commune:02810"
    chosen(site)
    del session["essai_t"]  # Streamlit forgets the widgets of a page that is left.
    assert chosen(site) == {"t": "commune:02810"}
    assert page_state.first_value("essai_t") == "commune:02810"


def test_back_finds_the_territory_of_the_page_and_the_menu_follows_the_visitor(session: dict[str, Any], site: Site):
    st.query_params.from_dict({"t": "commune:80410"})
    chosen(site)
    del session["essai_t"]
    state.see_territory("commune:02810")  # Seen on another page since.
    assert chosen(site) == {"t": "commune:80410"}
    del session["essai_t"]
    state.see_territory("commune:02810")
    st.query_params.clear()
    assert chosen(site) == {"t": "commune:02810"}


def test_a_gesture_leaves_the_address_as_it_was():
    st.query_params.from_dict({"t": "commune:02722", "geste": "garder:acteur:apei"})
    assert state.take_gesture() == "garder:acteur:apei"
    assert st.query_params.to_dict() == {"t": "commune:02722"}
    assert state.take_gesture() == ""


def test_an_address_without_a_territory_means_the_usual_one_wherever_the_visitor_has_been(site: Site):
    st.query_params.from_dict({"t": "commune:80410", "th": "culture"})
    read = {"t": lambda text: state.known_territory(text, site), "th": lambda text: text}
    usual = str(state.default_territory(site))
    assert page_state.page_choice("essai", site, {"th": ""}, read) == {"t": "commune:80410", "th": "culture"}
    # Back, to an address that left the usual territory out.
    st.query_params.from_dict({"th": "culture"})
    assert page_state.page_choice("essai", site, {"th": ""}, read) == {"t": usual, "th": "culture"}
