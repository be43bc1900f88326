"""Ten real questions, their distances worked out by hand: Pythagoras on Lambert-93 coordinates projected here."""

import math

import pandas as pd
import pyproj
import pytest
from tests.app.harness import plain

from esscarto.asking import GROUPS, SOUGHT, TYPE, Answer, Group, Place, Question
from esscarto.complements import Complements
from esscarto.intent import understand
from esscarto.introductions import introductions
from esscarto.partners import FAR_KM, answer, reasons
from esscarto.places import commune_place, format_asked, parse_asked
from esscarto.site import Site
from esscarto.vocabulary import THEMES

TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)


def ask(site: Site, code: str, *themes: str, **rest: object) -> Answer:
    return answer(site, Question(commune_place(site, code), themes, **rest))


def group(found: Answer, code: str) -> Group:
    return next(one for one in found.groups if one.code == code)


def actors(one: Group) -> list[str]:
    return [item.key.removeprefix("acteur:") for item in one.items]


def placed(one: Group) -> dict[str, float]:
    return {item.key.removeprefix("acteur:"): round(item.km, 1) for item in one.items if item.km is not None}


def km_by_hand(site: Site, place: Place, actor: str) -> float:
    x, y = TO_METRES.transform(place.lon, place.lat)
    there_x, there_y = TO_METRES.transform(*site.actors.frame.loc[actor, ["lon", "lat"]])
    return math.sqrt((x - there_x) ** 2 + (y - there_y) ** 2) / 1000


# ---- ten questions


def test_a_ressourcerie_in_villers_cotterets_is_in_a_white_zone_and_the_nearest_beyond_is_named(site: Site):
    found = ask(site, "02810", "reemploi", types=("ressourcerie",))
    operators = group(found, "operateurs")
    assert operators.white
    assert placed(operators) == {"ateliers-de-taux": 19.2}
    assert "métier voisin, environnement et énergie" in operators.items[0].why[0]
    # The nearest ressourcerie first, however far: (695 259, 6 980 134), so 11 669 and 74 983 m.
    # Then the nearest of the theme, from (706 928, 6 905 151) to (721 341, 6 972 438): 14 413 and 67 287 m.
    air, sorting = operators.beyond
    assert (air.key, sorting.key) == ("acteur:ressourcerie-air-peronne", "acteur:adf-02")
    assert air.why[:2] == ("le plus proche de ce type, au-delà du rayon", "même type : Ressourcerie")
    assert (air.km, sorting.km) == (pytest.approx(75.89, abs=0.01), pytest.approx(68.81, abs=0.01))
    assert placed(group(found, "insertion")) == {
        "apei-des-2-vallees-coyolles": 4.6,
        "le-relais-nord-est-idf-ploisy": 16.0,
    }
    assert [item.name for item in group(found, "insertion").above] == ["Les Ateliers de Taux"]
    # The network of the ressourceries goes before who helps any project.
    assert actors(group(found, "financement"))[0] == "reseau-national-des-ressourceries-et-recycleries"
    assert {"bge-hauts-de-france", "cci-hauts-de-france", "france-active-picardie"} <= set(
        actors(group(found, "accompagnement"))
    )
    assert {"initiative-aisne", "ademe", "re-fashion"} <= set(actors(group(found, "financement")))
    assert actors(group(found, "collectivite"))[:2] == ["cc-retz-en-valois", "petr-soissonnais-valois"]
    assert "bouquinerie-sart-amiens" in {item.row["id"] for item in group(found, "pratiques").items}
    assert "fonds-reemploi" in {item.row["id"] for item in group(found, "programmes").items}


def test_transport_for_the_old_in_peronne_is_there_and_its_neighbours_follow(site: Site):
    found = ask(site, "80620", "mobilite", "bien_vieillir")
    operators = group(found, "operateurs")
    # From (694 654, 6 981 813): to AIR (695 259, 6 980 134), 605 and 1 679 m; to Allaines (695 824, 6 985 261).
    assert placed(operators) == {"association-saint-jean": 0.0, "ressourcerie-air-peronne": 1.8, "esat-dallaines": 3.6}
    assert not operators.white
    assert operators.items[0].why[0] == "même thème : bien vieillir et mobilité"
    assert operators.items[0].why[1].startswith("Aide à domicile, petits travaux et repas portés")
    # Both are structures of insertion named above: no white zone.
    assert group(found, "insertion").items == ()
    assert not group(found, "insertion").white
    assert len(group(found, "insertion").above) == 2
    helping = group(found, "accompagnement").items
    assert helping[0].key == "acteur:meef-de-peronne"
    # The source prints that the PETR sends to them (001:253).
    for actor in ("bge-hauts-de-france", "initiative-somme", "france-active-picardie"):
        item = next(item for item in helping if item.key == f"acteur:{actor}")
        assert "orientées par : PETR Cœur des Hauts-de-France (2025-2028, prévu)" in plain(" ".join(item.why))


