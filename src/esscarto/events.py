"""The calendar of the ESS year, as the documents print it: dates where they print one, and nowhere else."""

import calendar
import datetime
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from esscarto.filters import FilterIndex
from esscarto.french import date, enumerate_words
from esscarto.schema import LIST_SEPARATOR
from esscarto.territories import Territory

RHYTHMS = {
    "chaque_annee": "Chaque année",
    "regulier": "Régulièrement",
    "une_fois": "Une fois",
    "non_fourni": "Rythme non fourni",
}
STATES = {"existant": "Existe", "propose": "Proposé, à organiser", "passe": "Passé"}
NO_DATE = "date non fournie par la source"


@dataclass(frozen=True)
class Events:
    """The table of the events.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns of ``schemas/evenements.schema.json``.
    """

    frame: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The events, in the order of the table."""
        return self.frame.to_dict("records")


def when(row: dict[str, str]) -> str:
    """Say when an event takes place, in the words of its source: ``en novembre, chaque année``."""
    if row["debut"]:
        said = [date(row[column]) for column in ("debut", "fin") if row[column]]
        return f"de {said[0]} à {said[1]}" if len(said) > 1 else said[0]
    if row["mois"]:
        months = enumerate_words(_month(int(month)) for month in row["mois"].split(LIST_SEPARATOR))
        return f"en {months}, chaque année" if row["rythme"] == "chaque_annee" else f"en {months}"
    return NO_DATE


def days(row: dict[str, str], today: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the last day of an event: the next one of each year; None when no source gives a date.

    A month is the whole month: what its source prints, nothing closer.
    """
    if row["debut"]:
        return _first(row["debut"]), _last(row["fin"] or row["debut"])
    if row["mois"] and row["rythme"] == "chaque_annee":
        months = [int(month) for month in row["mois"].split(LIST_SEPARATOR)]
        year = today.year if _last(f"{today.year}-{max(months):02d}") >= today else today.year + 1
        return _first(f"{year}-{min(months):02d}"), _last(f"{year}-{max(months):02d}")
    return None


def hosts(index: FilterIndex, row: dict[str, str], territory: Territory) -> np.ndarray:
    """Return which actors of a territory could host an event: in activity, of a type that receives the public.

    Which types these are is an editorial choice, written in the table.
    """
    wanted = [code for code in row["types_accueil"].split(LIST_SEPARATOR) if code]
    rows, none = index.rows["ty"], np.zeros(len(index.actors.frame), dtype=bool)
    mask = np.logical_or.reduce([rows.get(code, none) for code in wanted] or [none])
    return np.asarray(mask & index.rows["s"]["actif"] & index.inside(territory))


def _first(iso: str) -> datetime.date:
    return datetime.date(*[*map(int, iso.split("-")), 1, 1][:3])


def _last(iso: str) -> datetime.date:
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return datetime.date(parts[0], 12, 31)
    return datetime.date(parts[0], parts[1], calendar.monthrange(*parts[:2])[1] if len(parts) == 2 else parts[2])


def _month(number: int) -> str:
    return date(f"2000-{number:02d}").partition(" ")[0]
