from collections import Counter
from datetime import date

import pandas as pd
import pytest
from register_places import PERONNE, SOISSONS

from esscarto.editing import Addition, Draft, actors_schema
from esscarto.registers.proposing import accept, propose, remember
from esscarto.registers.provenance import Origin, origin_of, read_origins, record_origins
from esscarto.registers.rows import SIRENE, Reading, frame, make_row
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.store import FileStore

SIRET = "12345678900011"
MONDAY, TUESDAY, WEDNESDAY = "2026-11-16", "2026-11-17", "2026-11-18"
BOTH = frozenset({SOISSONS, PERONNE})


@pytest.fixture(scope="module")
def names(territories):
    return CommuneNames(territories)


@pytest.fixture
def said(names):
    """What the register says of one establishment."""

    def row(siret=SIRET, name="ASSOCIATION ESSAI", code=SOISSONS, day=MONDAY, **cells):
        known = {"famille": "association", "statut_ess": "statut", "headcount": "11", "headcount_year": "2023", **cells}
        return make_row(
            SIRENE, names, key=siret, citation=siret, day=day, name=name, code_insee=code, siret=siret, **known
        )

    return row


@pytest.fixture
def reading():
    def make(*rows, day=MONDAY, perimeter=BOTH):
        return Reading(SIRENE, day, perimeter, frame(rows), Counter())

    return make


@pytest.fixture
def directory(make_rows):
    """A directory of one actor, curated by hand."""

    def make(*cells):
        return make_rows(*({"id": f"a{n}", "nom": f"A{n}", **each} for n, each in enumerate(cells)))

    return make


# ---- new


def test_an_establishment_that_the_directory_has_not_is_proposed(directory, reading, said):
    (proposal,) = propose(directory(), reading(said()))
    assert (proposal.kind, proposal.actor, proposal.already_seen) == ("nouveau", "", False)


def test_what_was_proposed_and_not_decided_is_proposed_again_as_seen(directory, reading, said):
    seen = remember(reading(said()))
    (proposal,) = propose(directory(), reading(said(day=TUESDAY), day=TUESDAY), seen)
    assert (proposal.kind, proposal.already_seen) == ("nouveau", True)


def test_an_accepted_addition_is_an_edit_that_the_directory_takes(directory, reading, said):
    curated = directory()
    (proposal,) = propose(curated, reading(said(adresse="3 RUE DES ESSAIS")))
    edit, origins = accept(proposal, curated)
    assert isinstance(edit, Addition)
    draft = Draft(curated, actors_schema())
    draft.apply(edit, date(2026, 11, 22))
    (row,) = draft.frame().to_dict("records")
    assert (row["id"], row["nom"], row["siret"]) == ("association-essai", "ASSOCIATION ESSAI", SIRET)
    assert {each.champ for each in origins} == {name for name, value in row.items() if value}
    assert {(each.id, each.source, each.date) for each in origins} == {("association-essai", f"900:{SIRET}", MONDAY)}
    assert propose(draft.frame(), reading(said(adresse="3 RUE DES ESSAIS"))) == ()


def test_an_actor_of_the_same_name_elsewhere_is_shown_and_not_taken_for_it(directory, reading, said):
    curated = directory(
        {"nom": "Essai", "code_insee": ""}, {"nom": "L’essai", "code_insee": PERONNE, "aliases": "Essai"}
    )
    (proposal,) = propose(curated, reading(said()))
    assert (proposal.kind, proposal.perhaps) == ("nouveau", ("a0", "a1"))


# ---- the same actor


@pytest.mark.parametrize(
    "actor",
    [
        {"siret": SIRET, "code_insee": PERONNE},
        {"siret": "12345678900029", "code_insee": SOISSONS},
        {"nom": "Association Essai", "code_insee": SOISSONS},
        {"nom": "L’association", "aliases": "X|Essai", "code_insee": SOISSONS},
    ],
)
def test_an_actor_is_known_by_its_number_or_by_its_name_in_its_commune(directory, reading, said, actor):
    proposals = propose(directory(actor), reading(said()))
    assert [(each.kind, each.actor) for each in proposals] == [("modifie", "a0")]


def test_two_actors_that_could_be_it_are_none(directory, reading, said):
    twice = ({"nom": "Essai", "code_insee": SOISSONS}, {"nom": "Essai", "code_insee": SOISSONS})
    (proposal,) = propose(directory(*twice), reading(said()))
    assert (proposal.kind, proposal.perhaps) == ("nouveau", ("a0", "a1"))


