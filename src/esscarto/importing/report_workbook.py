"""The report as an Excel workbook: what was found, what could be twice, and the lines to correct and bring back."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from esscarto.importing.aliases import OWN_PREFIX
from esscarto.importing.findings import LEVELS
from esscarto.storage.file_limits import MAX_CELL_CHARACTERS
from esscarto.storage.reading_sheets import WAITING_SHEET

if TYPE_CHECKING:
    from esscarto.importing.report import Report

_WIDE = {"valeur", "problème", "attendu", "que faire", "suggestion", "cette ligne", "l’autre", "pourquoi", "exemples"}


WAITING = ("a_corriger", "refusee", "doublon")
"""States of the lines that somebody may mend: those that the page counts as waiting."""


def write(report: Report) -> bytes:
    """Return the workbook: « Synthèse », « Problèmes », « Doublons », « Lignes en attente », « Colonnes ».

    Every cell is a text or a count, never a formula. The lines that wait keep the columns of their file, so that
    the workbook can be corrected there and brought back as it is. Those that the person left out are apart, in
    « Lignes écartées », when there are some.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": f"Vérification de {report.table.name}", "comments": "esscarto"})
        head = book.add_format({"bold": True, "bg_color": "#0b5d66", "font_color": "#ffffff", "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        problems = report.as_rows()
        unit = report.table.unit
        titles = [unit, "gravité", "colonne", "valeur", "problème", "attendu", "que faire", "suggestion"]
        twice = [unit, "l’autre", "raison", "ressemblance", "colonne", "cette ligne", "celle d’en face", "état"]
        mapped = report.mapping_rows()
        _table(book.add_worksheet("Synthèse"), ["information", "valeur"], _summary(report), head, wrapped)
        _table(book.add_worksheet("Problèmes"), titles, (row.values() for row in problems), head, wrapped)
        _table(book.add_worksheet("Doublons"), twice, _pairs(report), head, wrapped)
        _table(book.add_worksheet(WAITING_SHEET), *_lines(report, WAITING), head, wrapped)
        if report.counts.left_out:
            _table(book.add_worksheet("Lignes écartées"), *_lines(report, ("ecartee",)), head, wrapped)
        columns = ["colonne du fichier", "lue comme", "pourquoi", "exemples"]
        _table(book.add_worksheet("Colonnes"), columns, (row.values() for row in mapped), head, wrapped)
    return content.getvalue()


def _summary(report: Report) -> Iterable[Sequence[str | int]]:
    counts = report.counts
    yield "fichier", report.table.name
    yield "lu comme", report.table.form
    yield f"{report.table.unit}s lues", counts.read
    yield "bonnes", counts.good
    yield "à corriger", counts.to_correct
    yield "refusées", counts.refused
    yield "doublons à décider", counts.duplicates
    yield "écartées par vous", counts.left_out
    for note in report.notes:
        yield "à savoir", note
    for change in report.changes:
        yield "lu autrement", change.sentence(report.table.unit)


def _pairs(report: Report) -> Iterable[Sequence[str | int]]:
    from esscarto.importing.report import DECISIONS, STATES

    for pair in report.duplicates:
        other = f"{report.table.unit} {pair.other_line}" if pair.other_line else f"acteur {pair.actor}"
        for column, left, right in pair.sides():
            decided = report.decisions.get(pair.line)
            state = DECISIONS[decided] if decided else STATES[report.states[pair.line]]
            yield pair.line, other, pair.reason, round(pair.score), column, left, right, state


def _lines(report: Report, states: Sequence[str]) -> tuple[list[str], Iterable[Sequence[str | int]]]:
    """Return the lines in some states, with the columns of their file, and why they are not imported."""
    from esscarto.importing.report import STATES

    why: dict[int, list[str]] = defaultdict(list)
    for finding in report.findings:
        if finding.fault.level != "a_regarder":
            where = f"{finding.column} : " if finding.column else ""
            why[finding.line].append(f"{where}{finding.fault.problem} ({LEVELS[finding.fault.level]})")
    for pair in report.duplicates:
        other = f"{report.table.unit} {pair.other_line}" if pair.other_line else f"acteur {pair.actor}"
        why[pair.line].append(f"{pair.reason} ({other})")
    titles = [
        *report.table.columns,
        f"{OWN_PREFIX} {report.table.unit}",
        f"{OWN_PREFIX} état",
        f"{OWN_PREFIX} pourquoi",
    ]
    rows: Iterable[Sequence[str | int]] = (
        (*cells, line, STATES[report.states[line]], " ; ".join(why[line]))
        for line, cells in zip(report.table.lines, report.table.rows, strict=True)
        if report.states[line] in states
    )
    return titles, rows


def _table(
    sheet: Worksheet, titles: Sequence[str], rows: Iterable[Iterable[str | int]], head: Format, wrapped: Format
) -> None:
    last = 0
    for column, title in enumerate(titles):
        _write(sheet, 0, column, title, head)
        sheet.set_column(column, column, 48 if title in _WIDE else 22)
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell != "":
                _write(sheet, last, column, cell, wrapped)
    sheet.freeze_panes(1, 0)
    if any(titles):
        sheet.autofilter(0, 0, max(last, 1), len(titles) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def _write(sheet: Worksheet, row: int, column: int, cell: str | int, layout: Format) -> None:
    if isinstance(cell, int):
        sheet.write_number(row, column, cell, layout)
        return
    text = cell[:MAX_CELL_CHARACTERS]
    # The library takes a text between these two tags for its own rich text, and writes it as raw XML.
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], layout)
    else:
        sheet.write_string(row, column, text, layout)
