"""The tables that people change: saved whole, compared with what was seen, kept in past versions."""

import hashlib
import os
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from esscarto.errors import DataError
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS, SITE
from esscarto.storage.batch import RECORD
from esscarto.storage.loading import read_table
from esscarto.storage.store import ConflictError, FileStore
from esscarto.storage.table_text import format_table, parse_table
from esscarto.storage.versions import Differences, compare

SHIPPED = SITE / "data"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """A store that holds the shipped directory."""
    shutil.copy(SHIPPED / "actors.csv", tmp_path)
    return FileStore(tmp_path, patience_s=0.0)


def file(store: FileStore, table: str = "actors") -> Path:
    return store.files.table(table)


def renamed(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows.assign(nom=[name, *rows["nom"][1:]])


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


class TestText:
    @pytest.mark.parametrize("table", ["actors", "figures", "relations", "competences", "supports"])
    def test_a_shipped_table_read_and_written_is_the_same_to_the_byte(self, table: str):
        content = (SHIPPED / f"{table}.csv").read_bytes()
        assert format_table(parse_table(content, table)) == content

    def test_every_text_comes_back_as_it_was(self, hostile_texts: list[str]):
        nasty = [*hostile_texts, "a\rb", "\r", "a\r\nb", "\n", "\x00", " a ", '"', "", "NA", "é", "e\u0301"]
        rows = pd.DataFrame({"id": [str(n) for n in range(len(nasty))], "nom": nasty}, dtype=str)
        assert parse_table(format_table(rows), "x")["nom"].tolist() == nasty

    def test_what_is_stored_is_read_the_same_by_the_loader_of_the_site(self, tmp_path: Path, hostile_texts):
        rows = parse_table((SHIPPED / "actors.csv").read_bytes(), "x")
        rows = rows.head(len(hostile_texts)).assign(note=hostile_texts)
        path = tmp_path / "actors.csv"
        path.write_bytes(format_table(rows))
        read = read_table(path, read_schema(SCHEMAS / "acteurs.schema.json")).rows
        assert read["note"].tolist() == hostile_texts

    def test_a_byte_order_mark_and_windows_line_ends_are_read(self):
        rows = parse_table("\ufeffid,nom\r\na,Été\r\n\r\nb,\r\n".encode(), "x")
        assert rows.to_dict("list") == {"id": ["a", "b"], "nom": ["Été", ""]}

    @pytest.mark.parametrize(
        ("content", "where", "message"),
        [
            (b"", "x", "ce fichier est vide"),
            (b"id,nom\na,b,c\n", "x, ligne 2", "cette ligne a 3 cellules, l’en-tête en a 2"),
            (b"id,nom\na,b\nc\n", "x, ligne 3", "cette ligne a 1 cellules, l’en-tête en a 2"),
            (b'id,nom\na,"b\nc,d\n', "x, ligne 3", "ce fichier n’est pas un tableau régulier"),
            (b"id,nom,id\na,b,c\n", "x", "la colonne « id » s’y trouve deux fois"),
            ("id,nom\na,é\n".encode("cp1252"), "x", "ce fichier n’est pas en UTF-8"),
            (b"id,nom\na," + b"x" * 20_000_000, "x, ligne 2", "ce fichier n’est pas un tableau régulier"),
        ],
    )
    def test_a_table_whose_cells_would_move_is_refused_with_its_line(self, content: bytes, where: str, message: str):
        with pytest.raises(DataError) as refused:
            parse_table(content, where.partition(",")[0])
        assert (refused.value.message, refused.value.where) == (message, where)
        assert refused.value.remedy

    def test_a_missing_value_is_never_written_as_a_word(self):
        with pytest.raises(TypeError):
            format_table(pd.DataFrame({"id": ["a", None]}))

    def test_a_text_too_long_to_be_read_again_is_never_written(self):
        assert len(parse_table(format_table(pd.DataFrame({"id": ["é" * 100_000]})), "x")["id"][0]) == 100_000
        with pytest.raises(DataError, match="un texte est trop long"):
            format_table(pd.DataFrame({"id": ["é" * 100_001]}))

    def test_half_a_character_is_refused_in_french(self):
        with pytest.raises(DataError, match="caractère incomplet"):
            format_table(pd.DataFrame({"id": ["\ud83d"]}, dtype=object))


class TestReading:
    def test_a_table_never_saved_here_is_read_and_said_to_have_no_checksum(self, store: FileStore):
        seen = store.read("actors")
        assert seen.integrity == "inconnue"
        assert "n’a pas de somme de contrôle" in seen.notice
        assert format_table(seen.rows) == file(store).read_bytes()
        assert seen.version == hashlib.sha256(file(store).read_bytes()).hexdigest()

    def test_reading_leaves_no_file_behind(self, store: FileStore, tmp_path: Path):
        store.read("actors")
        assert files(tmp_path) == {"actors.csv"}

    def test_a_saved_table_is_intact(self, store: FileStore):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        again = store.read("actors")
        assert (again.integrity, again.notice) == ("intacte", "")

    def test_a_row_lost_outside_is_told_with_both_counts_and_the_rows_are_still_read(self, store: FileStore):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        content = file(store).read_bytes()
        file(store).write_bytes(content[: content.rstrip(b"\n").rindex(b"\n") + 1])
        lost = store.read("actors")
        assert lost.integrity == "modifiee"
        assert f"{len(seen.rows)} lignes alors, {len(seen.rows) - 1} maintenant" in lost.notice
        assert len(lost.rows) == len(seen.rows) - 1

    def test_a_reader_caught_between_the_table_and_its_checksum_looks_again(self, store: FileStore, monkeypatch):
        seen = store.read("actors")
        old = store.files.look("actors").content
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        look, looks = type(store.files).look, []

        def too_early(files, table):
            looks.append(table)
            found = look(files, table)
            return replace(found, content=old) if len(looks) == 1 else found

        monkeypatch.setattr(type(store.files), "look", too_early)
        found = store.read("actors")
        assert (found.integrity, found.rows["nom"][0], len(looks)) == ("intacte", "Neuf", 2)

    def test_saving_again_what_a_spreadsheet_left_makes_it_intact(self, store: FileStore):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        file(store).write_bytes(file(store).read_bytes().replace(b"Neuf", b"Tableur"))
        found = store.read("actors")
        store.save("actors", found.rows, seen=found.version)
        assert store.read("actors").integrity == "intacte"

    def test_an_absent_table_is_refused_or_empty_with_its_columns(self, store: FileStore):
        with pytest.raises(DataError, match="ce tableau manque"):
            store.read("journal")
        empty = store.read("journal", ("change", "when"))
        assert (list(empty.rows.columns), len(empty.rows), empty.version) == (["change", "when"], 0, "")

    def test_a_table_that_disappeared_after_a_save_is_never_taken_for_an_empty_one(self, store: FileStore):
        store.save("journal", pd.DataFrame({"change": ["1"]}), seen="")
        file(store, "journal").unlink()
        with pytest.raises(DataError, match="ce tableau manque"):
            store.read("journal", ("change",))

    def test_a_table_without_an_expected_column_is_refused(self, store: FileStore):
        store.save("journal", pd.DataFrame({"change": ["1"]}), seen="")
        with pytest.raises(DataError, match="il manque la colonne « when »"):
            store.read("journal", ("change", "when"))

    @pytest.mark.parametrize("table", ["../actors", "a/b", "", ".lock", "Actors"])
    def test_a_table_is_never_looked_for_elsewhere(self, store: FileStore, table: str):
        with pytest.raises(ValueError, match="not the name of a table"):
            store.read(table)


class TestSaving:
    def test_a_save_changes_what_was_asked_and_nothing_else(self, store: FileStore):
        before = file(store).read_text(encoding="utf-8").splitlines()
        seen = store.read("actors")
        saved = store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        after = file(store).read_text(encoding="utf-8").splitlines()
        assert [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [1]
        assert saved.version == store.read("actors").version

    def test_the_checksum_can_be_checked_without_this_program(self, store: FileStore, tmp_path: Path):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        text = (tmp_path / "actors.csv.sha256").read_text(encoding="utf-8")
        assert text.startswith(f"# {len(seen.rows)} lignes\n")
        if shutil.which("sha256sum"):
            command = ["sha256sum", "--check", "--status", "actors.csv.sha256"]
            assert subprocess.run(command, cwd=tmp_path).returncode == 0

    def test_a_save_over_what_another_session_saved_is_refused_and_writes_nothing(self, store: FileStore):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Première"), seen=seen.version)
        before = file(store).read_bytes()
        with pytest.raises(ConflictError, match="a été modifié depuis que vous l’avez ouvert") as refused:
            store.save("actors", renamed(seen.rows, "Seconde"), seen=seen.version)
        assert file(store).read_bytes() == before
        assert refused.value.remedy.startswith("Rechargez-le")

    def test_a_spreadsheet_that_writes_during_a_transaction_is_not_written_over(self, store: FileStore):
        written = file(store).read_bytes() + b"\n"

        def edit_meanwhile():
            with store.transaction() as under_way:
                rows = under_way.read("actors").rows
                file(store).write_bytes(written)
                under_way.write("actors", renamed(rows, "Neuf"))

        with pytest.raises(ConflictError, match="un autre programme"):
            edit_meanwhile()
        assert file(store).read_bytes() == written

    def test_an_error_in_a_transaction_leaves_every_table_as_it_was(self, store: FileStore, tmp_path: Path):
        before = file(store).read_bytes()

        def stop_halfway():
            with store.transaction() as under_way:
                under_way.write("actors", renamed(under_way.read("actors").rows, "Neuf"))
                under_way.write("journal", pd.DataFrame({"change": ["1"]}))
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            stop_halfway()
        assert file(store).read_bytes() == before
        assert files(tmp_path) == {"actors.csv", ".lock", ".lock.next"}

    def test_a_transaction_reads_what_it_has_written(self, store: FileStore):
        with store.transaction() as under_way:
            under_way.write("actors", renamed(under_way.read("actors").rows, "Neuf"))
            assert under_way.read("actors").rows["nom"][0] == "Neuf"

    def test_saving_the_same_rows_writes_nothing(self, store: FileStore):
        seen = store.read("actors")
        saved = store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        when = file(store).stat().st_mtime_ns
        store.save("actors", saved.rows, seen=saved.version)
        assert file(store).stat().st_mtime_ns == when
        assert len(store.versions("actors")) == 2

    @pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
    def test_a_saved_file_keeps_its_rights(self, store: FileStore):
        file(store).chmod(0o640)
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        assert stat.S_IMODE(file(store).stat().st_mode) == 0o640
        assert stat.S_IMODE(store.files.checksum("actors").stat().st_mode) == 0o644

    def test_a_table_that_is_a_link_stays_one(self, store: FileStore, tmp_path: Path):
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        file(store).rename(elsewhere / "shared.csv")
        file(store).symlink_to(elsewhere / "shared.csv")
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        assert file(store).is_symlink()
        assert (elsewhere / "shared.csv").read_bytes() == format_table(renamed(seen.rows, "Neuf"))

    def test_a_second_writer_waits_no_longer_than_its_patience(self, store: FileStore):
        seen = store.read("actors")
        with store.transaction():
            with pytest.raises(DataError, match="quelqu’un d’autre enregistre") as refused:
                store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
            assert refused.value.remedy == "Réessayez dans un instant."
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)


class TestVersions:
    def test_what_was_there_before_the_first_save_is_version_1(self, store: FileStore):
        shipped = file(store).read_bytes()
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        newest, oldest = store.versions("actors")
        assert [(v.number, v.rows, v.is_current) for v in (newest, oldest)] == [
            (2, len(seen.rows), True),
            (1, len(seen.rows), False),
        ]
        assert oldest.digest == hashlib.sha256(shipped).hexdigest()[:16]
        assert newest.when.utcoffset() is not None

    def test_only_the_last_ones_are_kept_and_their_numbers_go_on(self, tmp_path: Path):
        store, version = FileStore(tmp_path, keep=3), ""
        for name in "abcdef":
            version = store.save("actors", pd.DataFrame({"id": [name]}), seen=version).version
        assert [v.number for v in store.versions("actors")] == [6, 5, 4]

    def test_a_version_is_read_and_compared_before_it_is_restored(self, store: FileStore):
        seen = store.read("actors")
        gone, kept = seen.rows["id"][0], seen.rows["id"][1]
        after = seen.rows.drop(index=0)
        after.loc[1, "nom"] = "Neuf"
        after = pd.concat([after, after.tail(1).assign(id="zz-nouveau")], ignore_index=True)
        store.save("actors", after, seen=seen.version)
        then = store.version("actors", 1)
        assert then.equals(seen.rows)
        assert compare(store.read("actors").rows, then, "id") == Differences((gone,), ("zz-nouveau",), (kept,))

    def test_a_version_is_restored_to_the_byte_and_the_one_it_replaces_is_kept(self, store: FileStore):
        shipped = file(store).read_bytes()
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        new = file(store).read_bytes()
        with store.transaction() as under_way:
            under_way.restore("actors", 1)
        assert file(store).read_bytes() == shipped
        assert store.read("actors").integrity == "intacte"
        with store.transaction() as under_way:
            under_way.restore("actors", 2)
        assert file(store).read_bytes() == new
        assert [(v.number, v.is_current) for v in store.versions("actors")] == [
            (4, True),
            (3, False),
            (2, False),
            (1, False),
        ]

    def test_what_a_spreadsheet_left_becomes_a_version_before_it_is_replaced(self, store: FileStore):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        by_hand = file(store).read_bytes().replace(b"Neuf", b"Tableur")
        file(store).write_bytes(by_hand)
        found = store.read("actors")
        store.save("actors", renamed(found.rows, "Suite"), seen=found.version)
        with store.transaction() as under_way:
            under_way.restore("actors", 3)
        assert file(store).read_bytes() == by_hand

    @pytest.mark.parametrize("wreck", [b"", b"\xff\xfe\x00", b'id,nom\na,"b', None])
    def test_a_wrecked_or_absent_table_is_restored(self, store: FileStore, wreck: bytes | None):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        good = file(store).read_bytes()
        if wreck is None:
            file(store).unlink()
        else:
            file(store).write_bytes(wreck)
        with pytest.raises(DataError):
            store.read("actors")
        with store.transaction() as under_way:
            under_way.restore("actors", 2)
        assert file(store).read_bytes() == good
        kept = [version.rows for version in store.versions("actors")]
        # The wreck is kept too, for whoever wants to look into it.
        whole = len(seen.rows)
        assert kept == ([whole, whole] if wreck is None else [whole, None, whole, whole])

    def test_a_version_that_is_not_kept_is_refused(self, store: FileStore):
        with pytest.raises(DataError, match="la version 12 n’est pas gardée"), store.transaction() as under_way:
            under_way.restore("actors", 12)

    def test_a_version_whose_file_has_changed_is_refused(self, store: FileStore, tmp_path: Path):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        (first,) = (tmp_path / ".versions" / "actors").glob("000001_*")
        first.write_bytes(first.read_bytes()[:-10])
        with pytest.raises(DataError, match="la version 1 est abîmée"), store.transaction() as under_way:
            under_way.restore("actors", 1)

    def test_a_file_of_another_hand_among_the_versions_is_left_alone(self, store: FileStore, tmp_path: Path):
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        foreign = tmp_path / ".versions" / "actors" / "copie de sauvegarde.csv"
        foreign.write_text("id\n")
        now, store.keep = store.read("actors"), 2
        store.save("actors", renamed(now.rows, "Suite"), seen=now.version)
        assert [version.number for version in store.versions("actors")] == [3, 2]
        assert foreign.exists()


class TestRecovery:
    """What a stopped program leaves: see also tests/faults, where it is really stopped."""

    def test_a_commit_stopped_before_its_first_replacement_is_undone(self, store: FileStore, tmp_path: Path):
        before = file(store).read_bytes()
        leave(tmp_path, {"actors.csv": b"id\nnew\n", "journal.csv": b"change\n1\n"})
        store.read("actors")
        assert file(store).read_bytes() == before
        assert files(tmp_path) == {"actors.csv", ".lock", ".lock.next"}

    def test_a_commit_stopped_after_its_first_replacement_is_finished(self, store: FileStore, tmp_path: Path):
        first, _ = leave(tmp_path, {"actors.csv": b"id\nnew\n", "journal.csv": b"change\n1\n"})
        first.replace(file(store))
        assert store.read("actors").rows["id"].tolist() == ["new"]
        assert file(store, "journal").read_bytes() == b"change\n1\n"
        assert files(tmp_path) == {"actors.csv", "journal.csv", ".lock", ".lock.next"}

    def test_temporary_files_are_swept_by_the_next_writer_and_no_others(self, store: FileStore, tmp_path: Path):
        (tmp_path / ".versions" / "actors").mkdir(parents=True)
        stale = [tmp_path / ".actors.csv.abcd1234.tmp", tmp_path / ".versions/actors/.000001_x.csv.abcd1234.tmp"]
        foreign = [tmp_path / "notes.tmp", tmp_path / ".~lock.actors.csv#"]
        for path in [*stale, *foreign]:
            path.write_text("x")
        with store.transaction():
            pass
        assert [path.exists() for path in [*stale, *foreign]] == [False, False, True, True]

    @pytest.mark.parametrize("record", ["", "{}", "[1]", "[[]]", "null", '[["a"]]'])
    def test_a_record_that_says_nothing_is_dropped(self, store: FileStore, tmp_path: Path, record: str):
        (tmp_path / RECORD).write_text(record)
        seen = store.read("actors")
        store.save("actors", renamed(seen.rows, "Neuf"), seen=seen.version)
        assert not (tmp_path / RECORD).exists()


def leave(folder: Path, contents: dict[str, bytes]) -> list[Path]:
    """Leave in a folder what a commit stopped before its first replacement does."""
    names = [f".{name}.abcd1234.tmp" for name in contents]
    for name, content in zip(names, contents.values(), strict=True):
        (folder / name).write_bytes(content)
    moves = ", ".join(f'["{name}", "{target}"]' for name, target in zip(names, contents, strict=True))
    (folder / RECORD).write_text(f"[{moves}]")
    return [folder / name for name in names]
