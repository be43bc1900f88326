"""What a basket says in words: roles, ways to reach, sources, next steps, all of it from the data."""

import numpy as np
import pytest

from esscarto import dossier
from esscarto.basket import Basket
from esscarto.dossier import Entry
from esscarto.partners import answer
from esscarto.places import parse_asked
from esscarto.site import Site

PETR, GARAGE = "acteur:petr-soissonnais-valois", "acteur:axo-meca"
ITEMS = (GARAGE, PETR, "pratique:recycl-aide-80", "programme:cote")


@pytest.fixture
def found(site: Site) -> list[Entry]:
    basket = Basket(ITEMS, {GARAGE: "Demander une visite"})
    return dossier.entries(site, basket)


def test_the_site_knows_its_own_items_and_no_other(site: Site):
    assert all(dossier.known(site, item) for item in ITEMS)
    strangers = ("acteur:personne", "pratique:rien", "programme:rien", "commune:02722", "acteur", "")
    assert not any(dossier.known(site, item) for item in strangers)


def test_the_entries_follow_the_visitor_and_the_groups_follow_the_roles(found: list[Entry]):
    assert [entry.item for entry in found] == list(ITEMS)
    assert [entry.number for entry in found] == [1, 2, 3, 4]
    groups = dossier.by_group(found)
    assert list(groups) == [
        "Opérateurs",
        "Collectivités et information",
        "Pratiques faites ailleurs",
        "Fonds, appels et dispositifs",
    ]


def test_every_entry_says_where_it_comes_from(found: list[Entry]):
    assert all("ligne" in entry.source for entry in found)


def test_a_contact_is_that_of_a_source_or_is_said_not_given(found: list[Entry]):
    garage, petr, *_ = found
    assert garage.ways == ()
    assert petr.email == "contact@soissonnaisvalois.fr"
    assert ("contact@soissonnaisvalois.fr", "mailto:contact@soissonnaisvalois.fr") in petr.ways
    assert "fonction à demander : Chargés de mission du PETR" in dict(petr.ways)


def test_a_programme_names_who_carries_it_and_a_practice_what_to_read(found: list[Entry]):
    practice, programme = found[2:]
    assert "Région Hauts-de-France" in programme.place
    # Its holder's own contact, and the money of the practice, are printed beside.
    assert programme.email == "ess@hautsdefrance.fr"
    assert "Financement : " in practice.description


def test_the_note_of_the_visitor_stays_with_its_entry(found: list[Entry]):
    assert [entry.note for entry in found] == ["Demander une visite", "", "", ""]


def test_the_mask_and_the_points_are_those_of_the_actors_kept(site: Site, found: list[Entry]):
    mask = dossier.mask(site, Basket(ITEMS))
    assert np.count_nonzero(mask) == 2
    row = site.actors.frame.loc["axo-meca"]
    # The PETR has no point of its own; practices and programmes have none either.
    assert dossier.points(site, found) == {1: (row["x"], row["y"])}


def test_the_table_has_one_line_an_entry_and_no_empty_contact(found: list[Entry]):
    table = dossier.table(Basket(ITEMS), found)
    assert table["N°"].tolist() == ["1", "2", "3", "4"]
    assert table["Contact"].tolist()[0] == "non fourni par la source"
    assert table["Votre note"].tolist()[0] == "Demander une visite"
    assert (table["Source"] != "").all()


def test_every_item_of_the_directory_can_be_kept(site: Site):
    actors = [f"acteur:{actor}" for actor in site.actors.frame.index]
    practices = [f"pratique:{name}" for name in site.practices.by_id]
    programmes = [f"programme:{name}" for name in site.programmes.frame["id"]]
    for item in (*actors, *practices, *programmes):
        entry = dossier.entries(site, Basket().add(item))[0]
        assert entry.name
        assert entry.group in dossier.GROUPS


