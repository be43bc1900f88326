"""Read the point of each line: degrees, whatever the comma; and recognise what is not one, or not there."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from pyproj import Transformer

from esscarto.actors import SAME_PLACE_M
from esscarto.french import number
from esscarto.importing.findings import Fault, Level, Log
from esscarto.importing.gazetteer import Gazetteer, of
from esscarto.importing.texts import says_nothing
from esscarto.territories import METRIC_CRS

LON, LAT, CODE = "longitude", "latitude", "code_insee"

FAR_KM = 10.0
"""A point this far from its commune contradicts it; nearer, it may be the seat of a wider body."""
SHARED = 3
"""Addresses of one commune that bear the same point: beyond, the point is the commune's, not theirs."""

_EXPECTED = {LON: "une longitude en degrés, comme 3.3243", LAT: "une latitude en degrés, comme 49.3816"}
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
_DEGREES = re.compile(
    r"""(\d{1,3})\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["”″]|'')\s*)?([NSEOWnseow])?"""
)
_MEND = "Corrigez les deux coordonnées, ou laissez les deux cases vides."


class Points:
    """The two columns of coordinates of a table.

    Attributes
    ----------
    lon, lat : list of float
        Degrees (EPSG:4326), NaN where a line has no point that can be kept.
    """

    def __init__(self, log: Log, lines: Sequence[int], longitudes: Sequence[str], latitudes: Sequence[str]):
        self._log = log
        self._lines = lines
        self._cells = {LON: longitudes, LAT: latitudes}
        self.lon = [math.nan] * len(lines)
        self.lat = [math.nan] * len(lines)
        lambert: list[tuple[int, float, float]] = []
        known: dict[tuple[str, str], float | Fault] = {}
        for row in range(len(lines)):
            read = []
            for target in (LON, LAT):
                cell = self._cells[target][row]
                if (target, cell) not in known:
                    known[target, cell] = _read(target, cell)
                read.append(known[target, cell])
            self._judge(row, read[0], read[1], lambert)
        self._propose_degrees(lambert)

    def _judge(self, row: int, lon: float | Fault, lat: float | Fault, lambert: list[tuple[int, float, float]]) -> None:
        """Keep a point, or say what is wrong with it."""
        if isinstance(lon, Fault) or isinstance(lat, Fault):
            for target, read in ((LON, lon), (LAT, lat)):
                if isinstance(read, Fault):
                    self._fault(row, target, read)
            return
        if math.isnan(lon) and math.isnan(lat):
            return
        if math.isnan(lon) or math.isnan(lat):
            target = LON if math.isnan(lon) else LAT
            fault = Fault("a_corriger", "une seule des deux coordonnées est donnée", _EXPECTED[target], _MEND)
            self._fault(row, target, fault)
        elif lon == 0 and lat == 0:
            for target in (LON, LAT):
                fault = Fault("a_corriger", "0, 0 est au large de l’Afrique", _EXPECTED[target], _MEND, "", sure=True)
                self._fault(row, target, fault)
        elif _in_france(lon, lat):
            self.lon[row], self.lat[row] = lon, lat
            for target in (LON, LAT):
                if "," in self._cells[target][row]:
                    before = self._cells[target][row]
                    how = "virgule décimale lue comme un point"
                    self._log.change(self._lines[row], target, how, before, before.replace(",", "."))
        elif _in_france(lat, lon):
            for target, other in ((LON, LAT), (LAT, LON)):
                problem = "latitude et longitude sont interverties"
                value = self._cells[other][row].replace(",", ".")
                self._fault(row, target, Fault("a_corriger", problem, _EXPECTED[target], _MEND, value, sure=True))
        elif _in_lambert(lon, lat) or _in_lambert(lat, lon):
            lambert.append((row, *((lon, lat) if _in_lambert(lon, lat) else (lat, lon))))
        else:
            self._judge_elsewhere(row, lon, lat)

    def _judge_elsewhere(self, row: int, lon: float, lat: float) -> None:
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            self.lon[row], self.lat[row] = lon, lat
            return
        for target in (LON, LAT):
            problem = "ces coordonnées ne sont ni des degrés ni du Lambert-93"
            remedy = "Convertissez-les en WGS 84, ou laissez les deux cases vides."
            self._fault(row, target, Fault("a_corriger", problem, _EXPECTED[target], remedy))

    def _propose_degrees(self, lambert: list[tuple[int, float, float]]) -> None:
        """Propose degrees for the points given in metres of the Lambert-93 projection."""
        if not lambert:
            return
        rows, x, y = zip(*lambert, strict=True)
        lon, lat = Transformer.from_crs(METRIC_CRS, "EPSG:4326", always_xy=True).transform(x, y)
        for row, east, north in zip(rows, lon, lat, strict=True):
            for target, value in ((LON, east), (LAT, north)):
                problem = "ce sont des mètres (Lambert-93), pas des degrés"
                fault = Fault("a_corriger", problem, _EXPECTED[target], _MEND, f"{value:.6f}", sure=True)
                self._fault(row, target, fault)

    def _fault(self, row: int, target: str, fault: Fault) -> None:
        self._log.fault(self._lines[row], target, self._cells[target][row], fault)

    def text(self, target: str) -> list[str]:
        """Return the kept coordinates of one column as the tables write them, "" where there is none."""
        values = self.lon if target == LON else self.lat
        return [
            "" if math.isnan(value) else cell.strip().replace(",", ".")
            for value, cell in zip(values, self._cells[target], strict=True)
        ]

    def shared(self, codes: Sequence[str], addresses: Sequence[str]) -> set[int]:
        """Return the rows whose point is borne by several addresses: it is not that of an address."""
        bearers: dict[tuple[float, float], set[str]] = defaultdict(set)
        for row, (lon, lat) in enumerate(zip(self.lon, self.lat, strict=True)):
            if not math.isnan(lon) and addresses[row]:
                bearers[lon, lat].add(f"{codes[row]} {addresses[row].casefold()}")
        crowded = {point for point, several in bearers.items() if len(several) >= SHARED}
        return {row for row, point in enumerate(zip(self.lon, self.lat, strict=True)) if point in crowded}

    def compare(self, gazetteer: Gazetteer, codes: list[str]) -> None:
        """Give each point without a commune the one under it, and compare the others with theirs.

        ``codes`` are the communes of the rows, "" where unknown; they are completed in place.
        """
        given = [row for row, lon in enumerate(self.lon) if not math.isnan(lon)]
        if not given:
            return
        points = gpd.GeoSeries.from_xy(
            [self.lon[row] for row in given], [self.lat[row] for row in given], crs="EPSG:4326"
        )
        communes = gazetteer.territories.communes.geometry
        pairs = communes.sindex.query(points, predicate="intersects")
        under: dict[int, list[str]] = defaultdict(list)
        for place, commune in zip(*pairs, strict=True):
            under[int(place)].append(str(communes.index[commune]))
        elsewhere = []
        for place, row in enumerate(given):
            if not codes[row] and under[place]:
                codes[row] = min(under[place])
                name = gazetteer.label(codes[row])
                self._log.change(self._lines[row], CODE, "commune trouvée sous le point", "", name)
            elif not codes[row]:
                fault = Fault("a_regarder", "ce point n’est dans aucune commune connue", _EXPECTED[LAT], "Vérifiez-le.")
                self._fault(row, LAT, fault)
            elif codes[row] in communes.index and codes[row] not in under[place]:
                elsewhere.append(place)
        if elsewhere:
            self._measure(gazetteer, codes, given, points, under, elsewhere)

    def _measure(
        self,
        gazetteer: Gazetteer,
        codes: list[str],
        given: list[int],
        points: gpd.GeoSeries,
        under: dict[int, list[str]],
        elsewhere: list[int],
    ) -> None:
        """Report the points that lie well outside the commune of their line."""
        communes = gazetteer.territories.communes.geometry
        declared = [codes[given[place]] for place in elsewhere]
        shapes = communes.loc[sorted(set(declared))].to_crs(METRIC_CRS)
        metres = np.asarray(
            shapes.loc[declared]
            .reset_index(drop=True)
            .distance(points.iloc[elsewhere].to_crs(METRIC_CRS).reset_index(drop=True))
        )
        for place, code, distance in zip(elsewhere, declared, metres, strict=True):
            if distance <= SAME_PLACE_M:
                continue
            km = distance / 1000
            there = f", dans la commune {of(gazetteer.label(min(under[place])))}" if under[place] else ""
            problem = f"ce point est à {number(km, 1)} km {of(gazetteer.label(code))}{there}"
            level: Level = "a_corriger" if km > FAR_KM else "a_regarder"
            fault = Fault(level, problem, "un point dans la commune", "Corrigez le point ou la commune.")
            self._fault(given[place], LAT, fault)


def _read(target: str, cell: str) -> float | Fault:
    """Read a coordinate, NaN when the cell is empty."""
    text = cell.strip()
    if not text or says_nothing(text):
        return math.nan
    if _NUMBER.fullmatch(text):
        value = float(text.replace(",", "."))
        if math.isfinite(value):
            return value
    sexagesimal = _DEGREES.fullmatch(text)
    suggestion = None
    if sexagesimal:
        degrees, minutes, seconds, side = sexagesimal.groups()
        value = float(degrees) + float((minutes or "0").replace(",", ".")) / 60
        value += float((seconds or "0").replace(",", ".")) / 3600
        suggestion = f"{-value if (side or '').upper() in ('S', 'O', 'W') else value:.6f}"
    problem = "ces degrés sont en minutes et secondes" if sexagesimal else "ce n’est pas un nombre"
    return Fault("a_corriger", problem, _EXPECTED[target], _MEND, suggestion, sure=bool(sexagesimal))


def _in_france(lon: float, lat: float) -> bool:
    return -5.5 <= lon <= 10 and 41 <= lat <= 51.5


def _in_lambert(x: float, y: float) -> bool:
    return 50_000 <= x <= 1_300_000 and 6_000_000 <= y <= 7_200_000
