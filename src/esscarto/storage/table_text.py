"""A table of texts as the bytes of a CSV file (UTF-8, comma), and back without a changed cell."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from esscarto.errors import DataError

MAX_CELL = 100_000
"""Characters of a cell: the csv module reads 131 072, and what could not be read again must not be written."""

MEND = "Corrigez-le dans un tableur, ou restaurez une version avec « esscarto restore »."


def parse_table(content: bytes, where: str) -> pd.DataFrame:
    """Read every row of a table, valid or not, as text ("" when empty).

    Blank lines are left out. A byte order mark, which spreadsheets add, is accepted.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        Its name, for the messages.

    Raises
    ------
    DataError
        When the file is empty, not in UTF-8, or has a row that is longer or shorter than its header: read
        anyway, its cells would move to other columns.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            "ce fichier n’est pas en UTF-8", where, "Enregistrez-le en « CSV UTF-8 », séparateur virgule."
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    width = 0
    try:
        for row in reader:
            if row and rows and len(row) != width:
                raise DataError(
                    f"cette ligne a {len(row)} cellules, l’en-tête en a {width}",
                    f"{where}, ligne {reader.line_num}",
                    MEND,
                )
            if row:
                rows.append(row)
                width = len(row)
    except csv.Error as error:
        raise DataError(
            "ce fichier n’est pas un tableau régulier", f"{where}, ligne {reader.line_num}", MEND
        ) from error
    if not rows:
        raise DataError("ce fichier est vide", where, MEND)
    header = rows[0]
    if len(set(header)) < len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        raise DataError(f"la colonne « {twice[0]} » s’y trouve deux fois", where, MEND)
    return pd.DataFrame(rows[1:], columns=pd.Index(header, dtype=object), dtype=str)


def format_table(rows: pd.DataFrame) -> bytes:
    """Write a table of texts; :func:`parse_table` gives back the same cells.

    Raises
    ------
    TypeError
        When a cell is not text: a missing value would be written as a word.
    DataError
        When a text is too long, or holds half a character, which no file in UTF-8 can.
    """
    cells = rows.to_numpy(dtype=object).tolist()
    if not all(isinstance(cell, str) for row in cells for cell in row):
        raise TypeError("every cell of a stored table is text")
    if any(len(cell) > MAX_CELL for row in cells for cell in row):
        raise DataError("un texte est trop long", "", f"Gardez-en l’essentiel, {MAX_CELL} caractères au plus.")
    table = [list(rows.columns), *cells]
    text = _written(table, csv.QUOTE_MINIMAL)
    if "\r" in text:
        # The csv module leaves a lone carriage return bare, where every reader would end the row.
        text = "".join(
            _written([row], csv.QUOTE_ALL if any("\r" in cell for cell in row) else csv.QUOTE_MINIMAL) for row in table
        )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DataError(
            "un texte contient un caractère incomplet", "", "Saisissez-le de nouveau, sans copier-coller."
        ) from error


def _written(rows: Sequence[Sequence[str]], quoting: Literal[0, 1]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=quoting).writerows(rows)
    return out.getvalue()
