"""One writer at a time: an exclusive lock that a dead process cannot keep, and that is given in turn."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

RETRY_S = 0.005


@contextmanager
def exclusive(path: Path, patience_s: float) -> Iterator[None]:
    """Hold the lock of a file for the length of the block, against every other process and thread.

    The system drops the lock with the process that holds it, so that no crash leaves it closed. The files are
    never removed: whoever opened one before would then hold the lock of another.

    Raises
    ------
    TimeoutError
        When the lock is still held by somebody else after ``patience_s`` seconds.
    OSError
        When the file cannot be opened: read-only disk, no such folder.
    """
    limit = time.monotonic() + patience_s
    # Only one waits at the door at a time: a writer who leaves and comes straight back queues behind it.
    with _held(path.with_name(f"{path.name}.next"), limit) as door, _held(path, limit):
        _give_back(door)
        yield


@contextmanager
def _held(path: Path, limit: float) -> Iterator[int]:
    handle = _open(path)
    try:
        while not _taken(handle):
            if time.monotonic() >= limit:
                raise TimeoutError(path.name)
            time.sleep(RETRY_S)
        yield handle
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o664)
    except PermissionError:
        # Made by another account of the machine: being able to read it is enough to lock it.
        return os.open(path, os.O_RDONLY)


def _taken(handle: int) -> bool:
    """Try once to take the lock. Each open file holds its own, so that two threads exclude each other too."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _give_back(handle: int) -> None:
    """Let the lock go; closing its file does it too."""
    if sys.platform == "win32":
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_UN)
