"""What an élu can do: who may help, how far one, three and five candidates are, what was done elsewhere."""

import csv
import math

import numpy as np
import pytest
from pyproj import Transformer

from esscarto.actors import Actors
from esscarto.filters import FilterIndex
from esscarto.levers import CANDIDATE_TYPES, Action, Supply, candidates, elsewhere, helpers, supply
from esscarto.proximity import nearest
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS, SITE
from esscarto.site import Site
from esscarto.territories import Territories, Territory
from esscarto.vocabulary import TYPES

SOISSONS = Territory("commune", "02722")
VELO = Action(
    *("velo", "Soutenir un atelier vélo", "mobilite", frozenset({"mobilite", "reemploi"})),
    *(frozenset({"aci", "ressourcerie"}), "004:91"),
)


def measured(actors: Actors, territories: Territories, place: Territory, mask: np.ndarray) -> list[tuple[int, float]]:
    found = nearest(actors, territories, place, mask, len(actors))
    return [(actors.frame.index.get_loc(actor), kilometres) for actor, kilometres in found]


def test_every_action_of_the_table_names_known_themes_and_types(site: Site):
    schema = read_schema(SCHEMAS / "competences.schema.json")
    assert list(site.competences.frame.columns) == schema.columns
    actions = [action for competence in site.competences.titles for action in site.competences.actions(competence)]
    assert len(actions) == len(site.competences.frame) == 41
    assert all(action.themes for action in actions)
    assert set(CANDIDATE_TYPES) <= set(TYPES)


def test_the_competences_of_the_leaflet_are_twelve_in_its_order(site: Site):
    # 004:55 to 004:99, one heading each.
    titles = list(site.competences.titles.values())
    assert len(titles) == 12
    assert titles[0] == "Développement économique et touristique"
    assert titles[-1] == "Collecte, gestion et valorisation des déchets"
    waste = site.competences.actions("dechets")
    assert [action.source for action in waste] == ["004:99|004:101"] * 3


def test_help_comes_by_the_own_theme_or_a_type_of_trade_and_never_from_who_has_stopped(make_actors):
    index = FilterIndex(
        make_actors(
            {"id": "both", "types": "aci", "themes": "mobilite"},
            {"id": "type", "types": "ressourcerie", "themes": "culture"},
            {"id": "theme", "types": "", "themes": "mobilite|culture"},
            {"id": "any-trade", "types": "aci", "themes": "culture"},
            {"id": "near-theme", "types": "aci", "themes": "reemploi"},
            {"id": "stopped", "types": "aci", "themes": "mobilite", "statut": "passe"},
            {"id": "public", "types": "aci", "themes": "mobilite", "statut_ess": "public"},
        )
    )
    assert helpers(index, VELO).tolist() == [True, True, True, False, False, False, False]


def test_an_organisation_counts_once_at_its_nearest_place(make_actors):
    index = FilterIndex(make_actors({"id": "a1", "organisation": "a"}, {"id": "a2", "organisation": "a"}, {"id": "b"}))
    found = supply(index, [(0, 2.0), (2, 5.0), (1, 9.0)])
    assert found.nearest == {"a": 2.0, "b": 5.0}


def test_one_three_five_by_hand():
    found = Supply({"a": 1.0, "b": 4.0, "c": 10.0, "d": 20.0})
    assert [found.within(radius) for radius in (0.5, 1, 10, 20, 30)] == [0, 1, 3, 4, 4]
    assert [found.radius(step) for step in (1, 3, 5)] == [1.0, 10.0, None]
    assert Supply({}).radius(1) is None


def test_the_candidates_around_soissons_are_those_of_the_table_measured_by_pythagoras(site: Site):
    # Label point of Soissons in Lambert-93, from the layer: (723 337, 6 920 506). The rest comes from actors.csv alone.
    onto = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    by_hand: dict[str, float] = {}
    with (SITE / "data" / "actors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (
                row["longitude"]
                and set(row["types"].split("|")) & set(CANDIDATE_TYPES)
                and row["statut"] in ("actif", "a_verifier")
                and row["statut_ess"] in ("statut", "qualification")
            ):
                x, y = onto.transform(float(row["longitude"]), float(row["latitude"]))
                kilometres = math.hypot(x - 723_337, y - 6_920_506) / 1000
                by_hand[row["organisation"]] = min(kilometres, by_hand.get(row["organisation"], math.inf))
    index = site.index
    found = supply(index, measured(site.actors, site.territories, SOISSONS, candidates(index)))
    # Le Relais is nearer by its place of Crouy, known to its commune only.
    relais = by_hand.pop("le-relais-nord-est-idf")
    assert found.nearest["le-relais-nord-est-idf"] < relais
    compared = {name: kilometres for name, kilometres in by_hand.items() if kilometres < 20}
    assert set(compared) >= {"realiss", "axo-meca", "blanchisserie-centrale", "ateliers-de-taux"}
    assert {name: found.nearest[name] for name in compared} == pytest.approx(compared, abs=0.01)
    # By hand: Réaliss, La Blanchisserie Centrale, Axo’Meca, Le Relais; Les Ateliers de Taux; the ESAT of Coyolles.
    assert [found.within(radius) for radius in (10, 20, 30)] == [4, 5, 6]
    assert found.radius(3) == pytest.approx(by_hand["axo-meca"], abs=0.01)
    assert found.radius(5) == pytest.approx(by_hand["ateliers-de-taux"], abs=0.01)


def sheet(name: str, themes: list[str], types: list[str], place: str = "") -> dict:
    return {"id": name, "themes": themes, "types": types, "lieu_imprime": place}


def test_the_practice_closest_to_an_action_comes_first_and_never_from_here(toy: Territories):
    sheets = [
        sheet("wide", ["mobilite", "culture", "sante"], []),
        sheet("narrow", ["mobilite"], []),
        sheet("typed", ["mobilite", "culture"], ["aci"]),
        sheet("other", ["culture"], ["aci"]),
        sheet("near", ["culture", "mobilite"], ["aci"]),
        sheet("here", ["mobilite"], ["aci"], "commune:01001"),
        sheet("beside", ["mobilite"], [], "non imprimé"),
    ]
    found = elsewhere(sheets, VELO, toy, Territory("epci", "100000001"))
    assert [one["id"] for one in found] == ["typed", "beside", "narrow", "wide"]
    # Nor from a neighbour of the same PETR.
    assert "here" not in [one["id"] for one in elsewhere(sheets, VELO, toy, Territory("commune", "01002"))]
    assert "here" in [one["id"] for one in elsewhere(sheets, VELO, toy, Territory("commune", "02001"))]


def test_a_candidate_without_a_point_is_no_distance(make_actors, toy: Territories):
    actors = make_actors(
        {"id": "near", "types": "ei", "code_insee": "01001"},
        {"id": "wide", "types": "ei", "precision": "epci", "territoire": "epci:100000001"},
    )
    index = FilterIndex(actors)
    assert candidates(index).tolist() == [True, True]
    found = supply(index, measured(actors, toy, Territory("commune", "01001"), candidates(index)))
    assert list(found.nearest) == ["near"]
    assert np.isclose(found.radius(1), 0.0)
