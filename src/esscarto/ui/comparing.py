"""The page Comparer: territories of one level side by side, with a reference; never two figures that disagree."""

import datetime
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from esscarto import comparability
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.french import NBSP, count, short_vintage, sort_key
from esscarto.metrics import INDICATORS, Indicator
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import chooser, neighbours, page_state, published, render, small_maps, state, take_away
from esscarto.ui.bars import Apart, Bar, Chart
from esscarto.ui.neighbours import MARK, MOST
from esscarto.vocabulary import LEVELS

PAGE = "comparer"
VIEWS = {"barres": "Tableau et barres", "cartes": "Petites cartes", "publies": "Chiffres publiés"}
COLUMNS = ("acteurs", "organisations", "pour_1000", "pour_100km2", "sans_acteur", "couverture", "diversite")
SORTS = {"valeur": "La valeur des barres", "nom": "Nom", "habitants": "Habitants"}
"""Orders besides those of the columns."""
NO_REFERENCE = "aucune"
FEW = 5
"""Under so many actors, one more or one less changes the value: it says little."""


DEFAULTS: dict[str, Any] = {
    "vue": "barres",
    "n": "epci",
    "avec": [],
    "ref": "",
    "i": "pour_1000",
    "tri": "valeur",
    "pub": published.USUAL,
    "ptri": "valeur",
}
"""Key of the address -> the value that the address leaves out; the territories are then the usual ones."""


def defaults(site: Site) -> dict[str, Any]:
    """Return the values that the address leaves out, the usual territories and the published figure known."""
    around = state.default_territory(site)
    return {**DEFAULTS, "avec": neighbours.usual(site, DEFAULTS["n"], around), "pub": published.usual(site, around)}


def link(site: Site, around: Territory, level: str) -> str:
    """Return the address of a territory beside its neighbours of a level.

    Written as the page writes it: following it adds one entry to the history, not two.
    """
    usual = {**defaults(site), "t": str(state.default_territory(site))}
    wanted = {"t": str(around), "n": level, "avec": neighbours.usual(site, level, around)}
    query = {key: value for key, value in wanted.items() if value != usual[key]}
    return "comparer?" + urllib.parse.urlencode(
        {key: ",".join(value) if isinstance(value, list) else value for key, value in query.items()}
    )


def parsers(site: Site) -> dict[str, Callable[[str], Any]]:
    """Return what reads each key of the address: None when a value is not known."""
    orders = {**SORTS, **dict.fromkeys(COLUMNS)}
    return {
        "t": lambda text: state.known_territory(text, site),
        "vue": lambda text: text if text in VIEWS else None,
        "n": lambda text: text if text in LEVELS else None,
        "avec": lambda text: [one for one in text.split(",") if state.known_territory(one, site)][:MOST] or None,
        "ref": lambda text: text if text == NO_REFERENCE else state.known_territory(text, site),
        "i": lambda text: text if text in INDICATORS else None,
        "tri": lambda text: text if text in orders else None,
        "pub": lambda text: text if text in published.offered(site) else None,
        "ptri": lambda text: text if text in published.SORTS else None,
    }


@dataclass(frozen=True)
class Line:
    """One territory of the table, its indicators computed."""

    territory: Territory
    name: str
    population: float
    values: dict[str, float]
    own: bool = False
    """Whether it is, or holds, the territory that the visitor comes from."""


