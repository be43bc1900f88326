"""Read the cells of an Excel workbook that anybody may have sent, as a stream and within limits.

Only the parts that say something are opened: the list of the sheets, the shared texts, the formats that tell a
date from a number, and one sheet. Nothing is computed: a formula gives its last result.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from esscarto.errors import DataError
from esscarto.storage.file_limits import (
    HEADER_LINES,
    LIGHTEN,
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINES,
    MAX_ROWS,
    MAX_TAGS,
    MAX_UNPACKED_BYTES,
    too_many,
)
from esscarto.storage.sheet_values import date_reader, number_text, unescape

ACTORS_SHEET = "Acteurs"
WAITING_SHEET = "Lignes en attente"
"""The sheet of a report in which lines are corrected before they are brought back."""
SAVE_AGAIN = "Enregistrez-le à nouveau en « Classeur Excel (.xlsx) »."

_WORKBOOK = "xl/workbook.xml"
_LETTERS = re.compile("[A-Z]{1,3}")
_MAX_WIDTH = 16_384
_MAX_STYLES = 65_490  # after Microsoft


@dataclass
class Sheet:
    """The lines of a sheet that hold something: number as the spreadsheet shows it, texts of its cells."""

    name: str
    lines: list[tuple[int, list[str]]] = field(default_factory=list)
    others: tuple[str, ...] = ()
    formulas: int = 0
    uncomputed: int = 0
    """Formulas without a result: the workbook was never opened in a spreadsheet."""


def read_sheet(content: bytes, where: str, wanted: str = "") -> Sheet:
    """Read the sheet that is wanted; without one, « Acteurs » or « Lignes en attente », or else the first visible one.

    Raises
    ------
    DataError
        When the archive is no workbook, is damaged, or would cost its reader far more than it weighs.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, where)
            return _Workbook(archive, where).read(wanted)
    except DataError:
        raise
    except Exception as error:  # the archive and its parts raise whatever their damage makes them meet
        raise DataError("ce classeur ne se lit pas", where, SAVE_AGAIN) from error


def _check_archive(archive: zipfile.ZipFile, where: str) -> None:
    """Refuse an archive from its list of contents alone, before anything is unpacked."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if "mimetype" in names and any(name.startswith("content.xml") for name in names):
        raise DataError(
            "ce fichier est un document LibreOffice", where, "Enregistrez-le en « Classeur Excel (.xlsx) »."
        )
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise DataError("cette archive contient un chemin anormal", where, SAVE_AGAIN)
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise DataError(f"ce classeur déplie plus de {MAX_UNPACKED_BYTES // 2**20} Mo de données", where, LIGHTEN)
    if _WORKBOOK not in names:
        raise DataError("cette archive n’est pas un classeur Excel", where, SAVE_AGAIN)


class _Workbook:
    """The parts of an open archive, each read once."""

    def __init__(self, archive: zipfile.ZipFile, where: str):
        self._archive = archive
        self._where = where
        self._names = set(archive.namelist())
        self._tags = 0

    def read(self, wanted: str) -> Sheet:
        relations = self._relations()
        sheets: list[tuple[str, str]] = []
        book = _Book(sheets)
        self._parse(_WORKBOOK, book)
        sheets[:] = [(name, relations.get(part, "")) for name, part in sheets]
        sheets[:] = [(name, part) for name, part in sheets if "worksheets/" in part and part in self._names]
        if not sheets:
            raise DataError("ce classeur n’a aucune feuille visible", self._where, SAVE_AGAIN)
        parts = dict(reversed(sheets))
        name = next((name for name in (wanted, ACTORS_SHEET, WAITING_SHEET) if name in parts), sheets[0][0])
        part = parts[name]
        texts = _Texts(self._where)
        if "xl/sharedStrings.xml" in self._names:
            self._parse("xl/sharedStrings.xml", texts)
        styles = _Styles(self._where)
        if "xl/styles.xml" in self._names:
            self._parse("xl/styles.xml", styles)
        cells = _Cells(texts.found, styles.dates(), book.since_1904, self._where)
        self._parse(part, cells)
        others = tuple(other for other, _ in sheets if other != name)
        return Sheet(name, cells.lines, others, cells.formulas, cells.uncomputed)

    def _relations(self) -> dict[str, str]:
        targets: dict[str, str] = {}
        part = "xl/_rels/workbook.xml.rels"
        if part in self._names:
            self._parse(part, _Relations(targets))
        return targets

    def _parse(self, part: str, handler: "_Handler") -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        with self._archive.open(part) as file:
            while block := file.read(2**18):
                self._tags += block.count(b"<")
                if self._tags > MAX_TAGS:
                    raise DataError("ce classeur déplie trop de cellules", self._where, LIGHTEN)
                parser.Parse(block, False)
        parser.Parse(b"", True)

    def _refuse_doctype(self, *_: Any) -> None:
        raise DataError("ce classeur contient une déclaration interdite", self._where, SAVE_AGAIN)


class _Handler:
    """What is done with the tags of one part; prefixes of namespaces are left out."""

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Meet an opening tag."""

    def end(self, tag: str) -> None:
        """Meet a closing tag."""

    def text(self, data: str) -> None:
        """Meet a text."""


