"""A few tables as an Excel workbook: texts stay texts, numbers stay numbers, nothing is ever a formula."""

import datetime
import io
import math
from collections.abc import Mapping, Sequence

import xlsxwriter

from esscarto.documents.selection import LICENCE
from esscarto.french import MISSING

Cell = str | float | int | None
WIDEST = 70


def export(title: str, sheets: Mapping[str, Sequence[Sequence[Cell]]], day: datetime.date) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    title : str
        What the workbook is about.
    sheets : mapping of str to sequence of rows
        Name of a sheet -> its rows, the first one its titles. A missing number is written ``n. d.``.
    day : datetime.date
        The day of the export.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        midnight = datetime.datetime.combine(day, datetime.time())
        book.set_properties({"title": title, "comments": LICENCE, "created": midnight})
        header = book.add_format({"bold": True, "bg_color": "#0b5d66", "font_color": "#ffffff", "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    layout = plain if line else header
                    if isinstance(cell, str):
                        sheet.write_string(line, column, cell, layout)
                    elif cell is None or not math.isfinite(cell):
                        sheet.write_string(line, column, MISSING, layout)
                    else:
                        sheet.write_number(line, column, cell, layout)
            for column, cells in enumerate(zip(*rows, strict=True)):
                sheet.set_column(column, column, min(WIDEST, 3 + max(len(str(cell)) for cell in cells)))
            sheet.freeze_panes(1, 0)
    return content.getvalue()