@dataclass(frozen=True)
class Comparison:
    """What is compared: lines in the order of the table, the reference, the indicator of the bars."""

    lines: tuple[Line, ...]
    reference: Line | None
    indicator: Indicator
    columns: tuple[str, ...]
    vintage: str
    unplaced: int = 0
    """Actors that the reference counts and that no territory of the level of the bars can: known wider only."""
    chosen_how: str = ""
    """How the territories were chosen, when it is not by the visitor."""

    def why_no_line(self) -> str:
        """Say why the reference may not stand on the axis of the bars; empty when it may."""
        if self.reference is None:
            return ""
        axes = [
            comparability.computed(self.indicator.key, line.territory.level, self.vintage)
            for line in (self.lines[0], self.reference)
        ]
        return comparability.sentence(comparability.differences(*axes))

    def chart(self) -> Chart:
        """Return the bars."""
        bars = [self._bar(line) for line in self.lines]
        known = sorted((bar for bar in bars if bar.value is not None), key=lambda bar: bar.value or 0)
        said = ""
        if self.all_zero:
            said, bars = f"{NBSP}: 0 pour les {len(bars)} territoires comparés", []
        elif len(known) > 1:
            low, high = (f"{bar.text} ({bar.name})" for bar in (known[0], known[-1]))
            said = f"{NBSP}: de {low} à {high}"
        why = self.why_no_line()
        reference = self._bar(self.reference) if self.reference else None
        return Chart(
            f"{self.indicator.title}{said}",
            tuple(bars),
            None if why or not reference or reference.value is None else reference,
            (Apart(reference.name, reference.text, why),) if why and reference else (),
            (
                f"{self.indicator.definition} {NOT_A_CENSUS}",
                f"Source{NBSP}: {self.indicator.source} Populations{NBSP}: {self.vintage}.",
            ),
            self.caution(),
        )

    @property
    def all_zero(self) -> bool:
        """Whether there is nothing to draw: no value is above zero."""
        return len(self.lines) > 1 and all(line.values[self.indicator.key] == 0 for line in self.lines)

    def caution(self) -> str:
        """Say how the territories were chosen, what the reference counts besides, and what rests on a few actors."""
        said = [f"Toutes les valeurs sont nulles{NBSP}: il n’y a pas de barre à dessiner."] if self.all_zero else []
        said += [self.chosen_how] if self.chosen_how else []
        if any(line.own for line in self.lines):
            said.append(f"{MARK}{NBSP}: le territoire d’où vous venez.")
        if self.reference and self.unplaced:
            wider = self.reference.name
            actors = count(self.unplaced, "acteur connu", "acteurs connus")
            said.append(f"La référence compte aussi {actors} seulement à une échelle plus large ({wider}).")
        if not self.all_zero and any(line.values["acteurs"] < FEW for line in self.lines):
            said.append(
                f"À moins de {FEW} acteurs connus, un de plus ou de moins change tout{NBSP}: n’y lisez pas un rang."
            )
        return " ".join(said)

    def _bar(self, line: Line) -> Bar:
        value = line.values[self.indicator.key]
        detail = (
            ""
            if self.indicator.key == "acteurs"
            else count(int(line.values["acteurs"]), "acteur de l’ESS", "acteurs de l’ESS")
        )
        length = float(value) if np.isfinite(value) else None
        return Bar(line.name, length, self.indicator.format(value), detail, line.own)

    def rows(self) -> list[list[str | float]]:
        """Return the table as a file keeps it: its titles, then one row a territory, the reference last."""
        units = {key: f" ({unit})" if (unit := INDICATORS[key].unit) else "" for key in self.columns}
        titles = [f"{INDICATORS[key].title}{units[key]}" for key in self.columns]
        rows: list[list[str | float]] = [["Code", "Territoire", "Niveau", "Habitants", *titles]]
        for line in [*self.lines, *([self.reference] if self.reference else [])]:
            names = (line.territory.code, line.name, LEVELS[line.territory.level])
            rows.append([*names, line.population, *(line.values[key] for key in self.columns)])
        return rows


