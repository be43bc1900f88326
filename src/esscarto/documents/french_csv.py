"""The French CSV file: what a French spreadsheet opens with a double click, and never computes."""

import csv
import io

import pandas as pd

from esscarto.documents.selection import LICENCE, Selection, schema
from esscarto.inert import shield
from esscarto.schema import TableSchema

CITATION = "citation"
"""The last column, for the reader only: a CSV file has no other place to say where it comes from."""


def export(selection: Selection) -> bytes:
    """Return the actors as CSV: ``;``, UTF-8 with its mark, CRLF, decimal comma, no cell that computes.

    The columns are those of ``schemas/acteurs.schema.json``, then ``citation``: the sources in words, the
    date of the export and the licence.
    """
    said = f"esscarto, export du {selection.day:%d/%m/%Y}, {LICENCE}"
    citations = [f"{citation}. {said}" for citation in selection.citations()]
    return write(selection.actors.assign(**{CITATION: citations}), schema("acteurs"))


def write(frame: pd.DataFrame, columns: TableSchema) -> bytes:
    """Write a table of texts as French CSV; the number columns of ``columns`` get a decimal comma."""
    numbers = {field.name for field in columns.fields if field.kind == "number"}
    cells = {
        name: [_decimal_comma(cell) if name in numbers else shield(cell) for cell in frame[name]] for name in frame
    }
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(frame.columns)
    writer.writerows(zip(*cells.values(), strict=True))
    return lines.getvalue().encode("utf-8-sig")


def _decimal_comma(cell: str) -> str:
    """Write a number with a comma; a minus sign is a number's, whatever else it heads is shielded."""
    try:
        float(cell)
    except ValueError:
        return shield(cell)
    return cell.strip().replace(".", ",")
