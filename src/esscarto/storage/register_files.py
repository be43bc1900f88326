"""Read the file of a public register line by line, however long: CSV, JSON or Excel, every cell text."""

import codecs
import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from esscarto.errors import DataError
from esscarto.french import enumerate_words, fold
from esscarto.inert import shield, unshield
from esscarto.schema import LIST_SEPARATOR

MAX_BYTES = 2 * 2**30
"""Size of a CSV file: the national list of the ESS has more than a million lines."""
MAX_WHOLE_BYTES = 200 * 2**20
"""Size of a file that can only be read whole: JSON, Excel."""
MAX_CELL = 2**20

_ZIP = b"PK\x03\x04"
_UTF8_MARK = b"\xef\xbb\xbf"
_BLOCK = 2**18

Line = tuple[int, dict[str, str]]
"""Number of a line as a spreadsheet shows it (rank of the object in JSON), and its cells by folded title."""


def read_register(path: Path, expected: Mapping[str, Sequence[str]], required: Sequence[str]) -> Iterator[Line]:
    """Yield the lines of a file, with the columns that are wanted under our names, and no other.

    Parameters
    ----------
    path : pathlib.Path
        The file: CSV (``;`` ``,`` tab or ``|``, UTF-8, UTF-16 or Windows-1252), JSON (a list of objects) or XLSX.
    expected : mapping of str to sequence of str
        Our name -> the titles that the register gives or gave to it; case, accents and punctuation do not count.
    required : sequence of str
        Those of our names without which this is not the register.

    Raises
    ------
    DataError
        When the file is missing, unreadable, too heavy, or has not the columns of the register.
    """
    if not path.is_file():
        raise DataError("ce fichier n’existe pas", path.name, "Vérifiez son nom et son dossier.")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if start.startswith(_ZIP):
            lines = _sheet(path)
        elif start.removeprefix(_UTF8_MARK).lstrip()[:1] in (b"[", b"{"):
            lines = _objects(path)
        elif start.lstrip()[:1] == b"<":
            raise DataError("ce fichier est une page web", path.name, "Téléchargez le fichier lui-même.")
        else:
            lines = _csv(path, start)
        yield from _named(lines, expected, required, path.name)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError("ce fichier ne se lit pas", path.name, "Téléchargez-le à nouveau.") from error


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table that a French spreadsheet opens: ``;``, UTF-8 with its mark, no cell that computes.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
            writer.writerow(header)
            writer.writerows([shield(cell) for cell in row] for row in rows)
    except OSError as error:
        raise DataError("ce fichier ne peut pas être écrit", path.name, "Choisissez un autre dossier.") from error


def _named(
    lines: Iterator[tuple[int, dict[str, Any]]],
    expected: Mapping[str, Sequence[str]],
    required: Sequence[str],
    where: str,
) -> Iterator[Line]:
    titles: dict[str, str] = {}
    for each, known in expected.items():
        for title in (*known, each):
            titles.setdefault(fold(title), each)
    first = next(lines, None)
    if first is None:
        raise DataError("ce fichier ne contient aucune ligne", where, "Téléchargez-le à nouveau.")
    found = {titles.get(fold(title)) for title in first[1]}
    missing = [name for name in required if name not in found]
    if missing:
        words = enumerate_words(f"« {expected[name][0]} »" for name in missing)
        there = enumerate_words([f"« {title} »" for title in list(first[1])[:12]])
        raise DataError(
            f"ce fichier n’est pas celui attendu : il manque {words}", where, f"Colonnes trouvées : {there}."
        )
    # A title is the same on every line: it is folded once.
    ours: dict[str, str | None] = {}
    for number, cells in itertools.chain([first], lines):
        named = dict.fromkeys(required, "")
        for title, value in cells.items():
            if title not in ours:
                ours[title] = titles.get(fold(title))
            name = ours[title]
            if name and not named.get(name):
                named[name] = _text(value)
        yield number, named


def _csv(path: Path, start: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if path.stat().st_size > MAX_BYTES:
        raise DataError("ce fichier est trop lourd", path.name, "Gardez-en vos départements.")
    encoding = _encoding(path, start)
    header = start.decode(encoding, errors="replace").partition("\n")[0]
    mark = max(";,\t|", key=header.count)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=mark)
        titles = [title.strip() for title in next(reader, [])]
        for cells in reader:
            if any(cells):
                if len(cells) > len(titles) or any(len(cell) > MAX_CELL for cell in cells):
                    remedy = "Téléchargez-le à nouveau : ses lignes sont abîmées."
                    raise DataError("ce fichier n’est pas régulier", f"{path.name}, ligne {reader.line_num}", remedy)
                yield reader.line_num, dict(zip(titles, map(unshield, cells), strict=False))


def _encoding(path: Path, start: bytes) -> str:
    """Return the encoding of a text, which must hold to its last byte."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        content = json.loads(_whole(path))
    except (ValueError, RecursionError) as error:
        raise DataError("ce fichier JSON ne se lit pas", path.name, "Téléchargez-le à nouveau.") from error
    if isinstance(content, dict):
        content = next((value for value in content.values() if isinstance(value, list)), None)
    if not isinstance(content, list):
        raise DataError("ce fichier JSON n’est pas une liste", path.name, "Téléchargez la liste des structures.")
    for number, record in enumerate(content, start=1):
        if isinstance(record, dict):
            # An export of a database: the cells are one level down.
            inner = record.get("fields") or record.get("properties")
            yield number, inner if isinstance(inner, dict) else record


def _sheet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    from esscarto.storage.workbook import sheet_lines

    try:
        lines = list(sheet_lines(_whole(path), "", 200))
    except DataError:
        raise
    except Exception as error:  # the library raises whatever the damage makes it meet
        raise DataError("ce classeur ne se lit pas", path.name, "Téléchargez-le à nouveau.") from error
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if any(cell is not None for cell in line)]
    if numbered:
        titles = ["" if title is None else str(title).strip() for title in numbered[0][1]]
        for number, line in numbered[1:]:
            yield number, dict(zip(titles, line, strict=False))


def _whole(path: Path) -> bytes:
    if path.stat().st_size > MAX_WHOLE_BYTES:
        raise DataError("ce fichier est trop lourd", path.name, "Prenez-le en CSV, ou gardez-en vos départements.")
    return path.read_bytes()


def _text(value: Any) -> str:
    """Write a cell as the tables do; a list is parted by ``|``."""
    if value is None or isinstance(value, (dict, bytes)):
        return ""
    if isinstance(value, (list, tuple)):
        return LIST_SEPARATOR.join(filter(None, map(_text, value)))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value == value and value == int(value):
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value).strip()
