"""Write the values of a workbook's cells as the tables do."""

import re
from collections.abc import Callable

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def number_text(raw: str) -> str:
    """Write a number: a whole one has no decimals."""
    value = float(raw)
    if value != value or value in (float("inf"), float("-inf")):
        return raw
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return raw if "e" not in raw.lower() and len(raw) < 17 else repr(value)


def date_reader(since_1904: bool) -> Callable[[str], str]:
    """Return what turns the number of a day into its date, 2025-07-14."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
    known: dict[str, str] = {}

    def read(raw: str) -> str:
        if raw not in known:
            try:
                known[raw] = from_excel(float(raw), epoch).isoformat()[:10]
            except (ValueError, OverflowError, AttributeError):
                known[raw] = raw
        return known[raw]

    return read


def unescape(text: str) -> str:
    """Read ``_x000D_`` as the character that it stands for (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
