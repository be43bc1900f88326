"""How values spread: bars and ranks counted by hand."""

import numpy as np
import pandas as pd
import pytest

from esscarto.distribution import histogram, standing
from esscarto.french import NNBSP


def bars(values: list[float], decimals: int, ceiling: float = np.inf) -> list[tuple[str, int]]:
    return [(bar.words, bar.count) for bar in histogram(pd.Series(values), decimals, ceiling)]


@pytest.mark.parametrize(
    ("values", "decimals", "expected"),
    [
        ([0, 0, 1, 3, np.nan], 0, [("0", 2), ("1", 1), ("2", 0), ("3", 1)]),
        # (20 - 1) / 8 = 2.4: the next round width is 5. The first class begins just above zero.
        ([0, 1, 4, 5, 20], 0, [("0", 1), ("1 à 4", 2), ("5 à 9", 1), ("10 à 14", 0), ("15 à 19", 0), ("20 à 24", 1)]),
        ([0.5, 0.25, 0.30], 2, [("0,25 à moins de 0,30", 1), ("0,30 à moins de 0,35", 1), ("0,35 à moins de 0,40", 0)]),
        ([7, 7], 0, [("7", 2)]),
        ([1.52, 0], 2, [("0,00", 1), ("1,52", 1)]),
        ([0, 0], 1, [("0,0", 2)]),
        ([np.nan], 0, []),
        ([], 0, []),
        ([1000, 9000], 0, [(f"1{NNBSP}000 à 1{NNBSP}999", 1), (f"2{NNBSP}000 à 2{NNBSP}999", 0)]),
    ],
)
def test_the_bars_are_those_of_a_hand(values, decimals: int, expected):
    assert bars(values, decimals)[: len(expected)] == expected


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_each_value_is_in_one_bar_and_no_more(decimals: int):
    values = pd.Series(np.random.default_rng(7).gamma(0.6, 9, 500))
    found = histogram(values, decimals)
    assert sum(bar.count for bar in found) == 500
    assert len(found) <= 11
    for value in values:
        assert sum(bar.holds(value) for bar in found) == 1
    for bar in found:
        assert bar.count == sum(bar.holds(value) for value in values)


def test_a_share_never_goes_beyond_one_hundred():
    assert bars([40, 72, 100], 1, 100)[-1] == ("100,0", 1)
    assert histogram(pd.Series([40.0, 72, 100]), 1, 100)[-1].holds(100.0)


def test_a_rank_counts_those_above_and_says_who_is_level():
    values = pd.Series({"a": 3.0, "b": 5.0, "c": 3.0, "d": np.nan, "e": 1.0})
    place = standing(values, "a")
    assert (place.rank, place.among, place.tied) == (2, 4, 1)
    assert standing(values, "b").rank == 1
    assert standing(values, "e").rank == 4
    assert standing(values, "d") is None
    assert standing(values, "nobody") is None
