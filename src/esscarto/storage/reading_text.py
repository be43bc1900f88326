"""Read the records of a CSV file as it comes: whichever separator, whichever of the usual encodings."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from esscarto.errors import DataError
from esscarto.french import number
from esscarto.inert import unshield
from esscarto.storage.file_limits import MAX_BYTES, MAX_CELLS, too_many

SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}

SAVE_AS_UTF8 = "Dans le tableur, enregistrez-le en « CSV UTF-8 » ou en « Classeur Excel (.xlsx) »."

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\x0b\x0c")
# What an accented letter of the MS-DOS or old Macintosh pages becomes in Windows-1252: « soci‚t‚ », « ŽlŽment ».
_OTHER_PAGE = re.compile("[a-z][‚Šˆ‡Ž][a-z]|[a-z]‚\\b")

# The module has one limit for all its readers; a longer cell is refused by the table, with its line.
csv.field_size_limit(MAX_BYTES)


@dataclass(frozen=True)
class Decoded:
    """A text, the name of its encoding in French, and what had to be settled to read it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(content: bytes, where: str) -> Decoded:
    """Decode UTF-8 (with or without mark), UTF-16, Windows-1252, or a mix of UTF-8 and Windows-1252 lines.

    Raises
    ------
    DataError
        When the bytes are not a text, or of another encoding.
    """
    for mark, encoding in _UTF16.items():
        if content.startswith(mark):
            return Decoded(_strictly(content[2:], encoding, where), "UTF-16")
    if b"\0" in content:
        return Decoded(_without_mark(content, where), "UTF-16")
    _check_controls(content, where)
    try:
        return Decoded(content.removeprefix(_UTF8_MARK).decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return _decode_lines(content.removeprefix(_UTF8_MARK), where)


def _strictly(content: bytes, encoding: str, where: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError("ce fichier UTF-16 est abîmé", where, SAVE_AS_UTF8) from error
    if "\0" in text:
        raise _null(text.encode(errors="replace"), where)
    return text


def _without_mark(content: bytes, where: str) -> str:
    """Decode UTF-16 that has lost its mark: one byte of two is null, always the same one."""
    for encoding, nulls, letters in (
        ("utf-16-le", content[1::2], content[0::2]),
        ("utf-16-be", content[0::2], content[1::2]),
    ):
        if len(content) % 2 == 0 and nulls.count(0) > 0.7 * len(nulls) and 0 not in letters:
            return _strictly(content, encoding, where)
    raise _null(content, where)


def _null(content: bytes, where: str) -> DataError:
    line = content.count(b"\n", 0, content.index(b"\0")) + 1
    return DataError(
        "ce fichier contient un caractère nul : ce n’est pas un texte", f"{where}, ligne {line}", SAVE_AS_UTF8
    )


def _check_controls(content: bytes, where: str) -> None:
    controls = len(content) - len(content.translate(None, _CONTROLS))
    if controls > max(10, len(content) // 1000):
        raise DataError("ce fichier n’est pas un texte", where, SAVE_AS_UTF8)


def _decode_lines(content: bytes, where: str) -> Decoded:
    """Decode line by line: pasted files often mix Windows-1252 with UTF-8."""
    lines, utf8 = [], 0
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            utf8 += not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("cp1252"))
            except UnicodeDecodeError as error:
                place = f"{where}, ligne {len(lines) + 1}"
                raise DataError("ces accents ne sont ni en UTF-8 ni en Windows-1252", place, SAVE_AS_UTF8) from error
    text = "\n".join(lines)
    odd = _OTHER_PAGE.search(text)
    if odd:
        place = f"{where}, ligne {text.count(chr(10), 0, odd.start()) + 1}"
        raise DataError(
            f"ces accents ne sont ni en UTF-8 ni en Windows-1252 (« {_word_around(text, odd.start())} »)",
            place,
            SAVE_AS_UTF8,
        )
    if not utf8:
        return Decoded(text, "Windows-1252")
    note = (
        f"Deux encodages se mêlent : {number(utf8)} ligne{'s' * (utf8 > 1)} en UTF-8, les autres en Windows-1252. "
        "Chaque ligne est lue dans le sien."
    )
    return Decoded(text, "Windows-1252 et UTF-8", (note,))


def _word_around(text: str, position: int) -> str:
    start, end = position, position
    while start > 0 and text[start - 1] not in ' ;,\t\r\n"':
        start -= 1
    while end < len(text) and text[end] not in ' ;,\t\r\n"':
        end += 1
    return text[start:end][:40]


def separator(text: str) -> tuple[str, str]:
    """Return the separator of a CSV text, and the text without the line ``sep=;`` that Excel may put first.

    The header judges, not the longest text: it is the first line that a separator cuts, when the next one is cut too.
    """
    declared = re.match(r"sep=([;,\t])\r?\n", text)
    if declared:
        return declared[1], text[declared.end() :]
    start = _beginning(text)
    return min(SEPARATORS, key=lambda mark: _header(start, mark)), text


def _header(start: str, mark: str) -> tuple[bool, int, int]:
    """Return where a separator would put the header, and how many titles it would give it: the least is the best.

    A title above the table may hold a comma; the header below it then holds none.
    """
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=mark)
    cut = [(reader.line_num, sum(map(bool, cells)), len(cells)) for cells in reader if any(cells)]
    several = [(line, filled) for line, filled, _ in cut if filled > 1]
    followed = [
        (line, filled) for (line, filled, _), (*_, after) in itertools.pairwise(cut) if filled > 1 and after > 1
    ]
    line, wide = (followed or several or [(0, 0)])[0]
    return not followed, line if followed else 0, -wide


def _beginning(text: str, lines: int = 10) -> str:
    """Return the first lines of a text, not more than a header can need."""
    end = 0
    for _ in range(lines):
        found = text.find("\n", end)
        if found < 0:
            return text[:100_000]
        end = found + 1
    return text[: min(end, 100_000)]


def records(text: str, mark: str, first_line: int, where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its line as a spreadsheet numbers it; the apostrophes of our exports are taken away.

    Raises
    ------
    DataError
        When a quote is never closed, or stands in the middle of a cell.
    """
    # Texts hold separators too; three times the cells of a table is no text any more.
    if text.count(mark) > 3 * MAX_CELLS:
        raise too_many("cellules", MAX_CELLS, where)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = first_line - 1
    begun = 0
    try:
        for cells in reader:
            line += 1
            begun = reader.line_num
            yield line, [unshield(cell) for cell in cells] if cells else []
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        fault = "un guillemet ouvert n’est jamais refermé" if unclosed else "un guillemet est mal placé"
        place = f"{where}, ligne {begun + first_line} du texte"
        remedy = "Doublez les guillemets qui font partie du texte, ou exportez le fichier à nouveau."
        raise DataError(fault, place, remedy) from error
