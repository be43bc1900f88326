"""What is computed from the directory: one registry of indicators, each a Series on the territories' index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from esscarto.actors import Actors
from esscarto.filters import FilterIndex
from esscarto.french import MISSING, NBSP, number, with_unit
from esscarto.reach import RADII_KM, Reach
from esscarto.territories import LEVEL_COLUMNS, Territories
from esscarto.vocabulary import TRANCHES


@dataclass(frozen=True)
class Reached:
    """How far the nearest counted actor is, in each territory of one level.

    ``mean_km`` is the straight distance (EPSG:2154, kilometres): of the commune, or of the average inhabitant of a
    wider territory; infinite when no actor has a point. ``within`` gives, for each radius in kilometres, the
    inhabitants of the communes that are no farther.
    """

    mean_km: np.ndarray
    within: Mapping[int, np.ndarray]


@dataclass(frozen=True)
class Counts:
    """What is counted in each territory of one level, before any ratio.

    Every array follows ``codes``. ``mentions`` has one row a type: the actors that bear it. ``sans_acteur`` is the
    population of the communes without any counted actor; ``couvertes`` the number of communes with at least one;
    ``effectif_min`` and ``effectif_max`` the sums of the bounds of the Insee headcount classes, over the
    ``effectif_connu`` actors that print one. ``measure`` gives the distances, measured only when they are asked for.
    """

    codes: pd.Index
    acteurs: np.ndarray
    organisations: np.ndarray
    mentions: np.ndarray
    sans_acteur: np.ndarray
    couvertes: np.ndarray
    communes: np.ndarray
    population: np.ndarray
    area_km2: np.ndarray
    effectif_min: np.ndarray
    effectif_max: np.ndarray
    effectif_connu: np.ndarray
    measure: Callable[[], Reached]

    @cached_property
    def reached(self) -> Reached:
        """How far the nearest counted actor is."""
        return self.measure()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a figure means: what its page, its legend and the documents say of it."""

    key: str
    title: str
    unit: str = ""
    unit_words: str
    """The unit in full, also where values are written without one."""
    decimals: int = 0
    definition: str
    formula: str
    source: str = "Annuaire esscarto ; population municipale (Insee) et contours des communes."
    limits: str
    total: bool = False
    """Whether it grows with the territory: the value of a wider one is then no reference."""
    levels: tuple[str, ...] = tuple(LEVEL_COLUMNS)

    def format(self, value: float) -> str:
        """Write one value with its unit."""
        return with_unit(value, self.unit, self.decimals)

    def plain(self, value: float) -> str:
        """Write one value under a heading that already names its unit; a percentage keeps its sign."""
        return with_unit(value, self.unit if self.unit == "%" else "", self.decimals)


@dataclass(frozen=True, kw_only=True)
class Indicator(Definition):
    """One figure computed from the directory."""

    compute: Callable[[Counts], np.ndarray]

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


def shannon(mentions: np.ndarray) -> np.ndarray:
    """Return Shannon's index of diversity of each column, in nats: ``-sum(p ln p)``, NaN where nothing is counted.

    Shannon, « A Mathematical Theory of Communication » (1948). 0 when there is one kind only, ``ln(n)`` when ``n``
    kinds are equally frequent.
    """
    totals = mentions.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = mentions / totals
        terms = np.where(mentions > 0, shares * np.log(shares), 0.0)
    return np.where(totals > 0, 0.0 - terms.sum(axis=0), np.nan)


_COUNTED = (
    "Sont comptés les acteurs de l’ESS connus de l’annuaire (par statut ou par qualification), "
    "en activité ou à vérifier"
)
_NOT_A_CENSUS = "L’annuaire n’est pas un recensement : la valeur dit ce qu’il connaît, pas ce qui existe."
_STRAIGHT = (
    "Distance à vol d’oiseau, ni route ni durée, depuis l’endroit habité de chaque commune, qui vaut pour tous ses "
    "habitants. Un acteur connu à la commune est placé au point de celle-ci ; un acteur sans point (connu à "
    "l’intercommunalité ou plus large) n’est pas compté. Un service itinérant compte à chacun de ses arrêts, un par "
    "ligne de l’annuaire. L’annuaire n’est pas un recensement."
)
_WIDE = ("epci", "petr", "departement", "region")


