"""The tours kept under a name, in a folder of their own."""

import datetime

import pytest

from esscarto.errors import DataError
from esscarto.saved_tours import delete, duplicate, save, saved
from esscarto.storage.store import FileStore
from esscarto.tours import Tour

TOUR = Tour("Novembre", datetime.date(2026, 11, 26), "02722").with_actors(["anne-morgan", "ateliers-de-taux"])


def test_a_tour_is_saved_duplicated_and_deleted_as_a_whole(site, tmp_path):
    store = FileStore(tmp_path)
    assert saved(store, site) == {}
    save(store, TOUR, role="referent")
    assert duplicate(store, "Novembre", site, role="referent") == "Novembre (copie)"
    assert duplicate(store, "Novembre", site, role="referent") == "Novembre (copie 2)"
    assert saved(store, site)["Novembre"] == TOUR
    delete(store, "Novembre", role="referent")
    assert list(saved(store, site)) == ["Novembre (copie)", "Novembre (copie 2)"]


def test_a_name_that_is_taken_gives_way_only_when_it_is_asked_for(site, tmp_path):
    store = FileStore(tmp_path)
    save(store, TOUR, role="referent")
    shorter = TOUR.with_actors(["anne-morgan"])
    with pytest.raises(DataError, match="porte déjà ce nom"):
        save(store, shorter, role="referent")
    assert saved(store, site)["Novembre"] == TOUR
    save(store, shorter, role="referent", replacing=True)
    assert saved(store, site) == {"Novembre": shorter}


@pytest.mark.parametrize(
    ("tour", "role"), [(TOUR, ""), (Tour("Vide"), "referent"), (Tour(stops=TOUR.stops), "referent")]
)
def test_nothing_is_written_without_a_role_a_name_and_a_stop(site, tmp_path, tour, role):
    store = FileStore(tmp_path)
    with pytest.raises(DataError):
        save(store, tour, role=role)
    assert saved(store, site) == {}


def test_an_actor_that_has_left_the_directory_is_left_out(site, tmp_path):
    store = FileStore(tmp_path)
    save(store, TOUR.with_actors(["anne-morgan", "parti-depuis"]), role="referent")
    assert saved(store, site)["Novembre"].actors == ["anne-morgan"]
