"""The pages Comparer and Agir, run by Streamlit's own harness, with figures computed by hand from the tables."""

import csv
import datetime
import html
import io
import itertools
import re
import urllib.parse

import pypdf
import pytest
from tests.app.harness import open_page, raw, text_of

from esscarto import settings
from esscarto.documents import sheet_poster
from esscarto.metrics import INDICATORS
from esscarto.sheets.build import build
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import acting, comparing, published

SOISSONS = "epci:240200477"
DATA = settings.SITE / "data"
DAY = datetime.date(2026, 11, 22)


def key(name: str, page: str = "comparer") -> str:
    return f"{page}_{name}"


def address(link: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(link.partition("?")[2]))


def counted_by_hand(site: Site, territory: str) -> int:
    """Count in the file itself the actors of the ESS that are in activity or to be checked, in an intercommunalité."""
    communes = set(site.territories.communes_of(Territory.parse(territory)))
    with (DATA / "actors.csv").open(encoding="utf-8") as file:
        return sum(
            row["statut_ess"] in ("statut", "qualification")
            and row["statut"] in ("actif", "a_verifier")
            and (row["code_insee"] in communes or (not row["code_insee"] and row["territoire"] == territory))
            for row in csv.DictReader(file)
        )


# ---- Comparer


def test_the_density_of_an_intercommunalite_is_the_one_computed_by_hand(site: Site):
    counted = counted_by_hand(site, SOISSONS)
    by_hand = f"CA GrandSoissons Agglomération ({counted} acteurs de l’ESS) {1000 * counted / 51_809:.2f}"
    assert by_hand.replace(".", ",") in text_of(open_page("comparer"))


def test_each_territory_has_its_bar_and_its_row_and_the_nearest_reference_its_line():
    app = open_page("comparer")
    assert raw(app).count('class="ess-longueur"') == 4
    assert raw(app).count('<th scope="row">') == 5
    assert raw(app).count('class="ess-reference"') == 1
    assert "PETR du Soissonnais et du Valois (référence)" in text_of(app)


def test_the_reference_says_what_it_counts_besides_and_each_bar_on_what_it_rests(site: Site):
    said = text_of(open_page("comparer"))
    inside = sum(
        counted_by_hand(site, f"epci:{code}")
        for code in site.territories.children(Territory("petr", "soissonnais-valois"), "epci")
    )
    # The PETR counts 14, as the test below reads it.
    assert f"La référence compte aussi {14 - inside} acteurs connus seulement à une échelle plus large" in said
    assert f"CA GrandSoissons Agglomération ({counted_by_hand(site, SOISSONS)} acteurs de l’ESS)" in said
    assert "À moins de 5 acteurs connus" in said


def test_a_commune_is_compared_with_those_of_its_intercommunalite(site: Site):
    chosen = open_page("comparer", n="commune", t="commune:02010").multiselect(key=key("avec")).value
    assert chosen[0] == "commune:02010"
    assert len(chosen) == comparing.MOST
    people = site.territories.communes.loc[site.territories.communes_of(Territory("epci", "240200501")), "population"]
    codes = [text.partition(":")[2] for text in chosen]
    assert set(codes) <= set(people.index)
    gaps = (people - people["02010"]).abs()
    assert gaps[codes].max() <= gaps.drop(codes).min()


def test_the_commune_one_comes_from_is_bold_and_marked_and_its_neighbours_are_explained(site: Site):
    app = open_page("comparer", **address(comparing.link(site, Territory.parse("commune:02722"), "commune")))
    assert raw(app).count("<strong>◆") == 2
    assert "<strong>◆&nbsp;Soissons" in raw(app)
    assert "Les communes les plus proches en population dans l’intercommunalité (CA GrandSoissons" in text_of(app)
    assert "◆ : le territoire d’où vous venez" in text_of(app)
    assert "◆" not in raw(open_page("comparer"))


