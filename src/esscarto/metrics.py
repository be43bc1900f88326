"""What is computed from the directory: one registry of indicators, each a Series on the territories' index."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from esscarto.actors import Actors
from esscarto.filters import FilterIndex
from esscarto.french import MISSING, NBSP, number, with_unit
from esscarto.territories import LEVEL_COLUMNS, Territories
from esscarto.vocabulary import TRANCHES


@dataclass(frozen=True)
class Counts:
    """What is counted in each territory of one level, before any ratio.

    Every array follows ``codes``. ``sans_acteur`` is the population of the communes without any counted
    actor; ``couvertes`` the number of communes with at least one; ``effectif_min`` and ``effectif_max`` the
    sums of the bounds of the Insee headcount classes, over the ``effectif_connu`` actors that print one.
    """

    codes: pd.Index
    acteurs: np.ndarray
    organisations: np.ndarray
    types: np.ndarray
    sans_acteur: np.ndarray
    couvertes: np.ndarray
    communes: np.ndarray
    population: np.ndarray
    area_km2: np.ndarray
    effectif_min: np.ndarray
    effectif_max: np.ndarray
    effectif_connu: np.ndarray


@dataclass(frozen=True)
class Indicator:
    """One figure computed from the directory."""

    key: str
    title: str
    unit: str
    decimals: int
    definition: str
    compute: Callable[[Counts], np.ndarray]
    levels: tuple[str, ...] = tuple(LEVEL_COLUMNS)

    def values(self, counts: Counts) -> pd.Series:
        """Return the indicator on the codes of the counted territories, NaN where it has no meaning."""
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.asarray(self.compute(counts), dtype=float)
        return pd.Series(np.where(np.isfinite(values), values, np.nan), index=counts.codes, name=self.key)

    def value(self, counts: Counts, code: str) -> float:
        """Return the indicator of one territory, NaN where it has no meaning."""
        with np.errstate(divide="ignore", invalid="ignore"):
            value = float(np.asarray(self.compute(counts), dtype=float)[counts.codes.get_loc(code)])
        return value if np.isfinite(value) else np.nan

    def format(self, value: float) -> str:
        """Write one value with its unit."""
        return with_unit(value, self.unit, self.decimals)

    def plain(self, value: float) -> str:
        """Write one value under a heading that already names its unit; a percentage keeps its sign."""
        return with_unit(value, self.unit if self.unit == "%" else "", self.decimals)


_COUNTED = (
    "Sont comptés les acteurs de l’ESS connus de l’annuaire (par statut ou par qualification), "
    "en activité ou à vérifier"
)

INDICATORS = {
    indicator.key: indicator
    for indicator in (
        Indicator(
            "acteurs",
            "Acteurs de l’ESS connus",
            "",
            0,
            f"{_COUNTED}. Un lieu d’activité compte pour un.",
            lambda c: c.acteurs,
        ),
        Indicator(
            "organisations",
            "Organisations de l’ESS connues",
            "",
            0,
            f"{_COUNTED} ; les lieux d’une même organisation comptent pour une.",
            lambda c: c.organisations,
        ),
        Indicator(
            "pour_1000",
            "Acteurs pour 1 000 habitants",
            "",
            2,
            f"{_COUNTED}, rapportés à la population municipale.",
            lambda c: 1000 * c.acteurs / c.population,
        ),
        Indicator(
            "pour_100km2",
            "Acteurs pour 100 km²",
            "",
            2,
            f"{_COUNTED}, rapportés à la surface mesurée en Lambert-93.",
            lambda c: 100 * c.acteurs / c.area_km2,
        ),
        Indicator(
            "sans_acteur",
            "Habitants sans acteur connu dans leur commune",
            "hab.",
            0,
            "Population des communes où l’annuaire ne connaît aucun acteur de l’ESS. "
            "Un acteur connu sans commune ne couvre aucune commune.",
            lambda c: c.sans_acteur,
        ),
        Indicator(
            "couverture",
            "Communes avec au moins un acteur connu",
            "%",
            1,
            "Part des communes où l’annuaire connaît au moins un acteur de l’ESS.",
            lambda c: 100 * c.couvertes / c.communes,
            ("epci", "petr", "departement", "region"),
        ),
        Indicator(
            "effectif",
            "Salariés, borne basse",
            "salariés au moins",
            0,
            "Somme des bornes basses des tranches d’effectif Insee imprimées par les sources ; "
            "les acteurs sans tranche n’y sont pas.",
            lambda c: np.where(c.effectif_connu > 0, c.effectif_min, np.nan),
        ),
        Indicator(
            "diversite",
            "Types de structures différents",
            "",
            0,
            f"{_COUNTED} ; nombre de types (ESAT, ressourcerie, PTCE...) rencontrés.",
            lambda c: c.types,
        ),
    )
}
"""Key in the permalink -> indicator."""


class Counter:
    """The territories of one level made ready for counting any selection of actors.

    Parameters
    ----------
    index : FilterIndex
        The actors and their boolean rows.
    territories : Territories
        The layers.
    level : str
        The level to count at.
    """

    def __init__(self, index: FilterIndex, territories: Territories, level: str):
        actors: Actors = index.actors
        layer = territories.layers[level]
        communes = territories.communes
        self.codes = layer.index
        self._counted = actors.counted
        self._where = actors.positions(level, self.codes)
        self._commune = actors.positions("commune", communes.index)
        self._holder = self.codes.get_indexer(communes[LEVEL_COLUMNS[level]])
        self._commune_population = communes["population"].to_numpy(float)
        self._population = layer["population"].to_numpy(float)
        self._area = layer["area_km2"].to_numpy(float)
        self._communes = self._sum(self._holder, np.ones(len(communes)))
        self._organisation = pd.factorize(actors.frame["organisation"])[0].astype(np.int64)
        self._types = [row for row in index.rows["ty"].values() if row.any()]
        tranche = actors.frame["tranche_effectif"]
        self._known = tranche.isin(TRANCHES).to_numpy()
        self._low = tranche.map(lambda code: TRANCHES.get(code, (0, 0))[0]).to_numpy(float)
        self._high = tranche.map(_upper).to_numpy(float)

    def counts(self, mask: np.ndarray) -> Counts:
        """Count the selected actors that enter the densities, in each territory of the level."""
        kept = mask & self._counted & (self._where >= 0)
        where = self._where[kept]
        has_actor = np.zeros(len(self._commune_population), dtype=bool)
        has_actor[self._commune[kept & (self._commune >= 0)]] = True
        pairs = np.unique(where.astype(np.int64) << 32 | self._organisation[kept])
        known = kept & self._known
        return Counts(
            codes=self.codes,
            acteurs=self._sum(where),
            organisations=self._sum(pairs >> 32),
            types=sum((self._sum(self._where[kept & row]) > 0 for row in self._types), np.zeros(len(self.codes))),
            sans_acteur=self._sum(self._holder, np.where(has_actor, 0.0, self._commune_population)),
            couvertes=self._sum(self._holder, has_actor.astype(float)),
            communes=self._communes,
            population=self._population,
            area_km2=self._area,
            effectif_min=self._sum(self._where[known], self._low[known]),
            effectif_max=self._sum(self._where[known], self._high[known]),
            effectif_connu=self._sum(self._where[known]),
        )

    def _sum(self, where: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        inside = where >= 0
        return np.bincount(
            where[inside], None if weights is None else weights[inside], minlength=len(self.codes)
        ).astype(float)


def table(counts: Counts, level: str) -> pd.DataFrame:
    """Return every indicator of a level: one row a territory, one column an indicator."""
    return pd.DataFrame(
        {key: indicator.values(counts) for key, indicator in INDICATORS.items() if level in indicator.levels}
    )


def headcount_bounds(counts: Counts, code: str) -> str:
    """Say the bounds of the headcount of one territory: ``de 610 à 1 227 salariés (3 acteurs)``."""
    at = counts.codes.get_loc(code)
    if not counts.effectif_connu[at]:
        return MISSING
    low, high = counts.effectif_min[at], counts.effectif_max[at]
    if high == 0:
        return "aucun salarié"
    span = f"au moins {number(low)}" if np.isinf(high) else f"de {number(low)} à {number(high)}"
    known = int(counts.effectif_connu[at])
    return f"{span} salariés ({known}{NBSP}{'acteur' if known == 1 else 'acteurs'} sur {number(counts.acteurs[at])})"


def _upper(code: str) -> float:
    high = TRANCHES.get(code, (0, 0))[1]
    return np.inf if high is None else float(high)
