"""A checked file enters the directory whole, with its record and its source, or not at all; and goes back whole."""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esscarto.errors import DataError
from esscarto.importing.reference import Reference, load_reference
from esscarto.importing.report import Report, check_table
from esscarto.importing.rows import Provenance
from esscarto.journal import history, undo_all
from esscarto.publishing import BESIDE_COLUMNS, completion, publish
from esscarto.settings import SITE
from esscarto.site import Site
from esscarto.storage.reading_files import read_content
from esscarto.storage.store import ConflictError, FileStore

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CITED = Provenance("100", "Liste des lieux", "PETR exemple", "2026-11", "Licence Ouverte 2.0")
HEAD = "nom;code_insee;adresse;telephone;siret;Réf"

Check = Callable[..., Report]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("actors.csv", "documents.csv"):
        shutil.copy(SITE / "data" / name, tmp_path)
    return tmp_path


@pytest.fixture
def store(data: Path) -> FileStore:
    return FileStore(data)


@pytest.fixture(scope="module")
def reference(site: Site) -> Reference:
    return load_reference(SITE / "data", site.territories)


@pytest.fixture
def check(reference: Reference) -> Check:
    def make(*lines: str, **options) -> Report:
        table = read_content("\n".join(lines).encode(), "lieux.csv")
        return check_table(table, reference, provenance=CITED, **options)

    return make


