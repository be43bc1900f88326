"""Processes that write in a store until they are done, or killed: run by ``test_store_faults.py``."""

import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd

from esscarto.errors import DataError
from esscarto.storage.store import FileStore

ROWS = 4000


def numbered(mark: int, rows: int = ROWS) -> pd.DataFrame:
    """A table that says in each row which save wrote it."""
    return pd.DataFrame({"id": [f"r-{row}" for row in range(rows)], "save": str(mark), "text": "é" * 100}, dtype=str)


def save_for_ever(folder: Path, said: Connection) -> None:
    """Save one table and its journal again and again, saying each time what is safe on the disk."""
    store, mark = FileStore(folder), 0
    while True:
        mark += 1
        both(store, mark)
        said.send(mark)


def both(store: FileStore, mark: int) -> None:
    """Save the two tables in one transaction."""
    with store.transaction() as under_way:
        under_way.write("actors", numbered(mark))
        under_way.write("journal", numbered(mark, 10))


def save_until_line(folder: Path, line: int) -> None:
    """Save the two tables, and be killed at the ``line``-th line that the store runs."""
    store, ran = FileStore(folder), 0

    def count(_frame, event: str, _argument: object) -> Callable:
        nonlocal ran
        if event == "line":
            ran += 1
            if ran == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    def trace(frame, _event: str, _argument: object) -> Callable | None:
        return count if frame.f_code.co_filename.endswith(("batch.py", "store.py", "versions.py")) else None

    sys.settrace(trace)
    both(store, 2)


def add(folder: Path, writer: str, rows: int) -> None:
    """Add rows to a table one by one, each in its own transaction."""
    store = FileStore(folder, patience_s=60.0)
    for number in range(rows):
        with store.transaction() as under_way:
            seen = under_way.read("actors").rows
            more = pd.DataFrame({"id": [f"{writer}-{number}"]}).reindex(columns=seen.columns, fill_value="")
            under_way.write("actors", pd.concat([seen, more], ignore_index=True))


def save_on_a_short_disk(folder: Path, most_bytes: int, said: Connection) -> None:
    """Save more than this process may write, and say what the store answers."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        both(FileStore(folder), 2)
    except DataError as error:
        said.send(str(error))
    else:
        said.send("")