def test_farming_in_soissons_finds_the_supply_radius_that_a_source_prints(site: Site):
    first = group(ask(site, "02722", "agriculture"), "operateurs").items[0]
    # From (723 337, 6 920 506) to (728 978, 6 921 253): 5 641 and 747 m.
    assert first.key == "acteur:tereos"
    assert first.km == pytest.approx(5.69, abs=0.01)
    assert (first.supply["valeur"], first.supply["source"]) == ("35", "000:89")


def test_food_in_ham(site: Site):
    # From (705 531, 6 961 762) to (705 484, 6 960 415): 47 and 1 347 m.
    found = ask(site, "80410", "alimentation")
    assert placed(group(found, "operateurs")) == {"centre-social-de-ham": 1.3}
    assert placed(group(found, "insertion")) == {"adf-02": 19.1}
    assert actors(group(found, "collectivite"))[0] == "cc-est-de-la-somme"


def test_culture_in_soissons(site: Site):
    found = ask(site, "02722", "culture")
    assert placed(group(found, "operateurs")) == {"compagnie-acaly": 0.0, "realiss": 1.2}
    (beyond,) = group(found, "lieux").beyond
    assert (beyond.key, round(beyond.km, 1)) == ("acteur:centre-social-de-ham", 43.7)


def test_a_commune_without_an_actor_in_the_soissonnais(site: Site):
    assert not (site.actors.frame["code_insee"] == "02795").any()
    operators = group(ask(site, "02795", "mobilite"), "operateurs")
    # The same trade first, however near the complementary ones.
    assert list(placed(operators).items())[:3] == [("axo-meca", 19.1), ("realiss", 15.1), ("anne-morgan", 15.6)]


def test_a_commune_without_an_actor_in_the_coeur_des_hauts_de_france(site: Site):
    assert not (site.actors.frame["code_insee"] == "80677").any()
    found = ask(site, "80677", "handicap")
    assert placed(group(found, "operateurs")) == {"esat-dallaines": 11.5, "association-saint-jean": 12.7}
    assert placed(group(found, "insertion")) == {"ressourcerie-air-peronne": 12.5, "adf-02": 18.1}
    assert "cc-haute-somme" in actors(group(found, "collectivite"))


def test_outside_the_layers_no_territory_is_named_and_distances_stay_right(site: Site):
    place = Place(4.8357, 45.764, "Lyon")
    found = answer(site, Question(place, ("reemploi",)))
    assert found.holders == ()
    assert group(found, "collectivite").items == ()
    (beyond,) = group(found, "operateurs").beyond
    assert beyond.key == "acteur:groupement-solidaire-filiere-reemploi"
    assert beyond.km == pytest.approx(km_by_hand(site, place, "groupement-solidaire-filiere-reemploi"), abs=0.01)
    regional = {"bge-hauts-de-france", "cress-hauts-de-france"}
    assert regional.isdisjoint(actor for one in found.groups for actor in actors(one))


def test_a_misspelled_project_gets_the_answer_of_the_right_one(site: Site):
    wrong, right = understand("ouvrir une resourcerie"), understand("ouvrir une ressourcerie")
    assert (wrong.themes, wrong.types) == (right.themes, right.types) == (("reemploi",), ("ressourcerie",))
    assert actors(group(ask(site, "80620", *wrong.themes, types=wrong.types), "operateurs"))[0].startswith(
        "ressourcerie-air"
    )


# The tenth, offline: tests/app/test_partenaires.py.


# ---- every answer


