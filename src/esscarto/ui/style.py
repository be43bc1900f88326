"""What the page carries besides Streamlit: the rules of style, the symbols as classes, the words in French."""

import functools
from pathlib import Path

from esscarto.cartography import symbols
from esscarto.vocabulary import CATEGORIES

_FOLDER = Path(__file__).resolve().parent
FAVICON = _FOLDER / "favicon.svg"


@functools.cache
def sheet() -> str:
    """Return the style sheet, each symbol drawn once for the whole page."""
    rules = [
        f'.ess-s-{code} {{ background: center / contain no-repeat url("{symbols.data_uri(code)}"); }}'
        for code in CATEGORIES
    ]
    return "\n".join([(_FOLDER / "style.css").read_text(encoding="utf-8"), *rules])


@functools.cache
def scripts() -> tuple[str, ...]:
    """Return the scripts of the page: the words in French, the basket that the browser keeps, the map of an answer."""
    return tuple((_FOLDER / name).read_text(encoding="utf-8") for name in ("francais.js", "panier.js", "carte.js"))