def test_values_that_are_all_zero_are_a_sentence_and_the_way_to_the_level_above(site: Site):
    app = open_page("comparer", **address(comparing.link(site, Territory.parse("commune:80144"), "commune")))
    assert 'class="ess-longueur"' not in raw(app)
    said = text_of(app)
    assert "Acteurs pour 1 000 habitants : 0 pour les 8 territoires comparés" in said
    assert "Toutes les valeurs sont nulles" in said
    (above,) = re.findall(r'href="(comparer\?[^"]+)"', raw(app))
    query = address(html.unescape(above))
    assert query["avec"].split(",")[0] == "epci:200070985"
    assert "<strong>◆&nbsp;CC de l" in raw(open_page("comparer", **query))


@pytest.mark.parametrize("text", ["commune:80144", "epci:200070985", "petr:coeur-hauts-de-france", "departement:80"])
def test_a_link_to_the_comparison_is_the_address_that_the_page_writes(site: Site, text: str):
    # Another address would be one more entry of the history: two steps back for one click.
    territory = Territory.parse(text)
    query = address(comparing.link(site, territory, territory.level))
    app = open_page("comparer", **query)
    assert {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()} == query


def test_the_published_figures_open_on_those_of_the_petr():
    assert open_page("comparer", vue="publies").selectbox(key=key("pub")).value == published.OF_PETR


def test_a_total_has_no_line_and_its_reference_stands_apart_with_the_reason():
    app = open_page("comparer", i="acteurs")
    assert 'class="ess-reference"' not in raw(app)
    assert "PETR du Soissonnais et du Valois : 14 Un total grandit avec le territoire" in text_of(app)


def test_the_table_of_the_departements_is_whole_and_what_disagrees_stands_apart():
    said = text_of(open_page("comparer", vue="publies", pub="part_salaries_ess"))
    # 004:112-118, both columns.
    for line in (
        *("Cher 10,79 % 10 % 2015", "Eure-et-Loir 9,9 % 11,2 % 2015", "Indre 11,5 % 12,2 % 2015"),
        *("Indre-et-Loire 11,44 % 11,54 % 2015", "Loir-et-Cher 9,9 % 12,77 % 2015", "Loiret 9,8 % 10,7 % 2015"),
        "Centre-Val de Loire (référence) 10,5 % 11,1 % 2015",
    ):
        assert line in said
    assert "France : 10,6 % (non daté) L’année n’est pas imprimée d’un côté" in said


@pytest.mark.parametrize(
    "indicator", ["emplois_ess", "etablissements_employeurs_ess", "part_emplois_ess", "taux_chomage"]
)
def test_figures_that_disagree_are_never_drawn(indicator: str):
    app = open_page("comparer", vue="publies", pub=indicator)
    assert 'class="ess-longueur"' not in raw(app)
    assert "Montrés à part, hors de l’axe" in text_of(app)


def test_every_published_figure_opens_with_its_source(site: Site):
    app = open_page("comparer", vue="publies")
    for indicator in published.offered(site):
        app.selectbox(key=key("pub")).set_value(indicator).run()
        assert not app.exception, indicator
        for row in itertools.chain(*published.rows(site, indicator)):
            lines = site.cite(row["source"])[0][1].split(", ")
            assert all(re.search(rf"\b{re.escape(line)}\b", text_of(app)) for line in lines), row["id"]


def test_another_level_begins_with_its_usual_territories_and_the_address_follows():
    app = open_page("comparer")
    app.selectbox(key=key("n")).set_value("departement").run()
    assert not app.exception
    chosen = app.multiselect(key=key("avec")).value
    assert sorted(chosen) == [f"departement:{code}" for code in ("02", "59", "60", "62", "80")]
    assert app.query_params["n"] == "departement"
    assert sorted(app.query_params["avec"].split(",")) == sorted(chosen)
    assert "Hauts-de-France (référence)" in text_of(app)


def test_every_level_and_every_view_opens():
    for level in ("commune", "epci", "petr", "departement", "region"):
        for view in ("barres", "cartes"):
            assert "Comparer" in text_of(open_page("comparer", n=level, vue=view))


