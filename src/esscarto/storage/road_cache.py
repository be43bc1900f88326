"""What the route service has said, kept in a CSV file: points, kilometres, minutes and a day, nothing of a person."""

import datetime
import math
from dataclasses import dataclass
from pathlib import Path

from esscarto.errors import DataError

FILE = "itineraires.csv"
"""Name of the cache in the data folder."""
COLUMNS = ("depart_longitude", "depart_latitude", "arrivee_longitude", "arrivee_latitude", "km", "minutes", "date")
MOST_BYTES = 4 * 2**20
"""Size beyond which the file begins again: what is forgotten can be asked again."""

Point = tuple[float, float]
"""Longitude and latitude in degrees (EPSG:4326), as :func:`point` rounds them."""


def point(longitude: float, latitude: float) -> Point:
    """Return a point to about ten metres: what is sent to the service, and kept."""
    return round(float(longitude), 4), round(float(latitude), 4)


@dataclass(frozen=True)
class Road:
    """The way by car between two points.

    Parameters
    ----------
    km, minutes : float
        Its length and how long it takes, neither of them negative.
    day : str
        ISO date of the answer.

    Raises
    ------
    ValueError
        When a number or the date is not one.
    """

    km: float
    minutes: float
    day: str

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) and value >= 0 for value in (self.km, self.minutes)):
            raise ValueError("not a length or not a duration")
        datetime.date.fromisoformat(self.day)


class RoadCache:
    """The roads that are known, each added at the end of a file as one line.

    A line that is not one, torn or altered, is left out; the last line of two points is the one that counts.

    Parameters
    ----------
    path : pathlib.Path, optional
        The CSV file, which need not exist. Without it the roads stay in memory.

    Raises
    ------
    DataError
        When the file cannot be read.
    """

    def __init__(self, path: Path | None = None):
        self.path = path
        self._roads: dict[tuple[Point, Point], Road] = {}
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path and path.is_file() else []
        except OSError as error:
            raise DataError("les distances par la route ne se lisent pas", FILE, "Vérifiez ce fichier.") from error
        for line in lines:
            self._read(line)

    def __len__(self) -> int:
        return len(self._roads)

    def get(self, start: Point, end: Point) -> Road | None:
        """Return the road from a point to another, None when it is not known."""
        return self._roads.get((start, end))

    def add(self, start: Point, end: Point, road: Road) -> None:
        """Keep a road, in the file before this returns.

        Raises
        ------
        DataError
            When the file cannot be written.
        """
        self._roads[start, end] = road
        if self.path is None:
            return
        try:
            full = self.path.is_file() and self.path.stat().st_size > MOST_BYTES
            with self.path.open("w" if full else "a", encoding="utf-8") as file:
                # Each line ends the one before it, were it torn.
                head = "" if file.tell() else ",".join(COLUMNS)
                file.write(f"{head}\n{','.join(map(str, (*start, *end, road.km, road.minutes, road.day)))}")
        except OSError as error:
            remedy = "Libérez de la place ou rendez le dossier des données accessible en écriture."
            raise DataError("les distances reçues ne peuvent pas être gardées", self.path.name, remedy) from error

    def _read(self, line: str) -> None:
        try:
            *numbers, day = line.split(",")
            a, b, c, d, km, minutes = map(float, numbers)
            self._roads[(a, b), (c, d)] = Road(km, minutes, day)
        except ValueError:
            return
