"""What a link and the map's messages may say: whatever is not in a closed list is left out, nothing is an error."""

from typing import Any

import pytest
import streamlit as st

from esscarto.filters import FACETS, ActorFilter
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import state
from esscarto.ui.state import View

pytestmark = pytest.mark.usefixtures("session")


def opened(site: Site, **query: str) -> View:
    st.query_params.from_dict(query)
    return state.read(site)


DEFAULT = ActorFilter(Territory("petr", "soissonnais-valois"))


def test_without_a_query_the_page_shows_a_petr_and_its_address_stays_bare(site: Site):
    view = opened(site)
    assert view.wanted == DEFAULT
    assert (view.indicator, view.level, view.method, view.sort, view.page) == (
        "acteurs",
        "commune",
        "quantiles",
        "nom",
        1,
    )
    assert (view.selected, view.actor, view.plan) == (None, "", False)
    assert st.query_params.to_dict() == {}


def test_a_link_gives_back_the_view_that_was_shared(site: Site):
    query = {
        "t": "epci:200071991",
        "i": "pour_1000",
        "n": "epci",
        "m": "jenks",
        "q": "vélo",
        "sel": "commune:02722",
        "plan": "1",
        "tri": "famille",
        "pg": "2",
        "f": "association,cooperative",
        "th": "mobilite",
    }
    view = opened(site, **query)
    chosen = {"f": ("association", "cooperative"), "th": ("mobilite",)}
    assert view.wanted == ActorFilter(Territory("epci", "200071991"), chosen, "vélo")
    assert (view.indicator, view.level, view.method, view.sort, view.page) == (
        "pour_1000",
        "epci",
        "jenks",
        "famille",
        2,
    )
    assert (view.selected, view.actor, view.plan) == (Territory("commune", "02722"), "", True)
    assert st.query_params.to_dict() == query


def test_the_address_follows_what_the_user_does(session: dict[str, Any], site: Site):
    opened(site)
    session["th"] = ["culture"]
    assert state.read(site).wanted.chosen == {"th": ("culture",)}
    assert st.query_params.to_dict() == {"th": "culture"}


def test_everywhere_is_no_territory(site: Site):
    view = opened(site, t="partout")
    assert view.wanted.territory is None
    assert view.sheet_centre == Territory("region", "32")


@pytest.mark.parametrize("key", ["t", "i", "n", "m", "sel", "plan", "tri", "pg", *FACETS])
def test_a_hostile_value_is_left_out_whatever_its_key(site: Site, key: str, hostile: str):
    assert opened(site, **{key: hostile}).wanted == DEFAULT
    assert st.query_params.to_dict() == {}


@pytest.mark.parametrize(
    "query",
    [
        {"t": "commune:99999"},
        {"t": "canton:0201"},
        {"t": "petr:"},
        {"t": "../../etc/passwd"},
        {"i": "nombre"},
        {"n": "region"},
        {"m": "hasard"},
        {"sel": "acteur:nobody"},
        {"sel": "commune:99999"},
        {"plan": "oui"},
        {"tri": "prix"},
        {"pg": "0"},
        {"pg": "-1"},
        {"pg": "2.5"},
        {"pg": "²"},
        {"pg": "٣"},
        {"th": "sport"},
        {"f": ""},
        {"unknown": "x"},
        {"pg": ""},
    ],
    ids=str,
)
def test_an_unknown_value_is_never_an_error(site: Site, query: dict[str, str]):
    view = opened(site, **query)
    assert view.wanted == DEFAULT
    assert (view.selected, view.actor, view.page) == (None, "", 1)
    assert st.query_params.to_dict() == {}


def test_of_several_values_only_the_unknown_are_left_out(site: Site):
    assert opened(site, th="sport,mobilite,<b>").wanted.chosen == {"th": ("mobilite",)}


def test_a_very_long_value_is_cut(site: Site):
    assert opened(site, q="é" * 100_000).wanted.words == "é" * state.MAX_WORDS


@pytest.mark.parametrize("page", ["9" * 4000, "0" * 3999 + "1"], ids=["4000 nines", "zeros"])
def test_a_page_number_of_any_length_is_no_error(site: Site, page: str):
    assert opened(site, pg=page).page >= 1


# ---- messages of the map