def draw(site: Site) -> None:
    """Draw the page."""
    render.show("titre_comparer.html")
    chosen = _chosen(site)
    st.segmented_control(
        "Voir",
        list(VIEWS),
        key=page_state.page_key(PAGE, "vue"),
        format_func=VIEWS.__getitem__,
        label_visibility="collapsed",
    )
    if chosen["vue"] == "publies":
        published.draw(site, PAGE, chosen)
        return
    _choices(site, chosen)
    if not chosen["avec"]:
        render.show("comparer_vide.html")
        return
    found = compare(site, chosen)
    if chosen["vue"] == "cartes":
        small_maps.draw(site, found.indicator, [(line.territory, line.name, line.values) for line in found.lines])
        return
    drawn = found.chart()
    drawn.show()
    around = Territory.parse(chosen["t"])
    if found.all_zero and (above := site.territories.parent(around)) and chosen["n"] == "commune":
        render.show("comparer_dessus.html", nom=site.territories.title(above), lien=link(site, around, above.level))
    render.show(
        "comparer.html",
        marque=MARK,
        colonnes=[INDICATORS[key] for key in found.columns],
        lignes=found.lines,
        reference=found.reference,
        tri=_orders(found.columns)[chosen["tri"]].lower()
        if chosen["tri"] in SORTS
        else INDICATORS[chosen["tri"]].title,
        annee=found.vintage,
        reserve=NOT_A_CENSUS,
    )
    drawn.show_apart()
    take_away.draw(PAGE, "esscarto-comparaison", lambda: drawn, partial(_sheets, site, found))


def compare(site: Site, chosen: dict[str, Any]) -> Comparison:
    """Count the actors of the directory in the chosen territories and in their reference."""
    level = chosen["n"]
    columns = tuple(key for key in COLUMNS if level in INDICATORS[key].levels)
    indicator = INDICATORS[chosen["i"]] if level in INDICATORS[chosen["i"]].levels else INDICATORS["pour_1000"]
    keys = tuple(dict.fromkeys([*columns, indicator.key]))
    around = Territory.parse(chosen["t"])
    lines = [
        replace(line, own=neighbours.is_own(site, line.territory, around))
        for line in _lines(site, [Territory.parse(text) for text in chosen["avec"]], keys)
    ]
    orders: dict[str, Callable[[Line], Any]] = {
        "nom": lambda line: sort_key(line.name),
        "habitants": lambda line: -line.population,
    }
    key = indicator.key if chosen["tri"] not in columns else chosen["tri"]
    by_value: Callable[[Line], Any] = lambda line: (np.isnan(line.values[key]), -line.values[key], sort_key(line.name))  # noqa: E731
    reference = _reference(site, chosen)
    return Comparison(
        tuple(sorted(lines, key=orders.get(chosen["tri"], by_value))),
        _lines(site, [reference], keys)[0] if reference else None,
        indicator,
        keys,
        short_vintage(site.territories.vintages.get("populations", "")),
        _unplaced(site, reference, level) if reference else 0,
        neighbours.said(site, chosen["avec"], around),
    )


def _lines(site: Site, territories: list[Territory], keys: tuple[str, ...]) -> list[Line]:
    counts = site.counter(territories[0].level).counts(np.ones(len(site.actors), dtype=bool))
    at = counts.codes.get_indexer([territory.code for territory in territories])
    values = {key: INDICATORS[key].values(counts).to_numpy()[at] for key in keys}
    return [
        Line(
            territory,
            site.territories.title(territory),
            float(counts.population[at[row]]),
            {key: float(column[row]) for key, column in values.items()},
        )
        for row, territory in enumerate(territories)
    ]


def _unplaced(site: Site, reference: Territory, level: str) -> int:
    """Count the actors of a territory that no territory of a level inside it counts."""
    everyone = np.ones(len(site.actors), dtype=bool)
    own, inside = (site.counter(one).counts(everyone) for one in (reference.level, level))
    placed = inside.acteurs[inside.codes.get_indexer(site.territories.children(reference, level))].sum()
    return int(own.acteurs[own.codes.get_loc(reference.code)] - placed)


def _chosen(site: Site) -> dict[str, Any]:
    """Return what is chosen, every territory of the level asked for: another level begins with its usual ones."""
    usual, readers = defaults(site), parsers(site)
    chosen = page_state.page_choice(PAGE, site, usual, readers)
    kept = [text for text in chosen["avec"] if text.startswith(f"{chosen['n']}:")]
    mended = (
        {"avec": kept or neighbours.usual(site, chosen["n"], Territory.parse(chosen["t"]))} if chosen["avec"] else {}
    )
    if mended and mended["avec"] != chosen["avec"]:
        page_state.choose(PAGE, **mended, ref="")
        chosen = page_state.page_choice(PAGE, site, usual, readers)
    # The nearest is the usual reference, which the address leaves out.
    offered = ["", NO_REFERENCE, *map(str, _references(site, chosen)[1:])]
    if chosen["ref"] not in offered or chosen["tri"] not in _orders(_columns(chosen["n"])):
        page_state.choose(
            PAGE,
            ref=chosen["ref"] if chosen["ref"] in offered else "",
            tri=chosen["tri"] if chosen["tri"] in _orders(_columns(chosen["n"])) else "valeur",
        )
        chosen = page_state.page_choice(PAGE, site, usual, readers)
    return chosen