# ---- field by field


def test_the_directory_wins_where_it_speaks_and_is_completed_where_it_does_not(directory, reading, said):
    curated = directory(
        {
            "siret": SIRET,
            "code_insee": SOISSONS,
            "commune": "Soissons",
            "famille": "cooperative",
            "types": "ressourcerie",
        }
    )
    (proposal,) = propose(curated, reading(said(types="aci|siae", site_web="https://exemple.fr")))
    fields = {each.field: (each.kept, each.proposed, each.completes) for each in proposal.fields}
    assert fields == {
        "famille": ("cooperative", "association", False),
        "types": ("ressourcerie", "ressourcerie|aci|siae", True),
        "tranche_effectif": ("", "11", True),
        "effectif_imprime": ("", "10 à 19 salariés (2023)", True),
        "site_web": ("", "https://exemple.fr", True),
    }
    edit, origins = accept(proposal, curated)
    assert set(edit.after) == {"types", "tranche_effectif", "effectif_imprime", "site_web"}
    draft = Draft(curated, actors_schema())
    draft.apply(edit, date(2026, 11, 22))
    row = draft.row("a0")
    assert (row["famille"], row["nom"], row["statut_ess"]) == ("cooperative", "A0", "statut")
    said_by = origin_of(row, origins)
    assert said_by["site_web"] == f"900:{SIRET}"
    assert said_by["famille"] == said_by["nom"] == "000:1"


def test_a_value_that_people_wrote_is_replaced_only_when_its_field_is_chosen(directory, reading, said):
    curated = directory({"siret": SIRET, "code_insee": SOISSONS, "famille": "cooperative"})
    (proposal,) = propose(curated, reading(said()))
    edit, _ = accept(proposal, curated, ["famille"])
    assert edit.after == {"famille": "association"}
    assert accept(proposal, curated, []) == (None, ())


def test_a_way_of_writing_is_no_difference(directory, reading, said):
    mine = {
        "siret": SIRET,
        "code_insee": SOISSONS,
        "commune": "Soissons",
        "famille": "association",
        "tranche_effectif": "11",
        "effectif_imprime": "10 à 19 salariés (2023)",
        "adresse": "3, rue des Essais",
        "telephone": "+33 3 23 00 00 00",
        "site_web": "http://www.exemple.fr/",
        "types": "siae|aci",
    }
    register = said(
        adresse="3 RUE DES ESSAIS",
        telephone="0323000000",
        site_web="https://exemple.fr",
        types="aci|siae",
        statut_ess="statut",
    )
    assert propose(directory(mine), reading(register)) == ()


def test_a_difference_that_the_register_told_before_is_marked_as_seen(directory, reading, said):
    curated = directory({"siret": SIRET, "code_insee": SOISSONS, "commune": "Soissons", "famille": "cooperative"})
    seen = remember(reading(said()))
    (same,) = propose(curated, reading(said(day=TUESDAY), day=TUESDAY), seen)
    assert same.already_seen
    (news,) = propose(curated, reading(said(headcount="12", day=TUESDAY), day=TUESDAY), seen)
    headcount = next(each for each in news.fields if each.field == "tranche_effectif")
    assert not news.already_seen
    assert (headcount.before, headcount.proposed) == ("11", "12")


def test_a_place_that_is_accepted_comes_with_its_precision_and_its_source(directory, reading, said):
    curated = directory({"siret": SIRET, "precision": "aucune"})
    (proposal,) = propose(curated, reading(said(adresse="3 RUE DES ESSAIS")))
    edit, _ = accept(proposal, curated)
    assert edit.after["precision"] == "commune"
    assert (edit.after["commune"], edit.after["lieu_date"]) == ("Soissons", MONDAY)
    placed = directory({"siret": SIRET, "precision": "adresse", "code_insee": SOISSONS, "adresse": "1 rue X"})
    edit, _ = accept(propose(placed, reading(said(adresse="3 RUE DES ESSAIS")))[0], placed)
    assert not {"precision", "adresse", "lieu_source"} & set(edit.after)


