"""Location quotients of published shares: is the ESS more present here than in the wider territory around."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from esscarto.comparability import Guard
from esscarto.figures import Figures
from esscarto.metrics import Definition
from esscarto.territories import Territories, Territory

_MEASURED = ("exact", "arrondi")
"""Qualities that bear a division: « environ », « plus de » and forecasts do not."""


@dataclass(frozen=True)
class LocationQuotient:
    """A quotient and the two figures that make it."""

    value: float
    local: Mapping[str, str]
    reference: Mapping[str, str]
    around: Territory


@dataclass(frozen=True, kw_only=True)
class Quotient(Definition):
    """One location quotient, computed from one published share."""

    figure: str
    """The indicator of ``data/figures.csv``."""

    def of(self, figures: Figures, territories: Territories, territory: Territory) -> LocationQuotient | None:
        """Return the quotient of one territory, None when the guard of comparison lets no wider one be divided by."""
        guard = Guard({}, lambda subject: territories.name(Territory.parse(subject)))
        local = _measured(figures, territory, self.figure)
        if local is None:
            return None
        for around in territories.parents(territory):
            reference = _measured(figures, around, self.figure)
            if reference and float(reference["valeur"]) > 0 and not guard.why_not(local, reference):
                return LocationQuotient(float(local["valeur"]) / float(reference["valeur"]), local, reference, around)
        return None

    def values(self, figures: Figures, territories: Territories, level: str) -> pd.Series:
        """Return the quotient on the codes of a level, NaN where the figures do not allow it."""
        codes = territories.layers[level].index
        found = {}
        for code in codes.intersection(_subjects(figures, self.figure, level)):
            quotient = self.of(figures, territories, Territory(level, str(code)))
            found[code] = quotient.value if quotient else np.nan
        return pd.Series(found, dtype=float).reindex(codes).rename(self.key)


def _measured(figures: Figures, territory: Territory, indicator: str) -> dict[str, str] | None:
    row = figures.find(str(territory), indicator)
    return row if row and row["valeur"] and row["qualite"] in _MEASURED else None


def _subjects(figures: Figures, indicator: str, level: str) -> list[str]:
    rows = figures.frame
    subjects = rows.loc[rows["indicateur"] == indicator, "sujet"].str.partition(":")
    return subjects.loc[subjects[0] == level, 2].tolist()


_LIMITS = (
    "Calculé seulement entre deux chiffres publiés de même année, même source, même définition et même périmètre, "
    "pour un territoire et celui qui le contient ; sinon « n. d. ». Deux parts arrondies donnent un quotient arrondi : "
    "un écart de quelques centièmes ne veut rien dire. Par secteur d’activité : non fourni par la source."
)


def _quotient(key: str, title: str, definition: str, figure: str) -> Quotient:
    return Quotient(
        key=key,
        title=f"Quotient de localisation : {title}",
        unit_words="rapport, sans unité",
        decimals=2,
        definition=f"{definition} Au-dessus de 1, l’ESS y pèse plus que dans l’ensemble ; au-dessous, moins.",
        formula="Part du territoire ÷ part du territoire de référence, qui le contient",
        source="Chiffres publiés par les documents, chacun avec son année et ses lignes.",
        limits=_LIMITS,
        levels=("departement",),
        figure=figure,
    )


QUOTIENTS = {
    quotient.key: quotient
    for quotient in (
        _quotient(
            "ql_salaries",
            "salariés de l’ESS",
            "Part de l’ESS dans l’emploi salarié, rapportée à la même part dans la région.",
            "part_salaries_ess",
        ),
        _quotient(
            "ql_etablissements",
            "établissements employeurs de l’ESS",
            "Part de l’ESS dans les établissements employeurs, rapportée à la même part dans la région.",
            "part_etablissements_employeurs_ess",
        ),
    )
}
"""Key in the permalink -> location quotient."""