class _Relations(_Handler):
    def __init__(self, targets: dict[str, str]):
        self._targets = targets

    def start(self, tag: str, given: dict[str, str]) -> None:  # noqa: ARG002
        if "Id" in given and "Target" in given:
            target = given["Target"]
            self._targets[given["Id"]] = target[1:] if target[:1] == "/" else posixpath.normpath(f"xl/{target}")


class _Book(_Handler):
    """The visible sheets, as (name, relation), and the origin of the dates."""

    def __init__(self, sheets: list[tuple[str, str]]):
        self._sheets = sheets
        self.since_1904 = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        local = _local(tag)
        if local == "sheet" and given.get("state", "visible") == "visible":
            relation = next((value for name, value in given.items() if name.rpartition(":")[2] == "id"), "")
            self._sheets.append((given.get("name", ""), relation))
        elif local == "workbookPr":
            self.since_1904 = given.get("date1904") in ("1", "true")


class _Styles(_Handler):
    """The formats of the cells, to tell a date from a number."""

    def __init__(self, where: str):
        self._where = where
        self._custom: dict[int, str] = {}
        self._formats: list[int] = []
        self._inside = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        local = _local(tag)
        if local == "numFmt":
            self._custom[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif local == "cellXfs":
            self._inside = True
        elif local == "xf" and self._inside:
            self._formats.append(int(given.get("numFmtId", "0")))
            if len(self._formats) > _MAX_STYLES:
                raise DataError("ce classeur a trop de mises en forme", self._where, LIGHTEN)

    def end(self, tag: str) -> None:
        if _local(tag) == "cellXfs":
            self._inside = False

    def dates(self) -> set[str]:
        """Return the styles that show a date."""
        # Imported here: a third of a second, for those who read a workbook only.
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        known = {number: self._custom.get(number) or BUILTIN_FORMATS.get(number, "") for number in set(self._formats)}
        dated = {number for number, written in known.items() if written and is_date_format(written)}
        return {str(style) for style, number in enumerate(self._formats) if number in dated}


class _Texts(_Handler):
    """The texts that the cells share, without what only says how to pronounce them."""

    def __init__(self, where: str):
        self.found: list[str] = []
        self._where = where
        self._parts: list[str] | None = None
        self._reading = False
        self._phonetic = False

    def start(self, tag: str, given: dict[str, str]) -> None:  # noqa: ARG002
        local = _local(tag)
        if local == "si":
            self._parts = []
        elif local == "rPh":
            self._phonetic = True
        elif local == "t":
            self._reading = not self._phonetic

    def end(self, tag: str) -> None:
        local = _local(tag)
        if local == "t":
            self._reading = False
        elif local == "rPh":
            self._phonetic = False
        elif local == "si" and self._parts is not None:
            self.found.append(unescape("".join(self._parts)))
            self._parts = None

    def text(self, data: str) -> None:
        if self._reading and self._parts is not None:
            self._parts.append(data)


class _Cells(_Handler):
    """The lines of a sheet; a cell is put where its reference says, never where it happens to come."""

    def __init__(self, texts: list[str], dates: set[str], since_1904: bool, where: str):
        self.lines: list[tuple[int, list[str]]] = []
        self.formulas = 0
        self.uncomputed = 0
        self._texts = texts
        self._dates = dates
        self._read_date = date_reader(since_1904)
        self._where = where
        self._seen = 0
        self._line = 0
        self._row: dict[int, str] = {}
        self._column = -1
        self._known_columns: dict[str, int] = {}
        self._kind = ""
        self._style = ""
        self._parts: list[str] = []
        self._reading = False
        self._phonetic = False
        self._formula = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        local = _local(tag)
        if local == "c":
            self._begin_cell(given)
        elif local in ("v", "t"):
            self._reading = not self._phonetic
        elif local == "row":
            self._count()
            self._line = int(given["r"]) if "r" in given else self._line + 1
            if not 0 < self._line <= MAX_LINES:
                raise too_many("lignes", MAX_LINES, self._where)
            self._row, self._column = {}, -1
        elif local == "f":
            self.formulas += 1
            self._formula = True
        elif local == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        local = _local(tag)
        if local in ("v", "t"):
            self._reading = False
        elif local == "c":
            text = self._value("".join(self._parts))
            if text:
                self._row[self._column] = text
            elif self._formula:
                self.uncomputed += 1
        elif local == "row":
            self._end_row()
        elif local == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._reading:
            self._parts.append(data)

    def _end_row(self) -> None:
        if not self._row:
            return
        width = max(self._row) + 1
        if width > MAX_COLUMNS:
            raise too_many("colonnes", MAX_COLUMNS, self._where)
        if len(self.lines) > MAX_ROWS + HEADER_LINES:
            raise too_many("lignes", MAX_ROWS, self._where)
        self.lines.append((self._line, [self._row.get(column, "") for column in range(width)]))

    def _count(self) -> None:
        """Count a line or a cell, empty or not: each costs its reader."""
        self._seen += 1
        if self._seen > MAX_CELLS:
            raise too_many("cellules", MAX_CELLS, self._where)

    def _begin_cell(self, given: dict[str, str]) -> None:
        self._count()
        self._parts, self._formula = [], False
        self._kind, self._style = given.get("t", "n"), given.get("s", "")
        reference = given.get("r")
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        column = self._known_columns.get(letters)
        if column is None:
            column = self._known_columns[letters] = self._read_column(letters)
        self._column = column

    def _read_column(self, letters: str) -> int:
        """Return the rank of a column from 0: « A » is 0, « AA » is 26."""
        if not _LETTERS.fullmatch(letters):
            raise ValueError(f"not a cell: {letters[:20]!r}")
        rank = 0
        for letter in letters:
            rank = rank * 26 + ord(letter) - 64
        if rank > _MAX_WIDTH:
            raise too_many("colonnes", _MAX_WIDTH, self._where)
        return rank - 1

    def _value(self, raw: str) -> str:
        """Write the value of a cell as the tables do: a date is 2025-07-14, a whole number has no decimals."""
        if not raw:
            return ""
        if self._kind == "s":
            return self._texts[int(raw)]
        if self._kind == "n":
            return self._read_date(raw) if self._style in self._dates else number_text(raw)
        if self._kind == "b":
            return "oui" if raw.strip() == "1" else "non"
        if self._kind == "d":
            return raw[:10]
        if len(raw) > MAX_CELL_CHARACTERS * 2:
            raise DataError("une cellule contient un texte démesuré", f"{self._where}, ligne {self._line}", LIGHTEN)
        return unescape(raw)


def _local(tag: str) -> str:
    """Leave out the prefix of a tag."""
    return tag.rpartition(":")[2] if ":" in tag else tag
