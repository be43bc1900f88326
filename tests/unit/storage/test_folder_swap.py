import os
import time
from pathlib import Path

import pytest
import toy_geo
from toy_geo import communes, state

from esscarto.errors import DataError
from esscarto.storage.folder_swap import replacing
from esscarto.storage.geo_build import build


def test_a_full_disk_leaves_the_old_layers(built, files, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    before = state(built)
    monkeypatch.setattr("esscarto.storage.folder_swap.os.fsync", full)
    with pytest.raises(DataError, match="les couches n’ont pas pu être écrites") as refused:
        build(sorted(files.iterdir()), built)
    assert str(built) not in str(refused.value)
    assert state(built) == before


def test_a_failed_second_rename_puts_the_old_folder_back(built, monkeypatch):
    before, rename = state(built), Path.rename

    def fail_for_the_fresh_one(self, target):
        if ".new-" in self.name:
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_fresh_one)
    with pytest.raises(OSError, match="no"), replacing(built) as fresh:
        (fresh / "x").write_text("new")
    assert state(built) == before


def test_a_swap_cut_between_its_renames_is_undone(built):
    before = state(built)
    built.rename(built.with_name(".geo.old"))
    with pytest.raises(KeyboardInterrupt), replacing(built):
        raise KeyboardInterrupt
    assert state(built) == before


def test_leftovers_are_swept(built):
    done, stale = built.with_name(".geo.old"), built.with_name(".geo.new-xyz")
    for leftover in (done, stale):
        leftover.mkdir()
    old = time.time() - 2 * 24 * 3600
    os.utime(stale, (old, old))
    with replacing(built) as fresh:
        (fresh / "x").write_text("new")
    assert sorted(path.name for path in built.parent.iterdir()) == ["geo"]


def test_files_of_other_hands_are_carried_over(built, files):
    (built / "notes").mkdir()
    (built / "notes" / "lisez-moi.txt").write_text("à garder")
    build(sorted(files.iterdir()), built)
    assert (built / "notes" / "lisez-moi.txt").read_text() == "à garder"
    assert (built / "petr.csv").read_text(encoding="utf-8") == toy_geo.PETR_CSV


def test_a_first_build_needs_no_folder(files, tmp_path):
    petr = tmp_path / "petr.csv"
    petr.write_text(toy_geo.PETR_CSV, encoding="utf-8")
    new = tmp_path / "new" / "geo"
    build([toy_geo.write_decoupage(files), toy_geo.write_wheel(files)], new, petr=petr, regions=["32"])
    assert len(communes(new)) == 9
    assert (new / "scope.csv").read_text(encoding="utf-8") == "code_region,nom\n32,Hauts-de-France\n"
