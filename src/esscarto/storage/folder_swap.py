"""Replace a whole folder, or leave it as it was."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STALE_AFTER_S = 24 * 3600.0


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside ``folder``, which takes its place when the block ends without an error.

    The files of ``folder`` that the block does not write are carried over. Everything is flushed to the disk
    before the swap, which is two renames; a swap cut between them is undone by the next call.

    Raises
    ------
    OSError
        Disk full, folder read only: ``folder`` keeps its content.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.old")
    prefix = f".{folder.name}.new-"
    _recover(folder, aside, prefix)
    fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        _carry_over(folder, fresh)
        for path in [*fresh.rglob("*"), fresh]:
            _sync(path)
        if folder.exists():
            folder.rename(aside)
        try:
            fresh.rename(folder)
        except OSError:
            if aside.exists():
                aside.rename(folder)
            raise
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _recover(folder: Path, aside: Path, prefix: str) -> None:
    if aside.exists():
        if folder.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(folder)
    for stale in folder.parent.glob(f"{prefix}*"):
        if time.time() - stale.stat().st_mtime > STALE_AFTER_S:
            shutil.rmtree(stale, ignore_errors=True)


def _carry_over(folder: Path, fresh: Path) -> None:
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        target = fresh / path.relative_to(folder)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists():
            shutil.copy2(path, target)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
