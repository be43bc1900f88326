"""What the page carries besides Streamlit: the rules of style, the symbols as classes, the words in French."""

import functools
from pathlib import Path

from esscarto.cartography import symbols
from esscarto.vocabulary import CATEGORIES

_FOLDER = Path(__file__).resolve().parent
FAVICON = _FOLDER / "favicon.svg"


def symbol(category: str, style: str = symbols.STYLES[0]) -> str:
    """Return the class that draws the symbol of a category: ``ess-s-culture``, ``ess-s-culture-vide``."""
    return f"ess-s-{category}" + (f"-{style}" if style != symbols.STYLES[0] else "")


@functools.cache
def sheet() -> str:
    """Return the style sheet, each symbol drawn once for the whole page."""
    rules = [
        f'.{symbol(code, style)} {{ background: center / contain no-repeat url("{symbols.data_uri(code, style)}"); }}'
        for code in CATEGORIES
        for style in symbols.STYLES
    ]
    return "\n".join([(_FOLDER / "style.css").read_text(encoding="utf-8"), *rules])


@functools.cache
def scripts() -> tuple[str, ...]:
    """Return the scripts of the page: the words in French, the basket that the browser keeps, the links."""
    return tuple((_FOLDER / name).read_text(encoding="utf-8") for name in ("francais.js", "panier.js", "liens.js"))
