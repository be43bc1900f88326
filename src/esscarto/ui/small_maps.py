"""The small maps of the page Comparer: the communes of each territory, in the classes of all of them together."""

from collections.abc import Mapping, Sequence

import numpy as np

from esscarto.cartography.classes import NO_DATA, OUTSIDE, classify
from esscarto.cartography.small_map import small_map
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.metrics import INDICATORS, Indicator
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import render


def draw(site: Site, asked: Indicator, lines: Sequence[tuple[Territory, str, Mapping[str, float]]]) -> None:
    """Draw one map a territory, with one legend.

    Parameters
    ----------
    site : Site
        The layers and the actors.
    asked : Indicator
        What colours the communes; the actors do, when it has no meaning for a commune.
    lines : sequence of (Territory, str, mapping)
        Each territory, its name, its values by indicator.
    """
    indicator = asked if "commune" in asked.levels else INDICATORS["acteurs"]
    counts = site.counter("commune").counts(np.ones(len(site.actors), dtype=bool))
    shown = np.zeros(len(counts.codes), dtype=bool)
    for territory, _, _ in lines:
        shown[counts.codes.get_indexer(site.territories.communes_of(territory))] = True
    classes = classify(indicator.values(counts), indicator, "quantiles", shown)
    palette = {entry.key: entry.colour for entry in classes.legend}
    colours = {str(code): palette[key] for code, key in zip(counts.codes, classes.keys, strict=True) if key != OUTSIDE}
    render.show(
        "petites_cartes.html",
        titre=indicator.title,
        autre=indicator is not asked,
        demande=asked.title,
        cartes=[
            {
                "nom": name,
                "valeur": asked.format(values[asked.key]),
                "image": small_map(site.territories, territory, colours),
            }
            for territory, name, values in lines
        ],
        legende=[(entry.colour, entry.text, entry.colour == NO_DATA) for entry in classes.legend],
        contours=site.territories.vintages.get("contours", ""),
        reserve=NOT_A_CENSUS,
    )