def test_a_value_changed_since_is_the_directory_s_again():
    origins = [Origin("a0", "site_web", "https://exemple.fr", "900:1", MONDAY)]
    row = {"id": "a0", "site_web": "https://autre.fr", "adresse": "x", "lieu_source": "Liste", "source": "000:1"}
    assert origin_of(row, origins) == {
        "id": "000:1",
        "site_web": "000:1",
        "adresse": "Liste",
        "lieu_source": "000:1",
        "source": "000:1",
    }


def test_the_origins_are_kept_in_a_table_and_the_last_one_counts(tmp_path):
    store = FileStore(tmp_path)
    assert read_origins(store) == []
    first, second = Origin("a0", "siret", "1", "900:1", MONDAY), Origin("a0", "types", "aci", "903:7", MONDAY)
    later = Origin("a0", "siret", "2", "900:2", TUESDAY)
    for origins in ([first, second], [later]):
        with store.transaction() as under_way:
            record_origins(under_way, origins)
    assert read_origins(store) == [later, second]


# ---- gone


@pytest.fixture
def known(directory):
    return directory({"siret": SIRET, "code_insee": SOISSONS, "commune": "Soissons", "statut": "actif"})


def test_an_establishment_that_is_gone_is_told_until_somebody_decides(known, reading, said):
    seen = remember(reading(said()))
    tuesday = reading(day=TUESDAY)
    (gone,) = propose(known, tuesday, seen)
    assert (gone.kind, gone.actor, gone.already_seen) == ("disparu", "a0", False)
    seen = remember(tuesday, seen)
    assert seen[["cle", "vu_le", "absent_depuis"]].to_numpy().tolist() == [[SIRET, MONDAY, TUESDAY]]
    wednesday = reading(day=WEDNESDAY)
    (again,) = propose(known, wednesday, seen)
    assert (again.kind, again.already_seen) == ("disparu", True)
    assert remember(wednesday, seen)["absent_depuis"].tolist() == [TUESDAY]


def test_what_is_gone_changes_nothing_unless_it_is_chosen(known, reading, said):
    (gone,) = propose(known, reading(day=TUESDAY), remember(reading(said())))
    assert accept(gone, known) == (None, ())
    edit, origins = accept(gone, known, ["statut"])
    assert edit.after == {"statut": "a_verifier"}
    assert [each.champ for each in origins] == ["statut"]
    decided = known.assign(statut="passe")
    assert propose(decided, reading(day=TUESDAY), remember(reading(said()))) == ()


def test_what_comes_back_is_gone_no_more(known, reading, said):
    seen = remember(reading(day=TUESDAY), remember(reading(said())))
    back = reading(said(day=WEDNESDAY), day=WEDNESDAY)
    assert "disparu" not in [each.kind for each in propose(known, back, seen)]
    assert remember(back, seen)[["vu_le", "absent_depuis"]].to_numpy().tolist() == [[WEDNESDAY, ""]]


def test_what_was_not_asked_for_is_not_gone(known, reading, said):
    seen = remember(reading(said()))
    elsewhere = reading(day=TUESDAY, perimeter=frozenset({PERONNE}))
    assert propose(known, elsewhere, seen) == ()
    assert remember(elsewhere, seen)[["vu_le", "absent_depuis"]].to_numpy().tolist() == [[MONDAY, ""]]


def test_an_actor_that_has_moved_in_its_commune_is_not_gone(known, reading, said):
    seen = remember(reading(said()))
    proposals = propose(known, reading(said(siret="12345678900029", day=TUESDAY), day=TUESDAY), seen)
    assert [each.kind for each in proposals] == ["modifie"]
    assert "siret" not in proposals[0].completing


def test_what_is_remembered_goes_through_a_table_of_texts(reading, said):
    kept = remember(reading(said()))
    assert kept.map(lambda cell: isinstance(cell, str)).all(axis=None)
    pd.testing.assert_frame_equal(remember(reading(said()), kept), kept)


def test_the_real_directory_against_itself_proposes_nothing(site, reading):
    columns = read_schema(SCHEMAS / "acteurs.schema.json").columns
    curated = site.actors.frame[columns].fillna("").astype(str)
    placed = curated[(curated["siret"] != "") & ~curated["siret"].duplicated(keep=False)]
    rows = [{**row, "cle": row["siret"], "siren": row["siret"][:9]} for row in placed.to_dict("records")]
    assert rows
    assert propose(curated, reading(*rows)) == ()
