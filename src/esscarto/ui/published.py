"""The published figures compared: those that share an axis as bars, the others apart, each with the sentence why."""

import datetime
import functools
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from esscarto import figures
from esscarto.comparability import Guard, Sorted, quoted
from esscarto.french import NBSP, sort_key
from esscarto.site import Site, in_words
from esscarto.territories import Territory
from esscarto.ui import page_state, render, take_away
from esscarto.ui.bars import Apart, Bar, Chart
from esscarto.vocabulary import LEVELS

USUAL = "part_salaries_ess"
"""The table of the départements of a région, the largest that the documents print."""
OF_PETR = "part_emplois_ess"
"""Printed of each PETR, but never twice by one source: nothing is drawn, all of it is read."""
SORTS = {"valeur": "Valeur", "nom": "Nom", "document": "Ordre du document"}
_PLACES = (*LEVELS, "france")
Row = dict[str, str]


@functools.lru_cache(maxsize=2)
def offered(site: Site) -> dict[str, str]:
    """Return the indicators that the documents print of several places, themselves or under a near name."""
    counts = {key: sum(map(len, rows(site, key))) for key in site.definitions}
    return {key: row["libelle"] for key, row in site.definitions.items() if counts[key] > 1 and _own(site, key)}


def usual(site: Site, around: Territory) -> str:
    """Return the indicator to begin with: the share of jobs where it is printed of the PETR, else the large table."""
    sheet = str(site.territories.sheet_of(around))
    return OF_PETR if any(row["sujet"] == sheet for row in _own(site, OF_PETR)) else USUAL


def rows(site: Site, indicator: str) -> tuple[list[Row], list[Row]]:
    """Return the figures of an indicator that are about a place, and those of the indicators near by their name."""
    near = [key for key in site.definitions[indicator]["non_comparable_avec"].split("|") if key]
    return _own(site, indicator), [row for key in near for row in _own(site, key)]


def _own(site: Site, indicator: str) -> list[Row]:
    return [row for row in _of_places(site) if row["indicateur"] == indicator]


@functools.lru_cache(maxsize=2)
def _of_places(site: Site) -> list[Row]:
    return [row for row in site.figures.frame.to_dict("records") if row["sujet"].partition(":")[0] in _PLACES]


def guard(site: Site) -> Guard:
    """Return the guard of the published figures of a site."""
    return Guard({key: row["libelle"] for key, row in site.definitions.items()}, site.subject_name)


def draw(site: Site, page: str, chosen: dict[str, Any]) -> None:
    """Draw the figures of the indicator that is chosen."""
    names = offered(site)
    left, right = st.columns([3, 1])
    left.selectbox("Chiffre publié", list(names), key=page_state.page_key(page, "pub"), format_func=names.__getitem__)
    right.selectbox("Trier par", list(SORTS), key=page_state.page_key(page, "ptri"), format_func=SORTS.__getitem__)
    found = guard(site).sort(*rows(site, chosen["pub"]))
    apart = tuple((row, in_words(why, site.documents)) for row, why in found.apart)
    found = replace(found, apart=apart)
    table = companions(site, found, chosen["pub"])
    drawn = chart(site, chosen["pub"], found, chosen["ptri"])
    drawn.show(with_notes=False)
    if found.together:
        _table(site, found, table, chosen["ptri"])
    drawn.show_apart()
    render.show("definition_publiee.html", definition=site.definitions[chosen["pub"]])
    take_away.draw(
        page, f"esscarto-{chosen['pub'].replace('_', '-')}", lambda: drawn, partial(_sheets, site, found, table)
    )


def _table(site: Site, found: Sorted, table: dict[str, dict[str, Row]], order: str) -> None:
    render.show(
        "publies.html",
        colonnes=[site.definitions[key]["libelle"] for key in table],
        lignes=_lines(site, found, table, order),
        perimetre=found.together[0]["perimetre"],
        source=found.together[0]["source_imprimee"],
        tri=SORTS[order].lower(),
    )


def companions(site: Site, found: Sorted, indicator: str) -> dict[str, dict[str, Row]]:
    """Return the columns of the printed table: the other indicators given for the very same places, lines and source.

    Returns
    -------
    dict of str to dict
        Indicator -> subject -> row, the one that is drawn first.
    """
    if not found.together:
        return {}
    columns = {indicator: {row["sujet"]: row for row in found.together}}
    for key in site.definitions:
        beside = {row["sujet"]: row for row in _own(site, key)}
        if key != indicator and all(
            row["sujet"] in beside
            and all(row[cell] == beside[row["sujet"]][cell] for cell in ("source", "annee", "perimetre"))
            for row in found.together
        ):
            columns[key] = {row["sujet"]: beside[row["sujet"]] for row in found.together}
    return columns


