"""Classes of a choropleth: zero apart, no-data apart, and up to five classes between."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from esscarto.french import number
from esscarto.metrics import Indicator

# ColorBrewer YlGnBu, five classes, lightest step dropped for one that tells itself from the ground.
RAMP = ("#d6efb3", "#95d5b9", "#4bb0c3", "#2a76b2", "#1f3f8f")
ZERO_COLOUR = "#ffffff"
NO_DATA = "hachures"

METHODS = {
    "quantiles": "Quantiles (autant de territoires par classe)",
    "jenks": "Seuils naturels (Fisher-Jenks)",
    "egales": "Intervalles égaux",
}
"""Key in the permalink -> French name."""

CLASS_KEYS = "abcde"
ZERO, MISSING, OUTSIDE = "z", "n", "."
SAMPLE_ABOVE = 400
"""Above this many distinct territories Fisher-Jenks, which is quadratic, works on a sample."""


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: the key used on the wire, its colour and its French words."""

    key: str
    colour: str
    text: str


@dataclass(frozen=True)
class Classes:
    """The class of each territory and what the legend says."""

    keys: str
    """One character a territory, in the order of the values."""
    legend: tuple[LegendEntry, ...]


def classify(values: pd.Series, indicator: Indicator, method: str, shown: np.ndarray) -> Classes:
    """Put each value in a class.

    Parameters
    ----------
    values : pandas.Series
        One value a territory, NaN when there is none.
    indicator : Indicator
        For the unit and the decimals of the legend.
    method : str
        A key of :data:`METHODS`; computed by mapclassify on the positive values shown.
    shown : numpy.ndarray of bool
        The territories inside the perimeter; the others are the ground.

    Returns
    -------
    Classes
        Keys ``a`` to ``e`` from low to high, ``z`` for zero, ``n`` for no data, ``.`` outside.
    """
    array = values.to_numpy(float)
    positive = np.unique(array[shown & (array > 0)])
    uppers = _uppers(array[shown & (array > 0)], positive, method)
    if len(uppers):
        # A class that holds no territory is no class.
        met = np.unique(np.searchsorted(uppers, positive, side="left").clip(0, len(uppers) - 1))
        uppers = uppers[met]
    position = np.searchsorted(uppers, array, side="left").clip(0, max(len(uppers) - 1, 0))
    letters = np.array(list(CLASS_KEYS))
    keys = np.where(~shown, OUTSIDE, np.where(np.isnan(array), MISSING, np.where(array <= 0, ZERO, letters[position])))
    colours = _colours(len(uppers))
    entries = [
        LegendEntry(CLASS_KEYS[i], colours[i], text)
        for i, text in enumerate(_texts(uppers, positive, indicator.decimals))
    ]
    if (keys == ZERO).any():
        entries.insert(0, LegendEntry(ZERO, ZERO_COLOUR, "0"))
    if (keys == MISSING).any():
        entries.append(LegendEntry(MISSING, NO_DATA, "non disponible"))
    return Classes("".join(keys), tuple(entries))


def _uppers(values: np.ndarray, distinct: np.ndarray, method: str) -> np.ndarray:
    """Return the ascending, distinct upper bounds of the classes."""
    if len(distinct) <= len(RAMP):
        return distinct
    import mapclassify  # its own imports take a second: only where a class is really needed

    with warnings.catch_warnings():
        # It says at each call that numba would be quicker: our samples are small.
        warnings.filterwarnings("ignore", message="Numba not installed")
        found = _found(mapclassify, values, method)
    return np.unique(found.bins)


def _found(mapclassify: Any, values: np.ndarray, method: str) -> Any:
    match method:
        case "jenks" if len(values) > SAMPLE_ABOVE:
            # An even sample of the sorted values, extremes kept: the same colours at every rerun.
            evenly = np.linspace(0, len(values) - 1, SAMPLE_ABOVE).round().astype(int)
            return mapclassify.FisherJenks(np.sort(values)[evenly], k=len(RAMP))
        case "jenks":
            return mapclassify.FisherJenks(values, k=len(RAMP))
        case "egales":
            return mapclassify.EqualInterval(values, k=len(RAMP))
        case _:
            return mapclassify.Quantiles(values, k=len(RAMP))


def _colours(count: int) -> list[str]:
    """Spread the classes over the ramp, so that few classes still go from light to dark."""
    if count <= 1:
        return [RAMP[2]] * count
    return [RAMP[round(i * (len(RAMP) - 1) / (count - 1))] for i in range(count)]


def _texts(uppers: np.ndarray, distinct: np.ndarray, decimals: int) -> list[str]:
    """Say the bounds that are really met: ``2 à 5``, or ``3`` when a class holds one value."""
    texts, start = [], 0
    for upper in uppers:
        stop = int(np.searchsorted(distinct, upper, side="right"))
        inside = distinct[start:stop]
        low, high = (inside[0], inside[-1]) if len(inside) else (upper, upper)
        first, last = number(float(low), decimals), number(float(high), decimals)
        texts.append(first if first == last else f"{first} à {last}")
        start = stop
    return texts
