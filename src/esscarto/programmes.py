"""The calls, funds, schemes, labels and laws that a territory may draw on, from the nearest to the widest."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from esscarto.schema import LIST_SEPARATOR
from esscarto.territories import Territory

NATURES = {
    "fonds": "Fonds",
    "appel": "Appel à projets",
    "dispositif": "Dispositif",
    "label": "Label",
    "demarche": "Démarche",
    "feuille_de_route": "Feuille de route",
    "evenement": "Événement",
    "loi": "Loi",
}
"""Natures in the order in which somebody who seeks a means needs them: the money first."""
STATES = {"en_cours": "en cours", "prevue": "prévu", "passee": "passé", "non_date": "non daté"}
COUNTRY = "france"


@dataclass(frozen=True)
class Programmes:
    """The table of programmes.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/programmes.schema.json``.
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows, as they are read again and again; they are shared, and never written in."""
        return self.frame.to_dict("records")

    def for_territories(self, holders: list[Territory], themes: Collection[str]) -> list[dict[str, str]]:
        """Return what may still be drawn on for some themes, in these territories or in the whole country.

        What is over is left out. The order is that of :data:`NATURES`, then the nearest first, then the name.
        """
        rank = {name: at for at, name in enumerate([*map(str, holders), COUNTRY])}
        order = list(NATURES)
        rows = [
            row
            for row in self.rows
            if row["territoire"] in rank
            and row["etat"] != "passee"
            and not set(themes).isdisjoint(row["themes"].split(LIST_SEPARATOR))
        ]
        return sorted(rows, key=lambda row: (order.index(row["nature"]), rank[row["territoire"]], row["nom"]))
