"""What the geocoder has said, kept in a CSV file that can be committed, carried and read by eye."""

import csv
import io
import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from esscarto.errors import DataError
from esscarto.french import fold

FILE = "geocodage.csv"
"""Name of the cache in the data folder: it can be committed, and carried to a machine without a network."""

COLUMNS = (
    "adresse",
    "code_postal",
    "code_insee",
    "longitude",
    "latitude",
    "score",
    "type",
    "code_insee_trouve",
    "label",
    "date",
    "candidats",
)


class Address(NamedTuple):
    """What is asked: number and street, postal code, Insee code of the commune, its name."""

    adresse: str
    code_postal: str
    code_insee: str
    commune: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What two rows must share to be the same question."""
        return fold(self.adresse), self.code_postal, self.code_insee


@dataclass(frozen=True)
class Found:
    """One place that the geocoder proposes; longitude and latitude in degrees (EPSG:4326)."""

    longitude: float
    latitude: float
    score: float
    type: str
    code_insee: str
    label: str

    def record(self) -> dict[str, Any]:
        """Return the place as JSON can hold it."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class Answer:
    """What the geocoder said of one address.

    Parameters
    ----------
    best : Found or None
        Its first proposal.
    date : str
        Day of the answer (``2026-11-22``).
    candidates : tuple of Found, or None
        Other proposals, None when they were not asked for.
    """

    best: Found | None
    date: str
    candidates: tuple[Found, ...] | None = None


class GeocodeCache:
    """The answers kept in a file, one line each, added at its end.

    A line is written whole or is not one: a line torn by a power cut is left out when the file is read, and the
    address is asked again. The last line of an address is the one that counts.

    Parameters
    ----------
    path : pathlib.Path
        The CSV file (UTF-8, comma). It need not exist.

    Raises
    ------
    DataError
        When the file exists and is not such a cache.
    """

    def __init__(self, path: Path):
        self.path = path
        self._answers: dict[tuple[str, str, str], Answer] = {}
        self.unreadable = 0
        """Lines left out."""
        if path.exists():
            self._read()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, address: Address) -> Answer | None:
        """Return what was said of an address, None when it was never asked."""
        return self._answers.get(address.key)

    def add(self, answers: Iterable[tuple[Address, Answer]]) -> None:
        """Keep answers, on the disk before this returns.

        Raises
        ------
        DataError
            When the file cannot be written: they are kept in memory only.
        """
        given = list(answers)
        self._answers.update((address.key, answer) for address, answer in given)
        lines = "".join(_line(address, answer) for address, answer in given)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                end = file.seek(0, os.SEEK_END)
                if end == 0:
                    lines = _write(COLUMNS) + lines
                else:
                    file.seek(end - 1)
                    lines = lines if file.read(1) == b"\n" else "\n" + lines
                file.write(lines.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            remedy = "Libérez de la place ou choisissez un autre fichier, puis relancez."
            raise DataError("le cache du géocodage ne peut pas être écrit", self.path.name, remedy) from error

    def _read(self) -> None:
        try:
            header, *lines = self.path.read_text(encoding="utf-8-sig", errors="replace").splitlines() or [""]
        except OSError as error:
            raise DataError("le cache du géocodage ne se lit pas", self.path.name, "Vérifiez ce fichier.") from error
        if header and next(csv.reader([header])) != list(COLUMNS):
            remedy = "Donnez un autre fichier, ou effacez celui-ci : il se refait en interrogeant le géocodeur."
            raise DataError("ce fichier n’est pas un cache de géocodage", self.path.name, remedy)
        for line in lines:
            # One line, one answer: read apart, so that a torn one does not swallow those that follow.
            try:
                address, answer = _parse(next(csv.reader([line], strict=True), []))
            except (ValueError, KeyError, TypeError, csv.Error):
                self.unreadable += bool(line.strip())
                continue
            self._answers[address.key] = answer


def found(longitude: object, latitude: object, score: object, kind: object, code_insee: object, label: object) -> Found:
    """Check what a service or a file says of a place.

    Raises
    ------
    ValueError
        When a number is not one, or is out of its bounds.
    """
    if isinstance(longitude, bool) or isinstance(latitude, bool) or isinstance(score, bool):
        raise ValueError("not a number")
    numbers = [float(str(value)) for value in (longitude, latitude, score)]
    limits = ((-180, 180), (-90, 90), (0, 1))
    for value, (low, high) in zip(numbers, limits, strict=True):
        if not math.isfinite(value) or not low <= value <= high + 1e-6:
            raise ValueError(f"{value} is out of bounds")
    texts = [" ".join(str(value or "").split()) for value in (kind, code_insee, label)]
    return Found(round(numbers[0], 6), round(numbers[1], 6), round(numbers[2], 4), *texts)


def _line(address: Address, answer: Answer) -> str:
    best = answer.best
    cells = (best.longitude, best.latitude, best.score, best.type, best.code_insee, best.label) if best else ("",) * 6
    candidates = (
        ""
        if answer.candidates is None
        else json.dumps([candidate.record() for candidate in answer.candidates], ensure_ascii=False)
    )
    return _write((address.adresse, address.code_postal, address.code_insee, *cells, answer.date, candidates))


def _write(cells: Iterable[object]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(" ".join(str(cell).split()) for cell in cells)
    return out.getvalue()


def _parse(cells: list[str]) -> tuple[Address, Answer]:
    row = dict(zip(COLUMNS, cells, strict=True))
    best = None
    if row["longitude"]:
        best = found(
            row["longitude"], row["latitude"], row["score"], row["type"], row["code_insee_trouve"], row["label"]
        )
    candidates = None
    if row["candidats"]:
        candidates = tuple(
            found(each["longitude"], each["latitude"], each["score"], each["type"], each["code_insee"], each["label"])
            for each in json.loads(row["candidats"])
        )
    return Address(row["adresse"], row["code_postal"], row["code_insee"]), Answer(best, row["date"], candidates)
