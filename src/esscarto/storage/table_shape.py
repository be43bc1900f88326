"""The shape of a table of texts: its header found, its columns named, the lines that cannot be trusted set apart.

A line whose cells cannot be trusted to stand under their titles keeps its number and is never shifted.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from esscarto.errors import DataError
from esscarto.french import NBSP, count, number
from esscarto.storage.file_limits import (
    HEADER_LINES,
    LIGHTEN,
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINES,
    MAX_ROWS,
    too_many,
)

_SET_APART = re.compile(r"[;,] ")

Record = tuple[int, list[str]]
"""Number of a line, and its cells."""


@dataclass(frozen=True)
class ShapeFault:
    """A line whose cells cannot be trusted to stand under their titles."""

    line: int
    cells: tuple[str, ...]
    message: str
    remedy: str


@dataclass(frozen=True)
class TextTable:
    """A table of texts, as its file gives it.

    Parameters
    ----------
    name : str
        Name of the file, without its folder.
    form : str
        What the file is, in French: ``CSV, point-virgule, Windows-1252``.
    unit : str
        What a row is called: « ligne », or « entité » in a layer.
    columns : tuple of str
        Titles, each one once; a column without a title is « colonne 5 ».
    rows : tuple of list of str
        The cells of each row, as many as there are columns, trimmed.
    lines : tuple of int
        Number of each row: the line that a spreadsheet shows, or the rank of the entity.
    faults : tuple of ShapeFault
        Lines that were set apart; none of them is in ``rows``.
    notes : tuple of str
        What had to be settled to read the file, in French.
    sheets : tuple of str
        Visible sheets of a workbook, the one read first.
    """

    name: str
    form: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[list[str], ...]
    lines: tuple[int, ...]
    faults: tuple[ShapeFault, ...] = ()
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows) + len(self.faults)

    def column(self, name: str) -> list[str]:
        """Return the cells of one column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


