"""Whom to call: the bodies that accompany, finance or inform, from the nearest to the widest."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from esscarto.schema import LIST_SEPARATOR
from esscarto.territories import Territory

ROLES = {
    "collectivite": "intercommunalité",
    "information": "information",
    "accompagnement": "accompagnement",
    "financement": "financement",
    "reseau": "réseau",
}
"""Roles in the order in which somebody who seeks help needs them."""
WAYS = ("contact_fonction", "courriel", "site_web", "telephone")
"""Columns that say how a body is reached."""


def completed(supports: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Give each row without a contact the one printed elsewhere for its organisation, with its source.

    Parameters
    ----------
    supports, actors : pandas.DataFrame
        Text columns of ``schemas/soutiens.schema.json`` and of ``schemas/acteurs.schema.json``; the first come first.
    """
    rows = supports.to_dict("records")
    known: dict[str, dict[str, str]] = {}
    for row in (*rows, *actors.to_dict("records")):
        if any(row.get(column) for column in WAYS):
            known.setdefault(row["organisation"], {**dict.fromkeys(WAYS, ""), **row})
    for row in rows:
        found = known.get(row["organisation"])
        if found and not any(row[column] for column in WAYS):
            row |= {column: found[column] for column in WAYS}
            row["source"] = LIST_SEPARATOR.join(
                dict.fromkeys(part for one in (row, found) for part in one["source"].split(LIST_SEPARATOR))
            )
    return pd.DataFrame(rows, supports.index, supports.columns)


@dataclass(frozen=True)
class Supports:
    """The table of supports.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/soutiens.schema.json``.
    """

    frame: pd.DataFrame

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows, as they are read again and again; they are shared, and never written in."""
        return self.frame.to_dict("records")

    def for_territories(self, holders: list[Territory]) -> list[dict[str, str]]:
        """Return the supports of these territories, in their order, one row an organisation and a role."""
        rank = {str(territory): position for position, territory in enumerate(holders)}
        roles = list(ROLES)
        rows = [row for row in self.rows if row["territoire"] in rank and row["role"] in ROLES]
        return sorted(rows, key=lambda row: (rank[row["territoire"]], roles.index(row["role"]), row["organisation"]))

    def first(self, holders: list[Territory]) -> dict[str, str] | None:
        """Return whom to call first, of those that an e-mail address or a telephone reaches.

        It is the nearest whose printed role is to inform, as the first interlocutor of a PETR; else the nearest of all.

        Parameters
        ----------
        holders : list of Territory
            The territory, then those that hold it, then its parts.
        """
        reached = [row for row in self.for_territories(holders) if row["courriel"] or row["telephone"]]
        return min(reached, key=lambda row: row["role"] != "information", default=None)

    def national(self) -> list[dict[str, str]]:
        """Return the supports of the whole country, in the order of the roles."""
        roles = list(ROLES)
        rows = [row for row in self.rows if row["territoire"] == "france" and row["role"] in ROLES]
        return sorted(rows, key=lambda row: (roles.index(row["role"]), row["organisation"]))
