"""``python -m benchmarks.saving``: what it costs to save the directory, and to correct one row of it."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from esscarto.editing import Correction
from esscarto.journal import record
from esscarto.settings import SITE
from esscarto.storage.store import FileStore
from esscarto.storage.table_text import parse_table

GOAL_S = 1.0
"""A save of 20,000 rows, at most."""


def enlarged(rows: int) -> pd.DataFrame:
    """Return the shipped directory repeated up to a number of rows, each with its own identifier."""
    shipped = parse_table((SITE / "data" / "actors.csv").read_bytes(), "actors.csv")
    frame = pd.concat([shipped] * (rows // len(shipped) + 1), ignore_index=True).head(rows)
    frame["id"] = [f"acteur-{number:06d}" for number in range(rows)]
    return frame


def measure(rows: int = 20_000, rounds: int = 5) -> dict[str, float]:
    """Return the median seconds of a read, of a save and of a recorded correction, on a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        store, frame = FileStore(Path(folder)), enlarged(rows)
        version = store.save("actors", frame, seen="").version
        times: dict[str, list[float]] = {"read": [], "save": [], "correct": []}
        for number in range(rounds):
            changed = frame.assign(note=[f"tour {number}", *frame["note"][1:]])
            version = _timed(times["save"], partial(store.save, "actors", changed, seen=version)).version
            _timed(times["read"], partial(store.read, "actors"))
            edit = Correction("acteur-000000", {}, {"nom": f"Tour {number}"})
            _timed(times["correct"], partial(record, store, [edit], role="local"))
            version = store.read("actors").version
    return {step: statistics.median(seconds) for step, seconds in times.items()}


def _timed(times: list[float], work: Callable):
    start = time.perf_counter()
    result = work()
    times.append(time.perf_counter() - start)
    return result


def main() -> int:
    """Measure and report; return 1 when the goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.saving", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("-n", type=int, default=5, help="rounds")
    options = parser.parse_args()
    found = measure(options.rows, options.n)
    for step, seconds in found.items():
        print(f"{step:8} {options.rows:,} rows: {seconds:.3f} s (median of {options.n})")
    met = found["save"] <= GOAL_S
    print(f"goal: a save <= {GOAL_S:g} s: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
