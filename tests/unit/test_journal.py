"""Edits are applied and recorded together, undone by other changes, and past versions come back."""

import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest

from esscarto.editing import Addition, Cell, Correction, EditError, Retirement
from esscarto.errors import DataError
from esscarto.journal import (
    COLUMNS,
    EDITORS,
    ERASED,
    KIND_WORDS,
    history,
    overwritten,
    record,
    restore,
    undo,
    versions,
)
from esscarto.settings import SITE
from esscarto.storage.store import ConflictError, FileStore

PARIS = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 22, 12, 30, 15, 123456, tzinfo=PARIS)
ACTOR = "activcites"
NEW = {
    "id": "zeste-toy",
    "organisation": "zeste-toy",
    "nom": "Zeste",
    "statut_ess": "non_imprime",
    "roles": "operateur",
    "precision": "aucune",
    "statut": "a_verifier",
    "source": "000:1",
}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """A store that holds the shipped directory, and no journal yet."""
    shutil.copy(SITE / "data" / "actors.csv", tmp_path)
    return FileStore(tmp_path)


def content(store: FileStore, table: str = "actors") -> bytes:
    return store.files.table(table).read_bytes()


def correct(store: FileStore, **after: str):
    (change,) = record(store, [Correction(ACTOR, {}, after)], role="referent", now=NOON)
    return change


def value(store: FileStore, column: str) -> str:
    return store.read("actors").rows.set_index("id").at[ACTOR, column]


def test_a_change_is_recorded_with_its_time_role_values_and_reason(store: FileStore):
    former = value(store, "nom")
    record(store, [Correction(ACTOR, {}, {"nom": "Autre"})], role="referent", reason=" appel du jour ", now=NOON)
    lines = store.read("journal").rows
    assert lines.to_dict("records") == [
        {
            "change": "1",
            "when": "2026-11-22T12:30:15+01:00",
            "role": "referent",
            "kind": "correction",
            "actor": ACTOR,
            "column": "nom",
            "before": former,
            "after": "Autre",
            "reason": "appel du jour",
            "undone_by": "",
        }
    ]
    assert tuple(lines.columns) == COLUMNS


def test_the_clock_of_the_machine_gives_a_time_zone(store: FileStore):
    (change,) = record(store, [Correction(ACTOR, {}, {"nom": "Autre"})], role="local")
    when = datetime.fromisoformat(change.when)
    assert abs(datetime.now(UTC) - when) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="time zone"):
        record(store, [Correction(ACTOR, {}, {"nom": "A"})], role="local", now=datetime(2026, 1, 1))


def test_every_kind_of_edit_is_recorded_and_read_back_the_newest_first(store: FileStore):
    edits = [
        Addition(NEW),
        Correction(ACTOR, {}, {"nom": "Autre", "note": ""}),
        Retirement(ACTOR, {}, "2026-11"),
    ]
    done = record(store, edits, role="import", reason="fichier de novembre", now=NOON)
    assert [change.kind for change in done] == ["ajout", "correction", "retrait"]
    assert history(store) == done[::-1]
    assert [change.kind for change in history(store, actor=ACTOR)] == ["retrait", "correction"]
    assert all(change.kind in KIND_WORDS and change.role in EDITORS for change in done)
    again = record(store, [Correction(ACTOR, {}, {"nom": "Suite"})], role="referent", now=NOON)
    assert [change.number for change in (*done, *again)] == [1, 2, 3, 4]


def test_one_edit_that_does_not_hold_leaves_the_directory_and_the_journal_as_they_were(store: FileStore):
    correct(store, nom="Autre")
    before = content(store), content(store, "journal")
    with pytest.raises(EditError):
        record(store, [Addition(NEW), Correction(ACTOR, {}, {"statut": "x"})], role="import")
    assert (content(store), content(store, "journal")) == before


@pytest.mark.parametrize("role", ["", "Référent", "jaune canari", "admin"])
def test_a_role_is_one_of_a_closed_list_so_that_no_name_slips_in(store: FileStore, role: str):
    with pytest.raises(ValueError, match="not a role"):
        record(store, [Correction(ACTOR, {}, {"nom": "Autre"})], role=role)


@pytest.mark.parametrize("reason", ["demande de x.canari@exemple.fr", "voir le 06 00 00 00 00", "x" * 501])
def test_a_reason_that_holds_a_persons_data_or_a_novel_is_refused(store: FileStore, reason: str):
    with pytest.raises(EditError) as refused:
        record(store, [Correction(ACTOR, {}, {"nom": "Autre"})], role="referent", reason=reason)
    assert set(refused.value.faults) == {"reason"}
    assert value(store, "nom") != "Autre"


