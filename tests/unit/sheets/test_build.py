"""The sheet of a territory: against the documents read by hand, and every printed figure in its place."""

import datetime

import pytest

from esscarto.errors import DataError
from esscarto.figures import NOT_GIVEN
from esscarto.french import bound, number
from esscarto.schema import LIST_SEPARATOR
from esscarto.settings import SITE
from esscarto.sheets.build import NOT_DESIGNATED, build
from esscarto.sheets.model import Figure, Sheet
from esscarto.site import Site, in_words
from esscarto.storage.loading import read_figures
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)
FIGURES = read_figures(SITE / "data").rows.to_dict("records")
PETR = "petr:soissonnais-valois"


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def sheet_of(site: Site, text: str) -> Sheet:
    return build(site, Territory.parse(text), DAY)


def figure(sheet: Sheet, indicator: str) -> Figure:
    return next(found for _, found in sheet.figures if found.indicator == indicator)


# ---- the sheet of the PETR, as the document prints it: value, year, lines of the document


@pytest.mark.parametrize(
    ("indicator", "value", "year", "lines"),
    [
        ("nombre_epci", "4 intercommunalités", "2024", "5"),
        ("nombre_communes", "164 communes", "2024", "5"),
        ("population", "107 658 habitants", "2020", "6, 162"),
        ("part_population_departement", "20,3 %", "2020", "6, 162"),
        ("densite_population", "80 habitants par km²", "2020", "7, 162"),
        ("chomage_declare_rp", "16,3 %", "2020", "8, 162"),
        ("part_plus_75_ans", "9,6 %", "2020", "9, 162"),
        ("emplois_ess", "3 650 emplois", "2019", "11-12, 162"),
        ("part_emplois_ess_dans_petr", "60,6 %", "2019", "14, 162"),
        ("part_emplois_ess_region", "1,7 %", "2019", "18-21, 162"),
        ("part_emplois_ess_departement", "22 %", "2019", "23-26, 162"),
        ("part_emplois_ess", "12 %", "2019", "28-31, 162"),
        ("etablissements_employeurs_ess", "282 établissements", "2019", "35-37, 162"),
        ("part_etablissements_ess", "9,1 %", "2019", "38, 162"),
        ("etablissements_ess_pour_1000_habitants", "2,6 établissements pour 1 000 habitants", "2019", "40-41, 162"),
        ("salaries_par_etablissement_ess", "12,9 salariés par établissement", "2019", "43-44, 162"),
        ("part_etablissements_ess_cooperatives", "13 %", "2019", "47-49, 162"),
        ("part_etablissements_ess_mutuelles", "2 %", "2019", "47, 51, 162"),
        ("part_etablissements_ess_associations", "84 %", "2019", "47, 53, 162"),
        ("part_etablissements_ess_fondations", "0,4 %", "2019", "47, 55, 162"),
        ("masse_salariale_ess", "90,9 millions d’euros", "2019", "60-62, 162"),
        ("part_masse_salariale_departement", "23,1 %", "2019", "63, 162"),
        ("emplois_par_etp_ess", "1,2 emplois par ETP", "2019", "67, 162"),
        ("part_etablissements_ess_par_secteur", NOT_GIVEN, "2019", "69, 73, 162"),
    ],
)
def test_the_sheet_of_the_petr_says_what_the_document_prints(
    site: Site, indicator: str, value: str, year: str, lines: str
):
    found = figure(sheet_of(site, PETR), indicator)
    assert (plain(found.value), found.year) == (value, year)
    assert [cited for _, cited in found.cites] == [lines]


def test_the_blocks_follow_the_order_of_the_sheet_of_the_cress(site: Site):
    keys = [block.key for block in sheet_of(site, PETR).blocks]
    assert keys == ["contexte", "emploi", "etablissements", "statuts", "salaires", "secteurs", "organisations"]


def test_who_the_territory_is_comes_from_the_layers(site: Site):
    sheet = sheet_of(site, PETR)
    # 27 + 54 + 56 + 26 communes in the official lists of 2026.
    assert ("Communes", "163", "2026") in sheet.summary
    assert [name for _, name in sheet.holders] == ["le département (Aisne)", "la région Hauts-de-France"]
    assert len(sheet.inside) == 4


# ---- printed and recomputed


def test_the_communes_then_and_now_stand_side_by_side_with_the_reason(site: Site):
    made = figure(sheet_of(site, PETR), "nombre_communes").recomputed
    assert made is not None
    assert plain(made.value) == "163 communes"
    assert plain(made.gap).startswith("Écart de −1 :")
    assert "(2024)" in made.gap


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("etablissements_ess_pour_1000_habitants", "2,62"),  # 282 / 107 658 x 1 000 = 2.6194
        ("salaries_par_etablissement_ess", "12,94"),  # 3 650 / 282 = 12.9433
    ],
)
def test_a_rate_made_again_from_the_printed_figures_agrees(site: Site, indicator: str, value: str):
    made = figure(sheet_of(site, PETR), indicator).recomputed
    assert made is not None
    assert made.value == value
    assert made.gap == "Les deux concordent, à l’arrondi près."


