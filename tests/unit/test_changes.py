"""Changes of the journal: those of one gesture are one entry, and what stands in the way of an undoing is said."""

import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from esscarto import settings
from esscarto.changes import names, obstacle, together
from esscarto.editing import Addition, Correction
from esscarto.journal import Change, history, record, restore, undo, undo_all
from esscarto.storage.store import FileStore

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
ACTOR = "activcites"
IMPORT = "import de «\u00a0liste.csv\u00a0», «\u00a0Une liste\u00a0»"
TITLES = {"telephone": "Téléphone", "note": "Note"}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    shutil.copy(settings.SITE / "data" / "actors.csv", tmp_path)
    return FileStore(tmp_path)


def added(name: str) -> Addition:
    return Addition(
        {
            **{
                "id": name,
                "organisation": name,
                "nom": name.upper(),
                "statut_ess": "non_imprime",
                "roles": "operateur",
            },
            **{"precision": "aucune", "statut": "actif", "source": "saisie:2026-11-22"},
        }
    )


def called(store: FileStore, number: str) -> Change:
    return record(store, [Correction(ACTOR, {}, {"telephone": number})], role="referent", now=NOON)[0]


def against(store: FileStore, change: int) -> str:
    changes = history(store)
    held = {row["id"]: row for row in store.read("actors").rows.to_dict("records")}
    return obstacle(next(one for one in changes if one.number == change), changes, held, TITLES)


def numbers(store: FileStore) -> list[tuple[int, ...]]:
    return [tuple(change.number for change in made) for made in together(history(store))]


def test_an_import_is_one_gesture_and_so_is_its_undoing(store: FileStore):
    done = record(store, [added("aa"), added("bb")], role="local", reason=IMPORT, now=NOON)
    called(store, "03 21 00 00 00")
    undo_all(store, [change.number for change in done], role="local", reason="retrait", now=NOON)
    assert numbers(store) == [(5, 4), (3,), (2, 1)]


def test_two_corrections_of_one_second_are_two_gestures(store: FileStore):
    called(store, "03 21 00 00 00")
    called(store, "03 21 11 11 11")
    record(store, [Correction("tereos", {}, {"note": "vu"})], role="referent", now=NOON)
    assert numbers(store) == [(3,), (2,), (1,)]


def test_a_change_is_told_which_later_one_must_be_undone_first(store: FileStore):
    called(store, "03 21 00 00 00")
    called(store, "03 21 11 11 11")
    said = against(store, 1)
    assert said == "«\u00a0Téléphone\u00a0» a changé depuis (changement 2). Annulez d’abord le changement 2."
    undo(store, 2, role="referent", now=NOON)
    assert against(store, 1) == ""
    undo(store, 1, role="referent", now=NOON)


def test_an_addition_filled_in_since_stands_until_that_is_undone(store: FileStore):
    record(store, [added("aa")], role="local", now=NOON)
    record(store, [Correction("aa", {}, {"note": "vu"})], role="local", now=NOON)
    assert "changement 2" in against(store, 1)
    assert against(store, 2) == ""


def test_what_another_program_wrote_is_not_laid_on_a_change(store: FileStore):
    called(store, "03 21 00 00 00")
    file = store.files.table("actors")
    file.write_bytes(file.read_bytes().replace(b"03 21 00 00 00", b"03 99 99 99 99"))
    assert against(store, 1).endswith("a changé depuis, hors de l’application\u00a0: «\u00a003 99 99 99 99\u00a0».")


def test_a_row_that_a_version_took_away_has_nothing_to_undo_and_keeps_its_name(store: FileStore):
    record(store, [added("aa")], role="local", now=NOON)
    restore(store, 1, role="local", now=NOON)
    assert against(store, 1) == "Cette fiche n’est plus dans l’annuaire\u00a0: rien à annuler."
    assert names(history(store)) == {"aa": "AA"}


def test_a_row_taken_away_by_an_undoing_can_come_back(store: FileStore):
    record(store, [added("aa")], role="local", now=NOON)
    undo(store, 1, role="local", now=NOON)
    assert against(store, 2) == ""