def chart(site: Site, indicator: str, found: Sorted, order: str) -> Chart:
    """Return the bars of the figures that share an axis; the only one of a wider level is their reference."""
    title = site.definitions[indicator]["libelle"]
    wide = _reference(found)
    bars = [row for row in _ordered(site, found.together, order) if row is not wide]
    year = f" ({figures.year(bars[0])})" if bars else ""
    return Chart(
        f"{title}{year}" if bars else f"{title}{NBSP}: aucun axe commun",
        tuple(_bar(site, row) for row in bars),
        _bar(site, wide) if wide else None,
        tuple(
            Apart(
                _named(site, row, indicator),
                f"{figures.say(row)} ({figures.year(row)})",
                in_words(why, site.documents),
                _cite(site, [row]),
            )
            for row, why in found.apart
        ),
        (f"Source{NBSP}: {_cite(site, list(found.together))}.",) if found.together else (),
    )


def _reference(found: Sorted) -> Row | None:
    """Return the one figure of the widest level, when the others are of a narrower one."""
    levels = [_PLACES.index(row["sujet"].partition(":")[0]) for row in found.together]
    if not levels or levels.count(max(levels)) > 1 or len(set(levels)) < 2:
        return None
    return found.together[levels.index(max(levels))]


def _ordered(site: Site, found: tuple[Row, ...], order: str) -> list[Row]:
    match order:
        case "nom":
            return sorted(found, key=lambda row: sort_key(site.subject_name(row["sujet"])))
        case "valeur":
            return sorted(found, key=lambda row: -float(row["valeur"]))
        case _:
            return list(found)


def _bar(site: Site, row: Row) -> Bar:
    return Bar(site.subject_name(row["sujet"]), float(row["valeur"]), figures.say(row))


def _named(site: Site, row: Row, indicator: str) -> str:
    """Name a figure that stands apart, with its own indicator when it is another."""
    name = site.subject_name(row["sujet"])
    return (
        name if row["indicateur"] == indicator else f"{name}, {quoted(site.definitions[row['indicateur']]['libelle'])}"
    )


def _cite(site: Site, rows: list[Row]) -> str:
    """Say where figures come from: the source that is printed, then the document and its lines, each once."""
    printed = dict.fromkeys(row["source_imprimee"] for row in rows if row["source_imprimee"])
    parts = dict.fromkeys(part for row in rows for part in row["source"].split("|"))
    lines = site.say_source("|".join(sorted(parts, key=_line)))
    return f"{NBSP}; ".join([*printed, lines])


def _line(part: str) -> tuple[str, int]:
    document, _, line = part.partition(":")
    return document, int(line.partition("-")[0])


def _lines(site: Site, found: Sorted, table: dict[str, dict[str, Row]], order: str) -> list[dict[str, Any]]:
    wide = _reference(found)
    ordered = [row for row in _ordered(site, found.together, order) if row is not wide]
    return [
        {
            "nom": site.subject_name(row["sujet"]),
            "annee": figures.year(row),
            "valeurs": [figures.say(column[row["sujet"]]) for column in table.values()],
            "source": _cite(site, [row]),
            "reference": row is wide,
        }
        for row in [*ordered, *([wide] if wide else [])]
    ]


def _sheets(
    site: Site, found: Sorted, table: dict[str, dict[str, Row]], day: datetime.date
) -> dict[str, list[list[Any]]]:
    titles = ["Territoire", "Indicateur", "Valeur", "Unité", "Année", "Périmètre", "Source", "Comparable"]
    drawn = [row for column in table.values() for row in column.values()]
    lines = [(row, "oui, sur le même axe") for row in drawn]
    return {
        "Chiffres": [
            titles,
            *(
                [
                    site.subject_name(row["sujet"]),
                    site.definitions[row["indicateur"]]["libelle"],
                    float(row["valeur"]) if row["valeur"] else figures.NOT_GIVEN,
                    row["unite"],
                    figures.year(row),
                    row["perimetre"],
                    _cite(site, [row]),
                    f"non : {in_words(why, site.documents)}" if (row, why) in found.apart else why,
                ]
                for row, why in [*lines, *found.apart]
            ),
        ],
        "Lisez-moi": [
            ["Sujet", "Ce qu’il faut savoir"],
            ["Comparable", "Même définition, même unité, même année, même source, même périmètre. Sinon, à part."],
            ["Date de l’export", day.isoformat()],
        ],
    }
