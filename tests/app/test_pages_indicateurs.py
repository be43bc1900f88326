"""The pages Indicateurs and Zones blanches, run by Streamlit's own harness, with figures computed by hand."""

import csv
import re

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.harness import open_page, plain, text_of

from esscarto import settings
from esscarto.metrics import INDICATORS
from esscarto.quotients import QUOTIENTS
from esscarto.reach import white_zones
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import indicators_view, zones_view

PETR = Territory("petr", "soissonnais-valois")


def widget(app: AppTest, kind: str, page: str, key: str):
    return app.get(kind)[[one.key for one in app.get(kind)].index(f"{page}_{key}")]


def test_the_density_of_soissons_is_the_one_of_a_hand_and_has_its_rank():
    with (settings.SITE / "data" / "actors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counted = sum(
        row["code_insee"] == "02722"
        and row["statut_ess"] in ("statut", "qualification")
        and row["statut"] in ("actif", "a_verifier")
        for row in rows
    )
    said = text_of(open_page("indicateurs", t="commune:02722", i="pour_1000"))
    # 28 046 inhabitants (Insee, 2023).
    written = f"{1000 * counted / 28046:.2f}".replace(".", ",")
    assert f"Soissons : {written} , au" in said
    assert re.search(r"rang sur 163 communes \(PETR du Soissonnais et du Valois\)", said)


@pytest.mark.parametrize("key", [*INDICATORS, *QUOTIENTS])
def test_each_indicator_has_its_page_with_formula_unit_source_and_limits(key: str):
    said = text_of(open_page("indicateurs", i=key, t="epci:240200477"))
    definition = indicators_view.REGISTRY[key]
    for part in (definition.title, definition.definition, definition.formula, definition.limits, definition.source):
        assert plain(part) in said
    assert "Classement" in said


def test_the_bars_of_the_histogram_hold_every_commune():
    app = open_page("indicateurs", t="commune:02722", i="distance")
    drawn = next(element.proto.body for element in app.get("html") if "ess-histogramme" in element.proto.body)
    counts = [int(text) for text in re.findall(r"(?:</span>|ess-part\">)(\d+)</span>", drawn)]
    assert sum(counts) == 163
    assert drawn.count('<tr class="ici">') == 1
    assert "Soissons est ici" in drawn


def test_inhabitants_are_ranked_by_their_share_and_not_by_their_number():
    app = open_page("indicateurs", t="epci:240200477", i="sans_acteur", n="epci")
    drawn = next(element.proto.body for element in app.get("html") if "Classement</h2>" in element.proto.body)
    shares = [float(text.replace(",", ".")) for text in re.findall(r">(\d+,\d)\u00a0% \(", drawn)]
    assert len(shares) == 4
    assert shares == sorted(shares, reverse=True)


def test_the_location_quotient_of_the_cher_shows_both_figures_and_their_lines():
    said = text_of(open_page("indicateurs", t="departement:18", i="ql_salaries"))
    # 10,79 / 10,5 = 1,03; 004:112 and 004:118.
    assert "Cher : 1,03" in said
    assert "10,79 %" in said
    assert "Centre-Val de Loire : 10,5 %" in said
    assert "118" in said


def test_a_territory_without_comparable_figures_is_said_so():
    said = text_of(open_page("indicateurs", t="departement:02", i="ql_salaries"))
    assert "Aisne : n. d. , faute de chiffres publiés" in said


def test_an_intercommunalite_is_ranked_among_intercommunalites_without_being_asked():
    app = open_page("indicateurs", t="commune:02722")
    widget(app, "selectbox", "indicateurs", "t").set_value("epci:240200477").run()
    said = text_of(app)
    assert "CA GrandSoissons Agglomération : 0," in said
    assert "rang sur 4 intercommunalités (PETR du Soissonnais et du Valois)" in said
    assert "n" not in app.query_params
    widget(app, "radio", "indicateurs", "n").set_value("commune").run()
    assert not app.exception
    assert "Choisissez une commune" in text_of(app)
    assert app.query_params["n"] in ("commune", ["commune"])


def test_one_known_type_is_too_few_for_a_rank():
    said = text_of(open_page("indicateurs", t="epci:200071991", i="shannon"))
    assert "CC Retz en Valois : 1 seul type connu, trop peu pour un rang" in said
    assert "dont 1 sans valeur (n. d.), hors du rang" in said


