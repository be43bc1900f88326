"""Screens made ready for the file: what the page writes, and the message of each to the map."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from esscarto.cartography import layers
from esscarto.cartography.classes import MISSING, NO_DATA, OUTSIDE, ZERO, ZERO_COLOUR, classify
from esscarto.cartography.map import pack_mask
from esscarto.metrics import INDICATORS
from esscarto.screens.model import Deck, View
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.timetable import Timetable

STOP_DEGREES = (0.07, 0.045)
"""Half of what is shown around a stop, in degrees of longitude and latitude: about five kilometres."""


def messages(
    site: Site, decks: Sequence[Deck], mask: np.ndarray, sheet: Territory, bounds: list[list[float]]
) -> dict[str, list[dict[str, Any]]]:
    """Return, for each deck, what each of its screens says to the map: a message of ``esscarto.apply``.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    decks : sequence of Deck
        What is presented.
    mask : numpy.ndarray of bool
        The actors that the file holds.
    sheet : Territory
        The territory whose polygons the file holds.
    bounds : list
        Where a screen that names no place is framed: south-west, north-east, in degrees.
    """
    return {
        deck.key: [
            _message(site, screen.view, mask, sheet, f"{deck.key}-{rank}", bounds)
            for rank, screen in enumerate(deck.screens)
        ]
        for deck in decks
    }


def levels(decks: Sequence[Deck]) -> set[str]:
    """Return the levels of the polygons that the screens draw."""
    return {screen.view.level for deck in decks for screen in deck.screens}


def way_bounds(table: Timetable) -> list[list[float]]:
    """Return the bounds of the visits of a tour, in degrees, with room around them."""
    east, north = STOP_DEGREES
    lons, lats = [visit.lon for visit in table.visits], [visit.lat for visit in table.visits]
    return [[min(lats) - north, min(lons) - east], [max(lats) + north, max(lons) + east]]


def _message(
    site: Site, view: View, mask: np.ndarray, sheet: Territory, name: str, bounds: list[list[float]]
) -> dict[str, Any]:
    codes = site.territories.children(sheet, view.level)
    framed = view.territory or sheet
    shown = np.asarray(codes.isin(site.territories.children(framed, view.level)))
    if view.territory:
        bounds = layers.bounds_of(site.territories, view.territory)
    elif view.point:
        (lon, lat), (east, north) = view.point, STOP_DEGREES
        bounds = [[lat - north, lon - east], [lat + north, lon + east]]
    drawn = np.zeros(len(mask), dtype=bool) if view.actors is None else view.actors
    classes, legend = _colours(view, codes, shown)
    return {
        "niveau": view.level,
        "classes": classes,
        "legende": legend,
        "mask": pack_mask(drawn[mask]),
        "vue": {"cle": name, "b": bounds, "vol": True},
    }


def _colours(view: View, codes: pd.Index, shown: np.ndarray) -> tuple[str, dict[str, Any]]:
    """Return the class of each polygon, and the legend: without a title when there is nothing to read."""
    if view.white is not None:
        white = view.white.reindex(codes, fill_value=False).to_numpy(bool)
        keys = np.where(~shown, OUTSIDE, np.where(white, MISSING, ZERO))
        legend = [(MISSING, NO_DATA, view.white_title), (ZERO, ZERO_COLOUR, "Un acteur connu plus près")]
        return "".join(keys), _legend("Zones blanches", legend)
    if view.values is None:
        return "".join(np.where(shown, ZERO, OUTSIDE)), _legend("", [(ZERO, ZERO_COLOUR, "")])
    indicator = INDICATORS[view.indicator]
    found = classify(view.values.reindex(codes), indicator, "quantiles", shown)
    return found.keys, _legend(indicator.title, [(one.key, one.colour, one.text) for one in found.legend])


def _legend(title: str, entries: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "titre": title,
        "note": "",
        "classes": [{"k": key, "c": colour, "t": text} for key, colour, text in entries],
    }
