"""How values spread: the bars of a histogram, and the place of one among the others."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from esscarto.french import number

MOST_BARS = 8


@dataclass(frozen=True)
class Bar:
    """The values from ``low`` to ``high``: the upper bound is outside, unless both are one value."""

    low: float
    high: float
    count: int
    decimals: int

    @property
    def words(self) -> str:
        """The bounds in French: ``0``, ``3 à 4``, ``1,5 à moins de 2,0``."""
        if round((self.high - self.low) * 10**self.decimals) <= 1:
            return number(self.low, self.decimals)
        if self.decimals == 0:
            return f"{number(self.low)} à {number(self.high - 1)}"
        return f"{number(self.low, self.decimals)} à moins de {number(self.high, self.decimals)}"

    def holds(self, value: float) -> bool:
        """Whether a value, as it is written, belongs to this bar."""
        value = round(value, self.decimals)
        return value == self.low if self.high == self.low else self.low <= value < self.high


@dataclass(frozen=True)
class Standing:
    """The place of a value among others, from the highest."""

    rank: int
    among: int
    """How many have a value."""
    tied: int
    """How many others have the same."""


def histogram(values: pd.Series, decimals: int, ceiling: float = math.inf) -> list[Bar]:
    """Return the bars of the values: zero apart, then classes of one round width, empty ones included.

    Parameters
    ----------
    values : pandas.Series
        Values that are not negative; NaN are left out.
    decimals : int
        How the values are written: no bar is narrower than what can be read.
    ceiling : float
        The highest value that has a meaning, 100 for a share: no bar goes beyond.
    """
    # Counted as they are written, in units of the last decimal: no value sits on the wrong side of a bound.
    scale = 10**decimals
    units = np.rint(values.dropna().to_numpy(float) * scale).astype(np.int64)
    positive = units[units > 0]
    bars = [Bar(0.0, 0.0, int(np.count_nonzero(units <= 0)), decimals)] if (units <= 0).any() else []
    if not len(positive):
        return bars
    step = _round_step((positive.max() - positive.min()) / MOST_BARS)
    low = max(int(positive.min()) // step * step, 1 if step == 1 else 0)
    while low <= positive.max():
        high = low + step
        inside = int(np.count_nonzero((positive >= low) & (positive < high)))
        # Zero has its own bar: the first class begins just above.
        bars.append(Bar(max(low, 1) / scale, min(high / scale, ceiling), inside, decimals))
        low = high
    return bars


def standing(values: pd.Series, code: str) -> Standing | None:
    """Return the place of one of the values, None when it has none."""
    value = values.get(code, np.nan)
    if pd.isna(value):
        return None
    known = values.dropna()
    return Standing(int((known > value).sum()) + 1, len(known), int((known == value).sum()) - 1)


def _round_step(width: float) -> int:
    """Return the first of 1, 2, 5, 10, 20, 50... that is not smaller."""
    power = 10 ** max(math.floor(math.log10(width)), 0) if width > 0 else 1
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= width)