@pytest.mark.parametrize("code", ["02722", "02810", "80620", "80410", "02795", "80677", "45234"])
@pytest.mark.parametrize("theme", ["", "reemploi", "mobilite", "tourisme", "finance_solidaire"])
def test_every_distance_is_pythagoras_and_no_actor_stands_twice_among_those_who_act(site: Site, code: str, theme: str):
    found = ask(site, code, *([theme] if theme else []), radius_km=30)
    for one in found.groups:
        for item in one.items:
            if item.km is not None and item.key.startswith("acteur:"):
                assert item.km == pytest.approx(km_by_hand(site, found.question.place, item.row["id"]), abs=0.01)
    acting = [actor for one in found.groups[:6] for actor in actors(one)]
    assert len(acting) == len(set(acting))
    assert [one.code for one in found.groups] == list(GROUPS)


@pytest.mark.parametrize("code", ["02722", "02810", "80620", "80410", "45234"])
@pytest.mark.parametrize("theme", ["", *THEMES])
def test_no_answer_is_without_a_reason(site: Site, code: str, theme: str):
    found = ask(site, code, *([theme] if theme else []), nearest_n=4)
    assert [item.name for one in found.groups for item in (*one.items, *one.beyond) if not item.why] == []


def test_the_nearest_are_not_at_the_other_end_of_the_country(site: Site):
    found = ask(site, "80410", "alimentation", "services_proximite", nearest_n=20)
    distances = [item.km for one in found.groups[:6] for item in one.items if item.km is not None]
    assert max(distances) <= FAR_KM


def test_the_region_always_appears_in_its_role_where_it_covers(site: Site):
    for theme in THEMES:
        found = ask(site, "02722", theme)
        assert "bge-hauts-de-france" in actors(group(found, "accompagnement"))
        assert "cress-hauts-de-france" in actors(group(found, "reseaux"))
        # What a source prints that it brings is money: it stands there, with the function to call.
        region = next(item for item in group(found, "financement").items if item.row["id"] == "region-hauts-de-france")
        assert region.support["contact_fonction"] == "Cellule ESS"
        assert "region-hauts-de-france" not in actors(group(found, "accompagnement"))


def test_what_is_sought_chooses_the_roles_and_the_body_to_call_always_stays(site: Site):
    for sought in SOUGHT:
        codes = [one.code for one in ask(site, "02722", "reemploi", sought=(sought,)).groups]
        assert "collectivite" in codes
        assert codes == [code for code, (_, seeks) in GROUPS.items() if sought in seeks]


def test_the_nearest_are_as_many_as_asked_whatever_the_distance(site: Site):
    found = ask(site, "45234", "alimentation", nearest_n=3)
    assert len(placed(group(found, "operateurs"))) == 3
    assert not group(found, "operateurs").white
    # A public body funds its own territory only.
    assert "ca-grandsoissons" not in actors(group(found, "financement"))


# ---- complementary themes, the other way round


def test_each_pair_of_themes_is_written_once_and_its_example_bears_both(site: Site):
    rows = site.complements.frame.to_dict("records")
    assert len({frozenset((row["theme"], row["voisin"])) for row in rows}) == len(rows)
    for row in rows:
        kind, _, key = row["exemple"].partition(":")
        themes = (
            site.practices.by_id[key]["themes"]
            if kind == "pratique"
            else site.actors.frame.at[key, "themes"].split("|")
        )
        assert {row["theme"], row["voisin"]} <= set(themes), row["exemple"]


def test_a_pair_of_themes_reads_both_ways():
    frame = pd.DataFrame([{"theme": "culture", "voisin": "tourisme", "raison": "r", "exemple": ""}])
    assert Complements(frame).of("tourisme") == {"culture": "r"}
    assert Complements(frame).of("culture") == {"tourisme": "r"}


def test_introductions_around_peronne(site: Site):
    found = introductions(site, commune_place(site, "80620").xy, 40, 5)
    ids = [tuple(site.rows[at]["id"] for at in (pair.one, pair.other)) for pair in found.pairs]
    assert ids == [
        ("association-saint-jean", "ressourcerie-air-peronne"),
        ("association-saint-jean", "esat-dallaines"),
    ]
    (alone,) = found.isolated
    assert site.rows[alone.at]["id"] == "adf-02"
    assert alone.km == pytest.approx(28.29, abs=0.01)


def test_a_pair_whose_relation_is_printed_is_not_introduced(site: Site):
    relations = {frozenset(ends) for ends in zip(site.network.frame["de"], site.network.frame["vers"], strict=True)}
    found = introductions(site, commune_place(site, "02722").xy, 60, 20)
    assert found.pairs
    for pair in found.pairs:
        assert frozenset(site.rows[at]["organisation"] for at in (pair.one, pair.other)) not in relations
        assert pair.km <= 20


