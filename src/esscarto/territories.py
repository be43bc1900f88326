"""The levels of the territory and how they fit in one another: commune, EPCI, PETR, département, région."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import pandas as pd

from esscarto.errors import DataError
from esscarto.french import NBSP, fold_name, sort_key

LEVEL_COLUMNS = {
    "commune": "code_insee",
    "epci": "siren_epci",
    "petr": "petr",
    "departement": "code_departement",
    "region": "code_region",
}
"""Level -> the column that holds its code, in the order from the smallest to the largest."""

METRIC_CRS = "EPSG:2154"
"""RGF93 / Lambert-93: the projection in which lengths are metres in mainland France."""


@dataclass(frozen=True, order=True)
class Territory:
    """One territory: its level and its official code, written ``epci:200071991``."""

    level: str
    code: str

    @classmethod
    def parse(cls, text: str) -> "Territory":
        """Read ``level:code``.

        Raises
        ------
        DataError
            When the level is unknown or the code is missing.
        """
        level, _, code = text.partition(":")
        if level not in LEVEL_COLUMNS or not code:
            raise DataError(
                f"« {text} » n’est pas un territoire",
                remedy=f"Écrivez niveau:code, avec un niveau parmi {', '.join(LEVEL_COLUMNS)}.",
            )
        return cls(level, code)

    def __str__(self) -> str:
        return f"{self.level}:{self.code}"


@dataclass(frozen=True, eq=False)
class Territories:
    """Every territory known, one GeoDataFrame a level, indexed by its code.

    Parameters
    ----------
    layers : dict of str to geopandas.GeoDataFrame
        One layer a level of :data:`LEVEL_COLUMNS`, in EPSG:4326, indexed by code, with at least ``nom``,
        ``population`` (inhabitants), ``area_km2`` (Lambert-93), ``label_lon``, ``label_lat`` (degrees).
        The layer of communes also carries the code of each level above it.
    former : pandas.Series
        Former or delegated commune code -> code of the commune of today.
    vintages : dict of str to str
        What each part of the layers dates from, as the build proved it.
    """

    layers: dict[str, gpd.GeoDataFrame]
    former: pd.Series = field(default_factory=lambda: pd.Series(dtype=str))
    vintages: dict[str, str] = field(default_factory=dict)

    @property
    def communes(self) -> gpd.GeoDataFrame:
        """The communes, with the codes of the territories that hold them."""
        return self.layers["commune"]

    def __contains__(self, territory: Territory) -> bool:
        layer = self.layers.get(territory.level)
        return layer is not None and territory.code in layer.index

    def row(self, territory: Territory) -> pd.Series:
        """Return the attributes of one territory.

        Raises
        ------
        DataError
            When no layer holds it.
        """
        if territory not in self:
            raise DataError(
                f"le territoire « {territory} » n’est dans aucune couche",
                remedy="Ajoutez-le à data/geo/petr.csv puis relancez « esscarto geo build ».",
            )
        return self.layers[territory.level].loc[territory.code]

    def name(self, territory: Territory) -> str:
        """Return the official name, with its article, as typography writes it; the layers keep the producer's."""
        name = self._names.get(territory.level, {}).get(territory.code)
        return name if name is not None else str(self.row(territory)["nom"])

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {
            level: dict(zip(layer.index, layer["nom"].map(typographic), strict=True))
            for level, layer in self.layers.items()
        }

    def title(self, territory: Territory) -> str:
        """Return the name, told apart when another territory bears it: ``Péronne (80)``."""
        name = self.name(territory)
        if territory.level == "commune" and self._name_counts[fold_name(name)] > 1:
            # The first two or three characters of a commune's code are those of its département.
            return f"{name} ({territory.code[: 3 if territory.code.startswith('97') else 2]})"
        return name

    @cached_property
    def _name_counts(self) -> pd.Series:
        return self.communes["nom"].map(fold_name).value_counts()

    def current_commune(self, code_insee: str) -> str | None:
        """Return the code of today's commune for a code old or new, None when nobody knows it."""
        if code_insee in self.communes.index:
            return code_insee
        current = self.former.get(code_insee)
        return current if current in self.communes.index else None

    def communes_of(self, territory: Territory) -> pd.Index:
        """Return the codes of the communes inside a territory."""
        if territory.level == "commune":
            return pd.Index([territory.code])
        return self._communes_inside[territory.level].get(territory.code, pd.Index([]))

    @cached_property
    def _communes_inside(self) -> dict[str, dict[str, pd.Index]]:
        """Level -> code -> its communes: asked for many times at each rerun."""
        return {
            level: {str(code): group.index for code, group in self.communes.groupby(column, sort=False)}
            for level, column in LEVEL_COLUMNS.items()
            if level != "commune"
        }

    def children(self, territory: Territory, level: str) -> pd.Index:
        """Return the codes of the territories of ``level`` that hold a commune of ``territory``."""
        if level == "commune":
            return self.communes_of(territory)
        key = (territory, level)
        if key not in self._children:
            self._children[key] = self._find_children(territory, level)
        return self._children[key]

    @cached_property
    def _children(self) -> dict[tuple[Territory, str], pd.Index]:
        return {}

    def _find_children(self, territory: Territory, level: str) -> pd.Index:
        codes = self.communes.loc[self.communes_of(territory), LEVEL_COLUMNS[level]].dropna().unique()
        layer = self.layers[level]
        return pd.Index(
            sorted(
                (code for code in codes if code in layer.index),
                key=lambda code: sort_key(layer.at[code, "nom"]),
            )
        )

    def parents(self, territory: Territory) -> list[Territory]:
        """Return the territories that hold this one, from the smallest: EPCI, PETR, département, région.

        A level is left out when the territory lies in none or astride several.
        """
        if territory not in self._parents:
            self._parents[territory] = self._find_parents(territory)
        return list(self._parents[territory])

    @cached_property
    def _parents(self) -> dict[Territory, list[Territory]]:
        return {}

    def _find_parents(self, territory: Territory) -> list[Territory]:
        levels = list(LEVEL_COLUMNS)
        inside = self.communes.loc[self.communes_of(territory)]
        found = []
        for level in levels[levels.index(territory.level) + 1 :]:
            codes = inside[LEVEL_COLUMNS[level]].dropna().unique()
            if (
                len(codes) == 1
                and inside[LEVEL_COLUMNS[level]].notna().all()
                and (parent := Territory(level, codes[0])) in self
            ):
                found.append(parent)
        return found

    def parent(self, territory: Territory) -> Territory | None:
        """Return the nearest territory above, None at the top."""
        above = self.parents(territory)
        return above[0] if above else None

    def sheet_of(self, territory: Territory) -> Territory:
        """Return the territory whose map is drawn around this one: its PETR, else its région, else itself."""
        around = {parent.level: parent for parent in [territory, *self.parents(territory)]}
        return around.get("petr") or around.get("region") or territory

    def bounds(self, territory: Territory) -> tuple[float, float, float, float]:
        """Return west, south, east and north of a territory, in degrees (EPSG:4326)."""
        if territory not in self._bounds:
            self.row(territory)
            self._bounds[territory] = tuple(self.layers[territory.level].geometry[territory.code].bounds)
        return self._bounds[territory]

    @cached_property
    def _bounds(self) -> dict[Territory, tuple[float, float, float, float]]:
        return {}

    def search(self, words: str, levels: Iterable[str] = LEVEL_COLUMNS) -> list[Territory]:
        """Find territories by name, accents and articles ignored; names that begin so come first."""
        wanted = fold_name(words)
        hits = [
            (not folded.startswith(wanted), len(folded), folded, Territory(level, str(code)))
            for level in levels
            for code, folded in self._folded[level].items()
            if wanted and wanted in folded
        ]
        return [territory for *_, territory in sorted(hits)]

    @cached_property
    def _folded(self) -> dict[str, pd.Series]:
        return {level: layer["nom"].map(fold_name) for level, layer in self.layers.items()}