def test_two_editors_of_one_row_the_second_is_told_and_of_two_rows_both_pass(store: FileStore):
    seen = {row["id"]: row for row in store.read("actors").rows.to_dict("records")}
    record(store, [Correction(ACTOR, seen[ACTOR], {"nom": "Première"})], role="referent", now=NOON)
    with pytest.raises(ConflictError):
        record(store, [Correction(ACTOR, seen[ACTOR], {"note": "Seconde"})], role="local", now=NOON)
    record(store, [Correction("ademe", seen["ademe"], {"note": "Autre ligne"})], role="local", now=NOON)
    after = {row["id"]: row for row in store.read("actors").rows.to_dict("records")}
    assert after[ACTOR] == seen[ACTOR] | {"nom": "Première"}
    assert after["ademe"] == seen["ademe"] | {"note": "Autre ligne"}


class TestUndo:
    @pytest.mark.parametrize(
        "edit",
        [Addition(NEW), Correction(ACTOR, {}, {"nom": "Autre", "note": ""}), Retirement(ACTOR, {}, "2026")],
        ids=["addition", "correction", "retirement"],
    )
    def test_any_edit_is_undone_to_the_byte_and_the_undoing_too(self, store: FileStore, edit):
        before = content(store)
        (change,) = record(store, [edit], role="referent", now=NOON)
        after = content(store)
        undoing = undo(store, change.number, role="local", reason="erreur", now=NOON)
        assert content(store) == before
        assert undoing.reason == "annule le changement 1\u00a0: erreur"
        undo(store, undoing.number, role="local", now=NOON)
        assert content(store) == after
        assert [(c.number, c.kind, c.undone_by) for c in history(store)] == [
            (3, "annulation", 0),
            (2, "annulation", 3),
            (1, change.kind, 2),
        ]
        assert [c.can_be_undone for c in history(store)] == [True, False, False]

    def test_a_value_that_has_changed_since_is_not_overwritten(self, store: FileStore):
        first = correct(store, nom="Autre", note="x")
        correct(store, nom="Encore autre")
        with pytest.raises(ConflictError, match="Encore autre"):
            undo(store, first.number, role="referent")
        assert (value(store, "nom"), value(store, "note")) == ("Encore autre", "x")

    def test_another_column_that_has_changed_since_is_no_obstacle(self, store: FileStore):
        former = value(store, "nom")
        first = correct(store, nom="Autre")
        correct(store, note="x")
        undo(store, first.number, role="referent", now=NOON)
        assert (value(store, "nom"), value(store, "note")) == (former, "x")

    def test_a_change_is_undone_once(self, store: FileStore):
        change = correct(store, nom="Autre")
        undo(store, change.number, role="referent", now=NOON)
        with pytest.raises(DataError, match="le changement 1 a déjà été annulé, par le changement 2"):
            undo(store, change.number, role="referent")

    def test_a_change_that_is_not_in_the_journal_is_refused(self, store: FileStore):
        with pytest.raises(DataError, match="le changement 7 n’est pas dans le journal"):
            undo(store, 7, role="referent")

    def test_a_former_value_that_does_not_hold_does_not_come_back(self, store: FileStore):
        path = store.files.table("actors")
        line = f"{ACTOR},"
        rows = store.read("actors").rows
        rows.loc[rows["id"] == ACTOR, "statut"] = "actf"
        assert line in path.read_text(encoding="utf-8")
        store.save("actors", rows, seen=store.read("actors").version)
        mended = correct(store, statut="actif")
        with pytest.raises(EditError, match="Vouliez-vous dire"):
            undo(store, mended.number, role="referent")
        assert value(store, "statut") == "actif"

    def test_a_persons_address_that_was_corrected_is_not_kept_by_the_journal(self, store: FileStore):
        rows = store.read("actors").rows
        rows.loc[rows["id"] == ACTOR, "courriel"] = "x.canari@exemple.fr"
        store.save("actors", rows, seen=store.read("actors").version)
        change = correct(store, courriel="contact@exemple.fr")
        assert b"canari" not in content(store, "journal")
        (kept,) = history(store)
        assert kept.cells == (Cell(ACTOR, "courriel", ERASED, "contact@exemple.fr"),)
        assert not kept.can_be_undone
        with pytest.raises(DataError, match="donnée personnelle"):
            undo(store, change.number, role="referent")