def receive(session: dict[str, Any], message: Any) -> None:
    session[state.map_key()] = {"last_object_clicked_popup": message}
    state.receive_message()


@pytest.mark.parametrize(
    ("message", "selected", "actor"),
    [
        ("commune:02722#1", Territory("commune", "02722"), ""),
        ("epci:200071991#2", Territory("epci", "200071991"), ""),
        ("acteur:ateliers-de-taux#3", None, "ateliers-de-taux"),
    ],
)
def test_a_click_selects(session: dict[str, Any], site: Site, message: str, selected: Territory | None, actor: str):
    opened(site)
    receive(session, message)
    view = state.read(site)
    assert (view.selected, view.actor) == (selected, actor)
    assert view.ack == int(message[-1])
    state.unselect()
    assert (state.read(site).selected, state.read(site).actor) == (None, "")


def test_the_families_of_the_legend_become_the_filter(session: dict[str, Any], site: Site):
    opened(site, pg="3")
    receive(session, "familles:association,pirates,mutuelle#4")
    view = state.read(site)
    assert view.wanted.chosen == {"f": ("association", "mutuelle")}
    assert (view.page, view.ack) == (1, 4)
    receive(session, "familles:#5")
    assert state.read(site).wanted.chosen == {}


@pytest.mark.parametrize(
    "message", [None, "", "commune:02722", "commune:02722#", "#", "#x", "pays:fr#1", "familles:pirates#1", 7]
)
def test_any_other_message_changes_nothing(session: dict[str, Any], site: Site, message: Any):
    opened(site)
    receive(session, message)
    view = state.read(site)
    assert view.wanted == DEFAULT
    assert (view.selected, view.actor) == (None, "")


def test_a_number_that_is_no_number_changes_nothing(session: dict[str, Any], site: Site):
    opened(site)
    receive(session, "commune:02722#²")
    assert state.read(site).selected is None


@pytest.mark.parametrize("message", ["acteur:nobody#1", "commune:99999#1"])
def test_a_click_on_what_does_not_exist_changes_nothing(session: dict[str, Any], site: Site, message: str):
    opened(site)
    receive(session, message)
    view = state.read(site)
    assert (view.selected, view.actor) == (None, "")


# ---- what the buttons do


def test_clearing_the_filters_keeps_the_territory_and_the_indicator(site: Site):
    opened(site, t="epci:200071991", i="pour_1000", th="mobilite", q="vélo", pg="2")
    state.reset()
    view = state.read(site)
    assert view.wanted == ActorFilter(Territory("epci", "200071991"))
    assert (view.indicator, view.page) == ("pour_1000", 1)


@pytest.mark.parametrize(
    ("territory", "level"),
    [
        ("petr:soissonnais-valois", "commune"),
        ("epci:200071991", "commune"),
        ("commune:02722", "commune"),
        ("region:32", "epci"),
        ("partout", "epci"),
    ],
)
def test_a_new_territory_is_coloured_at_its_scale_from_the_first_page(site: Site, territory: str, level: str):
    opened(site, pg="4")
    state.choose_territory(territory)
    view = state.read(site)
    assert (str(view.wanted.territory or "partout"), view.level, view.page) == (territory, level, 1)


def test_the_list_goes_to_a_page_and_back_to_the_first(site: Site):
    opened(site, pg="3")
    assert state.read(site).page == 3
    state.first_page()
    assert state.read(site).page == 1


def test_a_link_without_a_territory_shows_the_name_of_the_usual_one_in_the_list(session: dict[str, Any], site: Site):
    session["t"] = "commune:02722"  # The list is on the screen, and the link is followed from there.
    view = opened(site, q="acaly")
    assert view.wanted.territory == DEFAULT.territory
    assert session["t"] == str(DEFAULT.territory)


def test_the_same_link_again_opens_the_same_map_whatever_was_seen_since(session: dict[str, Any], site: Site):
    link = {"t": "partout", "n": "epci", "sel": "acteur:cristal-union"}
    first = opened(site, **link)
    session["i"] = first.indicator  # The page is on the screen: its list holds its choice.
    assert opened(site, **link) == first
    del session["i"]  # Streamlit forgets the widgets of a page that is left.
    session.pop("t", None)
    state.see_territory("commune:80410")
    assert opened(site, **link) == first