def test_the_quotient_of_who_has_no_figure_says_so_and_where_the_ranking_is():
    said = text_of(open_page("indicateurs", t="epci:200071991", i="ql_salaries"))
    assert "Aucun chiffre publié pour CC Retz en Valois." in said
    assert "Le classement ne compte que 6 départements" in said
    assert "(Centre-Val de Loire)" in said


def test_the_perimeter_of_the_ranking_follows_the_territory():
    app = open_page("indicateurs", t="commune:02722", dans="departement:02")
    assert "rang sur 797 communes (Aisne)" in text_of(app)
    widget(app, "selectbox", "indicateurs", "t").set_value("epci:200037059").run()
    assert not app.exception
    # The Aisne does not hold the Haute Somme: the usual perimeter is back.
    assert "PETR Cœur des Hauts-de-France" in text_of(app)
    assert "dans" not in app.query_params


@pytest.mark.parametrize(
    ("query", "facets"),
    [({}, {}), ({"th": "mobilite"}, {"th": "mobilite"}), ({"th": "culture", "d": "5"}, {"th": "culture"})],
)
def test_the_sentence_of_the_white_zones_is_the_count_of_the_engine(site: Site, query, facets):
    said = text_of(open_page("zones_blanches", t=str(PETR), **query))
    mask = zones_view.selection(site, {"th": "", "ty": "", "qui": "ess", **facets})
    zones = white_zones(site.reach, PETR, mask, int(query.get("d", 10)))
    inhabitants = f"{zones.inhabitants:,}".replace(",", " ")
    assert f"{inhabitants} habitants" in said
    assert f"{len(zones.white)} communes sur 163 (PETR du Soissonnais et du Valois)" in said
    assert "d’après un annuaire qui n’est pas un recensement" in said


def test_a_commune_keeps_its_address_and_is_named_with_its_own_distance_of_the_kind_that_is_sought():
    app = open_page("zones_blanches", t="commune:80144")
    # The address stays as it was followed: one step back leaves the page.
    assert dict(app.query_params) in ({"t": "commune:80144"}, {"t": ["commune:80144"]})
    said = text_of(app)
    assert "37 communes sur 41 (CC de l" in said
    assert "Brouchy : acteur connu de l’ESS le plus proche, ADF02 , à 20,6 km" in said
    assert "Le plus proche : acteur connu de l’ESS." in said
    app = open_page("zones_blanches", t="commune:80144", qui="tous")
    assert "Brouchy : acteur connu le plus proche, Centre social de Ham , à 3,2 km" in text_of(app)


def test_the_four_priority_themes_are_one_click_away():
    app = open_page("zones_blanches")
    for label, theme in (
        ("Culture", "culture"),
        ("Mobilité", "mobilite"),
        ("Alimentation", "alimentation"),
        ("Bien vieillir", "bien_vieillir"),
    ):
        next(button for button in app.button if button.label == label).click().run()
        assert not app.exception
        assert app.query_params["th"] in (theme, [theme])
        assert f"thème {label.lower()}" in text_of(app)


def test_a_type_that_nobody_has_says_that_nothing_can_be_measured():
    said = text_of(open_page("zones_blanches", ty="mfr"))
    assert "n’a de point dans l’annuaire" in said
    assert "aucune distance ne peut être mesurée" in said


def test_the_territory_goes_from_one_page_to_the_other():
    app = open_page("zones_blanches")
    widget(app, "selectbox", "zones_blanches", "t").set_value("epci:200037059").run()
    app.switch_page(str(settings.PAGES / "indicateurs.py")).run()
    assert widget(app, "selectbox", "indicateurs", "t").value == "epci:200037059"
    app.switch_page(str(settings.PAGES / "carte.py")).run()
    assert not app.exception
    assert "CC de la Haute Somme" in text_of(app)


@pytest.mark.parametrize("page", ["indicateurs", "zones_blanches"])
@pytest.mark.parametrize(
    "query",
    [
        {"t": "petr:nulle-part"},
        {"t": "<script>alert(1)</script>"},
        {"th": "../../etc", "ty": "x", "d": "0", "qui": "?"},
        {"i": "'; drop", "n": "galaxie", "dans": "commune:99999", "d": "31"},
        {"d": "²", "t": "partout"},
        {"t": "commune:59350", "d": "30"},
        {"t": "region:24", "n": "epci"},
    ],
)
def test_a_broken_or_far_link_is_never_an_error(page: str, query: dict[str, str]):
    assert "n’est pas un recensement" in text_of(open_page(page, **query))
