"""The twin of the colours: the territories of the map side by side, every indicator in a table."""

import streamlit as st

from esscarto.metrics import INDICATORS, Counts, headcount_bounds
from esscarto.metrics import table as metric_table
from esscarto.site import Site
from esscarto.ui import html
from esscarto.ui.state import View

MOST_ROWS = 60
COLUMNS = ("acteurs", "organisations", "pour_1000", "pour_100km2", "sans_acteur", "couverture", "diversite")


def draw(site: Site, view: View) -> None:
    """Draw the intercommunalités of the sheet under the current filter, the chosen one marked."""
    territories = site.territories
    sheet = territories.sheet_of(view.sheet_centre)
    everywhere = site.index.mask(type(view.wanted)(None, view.wanted.chosen, view.wanted.words))
    codes = territories.children(sheet, "epci")[:MOST_ROWS]
    counts = site.counter("epci").counts(everywhere)
    lines = [_line(site, "epci", code, counts) for code in codes]
    lines.append(_line(site, sheet.level, sheet.code, site.counter(sheet.level).counts(everywhere)))
    here = [territories.name(holder) for holder in [view.sheet_centre, *territories.parents(view.sheet_centre)]]
    with st.container():
        html.show(
            "comparaison.html",
            titre=f"Les intercommunalités de {territories.name(sheet)}, comparées",
            colonnes=[INDICATORS[key] for key in COLUMNS],
            lignes=lines,
            ici=here[0] if view.wanted.territory else "",
            annee=territories.vintages.get("populations", ""),
        )


def _line(site: Site, level: str, code: str, counts: Counts) -> dict:
    layer = site.territories.layers[level]
    values = metric_table(counts, level).loc[code]
    return {
        "nom": layer.at[code, "nom"],
        "niveau": level,
        "population": layer.at[code, "population"],
        "valeurs": [INDICATORS[key].format(values[key]) for key in COLUMNS],
        "effectif": headcount_bounds(counts, code),
    }
