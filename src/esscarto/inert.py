"""Text that no spreadsheet runs: the apostrophe that keeps a cell of a CSV file from becoming a formula."""

import re

# A cell that begins so is computed by one spreadsheet or another, be it behind spaces. Apostrophes are let
# through, so that a text that already has its own is given one more, and gets it back.
_COMPUTED = re.compile(r"['\s]*[=+\-@＝＋－＠]|'*[\t\r\n]")


def shield(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would compute: ``+33 3…`` is ``'+33 3…``."""
    return f"'{text}" if _COMPUTED.match(text) else text


def unshield(text: str) -> str:
    """Take away the apostrophe of :func:`shield`, and no other: ``'t Hooft`` stays as it is."""
    return text[1:] if text.startswith("'") and _COMPUTED.match(text, 1) else text