def test_no_territory_is_a_sentence_and_the_way_out():
    app = open_page("comparer")
    app.multiselect(key=key("avec")).set_value([]).run()
    assert not app.exception
    assert "Choisissez-en au moins un" in text_of(app)


@pytest.mark.parametrize(
    ("order", "first"),
    [("nom", "CA GrandSoissons"), ("habitants", "CA GrandSoissons"), ("sans_acteur", "CC Retz en Valois")],
)
def test_the_table_is_sorted_as_asked(order: str, first: str):
    app = open_page("comparer", tri=order)
    names = re.findall(r'<th scope="row">([^<]+)', raw(app))
    assert names[0].startswith(first)


def test_the_small_maps_are_one_a_territory_with_one_legend():
    app = open_page("comparer", vue="cartes")
    assert raw(app).count('alt="Carte de ') == 4
    assert raw(app).count('aria-label="Légende"') == 1


@pytest.mark.parametrize(
    "query",
    [
        {"n": "galaxie", "avec": "epci:0,<script>", "ref": "x", "i": "zzz", "tri": "'; drop", "pub": "?", "ptri": "x"},
        {"n": "commune", "avec": "epci:240200477"},
        {"ref": "departement:80"},
        {"i": "couverture", "n": "commune"},
        {"tri": "couverture", "n": "commune"},
        {"vue": "publies", "pub": "annee_creation"},
        {"avec": ",".join(["epci:240200477"] * 50)},
    ],
)
def test_a_broken_link_to_the_comparison_is_never_an_error(query):
    assert "Comparer" in text_of(open_page("comparer", **query))


def test_the_files_say_the_same_as_the_page(site: Site):
    found = comparing.compare(site, {**comparing.defaults(site), "t": SOISSONS})
    rows = found.rows()
    assert rows[0][:4] == ["Code", "Territoire", "Niveau", "Habitants"]
    assert len(rows) == 1 + 4 + 1
    density = rows[0].index(INDICATORS["pour_1000"].title)
    row = next(row for row in rows if row[0] == "240200477")
    assert row[density] == pytest.approx(1000 * counted_by_hand(site, SOISSONS) / 51_809)
    assert "CA GrandSoissons Agglomération" in found.chart().svg()


# ---- Agir


def test_an_elu_of_soissons_sees_who_may_answer_whom_to_call_and_what_was_done_elsewhere():
    said = text_of(open_page("agir", t="commune:02722", comp="emploi-et-insertion-professionnelle"))
    # Distances by hand in tests/unit/test_levers.py.
    assert "À moins de 10 km 4 organisations À moins de 20 km 5 organisations À moins de 30 km 6 organisations" in said
    assert "Rayon pour 1 candidat 1,2 km Rayon pour 3 candidats 3,5 km Rayon pour 5 candidats 10,9 km" in said
    # 000:126, the function and never the person.
    assert "Fonction à demander : Direction Emploi, Insertion et Innovation sociale" in said
    assert "Fait ailleurs, sur ce thème : 13 Avenir" in said
    assert "Dépliant aux communes, CRESS Centre-Val de Loire, non daté, lignes 59, 61" in said
    assert "L’annuaire n’est pas un recensement" in said


def test_the_twelve_competences_are_offered_when_none_is_chosen():
    app = open_page("agir")
    assert raw(app).count("&comp=") + raw(app).count("&amp;comp=") == 12


def test_a_wider_territory_gives_its_most_inhabited_intercommunalite():
    assert open_page("agir", t="petr:soissonnais-valois").selectbox(key=key("t", "agir")).value == SOISSONS


def test_every_competence_answers_anywhere(site: Site):
    # A commune without any actor, an EPCI, a commune and an EPCI of no PETR, one of another région.
    for place in ("commune:02011", "epci:200037059", "commune:59350", "epci:200093201", "commune:18033"):
        for competence, title in site.competences.titles.items():
            answer = acting.answer_for(site, Territory.parse(place), competence)
            assert answer["competence"] == title
            assert len(answer["actions"]) == len(site.competences.actions(competence))
            assert len(answer["rayons"]) == len(answer["paliers"]) == 3
            counts = [int(re.sub(r"\D", "", words)) for _, words in answer["rayons"]]
            assert counts == sorted(counts)


