"""``python -m benchmarks.nearest``: the nearest-N query of the tree beside numpy measuring every actor."""

import argparse
import time

import numpy as np
import pandas as pd

from esscarto.actors import Actors
from esscarto.proximity import Nearby

LIMITS_MS = {15_000: 5.0, 250_000: 50.0}
"""Actors -> what a nearest-N query may take, in milliseconds."""
FROM, SIDE_M = (600_000.0, 6_850_000.0), 220_000.0
"""A square in Lambert-93 (EPSG:2154), about that of a région."""


def main() -> int:
    """Measure both, interleaved; return 1 when a limit is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nearest", description=__doc__)
    parser.add_argument("-n", type=int, default=10, help="how many of the nearest")
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    rng, met = np.random.default_rng(7), True
    for size, limit in LIMITS_MS.items():
        xy = np.array(FROM) + SIDE_M * rng.random((size, 2))
        names = [f"acteur-{at}" for at in range(size)]
        nearby = Nearby(Actors(pd.DataFrame({"nom": names, "x": xy[:, 0], "y": xy[:, 1]}, index=names)))
        for share in (1.0, 0.1, 0.001):
            mask = rng.random(size) < share
            nearby.nearest(*xy[0], options.n, mask)
            ours, brute = [], []
            for x, y in np.array(FROM) + SIDE_M * rng.random((options.rounds, 2)):
                start = time.perf_counter()
                found = nearby.nearest(x, y, options.n, mask)
                middle = time.perf_counter()
                expected = _brute(xy, mask, x, y, options.n)
                brute.append(1000 * (time.perf_counter() - middle))
                ours.append(1000 * (middle - start))
                assert [at for at, _ in found] == expected
            worst = float(np.quantile(ours, 0.95))
            met = met and worst <= limit
            print(
                f"{size:>7} actors, {share:>6.1%} selected: median {np.median(ours):.3f} ms, p95 {worst:.3f} ms "
                f"(limit {limit:g} ms); numpy on every actor {np.median(brute):.3f} ms, "
                f"ratio {np.median(ours) / np.median(brute):.2f}"
            )
    return 0 if met else 1


def _brute(xy: np.ndarray, mask: np.ndarray, x: float, y: float, how_many: int) -> list[int]:
    metres = np.where(mask, np.hypot(xy[:, 0] - x, xy[:, 1] - y), np.inf)
    order = np.argsort(metres, kind="stable")[:how_many]
    return [int(at) for at in order if np.isfinite(metres[at])]


if __name__ == "__main__":
    raise SystemExit(main())
