"""Whom to call: the bodies that accompany, finance or inform, from the nearest to the widest."""

from dataclasses import dataclass

import pandas as pd

from esscarto.territories import Territory

ROLES = {
    "collectivite": "intercommunalité",
    "information": "information",
    "accompagnement": "accompagnement",
    "financement": "financement",
    "reseau": "réseau",
}
"""Roles in the order in which somebody who seeks help needs them."""


@dataclass(frozen=True)
class Supports:
    """The table of supports.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/soutiens.schema.json``.
    """

    frame: pd.DataFrame

    def for_territories(self, holders: list[Territory]) -> list[dict[str, str]]:
        """Return the supports of these territories, in their order, one row an organisation and a role."""
        rank = {str(territory): position for position, territory in enumerate(holders)}
        roles = list(ROLES)
        rows = [row for row in self.frame.to_dict("records") if row["territoire"] in rank and row["role"] in ROLES]
        return sorted(rows, key=lambda row: (rank[row["territoire"]], roles.index(row["role"]), row["organisation"]))

    def national(self) -> list[dict[str, str]]:
        """Return the supports of the whole country, in the order of the roles."""
        roles = list(ROLES)
        rows = [row for row in self.frame.to_dict("records") if row["territoire"] == "france" and row["role"] in ROLES]
        return sorted(rows, key=lambda row: (roles.index(row["role"]), row["organisation"]))