def _within(radius: int) -> Indicator:
    return Indicator(
        key=f"a_{radius}_km",
        title=f"Habitants à moins de {radius} km d’un acteur connu",
        unit="hab.",
        unit_words="habitants",
        definition=f"Population des communes dont un acteur compté est à {radius} km au plus. {_COUNTED}.",
        formula=f"Somme des populations municipales des communes dont l’acteur compté le plus proche est à {radius} km "
        "au plus",
        limits=_STRAIGHT,
        total=True,
        compute=lambda c: c.reached.within[radius],
        levels=_WIDE,
    )


INDICATORS = {
    indicator.key: indicator
    for indicator in (
        Indicator(
            key="acteurs",
            title="Acteurs de l’ESS connus",
            unit_words="acteurs",
            definition=f"{_COUNTED}. Un lieu d’activité compte pour un.",
            formula="Nombre d’acteurs comptés",
            source="Annuaire esscarto.",
            limits=f"{_NOT_A_CENSUS} Un acteur connu à l’intercommunalité ou plus large n’est dans aucune commune.",
            total=True,
            compute=lambda c: c.acteurs,
        ),
        Indicator(
            key="organisations",
            title="Organisations de l’ESS connues",
            unit_words="organisations",
            definition=f"{_COUNTED} ; les lieux d’une même organisation comptent pour une.",
            formula="Nombre d’organisations différentes parmi les acteurs comptés",
            source="Annuaire esscarto.",
            limits=f"{_NOT_A_CENSUS} Une organisation présente dans deux communes compte dans chacune, et une fois "
            "pour le territoire qui les contient : les valeurs ne s’additionnent pas.",
            total=True,
            compute=lambda c: c.organisations,
        ),
        Indicator(
            key="pour_1000",
            title="Acteurs pour 1 000 habitants",
            unit_words="acteurs pour 1 000 habitants",
            decimals=2,
            definition=f"{_COUNTED}, rapportés à la population municipale.",
            formula="1 000 × acteurs comptés ÷ population municipale",
            limits=f"{_NOT_A_CENSUS} Dans une petite commune, un seul acteur fait une densité élevée ; sans habitant, "
            "il n’y en a pas.",
            compute=lambda c: 1000 * c.acteurs / c.population,
        ),
        Indicator(
            key="pour_100km2",
            title="Acteurs pour 100 km²",
            unit_words="acteurs pour 100 km²",
            decimals=2,
            definition=f"{_COUNTED}, rapportés à la surface mesurée en Lambert-93.",
            formula="100 × acteurs comptés ÷ surface en km²",
            source="Annuaire esscarto ; contours des communes.",
            limits=f"{_NOT_A_CENSUS} La surface est celle de contours simplifiés, un peu différente de l’officielle.",
            compute=lambda c: 100 * c.acteurs / c.area_km2,
        ),
        Indicator(
            key="sans_acteur",
            title="Habitants sans acteur connu dans leur commune",
            unit_words="habitants",
            unit="hab.",
            definition="Population des communes où l’annuaire ne connaît aucun acteur de l’ESS. "
            "Un acteur connu sans commune ne couvre aucune commune.",
            formula="Somme des populations municipales des communes sans acteur compté",
            limits=f"{_NOT_A_CENSUS} Un acteur peut être à deux pas, dans la commune voisine : voir les distances.",
            total=True,
            compute=lambda c: c.sans_acteur,
        ),
        Indicator(
            key="couverture",
            title="Communes avec au moins un acteur connu",
            unit_words="% des communes",
            unit="%",
            decimals=1,
            definition="Part des communes où l’annuaire connaît au moins un acteur de l’ESS.",
            formula="100 × communes avec au moins un acteur compté ÷ communes",
            source="Annuaire esscarto ; communes (Insee).",
            limits=f"{_NOT_A_CENSUS} Une commune de cent habitants y pèse autant qu’une ville.",
            compute=lambda c: 100 * c.couvertes / c.communes,
            levels=_WIDE,
        ),
        Indicator(
            key="effectif",
            title="Salariés, borne basse",
            unit_words="salariés au moins",
            unit="salariés au moins",
            definition="Somme des bornes basses des tranches d’effectif Insee imprimées par les sources ; "
            "les acteurs sans tranche n’y sont pas.",
            formula="Somme des bornes basses des tranches d’effectif des acteurs comptés",
            source="Annuaire esscarto ; tranches d’effectif du répertoire Sirene (Insee).",
            limits="Minimum connu, non un nombre d’emplois : la borne est basse, et bien des acteurs n’ont pas "
            "de tranche.",
            total=True,
            compute=lambda c: np.where(c.effectif_connu > 0, c.effectif_min, np.nan),
        ),
        Indicator(
            key="diversite",
            title="Types de structures différents",
            unit_words="types",
            definition=f"{_COUNTED} ; nombre de types (ESAT, ressourcerie, PTCE...) rencontrés.",
            formula="Nombre de types différents parmi les acteurs comptés",
            source="Annuaire esscarto.",
            limits=f"{_NOT_A_CENSUS} Un acteur dont aucune source n’imprime le type n’en apporte pas.",
            total=True,
            compute=lambda c: (c.mentions > 0).sum(axis=0),
        ),
        Indicator(
            key="shannon",
            title="Diversité des types (indice de Shannon)",
            unit_words="nats (logarithme naturel)",
            decimals=2,
            definition=f"{_COUNTED}. L’indice vaut 0 quand un seul type est présent ; il monte avec le nombre de types "
            "et quand ils sont également répandus.",
            formula="H = − Σ pᵢ ln pᵢ, où pᵢ est la part du type i parmi les types portés par les acteurs comptés",
            source="Annuaire esscarto ; indice de Shannon (1948), logarithme naturel.",
            limits=f"{_NOT_A_CENSUS} Un acteur qui porte deux types compte dans les deux ; sans aucun type imprimé, "
            "l’indice est « n. d. ». Sur quelques acteurs, il dit peu.",
            compute=lambda c: shannon(c.mentions),
        ),
        Indicator(
            key="distance",
            title="Distance à l’acteur connu le plus proche",
            unit_words="kilomètres",
            unit="km",
            decimals=1,
            definition=f"{_COUNTED}. Pour une commune, la distance depuis son endroit habité ; pour un territoire plus "
            "large, la moyenne de ses habitants.",
            formula="Distance en Lambert-93 ; au-dessus de la commune, Σ (population × distance) ÷ Σ population",
            limits=_STRAIGHT,
            compute=lambda c: c.reached.mean_km,
        ),
        *(_within(radius) for radius in RADII_KM),
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
        self._reach = Reach(actors, territories)
        self.codes = layer.index
        self._level = level
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
            mentions=np.array([self._sum(self._where[kept & row]) for row in self._types]).reshape(-1, len(self.codes)),
            sans_acteur=self._sum(self._holder, np.where(has_actor, 0.0, self._commune_population)),
            couvertes=self._sum(self._holder, has_actor.astype(float)),
            communes=self._communes,
            population=self._population,
            area_km2=self._area,
            effectif_min=self._sum(self._where[known], self._low[known]),
            effectif_max=self._sum(self._where[known], self._high[known]),
            effectif_connu=self._sum(self._where[known]),
            # An actor of elsewhere may be the nearest: the whole selection is looked at.
            measure=partial(self._measure, mask & self._counted),
        )

    def _measure(self, mask: np.ndarray) -> Reached:
        km = self._reach.nearest(mask).km
        people = self._commune_population
        if self._level == "commune":
            mean = km
        else:
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = self._sum(self._holder, people * km) / self._sum(self._holder, people)
        return Reached(mean, {r: self._sum(self._holder, np.where(km <= r, people, 0.0)) for r in RADII_KM})

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