def _columns(level: str) -> tuple[str, ...]:
    return tuple(key for key in COLUMNS if level in INDICATORS[key].levels)


def _orders(columns: tuple[str, ...]) -> dict[str, str]:
    return {**SORTS, **{key: INDICATORS[key].title for key in columns}}


def _references(site: Site, chosen: dict[str, Any]) -> list[Territory]:
    """Return the territories that hold one of those compared, those that hold them all first, the nearest first."""
    above = [site.territories.parents(Territory.parse(text)) for text in chosen["avec"]]
    found = list(dict.fromkeys(parent for parents in above for parent in parents))
    levels = list(LEVELS)
    return sorted(found, key=lambda one: (-sum(one in parents for parents in above), levels.index(one.level), one.code))


def _reference(site: Site, chosen: dict[str, Any]) -> Territory | None:
    if chosen["ref"] == NO_REFERENCE:
        return None
    if chosen["ref"]:
        return Territory.parse(chosen["ref"])
    return next(iter(_references(site, chosen)), None)


def _choices(site: Site, chosen: dict[str, Any]) -> None:
    names = _names(site, chosen["n"])
    # The nearest is the empty value, which the address leaves out.
    references = {
        str(one) if rank else "": site.territories.title(one) for rank, one in enumerate(_references(site, chosen))
    }
    references = (references or {"": "Aucune au-dessus"}) | {NO_REFERENCE: "Aucune"}
    columns = st.columns([1, 2, 1.6, 1.6])
    columns[0].selectbox("Niveau", list(LEVELS), key=page_state.page_key(PAGE, "n"), format_func=LEVELS.__getitem__)
    columns[1].selectbox(
        "Indicateur",
        [key for key, one in INDICATORS.items() if chosen["n"] in one.levels],
        key=page_state.page_key(PAGE, "i"),
        format_func=lambda key: INDICATORS[key].title,
    )
    columns[2].selectbox(
        "Référence", list(references), key=page_state.page_key(PAGE, "ref"), format_func=references.__getitem__
    )
    orders = _orders(_columns(chosen["n"]))
    columns[3].selectbox(
        "Trier par", list(orders), key=page_state.page_key(PAGE, "tri"), format_func=orders.__getitem__
    )
    st.multiselect(
        f"Territoires comparés ({MOST} au plus)",
        list(names),
        key=page_state.page_key(PAGE, "avec"),
        format_func=names.__getitem__,
        max_selections=MOST,
        placeholder="Choisissez des territoires",
    )


def _names(site: Site, level: str) -> dict[str, str]:
    if level == "commune":
        return {f"commune:{code}": name for code, name in chooser.communes(site).items()}
    return {key: name for key, name in chooser.wider_territories(site).items() if key.startswith(f"{level}:")}


def _sheets(site: Site, found: Comparison, day: datetime.date) -> dict[str, list[list[Any]]]:
    notes = [["Indicateur", "Définition", "Formule", "Source", "Limites"]]
    notes += [
        [one.title, one.definition, one.formula, one.source, one.limits]
        for one in map(INDICATORS.get, found.columns)
        if one
    ]
    return {
        "Comparaison": found.rows(),
        "Définitions": notes,
        "Lisez-moi": [
            ["Sujet", "Ce qu’il faut savoir"],
            ["Portée", NOT_A_CENSUS],
            ["Référence", found.why_no_line() or "Elle est sur le même axe que les barres."],
            *([name, words] for name, words in site.territories.vintages.items()),
            ["Date de l’export", day.isoformat()],
        ],
    }
