"""The twin of the colours: the territories of the map side by side, every indicator in a table."""

from typing import Any

import pandas as pd

from esscarto.french import short_vintage
from esscarto.metrics import INDICATORS, Counts
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import render
from esscarto.ui.state import View

MOST_ROWS = 60
COLUMNS = ("acteurs", "organisations", "pour_1000", "pour_100km2", "sans_acteur", "couverture", "diversite")


def draw(site: Site, view: View) -> None:
    """Draw the intercommunalités of the sheet under the current filter, the chosen one marked."""
    territories = site.territories
    sheet = territories.sheet_of(view.sheet_centre)
    everywhere = site.index.mask(view.wanted.everywhere())
    codes = territories.children(sheet, "epci")[:MOST_ROWS]
    own = site.counter("epci").counts(everywhere)
    lines = _lines(site, "epci", codes, own)
    total = site.counter(sheet.level).counts(everywhere)
    lines += _lines(site, sheet.level, pd.Index([sheet.code]), total)
    render.show(
        "comparaison.html",
        titre=f"Les intercommunalités comparées : {territories.name(sheet)}",
        colonnes=[INDICATORS[key] for key in COLUMNS],
        lignes=lines,
        reste=int(total.acteurs[total.codes.get_loc(sheet.code)] - own.acteurs[own.codes.get_indexer(codes)].sum()),
        ici=territories.name(view.wanted.territory) if view.wanted.territory else "",
        annee=short_vintage(territories.vintages.get("populations", "")),
    )


def _lines(site: Site, level: str, codes: pd.Index, counts: Counts) -> list[dict[str, Any]]:
    at = counts.codes.get_indexer(codes)
    values = {key: INDICATORS[key].values(counts).to_numpy()[at] for key in COLUMNS}
    return [
        {
            "nom": site.territories.name(Territory(level, str(code))),
            "population": counts.population[at[row]],
            "valeurs": [INDICATORS[key].plain(column[row]) for key, column in values.items()],
        }
        for row, code in enumerate(codes)
    ]
