"""Read a date as people write it, into AAAA, AAAA-MM or AAAA-MM-JJ."""

import datetime
import re
from collections.abc import Callable

from esscarto.french import fold
from esscarto.importing.findings import Fault, Reader, Reading

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv", "jan"),
            ("fevrier", "fevr", "fev"),
            ("mars",),
            ("avril", "avr"),
            ("mai",),
            ("juin",),
            ("juillet", "juil"),
            ("aout",),
            ("septembre", "sept"),
            ("octobre", "oct"),
            ("novembre", "nov"),
            ("decembre", "dec"),
        ),
        start=1,
    )
    for name in names
}
_EXPECTED = "une date comme 2025-07-14, 2025-07 ou 2025"
_ORIGIN = datetime.date(1899, 12, 30)
"""Day 0 of the dates that a spreadsheet shows as a number."""


def date_reader(today: Callable[[], datetime.date] = datetime.date.today, *, longest: int = 10) -> Reader:
    """Return the reader of a date, kept to its first ``longest`` characters (7 for a month)."""
    latest = today().isoformat()

    def read(cell: str) -> Reading:
        found = _read(cell.strip())
        if isinstance(found, Fault):
            return Reading("", faults=(found,))
        value = found[:longest]
        how = "date écrite AAAA-MM-JJ" if value != cell.strip() else ""
        future = value > latest[: len(value)]
        return Reading(value, how, (_FUTURE,) if future else ())

    return read


def iso(text: str, longest: int = 10) -> str:
    """Return a date as the directory writes it, cut to ``longest`` characters; what is no date, as it is."""
    found = _read(text.strip()) if text.strip() else ""
    return text if isinstance(found, Fault) else found[:longest]


_FUTURE = Fault("a_regarder", "cette date est dans le futur", "une date passée", "Vérifiez-la.")


def _read(cell: str) -> str | Fault:
    if re.fullmatch("[12][0-9]{3}", cell):
        return cell
    month_first = re.sub("^([01]?[0-9])[-/.]([12][0-9]{3})$", r"\2-\1", cell)
    year_month = re.fullmatch("([12][0-9]{3})[-/]([01]?[0-9])", month_first)
    if year_month:
        year, month = map(int, year_month.groups())
        return f"{year}-{month:02}" if 1 <= month <= 12 else _fault("ce mois n’existe pas")
    iso = re.fullmatch("([12][0-9]{3})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?", cell)
    if iso:
        return _day(*map(int, iso.groups()))
    french = re.fullmatch("([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2}|[12][0-9]{3})(?: .*)?", cell)
    if french:
        return _french(*french.groups())
    if re.fullmatch("[34][0-9]{4}", cell):
        day = _ORIGIN + datetime.timedelta(days=int(cell))
        return _fault("le tableur a écrit cette date en nombre", day.isoformat())
    return _in_words(cell)


def _day(year: int, month: int, day: int) -> str | Fault:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return _fault("ce jour n’existe pas")


def _french(day: str, month: str, year: str) -> str | Fault:
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if int(month) > 12 and int(day) <= 12:
        swapped = _day(full, int(day), int(month))
        return _fault("le mois et le jour semblent intervertis", swapped if isinstance(swapped, str) else None)
    read = _day(full, int(month), int(day))
    if isinstance(read, str) and len(year) == 2:
        return _fault("le siècle manque", read)
    return read


def _in_words(cell: str) -> str | Fault:
    words = [word for word in fold(cell).split() if word not in ("le", "1er")]
    if "1er" in fold(cell).split():
        words.insert(0, "1")
    if len(words) in (2, 3) and words[-2] in _MONTHS and re.fullmatch("[12][0-9]{3}", words[-1]):
        month, year = _MONTHS[words[-2]], int(words[-1])
        if len(words) == 2:
            return f"{year}-{month:02}"
        if words[0].isdigit():
            return _day(year, month, int(words[0]))
    return _fault("ce n’est pas une date")


def _fault(problem: str, suggestion: str | None = None) -> Fault:
    return Fault("a_corriger", problem, _EXPECTED, "Corrigez-la, ou laissez la case vide.", suggestion)