# ---- the question of a basket


def test_a_question_is_one_short_text_that_gives_it_back(site: Site):
    asked = Question(commune_place(site, "02810"), ("reemploi",), ("ressourcerie",), radius_km=25)
    assert format_asked("02810", asked) == "02810~reemploi~ressourcerie~25"
    assert parse_asked(site, format_asked("02810", asked)) == asked
    near = Question(commune_place(site, "02810"), nearest_n=5)
    assert parse_asked(site, format_asked("02810", near)) == near
    # A point bears the name of its commune, never what was typed.
    assert parse_asked(site, "2.93330,49.93010~~~20").place.label == "Péronne"


@pytest.mark.parametrize("text", ["", "99999~~~20", "02810~~20", "02810~~~0", "02810~~~n", "999,9~~~20", "02810~~~20~"])
def test_what_is_not_a_question_is_none(site: Site, text: str):
    assert parse_asked(site, text) is None


def test_the_reasons_are_those_of_the_answer_and_what_it_does_not_hold_has_its_distance(site: Site):
    found = ask(site, "02810", "reemploi", types=("ressourcerie",))
    # A body of two roles is kept with the reasons of the first.
    items = {item.key: item for one in reversed(found.groups) for item in one.items}
    far = "acteur:association-saint-jean"
    assert far not in items
    said = reasons(site, found.question, [*items, far, "programme:cote", "pratique:recycl-aide-80"])
    assert {key: said[key][1].why for key in items} == {key: item.why for key, item in items.items()}
    assert said["acteur:ateliers-de-taux"][0] == "operateurs"
    assert said[far][0] == ""
    assert said[far][1].km == pytest.approx(km_by_hand(site, found.question.place, "association-saint-jean"), abs=0.01)


# ---- what is left out


def test_the_nearest_of_the_trade_come_first_and_nobody_is_beyond(site: Site):
    for code in ("02810", "45234"):
        found = ask(site, code, "reemploi", types=("ressourcerie",), nearest_n=3)
        assert not any(one.beyond or one.white for one in found.groups)
        items = group(found, "operateurs").items
        assert any("reemploi" in item.row["themes"] for item in items[:1])
        # The type asked for, then the theme; within each, the nearest.
        assert items[0].match == TYPE
        order = [(item.match, item.km) for item in items if item.km is not None]
        assert order == sorted(order)


def test_who_helps_another_kind_of_project_is_not_an_answer(site: Site):
    found = ask(site, "02810", "culture")
    for code in ("reseaux", "accompagnement", "financement"):
        for item in group(found, code).items:
            themes = set((item.support.get("themes") or item.row["themes"]).split("|"))
            assert themes & {"culture", "developpement_economique"}, item.name


def test_whose_printed_help_is_for_other_projects_is_not_an_answer_by_another_way(site: Site):
    # data/supports.csv: health, ageing and food; its row of data/actors.csv is wider.
    assert "eurasante" in actors(group(ask(site, "02810", "sante"), "accompagnement"))
    assert "eurasante" not in actors(group(ask(site, "02810", "reemploi"), "accompagnement"))


def test_a_placed_partner_of_the_same_trade_is_found_and_only_there(site: Site):
    cite = "cite-internationale-de-la-langue-francaise"
    culture = group(ask(site, "02810", "culture"), "operateurs")
    assert next(iter(placed(culture))) == cite
    # It belongs to no other trade, and one whose place is not known is no neighbour.
    assert cite not in actors(group(ask(site, "02810", "reemploi"), "operateurs"))
    assert "comite-regional-de-linclusion-dans-lemploi-hauts-de-france" not in actors(
        group(ask(site, "02810", "insertion_emploi"), "operateurs")
    )


def test_who_stands_on_the_very_spot_is_at_zero(site: Site):
    found = group(ask(site, "80620", "mobilite"), "operateurs")
    assert found.items[0].row["id"] == "association-saint-jean"
    assert found.items[0].km == 0


def test_no_quoted_reason_ends_in_the_air(site: Site):
    asked = Question(commune_place(site, "80410"), ("alimentation",), (), (), 60, 0)
    said = [why for group in answer(site, asked).groups for item in group.items for why in item.why]
    assert len(said) > 50
    assert [why for why in said if why != why.strip(" ;.\u202f\u00a0")] == []
