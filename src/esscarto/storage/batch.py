"""Replace several files together: all of them or none, whatever stops the program in between.

Each file is first written whole beside its target and flushed to the disk. A record then lists the
replacements to make; the first of them is what decides. Stopped before it, nothing has changed and
:func:`recover` sweeps what was prepared; stopped after it, :func:`recover` finishes the others.
"""

import json
import os
import re
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

RECORD = ".commit.json"
_TEMPORARY = re.compile(r"\..+\.[a-z0-9_]{8}\.tmp")


class Batch:
    """New contents for some files of a folder, prepared, then put in place together.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the record; every file is in it or under it. Its lock must be held by the caller.
    """

    def __init__(self, folder: Path):
        self._folder = folder.resolve()
        self._moves: list[tuple[Path, Path]] = []
        self.decided = False
        """Whether the replacements have begun: what is left of them will be made."""

    def stage(self, path: Path, content: bytes) -> None:
        """Write the new content of a file beside it, down to the disk. The first one staged decides.

        Raises
        ------
        OSError
            Disk full or read only: call :meth:`drop`.
        """
        target = path.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        self._moves.append((Path(name), target))
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            _look_alike(handle, target)
            os.fsync(handle)

    def commit(self) -> None:
        """Put the files in place.

        Raises
        ------
        OSError
            Nothing has changed unless :attr:`decided` is true.
        """
        if not self._moves:
            return
        folders = {target.parent for _, target in self._moves}
        for folder in folders:
            _sync_folder(folder)
        record = self._folder / RECORD
        content = json.dumps([[self._from_here(path) for path in move] for move in self._moves])
        draft = Batch(self._folder)
        try:
            draft.stage(record, content.encode())
            os.replace(*draft._moves[0])
        except OSError:
            draft.drop()
            raise
        _sync_folder(self._folder)
        for source, target in self._moves:
            os.replace(source, target)
            self.decided = True
        for folder in folders:
            _sync_folder(folder)
        record.unlink()

    def drop(self) -> None:
        """Forget what was prepared, when :attr:`decided` is false."""
        with suppress(OSError):
            (self._folder / RECORD).unlink(missing_ok=True)
        for source, _ in self._moves:
            with suppress(OSError):
                source.unlink(missing_ok=True)
        self._moves = []

    def _from_here(self, path: Path) -> str:
        return os.path.relpath(path, self._folder)


def is_unfinished(folder: Path) -> bool:
    """Whether replacements are being made, or were stopped in the middle."""
    return (folder / RECORD).exists()


def recover(folder: Path, *others: Path) -> None:
    """Finish or undo what a stopped program left in a folder, and sweep its temporary files.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the record. Its lock must be held by the caller.
    others : pathlib.Path
        Other folders to sweep.

    Raises
    ------
    OSError
        When a replacement still cannot be made; it stays to be finished.
    """
    record = folder / RECORD
    if record.exists():
        moves = _read_record(record)
        if moves and not moves[0][0].exists():
            for source, target in moves:
                if source.exists():
                    os.replace(source, target)
            for parent in {target.parent for _, target in moves}:
                _sync_folder(parent)
        record.unlink()
    for place in (folder, *others):
        for path in place.glob(".*.tmp"):
            if _TEMPORARY.fullmatch(path.name):
                path.unlink(missing_ok=True)


def _read_record(record: Path) -> list[tuple[Path, Path]]:
    """Read the replacements of a record; none when it is not one of ours."""
    try:
        pairs = json.loads(record.read_text(encoding="utf-8"))
        return [(record.parent / source, record.parent / target) for source, target in pairs]
    except (ValueError, TypeError):
        return []


def _look_alike(handle: int, target: Path) -> None:
    """Give a new file the rights and, where it may, the owner of the one it replaces."""
    if sys.platform == "win32":
        return
    try:
        old = target.stat()
    except FileNotFoundError:
        os.fchmod(handle, 0o644)
        return
    os.fchmod(handle, old.st_mode & 0o777)
    with suppress(PermissionError):
        os.fchown(handle, old.st_uid, old.st_gid)


def _sync_folder(folder: Path) -> None:
    """Flush the names of a folder to the disk; a Windows folder cannot be opened for it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
