"""Read the cells of an Excel workbook that anybody may have sent, its texts to the letter."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from esscarto.errors import DataError

MAX_UNPACKED_BYTES = 40 * 2**20
"""Size of the unpacked archive: a small one can hold a gigabyte."""
MAX_TAGS = 600_000
"""Tags of the archive, those of 4,000 actors: each costs its reader far more than the bytes of the file."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_STRING = f"{{{SHEET_MAIN_NS}}}si"


class _ExactReader(ExcelReader):
    """The reader of openpyxl, which leaves ``_x000D_`` as it stands and drops ``x005F_`` wherever it is."""

    def read_strings(self) -> None:
        """Read the shared texts: ``_x000D_`` is a carriage return (ECMA-376 part 1, 22.9.2.19)."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as file:
            for _, node in iterparse(file):
                if node.tag == _STRING:
                    text = Text.from_tree(node)
                    written = text.content if text else ""
                    self.shared_strings.append(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), written))
                    node.clear()


def sheet_lines(content: bytes, sheet: str, max_columns: int) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of a sheet, or of the first one when there is none of this name.

    A formula gives its last result.

    Raises
    ------
    DataError
        When the archive would cost its reader far more than it weighs.
    """
    _check_archive(content)
    reader = _ExactReader(io.BytesIO(content), read_only=True, data_only=True)
    reader.read()
    with closing(reader.wb) as book:
        chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        # The size that a file says it has is not to be trusted: lines beyond it would be lost.
        chosen.reset_dimensions()
        yield from chosen.iter_rows(max_col=max_columns, values_only=True)


def _check_archive(content: bytes) -> None:
    tags = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) <= MAX_UNPACKED_BYTES:
            for member in members:
                with archive.open(member) as file:
                    tags += sum(block.count(b"<") for block in iter(partial(file.read, 2**20), b""))
            if tags <= MAX_TAGS:
                return
    raise DataError("ce classeur déplie trop de données", "classeur Excel", "N’y laissez que ses acteurs.")