class TestOverwritten:
    def test_what_was_recorded_and_still_stands_or_was_replaced_in_turn_is_not_lost(self, store: FileStore):
        record(store, [Addition(NEW)], role="referent", now=NOON)
        correct(store, nom="Autre", note="x")
        change = correct(store, nom="Encore autre")
        undo(store, change.number, role="referent", now=NOON)
        undo(store, 1, role="referent", now=NOON)
        assert overwritten(store) == []

    def test_a_spreadsheet_saved_over_a_change_is_found_out(self, store: FileStore):
        opened_in_a_spreadsheet = content(store)
        correct(store, nom="Autre")
        (added,) = record(store, [Addition(NEW)], role="referent", now=NOON)
        store.files.table("actors").write_bytes(opened_in_a_spreadsheet)
        assert [change.number for change in overwritten(store)] == [added.number, 1]
        again = correct(store, nom="Autre")
        assert [change.number for change in overwritten(store)] == [added.number]
        assert again.number == 3

    def test_what_a_restoration_rolled_back_is_not_lost(self, store: FileStore):
        correct(store, nom="Autre")
        restore(store, 1, role="referent", now=NOON)
        assert overwritten(store) == []


class TestRestore:
    def test_a_version_comes_back_to_the_byte_and_the_journal_says_so(self, store: FileStore):
        shipped = content(store)
        correct(store, nom="Autre")
        restored = restore(store, 1, role="ligne_de_commande", reason="essai", now=NOON)
        assert content(store) == shipped
        assert restored.rows.equals(store.read("actors").rows)
        change = history(store)[0]
        assert (change.kind, change.cells) == ("restauration", (Cell("", "actors", "version 2", "version 1"),))
        assert (change.actor, change.reason, change.can_be_undone) == ("", "essai", False)
        with pytest.raises(DataError, match="restaurez «\u00a0version 2\u00a0»"):
            undo(store, change.number, role="referent")

    def test_a_change_rolled_back_by_a_restoration_is_not_undone_twice(self, store: FileStore):
        change = correct(store, nom="Autre")
        restore(store, 1, role="referent", now=NOON)
        with pytest.raises(ConflictError):
            undo(store, change.number, role="referent")

    def test_it_works_when_the_directory_cannot_be_read_any_more(self, store: FileStore):
        correct(store, nom="Autre")
        good = content(store)
        store.files.table("actors").write_bytes(b"\xff\xff")
        restore(store, 2, role="ligne_de_commande", now=NOON)
        assert content(store) == good
        assert history(store)[0].cells[0].before == "contenu modifié hors de l’application"

    def test_the_journal_itself_can_be_restored(self, store: FileStore):
        correct(store, nom="Autre")
        correct(store, nom="Encore autre")
        store.files.table("journal").write_bytes(b"\xff\xff")
        with pytest.raises(DataError, match="UTF-8"):
            correct(store, nom="Troisième")
        restore(store, versions(store, "journal")[0].number, role="ligne_de_commande", table="journal")
        assert [change.number for change in history(store)] == [2, 1]

    def test_the_version_of_today_and_an_unknown_one_are_refused(self, store: FileStore):
        correct(store, nom="Autre")
        before = content(store, "journal")
        with pytest.raises(DataError, match="est déjà celui de la version 2"):
            restore(store, 2, role="referent")
        with pytest.raises(DataError, match="la version 9 n’est pas gardée"):
            restore(store, 9, role="referent")
        assert content(store, "journal") == before

    def test_a_version_that_is_not_a_directory_is_refused(self, store: FileStore):
        good = content(store)
        store.files.table("actors").write_bytes(b"a,b\n1,2\n")
        wreck = store.read("actors")
        store.save("actors", wreck.rows.assign(a="2"), seen=wreck.version)
        with pytest.raises(DataError, match="il manque la colonne"):
            restore(store, 1, role="referent")
        assert good != content(store)


def test_the_versions_are_listed_the_newest_first_with_the_current_one(store: FileStore):
    assert versions(store) == []
    correct(store, nom="Autre")
    rows = len(store.read("actors").rows)
    assert [(v.number, v.rows, v.is_current) for v in versions(store)] == [(2, rows, True), (1, rows, False)]


def test_lines_that_somebody_added_by_hand_do_not_stop_the_journal(store: FileStore):
    correct(store, nom="Autre")
    journal = store.read("journal")
    strange = pd.DataFrame([dict.fromkeys(COLUMNS, "?")], dtype=str)
    store.save("journal", pd.concat([journal.rows, strange], ignore_index=True), seen=journal.version)
    assert correct(store, nom="Encore autre").number == 2
    assert [change.number for change in history(store)] == [2, 1, 0]