def test_a_basket_that_knows_its_question_says_why_and_how_far(site: Site):
    actor = "acteur:association-saint-jean"
    basket = Basket((actor, "programme:cote")).ask_from("80620~mobilite.bien_vieillir~~20")
    kept, programme = dossier.entries(site, basket)
    assert kept.why[0] == "même thème\N{NARROW NO-BREAK SPACE}: bien vieillir et mobilité"
    assert kept.group == "operateurs"
    assert kept.away.replace("\N{NO-BREAK SPACE}", " ").startswith("à 0,0 km à vol d’oiseau de Péronne")
    assert programme.why
    assert programme.away == ""
    assert dossier.entries(site, Basket((actor,)))[0].why == ()
    assert dossier.entries(site, Basket((actor,)).ask_from("99999~~~20"))[0].away == ""


def test_each_project_has_its_own_reasons_distances_and_roles(site: Site):
    ressourcerie, epicerie = "02810~reemploi~ressourcerie~20", "80410~alimentation.services_proximite~~20"
    basket = Basket(("acteur:ressourcerie-air-peronne",)).ask_from(ressourcerie).begin("Une épicerie", epicerie)
    found = dossier.entries(site, basket.add("acteur:centre-social-de-ham", 1).add("acteur:ateliers-de-taux"))
    air, taux, ham = found
    assert [entry.number for entry in found] == [1, 2, 3]
    assert "de Villers-Cotterêts" in air.away
    assert "de Villers-Cotterêts" in taux.away
    assert "à 1,3" in ham.away
    assert "de Ham" in ham.away
    assert ham.why[0].endswith(": alimentation et services de proximité")
    table = dossier.table(basket, found)
    assert table["Projet"].tolist()[2] == "Une épicerie"
    # A number that a workbook sorts, in kilometres.
    assert table["À vol d’oiseau (km)"].tolist() == [75.9, 19.2, 1.3]


def test_the_role_of_a_basket_is_that_of_the_answer(site: Site):
    question = parse_asked(site, "02810~reemploi~ressourcerie~20")
    groups = answer(site, question).groups
    items = list(dict.fromkeys(item.key for group in groups for item in group.items))[:30]
    entries = dossier.entries(site, Basket(tuple(items)).ask_from("02810~reemploi~ressourcerie~20"))
    first = {item.key: group.code for group in reversed(groups) for item in group.items}
    assert {entry.item: entry.group for entry in entries} == {item: first[item] for item in items}
    # In the order of the groups: the numbers follow one another down the page.
    assert [entry.number for entry in entries] == list(range(1, len(items) + 1))
    assert [item for held in dossier.by_group(entries).values() for item in held] == entries


def test_the_steps_say_once_whom_to_call_and_where(site: Site):
    silent = ("acteur:axo-meca", "acteur:ateliers-de-taux")
    basket = Basket((*silent, "programme:fonds-reemploi", "pratique:recycl-aide-80")).ask_from("02810~reemploi~~20")
    told = dossier.steps(site, basket, dossier.entries(site, basket))
    desk = "PETR du Soissonnais et du Valois (Chargés de mission du PETR, contact@soissonnaisvalois.fr)"
    (how,) = [step for step in told if "comment joindre" in step]
    assert "Axo’Meca et Les Ateliers de Taux" in how or "Les Ateliers de Taux et Axo’Meca" in how
    assert desk in how
    assert "au PETR du lieu du projet : " in told[0]
    assert told[0].endswith("Retz en Valois et PETR du Soissonnais et du Valois.")
    # Without a place, no address is guessed.
    bare = Basket(silent)
    assert "@" not in " ".join(dossier.steps(site, bare, dossier.entries(site, bare)))


def test_a_practice_with_a_distance_has_a_point(site: Site):
    practices = tuple(f"pratique:{key}" for key in site.practices.by_id)[:30]
    basket = Basket(practices).ask_from("02810~reemploi~~20")
    found = dossier.entries(site, basket)
    assert {entry.number for entry in found if entry.away} == set(dossier.points(site, found))


def test_a_place_that_is_not_printed_is_said_once(site: Site):
    for actor in site.actors.frame.index:
        entry = dossier.entries(site, Basket((f"acteur:{actor}",)))[0]
        assert entry.place.lower().count("lieu non imprimé") <= 1


def test_a_place_without_a_point_is_said_as_the_answer_says_it(site: Site):
    (entry,) = dossier.entries(site, Basket(("acteur:cristal-union",)))
    assert entry.place.endswith("(sans point)")
