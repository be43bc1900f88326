"""The Excel workbook: every cell a text or a number, never a formula."""

import datetime
import io
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format as Layout
from xlsxwriter.worksheet import Worksheet

from esscarto.documents.selection import LICENCE, Selection, exact_number, schema
from esscarto.errors import DataError
from esscarto.schema import LIST_SEPARATOR, Field, TableSchema
from esscarto.storage.reading_sheets import ACTORS_SHEET
from esscarto.vocabulary import BY_COLUMN, CATEGORIES, STATUTS, THEMES, TYPES, tranche_label

LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds, after Microsoft; the library drops a longer text."""

_WIDE = {
    "Nom",
    "Pourquoi",
    "Votre projet",
    "Source",
    "nom",
    "description",
    "note",
    "libelle",
    "objet",
    "perimetre",
    "titre",
    "contenu",
    "intitule",
}


def export(selection: Selection, before: Mapping[str, pd.DataFrame] | None = None) -> bytes:
    """Return the workbook: « Liste », « Acteurs », « Chiffres », « Relations », « Sources », « Lisez-moi ».

    « Liste » is for reading: French titles and words. In the others the header rows hold the names of the
    published schemas, so that the file can be imported again; a note on each header and the last sheet say
    them in French. Other tables for reading may come ``before``: name of a sheet -> its rows.

    Raises
    ------
    DataError
        When a text is longer than a cell of a workbook can hold.
    """
    tables = {
        ACTORS_SHEET: (selection.actors, schema("acteurs")),
        "Chiffres": (selection.figures, schema("chiffres")),
        "Relations": (selection.relations, schema("relations")),
    }
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        header, wrapped = _begin(book, selection.day)
        for name, frame in {**(before or {}), "Liste": _readable(selection)}.items():
            _write_plain(book.add_worksheet(name), frame, header, wrapped)
        for name, (frame, columns) in tables.items():
            _write_table(book.add_worksheet(name), frame, columns.fields, header)
        for name, frame in (("Sources", selection.sources), ("Lisez-moi", _dictionary(tables))):
            _write_plain(book.add_worksheet(name), frame, header, wrapped)
    return content.getvalue()


def plain(sheets: Mapping[str, pd.DataFrame], day: datetime.date) -> bytes:
    """Return a workbook of tables for reading: name of a sheet -> its rows, every cell a text or a number.

    Raises
    ------
    DataError
        When a text is longer than a cell of a workbook can hold.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        header, wrapped = _begin(book, day)
        for name, frame in sheets.items():
            _write_plain(book.add_worksheet(name), frame, header, wrapped)
    return content.getvalue()


def _begin(book: xlsxwriter.Workbook, day: datetime.date) -> tuple[Layout, Layout]:
    """Say what the workbook is; return how a header and a long text look."""
    midnight = datetime.datetime.combine(day, datetime.time())
    book.set_properties({"title": "esscarto", "comments": LICENCE, "created": midnight})
    header = book.add_format({"bold": True, "bg_color": "#0b5d66", "font_color": "#ffffff", "valign": "top"})
    return header, book.add_format({"text_wrap": True, "valign": "top"})


def _readable(selection: Selection) -> pd.DataFrame:
    """Return the actors as a person reads them: few columns, contacts first, every code in words."""
    site = selection.site
    lines = []
    for at in np.flatnonzero(selection.mask):
        row = site.rows[at]
        lines.append(
            (
                row["nom"],
                CATEGORIES[site.categories[at]],
                site.places[at],
                row["telephone"],
                row["courriel"],
                row["site_web"],
                _words(row["types"], TYPES),
                _words(row["themes"], THEMES),
                tranche_label(row["tranche_effectif"]) if row["tranche_effectif"] else "",
                STATUTS[row["statut"]],
                site.say_source(row["source"]),
            )
        )
    titles = ["Nom", "Famille ou rôle", "Lieu", "Téléphone", "Courriel", "Site", "Types", "Thèmes", "Effectif", "État"]
    return pd.DataFrame(lines, columns=[*titles, "Source"], dtype=str)


def _words(cell: str, labels: dict[str, str]) -> str:
    codes = (code.strip() for code in cell.split(LIST_SEPARATOR))
    return ", ".join(labels.get(code, code) for code in codes if code)


def _write_table(sheet: Worksheet, frame: pd.DataFrame, fields: Sequence[Field], header: Layout) -> None:
    """Write a table that can be read again: the header stays in view, and filters."""
    bottom = max(len(frame), 1)
    for column, field in enumerate(fields):
        sheet.write_string(0, column, field.name, header)
        if field.title != field.name:
            sheet.write_comment(0, column, field.title, {"author": "esscarto"})
        sheet.set_column(column, column, 40 if field.name in _WIDE else 18)
        for row, cell in enumerate(frame[field.name], start=1):
            _write_cell(sheet, row, column, cell, field)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, bottom, len(fields) - 1)
    # Codes are texts on purpose: no green triangle that offers to turn them into numbers.
    sheet.ignore_errors({"number_stored_as_text": f"A1:ZZ{bottom + 1}"})


def _write_plain(sheet: Worksheet, frame: pd.DataFrame, header: Layout, wrapped: Layout) -> None:
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name, header)
        sheet.set_column(column, column, 60 if name in _WIDE else 20, wrapped)
        for row, cell in enumerate(frame[name], start=1):
            if isinstance(cell, str):
                _write_text(sheet, row, column, cell)
            else:
                sheet.write_number(row, column, cell)
    sheet.freeze_panes(1, 0)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: str, field: Field) -> None:
    """Write a number as such when it reads back as it was written, and any other cell as a text."""
    number = exact_number(cell) if field.kind == "number" else None
    if number is not None:
        sheet.write_number(row, column, number)
    elif cell:
        _write_text(sheet, row, column, cell, field.name)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, name: str = "") -> None:
    if len(text) > LONGEST_CELL:
        raise DataError(
            f"un texte de {len(text)} caractères ne tient pas dans une cellule ({LONGEST_CELL} au plus)",
            f"ligne {row + 1}, colonne « {name} »",
            "Prenez l’export CSV, ou raccourcissez ce texte.",
        )
    # The library takes a text between these two tags for its own rich text, and writes it as raw XML: cut in
    # three pieces, the text is written by the library as rich text without a format.
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:])
    else:
        sheet.write_string(row, column, text)


def _dictionary(tables: dict[str, tuple[pd.DataFrame, TableSchema]]) -> pd.DataFrame:
    """Say each column and each code in French."""
    lines = []
    for sheet, (_, columns) in tables.items():
        for field in columns.fields:
            lines.append((sheet, field.name, "", field.title, field.description))
            meanings = BY_COLUMN.get(field.name, {}) if sheet == ACTORS_SHEET else {}
            lines += [(sheet, field.name, code, words, "") for code, words in meanings.items() if code]
    return pd.DataFrame(lines, columns=["feuille", "colonne", "code", "titre", "contenu"], dtype=str)
