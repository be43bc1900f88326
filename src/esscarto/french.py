"""How French is written and compared: numbers, dates, lists, and words without their accents."""

import datetime
import functools
import math
import re
import unicodedata
from collections.abc import Iterable

NNBSP = "\u202f"
NBSP = "\u00a0"
MISSING = "n. d."

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ARTICLES = re.compile(r"^(?:l'|l’|la |le |les |aux |au |à |a |d'|d’|de |du |des )+", re.IGNORECASE)
_ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_BIDI_AND_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f]")


def number(value: float | int | None, decimals: int = 0) -> str:
    """Write a number the French way: ``1 234,5`` with narrow no-break spaces, ``n. d.`` when missing."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return MISSING
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace(",", NNBSP).replace(".", ",").replace("-", "−")


def with_unit(value: float | int | None, unit: str, decimals: int = 0) -> str:
    """Write a number and its unit, kept on one line; the unit is left out when the value is missing."""
    text = number(value, decimals)
    return text if text == MISSING or not unit else f"{text}{NBSP}{unit}"


def count(value: int, singular: str, plural: str = "") -> str:
    """Write ``1 acteur``, ``12 acteurs``: in French, zero and one are singular."""
    return f"{number(value)}{NBSP}{singular if abs(value) < 2 else plural or singular + 's'}"


def date(iso: str) -> str:
    """Write an ISO date, month or year in words: ``2020-12`` is ``décembre 2020``."""
    try:
        parts = [int(part) for part in iso.split("-")] if _ISO_DATE.fullmatch(iso) else []
        if parts:
            datetime.date(*[*parts, 1, 1][:3])
    except ValueError:
        return iso
    if not parts:
        return iso or "non daté"
    words = [str(parts[0])]
    if len(parts) > 1:
        words.insert(0, _MONTHS[parts[1] - 1])
    if len(parts) > 2:
        words.insert(0, "1er" if parts[2] == 1 else str(parts[2]))
    return " ".join(words)


def long_date(day: datetime.date) -> str:
    """Write a day with its name: ``jeudi 10 décembre 2026``."""
    return f"{_WEEKDAYS[day.weekday()]} {date(day.isoformat())}"


def moment(when: datetime.datetime) -> str:
    """Write a day and an hour, in the time zone that they carry: ``22 novembre 2026 à 9 h 05``."""
    return f"{date(when.date().isoformat())} à {when.hour}{NBSP}h{NBSP}{when.minute:02d}"


def short_vintage(words: str) -> str:
    """Shorten what a layer dates from to its year: ``Insee 2023`` for « populations de référence 2023 (Insee) »."""
    years = re.findall(r"\b(?:19|20)\d\d\b", words)
    producer = "Insee " if "insee" in words.casefold() else ""
    return f"{producer}{years[0]}" if years else words


def enumerate_words(words: Iterable[str], last: str = "et") -> str:
    """Join words as a sentence does: ``a, b et c``."""
    items = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def bound(text: str) -> str:
    """Keep the signs that French sets apart on the line of the word before them, and the thousands: ``1 000 %``."""
    text = re.sub(r"(?<!\d)(\d{1,3}) (?=\d{3}(?!\d))", rf"\1{NNBSP}", text)
    text = re.sub(r" (?=[;:!?](?:\s|$))", NNBSP, text)
    return re.sub(r" (?=[%€»])|(?<=«) ", NBSP, text)


def fold(text: str) -> str:
    """Reduce a text to what a search compares: no accent, no case, no punctuation, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def fold_name(text: str) -> str:
    """Fold a name and leave out its leading articles: ``La Ferté-Milon`` is ``ferte milon``."""
    return fold(_ARTICLES.sub("", text.strip()) or text)


@functools.lru_cache(maxsize=65_536)
def sort_key(text: str) -> tuple[str, str]:
    """Return the key that orders names alphabetically for a French reader."""
    return fold_name(text), text


def clean(text: str) -> str:
    """Drop the control and bidirectional characters that could disguise a text, keep all else."""
    return _BIDI_AND_CONTROLS.sub("", text).strip()
