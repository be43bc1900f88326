"""How much a file that anybody may have sent is allowed to weigh, and how it is refused."""

from esscarto.errors import DataError
from esscarto.french import number

MAX_BYTES = 10 * 2**20
"""Size of a file, as the server takes it."""
MAX_UNPACKED_BYTES = 80 * 2**20
"""Size of the unpacked parts of a workbook: a small archive can hold a gigabyte."""
MAX_TAGS = 3_000_000
"""Tags of the parts of a workbook that are read: 20,000 lines of 30 columns."""
MAX_ROWS = 50_000
HEADER_LINES = 10
"""Lines among which the header is looked for, under titles that some put above their table."""
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
"""Cells of a table, empty ones included."""
MAX_LINES = 1_048_576
"""Lines of a sheet, after Microsoft: a file that numbers one beyond is not a table."""
MAX_CELL_CHARACTERS = 32_767
"""Characters of a cell, after Microsoft."""

SHARE_OUT = "Partagez-le en plusieurs fichiers."
LIGHTEN = "N’y laissez que le tableau des structures."


def check_size(size: int, where: str) -> None:
    """Refuse a file that is too heavy, or empty, from its size in bytes alone.

    Raises
    ------
    DataError
        When it is.
    """
    if size > MAX_BYTES:
        raise DataError(
            f"ce fichier pèse {number(size / 2**20, 1)} Mo, plus que {MAX_BYTES // 2**20} Mo", where, SHARE_OUT
        )
    if size == 0:
        raise DataError("ce fichier est vide", where, "Choisissez-en un autre.")


def too_many(what: str, limit: int, where: str) -> DataError:
    """Return the refusal of a table that holds too many lines, columns or cells."""
    return DataError(f"ce tableau a plus de {number(limit)} {what}", where, SHARE_OUT)