def test_no_help_farther_than_the_reach_is_said_to_be_near(site: Site):
    for competence in site.competences.titles:
        for action in acting.answer_for(site, Territory("commune", "02011"), competence)["actions"]:
            near = [float(one["km"].split("\u00a0")[0].replace(",", ".")) for one in action["aides"]]
            assert all(km <= acting.REACH_KM for km in near)
            assert not (near and action["au_dela"])


def test_a_practice_is_of_the_own_theme_of_its_action_and_from_another_petr(site: Site):
    for competence in site.competences.titles:
        actions = site.competences.actions(competence)
        answers = acting.answer_for(site, Territory("commune", "02722"), competence)["actions"]
        told = [(action, answer["pratique"]) for action, answer in zip(actions, answers, strict=True)]
        for action, practice in told:
            sheet = site.practices.by_id[practice["id"]] if practice else None
            assert sheet is None or sheet["themes"][0] == action.theme
            assert sheet is None or "Soissonnais" not in sheet["titre"] + sheet["lieu_imprime"]


def test_leads_come_the_nearest_first_and_never_for_their_generic_type_alone(site: Site):
    actions = acting.answer_for(site, Territory("epci", "200071991"), "transports-et-voirie")["actions"]
    assert [one["nom"] for one in actions[0]["aides"]] == ["Axo’Meca"]
    for competence in site.competences.titles:
        for action in acting.answer_for(site, Territory("epci", "200071991"), competence)["actions"]:
            near = [float(one["km"].split("\u00a0")[0].replace(",", ".")) for one in action["aides"]]
            assert near == sorted(near)


def test_nobody_is_told_to_call_their_own_services_and_the_silent_are_folded_apart(site: Site):
    own = Territory("epci", "200071991")
    answer = acting.answer_for(site, own, "transports-et-voirie")
    named = [one["nom"] for one in [answer["premier"], *answer["appeler"], *answer["nommes"]]]
    assert not any("Retz" in name for name in named)
    assert all(one["courriel"] or one["telephone"] or one["site"] or one["fonction"] for one in answer["appeler"])
    assert not any(one["courriel"] or one["telephone"] or one["site"] or one["fonction"] for one in answer["nommes"])


@pytest.mark.parametrize(
    "text", ["commune:02010", "commune:80144", "epci:240200501", "epci:200070985", "commune:59512", "commune:18033"]
)
def test_the_sheet_the_poster_and_the_actions_name_the_same_body_to_call_first(site: Site, text: str):
    sheet = build(site, Territory.parse(text), DAY)
    assert sheet.first
    poster = pypdf.PdfReader(io.BytesIO(sheet_poster.export(site, sheet))).pages[0].extract_text()
    for competence in site.competences.titles:
        answer = acting.answer_for(site, sheet.territory, competence)
        named = answer["premier"]
        assert (named["nom"], named["fonction"], named["courriel"], named["telephone"]) == (
            *(sheet.first.name, sheet.first.function, sheet.first.email, sheet.first.telephone),
        )
        assert sheet.first.name not in [one["nom"] for one in answer["nommes"]]
    for words in filter(None, (sheet.first.name, sheet.first.function, sheet.first.email)):
        assert words in " ".join(poster.split())


def test_whom_to_call_comes_before_the_actions_with_the_way_back_to_the_sheet():
    drawn = raw(open_page("agir", t="commune:80144", comp="logement-et-cadre-de-vie"))
    assert (
        drawn.index("Qui appeler") < drawn.index("ce que vous pouvez faire") < drawn.index("Accompagnement et financ")
    )
    assert 'href="territoires?t=commune%3A80144"' in drawn


@pytest.mark.parametrize(
    "query", [{"t": "commune:99999", "comp": "<script>"}, {"t": "region:32"}, {"comp": "x" * 9_000}]
)
def test_a_broken_link_to_the_page_agir_is_never_an_error(query):
    assert "Agir" in text_of(open_page("agir", **query))