class Shaper:
    """Turn records into a table: find the header, name each column, set apart what does not fit.

    ``separator`` is that of a text, whose cells have no other place than their rank; a sheet or a layer says
    where each of its cells is, and cannot be shifted.
    """

    def __init__(self, where: str, unit: str, separator: str = ""):
        self._where = where
        self._unit = unit
        self._separator = separator
        self._notes: list[str] = []
        self._header: list[str] = []
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self._faults: list[ShapeFault] = []

    def shape(self, records: Iterable[Record]) -> "Shaper":
        """Read every record.

        Raises
        ------
        DataError
            When the table is empty, or larger than a directory can be.
        """
        following = self._find_header(self._filled(records))
        width = len(self._header)
        for line, cells in following:
            if len(cells) > width and any(cells[width:]):
                self._add_long(line, cells)
            elif self._separator and len(cells) == 1 and width > 2:
                self._refuse(
                    line,
                    cells,
                    f"cette ligne n’a qu’une cellule pour {width} titres",
                    "Mettez entre guillemets le texte de la ligne précédente qu’elle prolonge, ou retirez-la.",
                )
            elif self._separator and self._swallows(cells):
                self._refuse(
                    line,
                    cells,
                    "un guillemet semble de trop : cette ligne en contient plusieurs",
                    "Retirez ou doublez ce guillemet, puis exportez à nouveau.",
                )
            else:
                self._lines.append(line)
                self._rows.append(cells)
        if not self._rows and not self._faults:
            raise DataError("ce tableau n’a aucune ligne sous son titre", self._where, "Choisissez-en un autre.")
        self._set_short_apart()
        return self

    def named(self, form: str, notes: Iterable[str] = ()) -> TextTable:
        """Return the table, its columns named once and its rows of one width."""
        columns = self._columns()
        width = len(columns)
        for cells in self._rows:
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            elif len(cells) > width:
                del cells[width:]
        kept = [place for place, name in enumerate(columns) if name or any(row[place] for row in self._rows)]
        if len(kept) < width:
            self._rows = [[row[place] for place in kept] for row in self._rows]
        titles = [columns[place] or f"colonne {place + 1}" for place in kept]
        return TextTable(
            name=self._where,
            form=form,
            unit=self._unit,
            columns=tuple(self._once(titles)),
            rows=tuple(self._rows),
            lines=tuple(self._lines),
            faults=tuple(sorted(self._faults, key=lambda fault: fault.line)),
            notes=(*notes, *self._notes),
        )

    def _filled(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records that hold something, trimmed, and refuse more than a directory can be."""
        kept = cells = 0
        for read, (line, record) in enumerate(records):
            if read > MAX_LINES:
                raise too_many("lignes", MAX_LINES, self._where)
            trimmed = [cell.strip() if cell else "" for cell in record]
            if not any(trimmed):
                continue
            kept += 1
            cells += len(trimmed)
            if len(trimmed) > MAX_COLUMNS and any(trimmed[MAX_COLUMNS:]):
                raise too_many("colonnes", MAX_COLUMNS, self._where)
            if kept > MAX_ROWS + HEADER_LINES:
                raise too_many("lignes", MAX_ROWS, self._where)
            if cells > MAX_CELLS:
                raise too_many("cellules", MAX_CELLS, self._where)
            longest = max(map(len, trimmed))
            if longest > MAX_CELL_CHARACTERS:
                place = f"{self._where}, {self._unit} {line}"
                raise DataError(f"une cellule contient {number(longest)} caractères", place, LIGHTEN)
            yield line, trimmed

    def _find_header(self, records: Iterator[Record]) -> Iterator[Record]:
        """Take the header: the first record of several cells, when titles of one cell stand above it."""
        seen = list(itertools.islice(records, HEADER_LINES))
        if not seen:
            raise DataError("ce tableau est vide", self._where, "Choisissez-en un autre.")
        several = [rank for rank, (_, cells) in enumerate(seen) if sum(map(bool, cells)) > 1]
        rank = several[0] if several else 0
        if rank:
            above = [f"« {next(filter(None, cells))[:60]} »" for _, cells in seen[:rank]]
            self._notes.append(f"Au-dessus du tableau, laissé de côté : {', '.join(above)}.")
        self._header = seen[rank][1]
        return itertools.chain(seen[rank + 1 :], records)

    def _add_long(self, line: int, cells: list[str]) -> None:
        if not self._separator:
            self._lines.append(line)
            self._rows.append(cells)
            return
        self._refuse(
            line,
            cells,
            f"cette ligne a {len(cells)} cellules pour {len(self._header)} titres",
            "Mettez entre guillemets le texte qui contient le séparateur, ou donnez un titre à chaque colonne.",
        )

    def _refuse(self, line: int, cells: list[str], message: str, remedy: str) -> None:
        self._faults.append(ShapeFault(line, tuple(cells), message, remedy))

    def _swallows(self, cells: list[str]) -> bool:
        """Whether a cell holds whole lines, from its title to the end, then from the first title to its own.

        A sentence sets its semicolons apart with blanks; a table does not.
        """
        last = len(self._header) - 1
        return last > 1 and any(
            len(marks := [line.count(self._separator) for line in cell.split("\n")]) > 1
            and marks == [last - rank, *[last] * (len(marks) - 2), rank]
            and not _SET_APART.search(cell)
            for rank, cell in enumerate(cells)
        )

    def _set_short_apart(self) -> None:
        """Set apart the pieces of a line that a bare line break has cut; other short lines are completed."""
        width = len(self._header)
        short = [rank for rank, cells in enumerate(self._rows) if len(cells) < width] if self._separator else []
        cut: set[int] = set()
        for first, last in _runs(short):
            start = first
            while start <= last:
                joined = len(self._rows[start])
                end = start
                while joined < width and end < last:
                    end += 1
                    joined += len(self._rows[end]) - 1
                if joined == width and end > start:
                    cut.update(range(start, end + 1))
                    start = end
                start += 1
        for rank in sorted(cut):
            self._refuse(
                self._lines[rank],
                self._rows[rank],
                f"cette ligne a {len(self._rows[rank])} cellules pour {width} titres : "
                "un retour à la ligne l’a sans doute coupée",
                "Mettez entre guillemets le texte qui contient ce retour à la ligne, ou retirez-le.",
            )
        kept = [rank for rank in range(len(self._rows)) if rank not in cut]
        self._rows = [self._rows[rank] for rank in kept]
        self._lines = [self._lines[rank] for rank in kept]
        completed = len(short) - len(cut)
        if completed:
            self._notes.append(
                f"{count(completed, 'ligne')} plus courte{'s' if completed > 1 else ''} que le titre{NBSP}: "
                "les cellules qui manquent à la fin sont lues comme vides."
            )

    def _columns(self) -> list[str]:
        """Return the titles, and "" for each column that has none."""
        titles = [" ".join(title.split()) for title in self._header]
        width = max(map(len, self._rows), default=0)
        if not self._separator and width > len(titles):
            titles += [""] * (width - len(titles))
        return titles

    def _once(self, titles: list[str]) -> list[str]:
        """Name each column once: a second « nom » is « nom (2) »."""
        taken: set[str] = set()
        named, twice = [], []
        for title in titles:
            name = title
            for again in itertools.count(2):
                if name not in taken:
                    break
                name = f"{title} ({again})"
            if name != title:
                twice.append(title)
            taken.add(name)
            named.append(name)
        if twice:
            several = ", ".join(f"« {title} »" for title in dict.fromkeys(twice))
            self._notes.append(f"Titre présent plusieurs fois : {several}. Toutes ces colonnes sont gardées.")
        return named


def _runs(ranks: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last rank of each group of rows that follow one another."""
    for _, group in itertools.groupby(enumerate(ranks), key=lambda pair: pair[1] - pair[0]):
        members = [rank for _, rank in group]
        yield members[0], members[-1]