def test_a_round_number_without_a_date_is_said_so_beside_the_census(site: Site):
    # 001:90 prints « 8 000 habitants » for Péronne, without a year.
    found = figure(sheet_of(site, "commune:80620"), "population")
    assert plain(found.value) == "8 000 habitants"
    assert found.recomputed is not None
    assert "ne date pas son chiffre" in found.recomputed.gap
    population = int(site.territories.row(Territory("commune", "80620"))["population"])
    assert found.recomputed.number == population


# ---- a figure of a wider territory is never that of the commune


def test_a_commune_shows_the_figure_of_its_petr_and_says_so(site: Site):
    found = figure(sheet_of(site, "commune:02010"), "emplois_ess")
    assert plain(found.value) == "3 650 emplois"
    assert found.holder == "le PETR du Soissonnais et du Valois"
    assert found.reading.startswith("Dans le PETR du Soissonnais et du Valois")


def test_the_petr_itself_does_not_name_a_wider_territory(site: Site):
    assert figure(sheet_of(site, PETR), "emplois_ess").holder == ""


def test_the_share_of_the_grandsoissons_stands_on_the_petr_under_its_own_name(site: Site):
    found = figure(sheet_of(site, PETR), "part_emplois_ess_dans_petr")
    assert found.holder == ""
    assert "GrandSoissons" in found.label
    assert figure(sheet_of(site, "epci:240200477"), "part_emplois_ess_dans_petr").holder == ""


def test_what_no_document_gives_is_not_given_and_has_no_number(site: Site):
    found = figure(sheet_of(site, "departement:60"), "etablissements_employeurs_ess")
    assert (found.value, found.number, found.asked_in_vain) == (NOT_GIVEN, None, True)


def test_no_sheet_writes_a_zero_for_a_figure_that_is_missing(site: Site):
    for text in (PETR, "commune:60057", "departement:02", "region:32"):
        for _, found in sheet_of(site, text).figures:
            assert (found.value == NOT_GIVEN) == (found.number is None), found


def test_a_territory_that_no_layer_holds_is_an_error_in_words(site: Site):
    with pytest.raises(DataError, match="n’est dans aucune couche"):
        sheet_of(site, "commune:99999")


# ---- readings


def test_a_reading_is_written_from_the_figure(site: Site):
    words = plain(figure(sheet_of(site, PETR), "etablissements_ess_pour_1000_habitants").reading)
    # 1 000 / 2.6 = 384.6
    assert words == ("2,6 établissements employeurs de l’ESS pour 1 000 habitants ici : un pour 385 habitants environ.")


@pytest.mark.parametrize("text", [PETR, "petr:coeur-hauts-de-france", "region:24", "departement:18", "region:32"])
def test_every_figure_that_is_given_has_its_reading(site: Site, text: str):
    silent = [
        found.indicator for _, found in sheet_of(site, text).figures if found.number is not None and not found.reading
    ]
    assert silent == []


# ---- every printed figure of the five documents

OUTSIDE = {
    # Organisations whose place no source prints, or of a region that is not in the layers.
    *("acteur:13-avenir", "acteur:evident", "acteur:rtes", "acteur:union-pour-le-reemploi-solidaire", "acteur:urqr"),
    *("acteur:ville-de-paris", "pratique:festival-deux-mains"),
}


def home(site: Site, subject: str) -> str:
    """Return the territory whose sheet must show a figure."""
    kind, _, name = subject.partition(":")
    if kind in ("france", "theme"):
        return "region:32"
    if kind == "pratique":
        places = site.practices.by_id[name]["lieu_imprime"].split(LIST_SEPARATOR)
        return next(place for place in places if ":" in place)
    if kind == "acteur":
        rows = site.actors.frame.loc[site.organisations[name], "rattachement"]
        return next(place for place in rows if place)
    return subject


@pytest.fixture(scope="module")
def sheets() -> dict[str, Sheet]:
    return {}


@pytest.mark.parametrize("row", FIGURES, ids=[row["id"] for row in FIGURES])
def test_each_printed_figure_shows_on_the_sheet_of_its_territory_with_its_lines(
    site: Site, sheets: dict[str, Sheet], row: dict[str, str]
):
    if row["sujet"] in OUTSIDE:
        with pytest.raises((StopIteration, DataError)):
            sheet_of(site, home(site, row["sujet"]))
        return
    text = home(site, row["sujet"])
    if text not in sheets:
        sheets[text] = sheet_of(site, text)
    sheet = sheets[text]
    found = [one for _, one in sheet.figures if one.row == row["id"]]
    # A figure about France may stand in its block and among the national ones.
    assert found
    for one in found:
        assert one.number == (float(row["valeur"]) if row["valeur"] else None)
        lines = ", ".join(part.partition(":")[2] for part in row["source"].split(LIST_SEPARATOR))
        assert ", ".join(cited for _, cited in one.cites) == lines
        assert one.perimeter == bound(in_words(row["perimetre"], site.documents))


