"""The page Indicateurs: one indicator, its definition, how its values spread, and the rank of each territory."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from esscarto import figures
from esscarto.distribution import Standing, histogram, standing
from esscarto.filters import FACETS, ActorFilter
from esscarto.french import MISSING, NBSP, enumerate_words, number, short_vintage, with_unit
from esscarto.metrics import INDICATORS, Indicator
from esscarto.quotients import QUOTIENTS, Quotient
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.territories import LEVEL_COLUMNS, Territory
from esscarto.ui import chooser, page_state, render, state
from esscarto.vocabulary import THEMES

PAGE = "indicateurs"
DEFAULTS: dict[str, Any] = {"i": "pour_1000", "n": "", "th": "", "dans": ""}
"""Key of the address -> the value that the address leaves out; the level is then that of the territory."""
Figure = Indicator | Quotient
REGISTRY: Mapping[str, Figure] = {**INDICATORS, **QUOTIENTS}
PLURALS = {"commune": "communes", "epci": "intercommunalités", "departement": "départements"}
SINGULARS = {"commune": "une commune", "epci": "une intercommunalité", "departement": "un département"}
INHABITANTS = "hab."
MOST_ROWS = 200
AROUND = 5
"""Rows shown on each side of the chosen territory when it is not among the first."""


@dataclass(frozen=True)
class Ranking:
    """The territories of one level inside a perimeter, and what is compared between them.

    ``values`` follows the codes; ``shown`` is what orders and draws them: the same, or the share of the population
    when the indicator counts inhabitants, which would otherwise rank territories by their size.
    """

    definition: Figure
    level: str
    around: Territory | None
    values: pd.Series
    shown: pd.Series
    marked: Territory | None

    @property
    def is_share(self) -> bool:
        """Whether the inhabitants are shown as a share of the population."""
        return self.definition.unit == INHABITANTS

    @property
    def decimals(self) -> int:
        """The decimals of what is shown."""
        return 1 if self.is_share else self.definition.decimals

    def say(self, shown: float, value: float) -> str:
        """Write a value: ``45,2 % (12 300 hab.)`` for inhabitants, else with its unit."""
        if not self.is_share:
            return self.definition.format(value)
        share = with_unit(shown, "%", 1)
        return share if pd.isna(value) else f"{share} ({self.definition.format(value)})"


def draw(site: Site) -> None:
    """Draw the page."""
    render.show("titre_indicateurs.html")
    chosen = page_state.page_choice(PAGE, site, DEFAULTS, parsers(site))
    territory, definition = Territory.parse(chosen["t"]), REGISTRY[chosen["i"]]
    natural = level_of(definition, territory.level if territory.level in state.MAP_LEVELS else "")
    level = level_of(definition, chosen["n"] or natural)
    _choices(site, chosen, territory, definition, natural)
    around = perimeter(site, territory, definition, chosen["dans"])
    ranking = rank(site, definition, level, territory, around, chosen["th"])
    place = standing(ranking.shown, ranking.marked.code) if ranking.marked else None
    render.show("indicateur_phrase.html", **_sentence(site, ranking, place, territory, chosen["th"]))
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        render.show(
            "indicateur_definition.html",
            definition=definition,
            vintages=[site.territories.vintages.get(part, "") for part in ("populations", "contours")],
            quotient=_quotient(site, definition, ranking),
        )
    with right:
        render.show("indicateur_repartition.html", **_spread(site, ranking))
    render.show("indicateur_rang.html", **_table(site, ranking))


def parsers(site: Site) -> dict[str, Any]:
    """Return what reads each key of the address: None when a value is not known."""
    return {
        "t": lambda text: state.known_territory(text, site),
        "i": lambda text: text if text in REGISTRY else None,
        "n": lambda text: text if text in state.MAP_LEVELS else None,
        "th": lambda text: text if text in THEMES else None,
        "dans": lambda text: state.known_territory(text, site),
    }


def level_of(definition: Figure, wanted: str) -> str:
    """Return the level to rank at: the one asked for, else the first of the map, else the first it has."""
    return next(level for level in (wanted, *state.MAP_LEVELS, *definition.levels) if level in definition.levels)


def perimeters(site: Site, territory: Territory) -> list[Territory]:
    """Return the territories inside which one can be ranked, from the smallest."""
    holders = [territory, *site.territories.parents(territory)]
    return [holder for holder in holders if holder.level not in ("commune", "epci")] or holders[-1:]


def perimeter(site: Site, territory: Territory, definition: Figure, wanted: str) -> Territory | None:
    """Return where to rank: the perimeter asked for, else the map sheet; None for published figures, anywhere."""
    if isinstance(definition, Quotient):
        return None
    offered = perimeters(site, territory)
    return next((one for one in offered if str(one) == wanted), offered[0])


def rank(
    site: Site, definition: Figure, level: str, territory: Territory, around: Territory | None, theme: str
) -> Ranking:
    """Compute one indicator for the territories of a level inside a perimeter."""
    territories = site.territories
    if isinstance(definition, Quotient):
        values = definition.values(site.figures, territories, level).dropna()
    else:
        codes = territories.children(around, level) if around else territories.layers[level].index
        values = definition.values(site.counter(level).counts(_mask(site, theme))).reindex(codes)
    population = territories.layers[level]["population"].reindex(values.index)
    shown = 100 * values / population.where(population > 0) if definition.unit == INHABITANTS else values
    holders = {one.level: one for one in (territory, *territories.parents(territory))}
    marked = holders.get(level)
    return Ranking(definition, level, around, values, shown, marked)


def _mask(site: Site, theme: str) -> Any:
    return site.index.mask(ActorFilter(None, {"th": (theme,)} if theme else {}))


def _choices(site: Site, chosen: dict[str, Any], territory: Territory, definition: Figure, natural: str) -> None:
    titles = chooser.territories(site)
    titles = {key: name for key, name in titles.items() if key != state.EVERYWHERE}
    if chosen["t"] not in titles:
        titles[chosen["t"]] = chooser.title(site, territory)
    first, second, third = st.columns([1.2, 1.2, 1])
    first.selectbox(
        "Indicateur", list(REGISTRY), key=page_state.page_key(PAGE, "i"), format_func=lambda key: REGISTRY[key].title
    )
    chooser.box(
        second, "Territoire", titles, page_state.page_key(PAGE, "t"), partial(page_state.choose, PAGE, dans="", n="")
    )
    if isinstance(definition, Quotient):
        return
    labels = {"": "Tous les thèmes", **THEMES}
    third.selectbox(
        "Thème des acteurs",
        ["", *dict.fromkeys([*site.index.present["th"], *([chosen["th"]] if chosen["th"] else [])])],
        key=page_state.page_key(PAGE, "th"),
        format_func=labels.__getitem__,
    )
    # The usual perimeter is the empty value, which the address leaves out.
    usual, *wider = perimeters(site, territory)
    around = {"": site.territories.name(usual), **{str(one): site.territories.name(one) for one in wider}}
    if chosen["dans"] not in around:
        page_state.choose(PAGE, dans="")
    columns = iter(st.columns(2))
    # So is the level of the territory.
    offered = {"" if level == natural else level: level for level in state.MAP_LEVELS if level in definition.levels}
    if chosen["n"] not in offered:
        page_state.choose(PAGE, n="")
    if len(offered) > 1:
        next(columns).radio(
            "Classer les",
            list(offered),
            key=page_state.page_key(PAGE, "n"),
            format_func=lambda key: state.MAP_LEVELS[offered[key]],
            horizontal=True,
        )
    if len(around) > 1:
        next(columns).selectbox(
            "Parmi celles de", list(around), key=page_state.page_key(PAGE, "dans"), format_func=around.__getitem__
        )


def _sentence(site: Site, ranking: Ranking, place: Standing | None, territory: Territory, theme: str) -> dict[str, Any]:
    marked = ranking.marked
    code = marked.code if marked else ""
    inside = code in ranking.shown.index
    published = isinstance(ranking.definition, Quotient)
    return {
        "titre": ranking.definition.title,
        "theme": FACETS["th"].say((theme,)) if theme else "",
        "nom": site.territories.title(marked or territory),
        "valeur": ranking.say(ranking.shown[code], ranking.values[code]) if inside else MISSING,
        "situe": marked is not None,
        "rang": ("1er" if place.rank == 1 else f"{number(place.rank)}e") if place else "",
        "egaux": place.tied if place else 0,
        "classes": int(ranking.shown.notna().sum()),
        "singulier": SINGULARS[ranking.level],
        "pluriel": PLURALS[ranking.level],
        "autour": site.territories.title(ranking.around) if ranking.around else "",
        "publie": published,
        "demande": site.territories.title(territory),
        "regions": _regions(site, ranking) if published else "",
        "un_seul_type": inside and ranking.definition.key == "shannon" and _types(site, ranking, theme) == 1,
        "references": _references(site, ranking, theme),
    }


def _regions(site: Site, ranking: Ranking) -> str:
    """Name the régions of the territories that are ranked: the documents print figures of a few only."""
    holders = [site.territories.parents(Territory(ranking.level, str(code))) for code in ranking.values.index]
    regions = dict.fromkeys(one for parents in holders for one in parents if one.level == "region")
    return enumerate_words(map(site.territories.name, regions))


def _types(site: Site, ranking: Ranking, theme: str) -> int:
    counts = site.counter(ranking.level).counts(_mask(site, theme))
    return int(INDICATORS["diversite"].value(counts, ranking.marked.code)) if ranking.marked else 0


def _references(site: Site, ranking: Ranking, theme: str) -> list[tuple[str, str]]:
    """Return what the chosen value is read against: the median, and the territories above."""
    known = ranking.shown.dropna()
    found = []
    if len(known) > 1:
        unit = "%" if ranking.is_share else ranking.definition.unit
        title = f"Médiane des {number(len(known))} {PLURALS[ranking.level]}"
        found.append((title, with_unit(float(known.median()), unit, ranking.decimals)))
    definition = ranking.definition
    if ranking.around is None or not isinstance(definition, Indicator):
        return found
    own = ranking.marked or ranking.around
    holders = {one.level: one for one in (ranking.around, *site.territories.parents(own))}
    levels = list(LEVEL_COLUMNS)
    for level in levels[levels.index(ranking.level) + 1 :]:
        one = holders.get(level)
        if one is None or level not in definition.levels:
            continue
        value = definition.value(site.counter(level).counts(_mask(site, theme)), one.code)
        people = float(site.territories.row(one)["population"])
        shown = 100 * value / people if ranking.is_share and people else value
        total = ", au total" if definition.total and not ranking.is_share else ""
        # Beyond the PETR the directory only knows what a few documents name: the reference says so.
        caution = " (annuaire incomplet)" if level in ("departement", "region") else ""
        found.append((f"{site.territories.name(one)}{total}{caution}", ranking.say(shown, value)))
    return found


def _spread(site: Site, ranking: Ranking) -> dict[str, Any]:
    unit = "% de la population" if ranking.is_share else ranking.definition.unit
    bars = histogram(ranking.shown, ranking.decimals, 100 if unit.startswith("%") else math.inf)
    most = max((bar.count for bar in bars), default=1)
    mine = ranking.shown.get(ranking.marked.code) if ranking.marked else None
    return {
        "titre": ranking.definition.title,
        "unite": unit,
        "pluriel": PLURALS[ranking.level],
        "autour": site.territories.name(ranking.around) if ranking.around else "",
        "barres": [
            {
                "mots": bar.words,
                "compte": bar.count,
                "largeur": round(bar.count / most, 3),
                "ici": mine is not None and not pd.isna(mine) and bar.holds(float(mine)),
            }
            for bar in bars
        ],
        "ici": site.territories.title(ranking.marked) if ranking.marked else "",
        "manquants": int(ranking.shown.isna().sum()),
    }


def _table(site: Site, ranking: Ranking) -> dict[str, Any]:
    """Return the rows of the ranking: the first, and those around the chosen territory."""
    layer = site.territories.layers[ranking.level]
    ordered = ranking.shown.sort_values(ascending=False, kind="stable", na_position="last")
    ranks = ordered.rank(ascending=False, method="min")
    mine = ordered.index.get_loc(ranking.marked.code) if ranking.marked and ranking.marked.code in ordered else None
    kept = list(range(min(MOST_ROWS, len(ordered))))
    if isinstance(mine, int) and mine >= MOST_ROWS:
        kept += range(max(MOST_ROWS, mine - AROUND), min(len(ordered), mine + AROUND + 1))
    lines: list[dict[str, Any]] = []
    for at in kept:
        code = str(ordered.index[at])
        territory = Territory(ranking.level, code)
        lines.append(
            {
                "rang": number(float(ranks.iloc[at])),
                "cle": str(territory),
                "nom": site.territories.title(territory),
                "valeur": ranking.say(ordered.iloc[at], ranking.values[code]),
                "habitants": number(float(layer.at[code, "population"])),
                "ici": at == mine,
                "saut": bool(lines) and at == MOST_ROWS and mine is not None and mine - AROUND > MOST_ROWS,
            }
        )
    return {
        "lignes": lines,
        "total": len(ordered),
        "sans_valeur": int(ordered.isna().sum()),
        "titre": ranking.definition.title,
        "pluriel": PLURALS[ranking.level],
        "autour": site.territories.name(ranking.around) if ranking.around else "",
        "annee": short_vintage(site.territories.vintages.get("populations", "")),
    }


def _quotient(site: Site, definition: Figure, ranking: Ranking) -> list[dict[str, Any]]:
    """Return the two figures of each location quotient, with their lines."""
    if not isinstance(definition, Quotient):
        return []
    found = []
    for code in ranking.values.index:
        quotient = definition.of(site.figures, site.territories, Territory(ranking.level, str(code)))
        if quotient:
            parts = [
                part for row in (quotient.local, quotient.reference) for part in row["source"].split(LIST_SEPARATOR)
            ]
            found.append(
                {
                    "nom": site.territories.name(Territory(ranking.level, str(code))),
                    "local": figures.say(dict(quotient.local)),
                    "autour": site.territories.name(quotient.around),
                    "reference": figures.say(dict(quotient.reference)),
                    "annee": f"{quotient.local['source_imprimee']},{NBSP}{quotient.local['annee']}",
                    "source": site.cite(LIST_SEPARATOR.join(dict.fromkeys(parts))),
                }
            )
    return found