def rows(data: Path, table: str) -> list[dict[str, str]]:
    with (data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row(data: Path, actor: str) -> dict[str, str]:
    (found,) = [row for row in rows(data, "actors") if row["id"] == actor]
    return found


def test_good_lines_enter_with_their_record_their_source_and_their_own_columns(check, store, data):
    before = rows(data, "actors")
    report = check(HEAD, "Zorglub;02722;1 rue A;;;=1+1", "Bulgroz;02722;2 rue B;;;", ";02722;;;;sans nom")
    done = publish(store, report, role="local", now=NOON)
    assert (done.added, done.completed, done.document) == (2, 0, "100")
    assert len(rows(data, "actors")) == len(before) + 2
    assert row(data, "zorglub")["source"] == "100:2"
    (document,) = [row for row in rows(data, "documents") if row["document"] == "100"]
    assert (document["titre"], document["producteur"], document["date"]) == (
        "Liste des lieux",
        "PETR exemple",
        "2026-11",
    )
    assert document["note"] == "Fichier importé dans l’annuaire. Licence : Licence Ouverte 2.0."
    # What a spreadsheet would compute is shielded.
    assert rows(data, "beside") == [dict(zip(BESIDE_COLUMNS, ("100", "2", "zorglub", "Réf", "'=1+1"), strict=True))]
    changes = history(store)
    assert [(change.kind, change.role, change.number) for change in changes] == [
        ("ajout", "local", 2),
        ("ajout", "local", 1),
    ]
    assert "lieux.csv" in changes[0].reason
    assert "Liste des lieux" in changes[0].reason


def test_an_import_that_is_undone_leaves_the_directory_to_the_byte(check, store, data):
    before = (data / "actors.csv").read_bytes()
    actor = next(row for row in rows(data, "actors") if row["siret"] and not row["telephone"])
    report = check(
        HEAD, "Zorglub;02722;1 rue A;;;", f"Autre nom;;;0323000000;{actor['siret']};", decisions={3: "completer"}
    )
    done = publish(store, report, role="local", now=NOON)
    assert (done.added, done.completed) == (1, 1)
    undone = undo_all(store, done.changes, role="local", now=NOON)
    assert (data / "actors.csv").read_bytes() == before
    assert [change.undone_by for change in history(store)] == [0, 0, *sorted(change.number for change in undone)]
    with pytest.raises(DataError, match="déjà été annulé"):
        undo_all(store, done.changes, role="local", now=NOON)


def test_one_change_that_cannot_be_undone_keeps_them_all(check, store, data):
    done = publish(store, check(HEAD, "Zorglub;02722;;;;", "Bulgroz;02722;;;;"), role="local", now=NOON)
    undo_all(store, done.changes[:1], role="local", now=NOON)
    after = (data / "actors.csv").read_bytes()
    with pytest.raises(DataError, match="déjà été annulé"):
        undo_all(store, done.changes, role="local", now=NOON)
    assert (data / "actors.csv").read_bytes() == after


def test_a_known_actor_is_completed_where_it_is_empty_and_cites_the_line(check, store, data):
    known = next(row for row in rows(data, "actors") if row["siret"] and row["adresse"] and not row["telephone"])
    report = check(HEAD, f"Tout autre nom;;9 rue Z;03 23 00 00 00;{known['siret']};R2", decisions={2: "completer"})
    assert report.counts.completing == 1
    assert report.is_clean
    publish(store, report, role="local", now=NOON)
    after = row(data, known["id"])
    assert after == known | {"telephone": "03 23 00 00 00", "source": f"{known['source']}|100:2"}
    assert [(line["actor"], line["value"]) for line in rows(data, "beside")] == [(known["id"], "R2")]


def test_two_lines_complete_one_actor_one_after_the_other(check, store, data):
    known = next(row for row in rows(data, "actors") if row["siret"] and not row["telephone"] and not row["site_web"])
    report = check(
        "nom;siret;telephone;site_web",
        f"Un;{known['siret']};03 23 00 00 00;",
        f"Deux;{known['siret']};03 23 99 99 99;https://exemple.fr",
        decisions={2: "completer", 3: "completer"},
    )
    assert publish(store, report, role="local", now=NOON).completed == 1
    after = row(data, known["id"])
    assert (after["telephone"], after["site_web"]) == ("03 23 00 00 00", "https://exemple.fr")
    assert after["source"].endswith("|100:2|100:3")


def test_a_line_that_completes_nothing_changes_nothing(check, store, data):
    known = next(row for row in rows(data, "actors") if row["siret"])
    report = check("nom;siret", f"Autre;{known['siret']}", decisions={2: "completer"})
    with pytest.raises(DataError, match="aucune ligne n’est prête"):
        publish(store, report, role="local", now=NOON)
    assert not (data / "journal.csv").exists()


def test_only_an_actor_of_the_directory_is_completed(check):
    report = check(HEAD, "Zorglub;02722;;;;", "ZORGLUB;02722;;;;", decisions={3: "completer"})
    assert report.states == {2: "bonne", 3: "doublon"}


def test_a_line_with_the_identifier_of_another_actor_takes_its_own_when_a_person_says_they_differ(check, reference):
    known = reference.known.iloc[0]["id"]
    (new,) = check("id;nom;code_insee", f"{known};Zorglub;02722", decisions={2: "garder"}).rows["id"]
    assert new == "zorglub"


def test_a_number_that_another_import_has_taken_meanwhile_is_refused_and_nothing_is_written(check, store, data):
    first, second = check(HEAD, "Zorglub;02722;;;;"), check(HEAD, "Bulgroz;02722;;;;")
    publish(store, first, role="local", now=NOON)
    after = {path.name: path.read_bytes() for path in data.glob("*.csv")}
    with pytest.raises(ConflictError, match="un autre fichier vient d’être importé"):
        publish(store, second, role="local", now=NOON)
    assert {path.name: path.read_bytes() for path in data.glob("*.csv")} == after


KEPT = {"commune": "Soissons", "code_insee": "02722", "precision": "commune", "statut_ess": "non_imprime"}


@pytest.mark.parametrize(
    ("kept", "brought", "filled"),
    [
        ({"telephone": "+33323000000"}, {"telephone": "+33323999999", "courriel": "contact@exemple.fr"}, {"courriel"}),
        # An address goes with its point.
        ({}, {"adresse": "1 rue A", "longitude": "3.3", "latitude": "49.3"}, {"adresse", "longitude", "latitude"}),
        ({"adresse": "9 rue Z"}, {"adresse": "1 rue A", "longitude": "3.3", "latitude": "49.3"}, set()),
        (
            {"adresse": "1, rue A"},
            {"adresse": "1 Rue A", "longitude": "3.3", "latitude": "49.3"},
            {"longitude", "latitude"},
        ),
        ({"longitude": "3.1", "latitude": "49.1"}, {"adresse": "1 rue A"}, set()),
        # Elsewhere, nothing of the place is taken.
        ({}, {"code_insee": "02408", "adresse": "1 rue A", "site_web": "https://exemple.fr"}, {"site_web"}),
        ({"statut_ess": "public"}, {"statut_ess": "statut"}, set()),
        ({}, {"statut_ess": "statut"}, {"statut_ess"}),
        ({}, {"nom": "Autre nom", "note": "x", "statut": "actif"}, set()),
    ],
)
def test_what_people_keep_wins_field_by_field(kept, brought, filled):
    assert completion(KEPT | kept, {"code_insee": "02722"} | brought).keys() == filled


def test_a_place_that_becomes_known_is_as_precise_as_the_file_says():
    nowhere = {"precision": "aucune"}
    place = {"code_insee": "02722", "commune": "Soissons", "precision": "commune"}
    assert completion(nowhere, place) == place
    street = {
        "code_insee": "02722",
        "adresse": "1 rue A",
        "longitude": "3.3",
        "latitude": "49.3",
        "precision": "adresse",
    }
    assert completion(KEPT, street)["precision"] == "adresse"
    assert "precision" not in completion(
        KEPT | {"precision": "adresse", "adresse": "1 rue A"}, street | {"precision": "rue"}
    )
