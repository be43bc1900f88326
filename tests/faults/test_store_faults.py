"""Accidents that really happen to the store: killed writers, a crowd, a full disk, a disk that cannot be written."""

import multiprocessing
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from esscarto.errors import DataError
from esscarto.settings import SITE
from esscarto.storage.store import FileStore

if sys.platform == "win32":
    pytest.skip("signals, limits and mounts of POSIX", allow_module_level=True)

import writers

KILLS = 50
SHIPPED = SITE / "data" / "actors.csv"

# A process forked from a clean server: started at once, with the packages already read.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["esscarto.storage.store"])


@pytest.fixture(autouse=True)
def plain_main(monkeypatch):
    """A process starts by reading ``__main__`` again: never the page that a test of Streamlit has left there."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


def marks(store: FileStore) -> tuple[int, int]:
    """Which save the two tables hold; fails when one of them is torn."""
    found = []
    for table, rows in (("actors", writers.ROWS), ("journal", 10)):
        seen = store.read(table)
        assert seen.integrity == "intacte"
        assert len(seen.rows) == rows
        (mark,) = seen.rows["save"].unique()
        assert seen.rows.equals(writers.numbered(int(mark), rows))
        found.append(int(mark))
    return found[0], found[1]


def leftovers(folder: Path) -> list[Path]:
    return [*folder.rglob(".*.tmp"), *folder.glob(".commit.json")]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_50_kills_in_the_middle_of_writes_tear_no_file_and_lose_no_acknowledged_save(tmp_path: Path):
    """A writer saves without end; it is killed while one of its temporary files is on the disk."""
    store, chance = FileStore(tmp_path), random.Random(4)
    writers.both(store, 0)
    cut = 0
    for _ in range(KILLS):
        told, said = PROCESSES.Pipe(duplex=False)
        writer = PROCESSES.Process(target=writers.save_for_ever, args=(tmp_path, said))
        writer.start()
        said.close()
        assert told.poll(60)
        acknowledged = told.recv()
        # Not always at the same place: after so many looks at the folder that a write was found under way.
        looks = chance.randrange(1, 12)
        while looks:
            looks -= bool(leftovers(tmp_path))
        writer.kill()
        writer.join()
        while told.poll():
            try:
                acknowledged = told.recv()
            except EOFError:
                break
        cut += bool(leftovers(tmp_path))
        in_actors, in_journal = marks(store)
        assert in_actors == in_journal >= acknowledged
        with store.transaction():
            assert leftovers(tmp_path) == []
    # The trial is worth something only if writes were really cut.
    assert cut >= KILLS // 2


def test_a_kill_at_any_step_of_a_save_leaves_both_tables_of_before_or_both_of_after(tmp_path: Path):
    """The writer is killed at its n-th line, for lines spread over the whole save, the commit above all."""
    folder, found, line, step = tmp_path / "data", [], 1, 5
    while not found or found[-1] != "done":
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        writers.both(FileStore(folder), 1)
        writer = PROCESSES.Process(target=writers.save_until_line, args=(folder, line))
        writer.start()
        writer.join()
        actors, journal = marks(FileStore(folder))
        assert actors == journal, f"killed at line {line}"
        with FileStore(folder).transaction():
            assert leftovers(folder) == []
        assert len(FileStore(folder).versions("actors")) == actors
        found.append("done" if writer.exitcode == 0 else actors)
        line += step
    assert {1, 2} < set(found)
    assert len(found) > 30


def test_two_writers_who_add_50_rows_each_keep_100_of_100(tmp_path: Path):
    shutil.copy(SHIPPED, tmp_path)
    before = FileStore(tmp_path).read("actors").rows
    crowd = [PROCESSES.Process(target=writers.add, args=(tmp_path, name, 50)) for name in ("a", "b")]
    for writer in crowd:
        writer.start()
    for writer in crowd:
        writer.join()
    assert [writer.exitcode for writer in crowd] == [0, 0]
    after = FileStore(tmp_path).read("actors")
    assert after.integrity == "intacte"
    assert after.rows.head(len(before)).equals(before)
    added = after.rows["id"][len(before) :]
    assert sorted(added) == sorted(f"{name}-{number}" for name in ("a", "b") for number in range(50))
    # They did work at the same time, or the trial proves nothing; and in turn: neither was kept waiting.
    turns = added.str[0]
    assert (turns != turns.shift()).sum() > 20


def test_readers_never_see_half_a_save(tmp_path: Path):
    store = FileStore(tmp_path)
    writers.both(store, 0)
    told, said = PROCESSES.Pipe(duplex=False)
    writer = PROCESSES.Process(target=writers.save_for_ever, args=(tmp_path, said))
    writer.start()
    assert told.poll(60)
    seen = set()
    while len(seen) < 10:
        rows = store.read("actors")
        assert rows.integrity == "intacte"
        (mark,) = rows.rows["save"].unique()
        assert len(rows.rows) == writers.ROWS
        seen.add(mark)
    assert writer.is_alive()
    writer.kill()
    writer.join()


@contextmanager
def mounted(folder: Path, *command: str) -> Iterator[None]:
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting is for root")
    if subprocess.run(["mount", *command, str(folder)], capture_output=True).returncode:
        pytest.skip("this machine does not let a test mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(("size", "at"), [("700k", "the table"), ("3m", "its version"), ("5m", "the journal")])
def test_a_full_disk_leaves_every_file_as_it_was(tmp_path: Path, size: str, at: str):
    small = tmp_path / "small"
    small.mkdir()
    with mounted(small, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        store, first = FileStore(small), writers.numbered(1, 1000)
        store.save("actors", first, seen="")
        before = contents(small)
        with pytest.raises(DataError) as refused:
            save_both(store, 8000)
        assert refused.value.message == "le disque est plein : rien n’a été écrit"
        assert refused.value.remedy == "Libérez de la place, puis recommencez."
        assert contents(small) == before, f"full at {at}"
        assert store.read("actors").rows.equals(first)
        # What is small enough still passes: nothing of the failed save takes room.
        save_both(store, 100)


def save_both(store: FileStore, rows: int) -> None:
    with store.transaction() as under_way:
        under_way.write("actors", writers.numbered(2, rows))
        under_way.write("journal", writers.numbered(2, rows))


@pytest.mark.parametrize("most_kilobytes", [1, 100, 800])
def test_a_process_that_may_write_no_more_leaves_every_file_as_it_was(tmp_path: Path, most_kilobytes: int):
    writers.both(FileStore(tmp_path), 1)
    before = contents(tmp_path)
    told, said = PROCESSES.Pipe(duplex=False)
    arguments = (tmp_path, most_kilobytes * 1024, said)
    writer = PROCESSES.Process(target=writers.save_on_a_short_disk, args=arguments)
    writer.start()
    assert told.poll(60)
    assert told.recv() == "le disque est plein : rien n’a été écrit. Libérez de la place, puis recommencez."
    writer.join()
    assert contents(tmp_path) == before
    assert marks(FileStore(tmp_path)) == (1, 1)


def test_a_read_only_disk_is_read_and_refuses_a_save_in_words(tmp_path: Path):
    writers.both(FileStore(tmp_path), 1)
    before = contents(tmp_path)
    with mounted(tmp_path, "--bind", "-o", "ro", str(tmp_path)):
        check_closed(tmp_path)
    assert contents(tmp_path) == before


def test_a_folder_without_the_right_to_write_is_read_and_refuses_a_save_in_words(tmp_path: Path):
    writers.both(FileStore(tmp_path), 1)
    before = contents(tmp_path)
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("root writes where it wants: the read-only disk above is its trial")
        check_closed(tmp_path)
    finally:
        tmp_path.chmod(0o755)
    assert contents(tmp_path) == before


def check_closed(folder: Path) -> None:
    """A folder that cannot be written: everything can be read, even what a spreadsheet had changed."""
    store = FileStore(folder)
    assert marks(store) == (1, 1)
    with pytest.raises(DataError) as refused:
        writers.both(store, 2)
    assert refused.value.message == "le dossier des données ne peut pas être modifié : rien n’a été écrit"
    assert str(folder) not in str(refused.value)
    assert [version.number for version in store.versions("actors")] == [1]
