"""The page Territoires, run by Streamlit's own harness, against the documents and a count by hand."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.harness import open_page, text_of

from esscarto.ui import sheet_view


def test_without_an_address_the_page_opens_on_the_first_petr():
    said = text_of(open_page("territoires"))
    assert "PETR du Soissonnais et du Valois" in said
    # 000:11-12, and 27 + 54 + 56 + 26 communes beside the 164 of 000:5.
    assert "3 650 emplois" in said
    assert "164 communes" in said
    assert "163 communes" in said


def test_a_commune_says_for_whom_its_figures_are_and_whom_to_call():
    said = text_of(open_page("territoires", t="commune:02010"))
    assert "Allemant" in said
    assert "3 650 emplois pour le PETR du Soissonnais et du Valois" in said
    assert "dga@cc-valdeaisne.fr" in said
    assert "Aucun acteur connu ici" in said
    assert "Référent ESS : non désigné" in said


@pytest.mark.parametrize("t", ["commune:59512", "epci:200037059", "departement:60", "region:24", "commune:60057"])
def test_every_level_opens(t: str):
    assert "Les chiffres publiés" in text_of(open_page("territoires", t=t))


@pytest.mark.parametrize("t", ["commune:99999", "pays:FR", "", "<b>", "epci:' or 1=1"])
def test_an_address_that_names_nothing_opens_the_usual_territory(t: str):
    assert "PETR du Soissonnais et du Valois" in text_of(open_page("territoires", t=t))


def test_choosing_a_territory_changes_the_sheet_and_the_address():
    app = open_page("territoires")
    app.selectbox[0].set_value("epci:200071991").run()
    assert not app.exception
    assert "CC Retz en Valois" in text_of(app)
    assert app.query_params["t"] in ("epci:200071991", ["epci:200071991"])


def test_any_commune_is_found_by_its_name_without_its_accents():
    app = open_page("territoires")
    app.text_input[0].set_value("peronne").run()
    drawn = " ".join(element.proto.body for element in app.get("html"))
    assert 'href="?t=commune:80620"' in drawn


def test_a_name_that_nothing_bears_says_what_to_do_and_is_shown_as_written():
    app = open_page("territoires")
    app.text_input[0].set_value("<b>zzz</b>").run()
    drawn = " ".join(element.proto.body for element in app.get("html"))
    assert "Aucun territoire ne contient" in drawn
    assert "&lt;b&gt;zzz&lt;/b&gt;" in drawn


def test_what_is_not_given_is_said_in_words():
    assert "Non fourni par la source, ici ou pour un territoire plus large" in text_of(
        open_page("territoires", t="departement:60")
    )


LABELS = ["Fiche en PDF", "Chiffres en Excel", "Affiche A4", "Pages vertes", "Diapositives"]


def buttons(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def test_every_file_of_a_sheet_has_its_button():
    assert buttons(open_page("territoires", t="commune:02722")) == LABELS


def test_slides_are_offered_only_where_their_library_is_installed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheet_view, "EXTRAS", {"sheet_slides": "a_library_that_is_not_there"})
    assert buttons(open_page("territoires", t="commune:02722")) == LABELS[:-1]
