"""Read the file of a public register line by line, however long: CSV, JSON or Excel, every cell text."""

import codecs
import csv
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from esscarto.errors import DataError
from esscarto.french import clean, enumerate_words, fold
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
"""Number of a line as a spreadsheet shows it (rank of the object in JSON), and its cells by title."""


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
    yield from _named(read_lines(path), expected, required, path.name)


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file with all their cells, under the titles of the file.

    Raises
    ------
    DataError
        When the file is missing, unreadable or too heavy.
    """
    if not path.is_file():
        raise DataError("ce fichier n’existe pas", path.name, "Vérifiez son nom et son dossier.")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if start.startswith(_ZIP):
            yield from _sheet(path)
        elif start.removeprefix(_UTF8_MARK).lstrip()[:1] in (b"[", b"{"):
            yield from _objects(path)
        elif start.lstrip()[:1] == b"<":
            raise DataError("ce fichier est une page web", path.name, "Téléchargez le fichier lui-même.")
        else:
            yield from _csv(path, start)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError("ce fichier ne se lit pas", path.name, "Téléchargez-le à nouveau.") from error


@contextmanager
def brought(content: bytes, name: str) -> Iterator[Path]:
    """Give a file that was sent to the page a place on the disk, under its own name, for as long as it is read.

    Raises
    ------
    DataError
        When it has no place on the disk.
    """
    plain = clean(Path(name.replace("\\", "/")).name)[:100] or "fichier"
    with TemporaryDirectory(prefix="esscarto-") as folder:
        path = Path(folder) / plain
        try:
            path.write_bytes(content)
        except OSError as error:
            raise DataError(
                "ce fichier ne peut pas être reçu", plain, "Libérez de la place, puis réessayez."
            ) from error
        yield path


def our_names(titles: Iterable[str], expected: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the titles of a file that are known: title -> our name, each name for one title, the first one."""
    known: dict[str, str] = {}
    for name, spellings in expected.items():
        for spelling in (*spellings, name):
            known.setdefault(fold(spelling), name)
    found: dict[str, str] = {}
    for title in titles:
        ours = known.get(fold(title))
        if ours and ours not in found.values():
            found[title] = ours
    return found


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
    lines: Iterator[Line], expected: Mapping[str, Sequence[str]], required: Sequence[str], where: str
) -> Iterator[Line]:
    first = next(lines, None)
    if first is None:
        raise DataError("ce fichier ne contient aucune ligne", where, "Téléchargez-le à nouveau.")
    names = our_names(first[1], expected)
    missing = [name for name in required if name not in names.values()]
    if missing:
        words = enumerate_words(f"« {expected[name][0]} »" for name in missing)
        there = enumerate_words([f"« {title} »" for title in list(first[1])[:12]])
        raise DataError(
            f"ce fichier n’est pas celui attendu : il manque {words}", where, f"Colonnes trouvées : {there}."
        )
    for number, cells in itertools.chain([first], lines):
        yield number, {**dict.fromkeys(required, ""), **{ours: cells.get(title, "") for title, ours in names.items()}}


def _csv(path: Path, start: bytes) -> Iterator[Line]:
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


def _objects(path: Path) -> Iterator[Line]:
    try:
        content = json.loads(_whole(path))
    except (ValueError, RecursionError) as error:
        raise DataError("ce fichier JSON ne se lit pas", path.name, "Téléchargez-le à nouveau.") from error
    if isinstance(content, dict):
        content = next((value for value in content.values() if isinstance(value, list)), None)
    if not isinstance(content, list):
        raise DataError("ce fichier JSON n’est pas une liste", path.name, "Téléchargez la liste des structures.")
    # An export of a database: the cells are one level down. An object may leave out what it does not know.
    inner = [record.get("fields") or record.get("properties") for record in content if isinstance(record, dict)]
    whole = [record for record in content if isinstance(record, dict)]
    records = [cells if isinstance(cells, dict) else record for cells, record in zip(inner, whole, strict=True)]
    titles = list(dict.fromkeys(str(title) for record in records for title in record))
    for number, record in enumerate(records, start=1):
        yield number, {title: _text(record.get(title)) for title in titles}


def _sheet(path: Path) -> Iterator[Line]:
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
            yield number, {title: _text(value) for title, value in zip(titles, line, strict=False) if title}


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