def metres(lon: float, lat: float) -> tuple[float, float]:
    """Return a point in degrees (EPSG:4326) as metres (EPSG:2154), as PROJ does, to the millimetre.

    One point of a question, without PROJ: it is made ready anew in each thread, and Streamlit runs a page in a new
    thread each time, which takes longer than the answer. Lambert conformal conic on two parallels, on GRS 80.
    """
    angle, radius = _CONE * math.radians(lon - 3), _parallel_radius(lat)
    return 700_000 + radius * math.sin(angle), 6_600_000 + _parallel_radius(46.5) - radius * math.cos(angle)


_AXIS_M, _FLATTENING = 6_378_137.0, 1 / 298.257222101
_ECCENTRICITY = math.sqrt(_FLATTENING * (2 - _FLATTENING))


def _isometric(lat: float) -> float:
    """Return the isometric latitude of a latitude in degrees."""
    phi = math.radians(lat)
    return math.asinh(math.tan(phi)) - _ECCENTRICITY * math.atanh(_ECCENTRICITY * math.sin(phi))


def _scale(lat: float) -> float:
    """Return the radius of the circle of a latitude, in semi-major axes."""
    phi = math.radians(lat)
    return math.cos(phi) / math.sqrt(1 - (_ECCENTRICITY * math.sin(phi)) ** 2)


_CONE = math.log(_scale(44.0) / _scale(49.0)) / (_isometric(49.0) - _isometric(44.0))


def _parallel_radius(lat: float) -> float:
    """Return the distance from the top of the cone to a latitude, in metres on the plane."""
    return _AXIS_M * _scale(49.0) / _CONE * math.exp(_CONE * (_isometric(49.0) - _isometric(lat)))


def typographic(name: str) -> str:
    """Write a name of a layer as typography does: ``CC du Val de l’Aisne``, ``CA de Blois « Agglopolys »``."""
    return re.sub("''(.+?)''", rf"«{NBSP}\1{NBSP}»", name).replace("'", "’")
