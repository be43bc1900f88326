"""The published figures: what a document prints, kept with its year, its perimeter and its line."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from esscarto.french import NBSP, number

NOT_GIVEN = "non fourni par la source"
YEAR = "année"
"""The unit of a figure that is a date."""

_QUALITIES = {
    "exact": "",
    "arrondi": "",
    "approche": "environ ",
    "plus_de": "plus de ",
    "moins_de": "moins de ",
    "prevision": "prévision : ",
}


@dataclass(frozen=True)
class Figures:
    """The table of published figures.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/chiffres.schema.json``.
    """

    frame: pd.DataFrame

    @cached_property
    def _by_subject(self) -> dict[str, list[dict[str, str]]]:
        groups: dict[str, list[dict[str, str]]] = {}
        for row in self.frame.to_dict("records"):
            groups.setdefault(row["sujet"], []).append(row)
        return groups

    def about(self, subject: str) -> list[dict[str, str]]:
        """Return the rows about one subject (``petr:…``, ``acteur:…``), in the order of the table."""
        return self._by_subject.get(subject, [])

    def find(self, subject: str, indicator: str) -> dict[str, str] | None:
        """Return the first row of one indicator of one subject."""
        return next((row for row in self.about(subject) if row["indicateur"] == indicator), None)


def say(row: dict[str, str]) -> str:
    """Say a figure in words: ``environ 1 800 emplois``, or that the source does not give it."""
    value = amount(row)
    return value if value == NOT_GIVEN or row["unite"] == YEAR else f"{value}{NBSP}{row['unite']}"


def amount(row: dict[str, str]) -> str:
    """Say a figure without its unit: ``environ 1 800``."""
    if row["qualite"] == "non_fourni" or not row["valeur"]:
        return NOT_GIVEN
    value = _plain(row["valeur"], row["unite"])
    if row["valeur_max"]:
        value = f"{value} à {_plain(row['valeur_max'], row['unite'])}"
    return f"{_QUALITIES[row['qualite']]}{value}"


def year(row: dict[str, str]) -> str:
    """Say the year of a figure, or that the source does not date it."""
    return row["annee"] if row["annee"] else "non daté"


def _plain(text: str, unit: str) -> str:
    """Write a value with the decimals that the source prints; a year is a name, without a separator."""
    return text if unit == YEAR else number(float(text), len(text.partition(".")[2].rstrip("0")))
