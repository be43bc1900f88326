"""The file of a tour and that of a territory: what they carry, what a hostile name can do in them."""

import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest
from tests.conftest import HOSTILE
from tests.unit.offline.test_page import MOST_BYTES, Reading

from esscarto.actors import locate
from esscarto.cartography.map import pack_mask
from esscarto.offline import carried
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS, data_dir
from esscarto.site import Site
from esscarto.storage.loading import read_actors
from esscarto.territories import Territory
from esscarto.timetable import build
from esscarto.tours import MOST, Tour

DAY = datetime.date(2026, 11, 27)
ACTORS = ["anne-morgan", "axo-meca", "ateliers-de-taux"]
SCHEMA = read_schema(SCHEMAS / "acteurs.schema.json")
SOISSONNAIS = Territory("petr", "soissonnais-valois")


@pytest.fixture(scope="module")
def read(site: Site) -> Reading:
    tour = Tour("Novembre", day=datetime.date(2026, 11, 26), start="02722").with_actors(ACTORS)
    content = carried.of_tour(site, build(site, tour), DAY)
    assert len(content) < MOST_BYTES
    return Reading(content)


def test_the_territory_of_a_tour_is_the_petr_of_most_of_its_stops(site: Site):
    assert carried.home(site, build(site, Tour().with_actors(ACTORS))) == SOISSONNAIS


def test_the_way_goes_from_the_start_through_the_visits_in_their_order(site: Site, read: Reading):
    table = build(site, Tour("Novembre", start="02722").with_actors(ACTORS))
    stops = read.block("etapes")
    assert [stop["acteur"] for stop in stops["visites"]] == table.tour.actors
    soissons = site.territories.communes.loc["02722"]
    assert stops["chemin"][0] == pytest.approx([soissons["label_lat"], soissons["label_lon"]], abs=1e-4)
    assert stops["chemin"][1:] == [[visit["lat"], visit["lon"]] for visit in stops["visites"]]
    assert (stops["jour"], stops["fichier"]) == ("2026-11-26", "esscarto-notes-novembre.csv")


def test_the_ends_of_the_day_the_questions_and_whom_to_call_are_in_the_file(site: Site):
    table = build(site, Tour("Novembre", start="02722", end="02722").with_actors(ACTORS))
    content = carried.of_tour(site, table, DAY, contact="Accueil du PETR, 03 00 00 00 00")
    assert [end["lettre"] for end in Reading(content).block("etapes")["bouts"]] == ["D/A"]
    words = content.decode()
    assert "Accueil du PETR, 03 00 00 00 00" in words
    assert "Départ de Soissons" in words
    assert "Qu’attendez-vous de la commune" in words


def test_each_screen_has_its_message_and_each_message_a_class_for_every_polygon(read: Reading):
    articles = [attributes["data-jeu"] for tag, attributes in read.tags if tag == "article"]
    views = read.block("vues")
    assert {deck: len(screens) for deck, screens in views.items()} == {"tour": 4, "territoire": 8}
    assert [articles.count(deck) for deck in views] == [4, 8]
    numbers = {
        "commune": len(read.block("communes")["features"]),
        "epci": len(read.block("contours")["epci"]["features"]),
    }
    for view in (view for deck in views.values() for view in deck):
        assert len(view["classes"]) == numbers[view["niveau"]]
        assert set(view["classes"]) <= {".", *(entry["k"] for entry in view["legende"]["classes"])}
        (south, west), (north, east) = view["vue"]["b"]
        assert south < north
        assert west < east


def test_a_screen_of_a_stop_draws_that_actor_alone(read: Reading):
    ids = read.block("acteurs")["id"]
    for stop, view in zip(read.block("etapes")["visites"], read.block("vues")["tour"][1:], strict=True):
        assert view["mask"] == pack_mask(np.asarray(ids) == stop["acteur"])


def test_a_departement_is_carried_with_its_communes_under_three_megabytes(site: Site):
    content = carried.of_territory(site, Territory("departement", "80"), DAY)
    assert len(content) < MOST_BYTES
    assert Reading(content).block("communes")["features"]


def test_a_hostile_text_opens_no_tag_in_any_screen_and_no_note(site: Site):
    def tags(texts: list[str]) -> tuple[list[str], list[str]]:
        free, place = (
            ("nom", "description", "adresse", "effectif_imprime"),
            {"commune": "Soissons", "code_insee": "02722"},
        )
        known = {"statut_ess": "statut", "famille": "association", "roles": "operateur", "statut": "actif"}
        rows = [
            {**dict.fromkeys(SCHEMA.columns, ""), **dict.fromkeys(free, text), **place, **known}
            | {"id": f"essai-{rank}", "organisation": f"essai-{rank}", "precision": "commune", "source": "000:1"}
            for rank, text in enumerate(texts)
        ]
        frame = pd.concat([read_actors(data_dir()).rows, pd.DataFrame(rows)], ignore_index=True)
        one = dataclasses.replace(site, actors=locate(frame, site.territories))
        tour = Tour(texts[0][:80]).with_actors([row["id"] for row in rows])
        read = Reading(carried.of_tour(one, build(one, tour), DAY))
        assert [stop["nom"] for stop in read.block("etapes")["visites"]] == [
            one.actors.frame.at[stop["acteur"], "nom"] for stop in read.block("etapes")["visites"]
        ]
        return sorted(tag for tag, _ in read.tags), read.comments

    texts = [text for text in HOSTILE.values() if text.strip()][: MOST - 1]
    assert tags(texts) == tags(["Nom"] * len(texts))
