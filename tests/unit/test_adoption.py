import csv
from datetime import UTC, datetime

import pytest

from esscarto.adoption import adopt
from esscarto.editing import Correction, actors_schema
from esscarto.errors import DataError
from esscarto.journal import history, record
from esscarto.registers.provenance import read_origins
from esscarto.registers.remembering import Compared
from esscarto.registers.rows import SIRENE, Reading, frame, make_row
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.store import ConflictError, FileStore

SIRET, OTHER = "12345678900011", "12345678900029"
SOISSONS = "02722"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = "2026-11-22"
DOCUMENT = "document,titre,titre_court,producteur,date,annee_des_donnees,note\n000,Une fiche,Fiche,CRESS,2024,,\n"


@pytest.fixture
def store(tmp_path, make_rows):
    """A directory of two actors that people keep."""
    rows = make_rows(
        {
            "id": "connu",
            "nom": "Connu",
            "siret": SIRET,
            "code_insee": SOISSONS,
            "commune": "Soissons",
            "adresse": "1 rue Ancienne",
            "precision": "adresse",
            "longitude": "3.32",
            "latitude": "49.38",
            "lieu_source": "ancienne source",
        },
        {"id": "ferme", "nom": "Fermé", "siret": OTHER, "code_insee": SOISSONS, "commune": "Soissons"},
    )
    assert list(rows.columns) == actors_schema().columns
    (tmp_path / "documents.csv").write_text(DOCUMENT, encoding="utf-8")
    kept = FileStore(tmp_path)
    kept.save("actors", rows, seen="")
    return kept


@pytest.fixture
def row(site):
    names = CommuneNames(site.territories)

    def make(siret, name, **cells):
        return make_row(
            SIRENE, names, key=siret, citation=siret, day=DAY, name=name, code_insee=SOISSONS, siret=siret, **cells
        )

    return make


@pytest.fixture
def proposals(store):
    """What a register that says these rows proposes, by its key."""

    def make(*rows, gone=()):
        seen = frame(gone).assign(vu_le="2026-10-01", absent_depuis="") if gone else None
        reading = Reading(SIRENE, DAY, frozenset({SOISSONS}), frame(rows))
        return {each.key: each for each in Compared(reading, seen).proposals(store.read("actors").rows)}

    return make


def actor(store, name):
    rows = store.read("actors").rows
    return rows[rows["id"] == name].iloc[0]


def documents(store):
    return {line["document"]: line for line in csv.DictReader((store.files.folder / "documents.csv").open())}


def everything(store):
    return {path.name: path.read_bytes() for path in store.files.folder.glob("*.csv")}


def test_an_addition_is_written_with_its_record_its_origins_and_its_document(store, row, proposals):
    found = proposals(row("99999999900011", "Élan", famille="association"))
    (change,) = adopt(store, [(found["99999999900011"], ())], role="referent", now=NOW)
    added = actor(store, "elan")
    assert (added["nom"], added["famille"], added["source"]) == ("Élan", "association", "900:99999999900011")
    assert (change.kind, change.role, change.reason.replace("\u00a0", " ")) == (
        "ajout",
        "referent",
        "Registre public : Répertoire Sirene, par l’API Recherche d’entreprises",
    )
    assert [each.number for each in history(store)] == [change.number]
    origins = {each.champ: each.source for each in read_origins(store) if each.id == "elan"}
    assert origins["famille"] == "900:99999999900011"
    assert set(documents(store)) == {"000", "900"}
    assert (documents(store)["900"]["producteur"], documents(store)["900"]["date"]) == ("Insee, DINUM", DAY)


def test_the_document_of_a_register_is_named_once(store, row, proposals):
    for number in (1, 2):
        siret = f"9999999990001{number}"
        adopt(store, [(proposals(row(siret, f"Élan {number}"))[siret], ())], role="local", now=NOW)
    assert set(documents(store)) == {"000", "900"}


def test_only_the_fields_that_are_chosen_are_taken(store, row, proposals):
    found = proposals(row(SIRET, "CONNU", famille="association", adresse="9 RUE NEUVE"))[SIRET]
    assert {each.field for each in found.fields} >= {"famille", "adresse"}
    adopt(store, [(found, ("famille",))], role="local", now=NOW)
    after = actor(store, "connu")
    assert (after["famille"], after["adresse"], after["longitude"], after["nom"]) == (
        "association",
        "1 rue Ancienne",
        "3.32",
        "Connu",
    )
    assert [(each.champ, each.source) for each in read_origins(store)] == [("famille", f"900:{SIRET}")]


def test_an_address_that_is_replaced_loses_the_point_of_the_old_one(store, row, proposals):
    found = proposals(row(SIRET, "CONNU", adresse="9 RUE NEUVE"))[SIRET]
    adopt(store, [(found, ("adresse",))], role="local", now=NOW)
    after = actor(store, "connu")
    assert (after["adresse"], after["longitude"], after["latitude"], after["precision"]) == (
        "9 RUE NEUVE",
        "",
        "",
        "commune",
    )
    assert after["lieu_source"].startswith("Répertoire Sirene")


def test_an_actor_that_is_gone_is_to_be_checked_and_stays(store, row, proposals):
    found = proposals(gone=[row(OTHER, "FERMÉ")])[OTHER]
    assert found.kind == "disparu"
    adopt(store, [(found, ("statut",))], role="local", now=NOW)
    assert actor(store, "ferme")["statut"] == "a_verifier"


def test_two_additions_of_one_name_have_two_identifiers(store, row, proposals):
    found = proposals(row("99999999900011", "Élan"), row("99999999900029", "Élan"))
    adopt(store, [(each, ()) for each in found.values()], role="local", now=NOW)
    assert {"elan", "elan-soissons"} <= set(store.read("actors").rows["id"])


def test_one_row_that_does_not_hold_is_named_and_nothing_is_written(store, row, proposals):
    before = everything(store)
    wrong = row("99999999900029", "Abîmée", code_postal="2200")
    found = proposals(row("99999999900011", "Élan"), wrong)
    with pytest.raises(DataError, match="Abîmée"):
        adopt(store, [(each, ()) for each in found.values()], role="local", now=NOW)
    assert everything(store) == before


def test_a_value_that_somebody_has_changed_since_is_a_conflict(store, row, proposals):
    found = proposals(row(SIRET, "CONNU", adresse="9 RUE NEUVE"))[SIRET]
    now = actor(store, "connu").to_dict()
    record(store, [Correction("connu", now, {"adresse": "2 rue Relue"})], role="local", now=NOW)
    before = everything(store)
    with pytest.raises(ConflictError, match="a changé"):
        adopt(store, [(found, ("adresse",))], role="local", now=NOW)
    assert everything(store) == before


def test_what_somebody_has_added_since_is_not_added_twice(store, row, proposals):
    found = proposals(row("99999999900011", "Élan"))["99999999900011"]
    adopt(store, [(found, ())], role="local", now=NOW)
    before = everything(store)
    with pytest.raises(ConflictError, match="déjà dans l’annuaire"):
        adopt(store, [(found, ())], role="local", now=NOW)
    assert everything(store) == before


def test_nothing_chosen_writes_nothing(store):
    before = everything(store)
    assert adopt(store, [], role="local", now=NOW) == []
    assert everything(store) == before