# ---- directory, contacts


def test_a_commune_without_actors_names_the_nearest_of_each_theme_and_whom_to_call(site: Site):
    sheet = sheet_of(site, "commune:02010")
    assert (sheet.known.total, sheet.known.counted) == (0, 0)
    assert sheet.first is not None
    assert sheet.first.email == "contact@soissonnaisvalois.fr"
    food = next(near for near in sheet.known.near if near.theme == "Alimentation")
    ours, theirs = (
        site.territories.row(Territory("commune", "02010")),
        site.actors.frame.loc[food.actor.id],
    )
    # About 111 km a degree of latitude, 72 km a degree of longitude at 49.4 degrees: within two per cent.
    rough = (
        (111.2 * (ours["label_lat"] - theirs["lat"])) ** 2 + (72.4 * (ours["label_lon"] - theirs["lon"])) ** 2
    ) ** 0.5
    assert food.km == pytest.approx(rough, rel=0.02)


@pytest.mark.parametrize("text", ["commune:80144", "commune:02010", "epci:200070985"])
def test_the_nearest_come_in_order_of_distance_each_actor_with_all_its_themes(site: Site, text: str):
    sheet = sheet_of(site, text)
    for found in (sheet.known.near, sheet.priorities):
        assert [near.km for near in found] == sorted(near.km for near in found)
    grouped = sheet.known.near_actors
    assert len({near.actor.id for near, _ in grouped}) == len(grouped)
    assert sorted(theme for _, themes in grouped for theme in themes) == sorted(near.theme for near in sheet.known.near)


def test_a_nearest_that_no_count_holds_says_so_beside_the_nearest_that_the_white_zones_measure(site: Site):
    brouchy = sheet_of(site, "commune:80144")
    first = brouchy.known.near[0]
    assert first.name == "Centre social de Ham (statut ESS non imprimé)"
    # ADF02 as the page Zones blanches gives it for Brouchy.
    place = site.territories.communes.index.get_loc("80144")
    measured = site.reach.nearest(site.actors.counted)
    assert site.rows[measured.actor[place]]["nom"] == "ADF02"
    assert "Centre social de Ham (statut ESS non imprimé) est à 3,2\u00a0km" in brouchy.two_nearest
    assert f"le plus proche est ADF02, à {number(measured.km[place], 1)}\u00a0km." in brouchy.two_nearest
    # The nearest of Allemant is counted, Soissons has its own: nothing to explain.
    assert sheet_of(site, "commune:02010").two_nearest == ""
    assert sheet_of(site, "commune:02722").two_nearest == ""


def test_a_theme_is_either_here_or_near_or_far(site: Site):
    known = sheet_of(site, "epci:200071991").known
    here, near, far = ({theme for theme, _ in known.themes}, {one.theme for one in known.near}, set(known.far))
    assert not near & far
    assert all(one.km <= 100 for one in known.near)
    assert len(here | near | far) == 20


def test_the_actors_counted_are_those_of_the_map(site: Site):
    for text in (PETR, "epci:240200477", "commune:02722"):
        territory = Territory.parse(text)
        known = sheet_of(site, text).known
        assert known.counted == int((site.index.inside(territory) & site.actors.counted).sum())
        assert sum(count for _, _, count in known.families) == known.total == len(known.actors)


def test_a_relation_between_two_organisations_of_the_territory_is_said_once(site: Site):
    relations = sheet_of(site, PETR).known.relations
    ends = [(frozenset((link.organisation, link.other)), link.about, link.cites) for link in relations]
    assert len(ends) == len(set(ends))


def test_a_referent_that_is_only_planned_is_not_designated(site: Site):
    sheet = sheet_of(site, "epci:200037059")
    assert sheet.referent == NOT_DESIGNATED
    assert "envisagés par la stratégie" in sheet.referent_note
    assert sheet_of(site, "commune:02722").referent_note == ""


def test_a_city_is_not_said_to_be_an_intercommunalite(site: Site):
    roles = {contact.name: contact.role for contact in sheet_of(site, "commune:02722").policy}
    assert roles["Ville de Soissons"] == "commune"
    assert roles["GrandSoissons Agglomération"] == "intercommunalité"


def test_territories_of_every_level_have_their_sheet(site: Site):
    texts = [
        Territory(level, str(code)) for level, layer in site.territories.layers.items() for code in layer.index[::97]
    ]
    for territory in texts:
        assert build(site, territory, DAY).title


def test_a_departement_is_not_sent_to_one_of_its_intercommunalites(site: Site):
    first = sheet_of(site, "departement:02").first
    assert first is not None
    assert first.name == "Région Hauts-de-France"
    assert sheet_of(site, "departement:02").referent_note == ""


def test_what_is_planned_is_said_once_for_all_the_intercommunalites_of_a_petr(site: Site):
    note = sheet_of(site, "petr:coeur-hauts-de-france").referent_note
    assert note.count("Référent ESS") == 1
    assert note.count("Communauté de communes") == 3
