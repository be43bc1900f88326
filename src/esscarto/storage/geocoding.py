"""Give addresses their point, with the geocoder of the State, and keep how sure each point is.

The network is asked only when a :class:`~esscarto.storage.http.Service` is given: without one, what the cache
holds is used, and nothing else. A page may call this; only a person's request gives it a service.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from esscarto.french import NBSP, number
from esscarto.storage.commune_names import CommuneNames
from esscarto.storage.geocode_cache import Address, Answer, Found, GeocodeCache, found
from esscarto.storage.http import Limits, Service
from esscarto.storage.service_fault import Fault, ServiceError
from esscarto.territories import METRIC_CRS, Territories

URL = "https://data.geopf.fr/geocodage"
"""Geocoder of the Géoplateforme (IGN), Base Adresse Nationale: 50 requests a second and an address."""
NAME = "Le géocodeur de la Géoplateforme"
LIMITS = Limits(deadline_s=60.0, max_bytes=16 * 2**20, per_second=10.0)

ACCEPTED_SCORE = 0.8
REVIEWED_SCORE = 0.5
PRECISIONS = {"housenumber": "adresse", "street": "rue"}
"""Type of a result that can be a point -> the precision of this point."""
SAME_PLACE_M = 500.0
"""A point this close to its commune is inside it: the shipped contours are simplified."""
CANDIDATES = 3
MOST_CHARACTERS = 200
"""Of an address: the service refuses longer questions."""
CHUNK = 1_000
"""Addresses of one file sent."""

COLUMNS = [
    "geo_decision",
    "geo_longitude",
    "geo_latitude",
    "geo_score",
    "geo_type",
    "geo_label",
    "geo_code_insee",
    "geo_date",
    "geo_motif",
    "geo_candidats",
]
DECISIONS = ("adresse", "rue", "a_revoir", "commune", "non_cherche", "sans_objet")

_EDGES = re.compile(r"^[^\w]+|[^\w)\]]+$")
_SENT = ("cle", "adresse", "commune", "insee")
_RETURNED = {"cle", "longitude", "latitude", "result_score", "result_type", "result_label", "result_citycode"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Geocoding:
    """What became of each row.

    Parameters
    ----------
    frame : pandas.DataFrame
        On the index of the rows, :data:`COLUMNS`. ``geo_decision`` is « adresse » or « rue » (accepted), « a_revoir »
        (a person must choose; ``geo_candidats`` is a tuple of :class:`Found`), « commune » (the point is that of the
        commune), « non_cherche » (never asked) or « sans_objet » (no address, or a point already).
        ``geo_longitude``, ``geo_latitude`` are degrees (EPSG:4326), NaN without a point.
    interrupted : ServiceError or None
        Why the search stopped before its end. What was found before is in the cache.
    """

    frame: pd.DataFrame
    interrupted: ServiceError | None = None

    def count(self, decision: str) -> int:
        """Return the number of rows of one decision."""
        return int((self.frame["geo_decision"] == decision).sum())


def geocoder(url: str | None = None, limits: Limits = LIMITS) -> Service:
    """Return the geocoder: ``url``, else ``ESSCARTO_GEOCODER_URL``, else that of the Géoplateforme."""
    return Service(NAME, url or os.environ.get("ESSCARTO_GEOCODER_URL") or URL, limits)


def find(words: str, service: Service) -> tuple[Found, ...]:
    """Return the places, the likeliest first, that an address typed in one line may be.

    Raises
    ------
    ServiceError
        When the geocoder cannot be used.
    """
    return _propose(cleaned(words), service)


def geocode(
    rows: pd.DataFrame,
    territories: Territories,
    cache: GeocodeCache,
    service: Service | None = None,
    progress: Progress | None = None,
    day: str = "",
) -> Geocoding:
    """Find the point of every row that has an address and none yet.

    A point is accepted when its score is 0.8 at least, its type is a number or a street, its commune is the one
    of the row and it lies in it (within 500 m: the contours are simplified). Between 0.5 and 0.8, or when they
    disagree, it is to be reviewed. Else the commune stands for it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Text columns ``adresse``, ``code_postal``, ``commune``, ``code_insee``, ``longitude`` ("" when unknown).
    territories : Territories
        Layers that give codes to names, and the contours of the communes.
    cache : GeocodeCache
        Where answers are read and added.
    service : Service, optional
        The geocoder; without it the network is not asked.
    progress : callable, optional
        Told how many addresses are settled, of how many.
    day : str, optional
        Date to write with the answers; today by default.
    """
    names = CommuneNames(territories)
    addresses = [address_of(row, names) for row in _records(rows)]
    interrupted = None
    if service:
        try:
            _search(addresses, cache, service, day or date.today().isoformat(), progress)
        except ServiceError as error:
            interrupted = error
    points = _points(addresses, cache, territories)
    decided = [
        _settle(address, cache.get(address) if address else None, far, territories)
        for address, far in zip(addresses, points, strict=True)
    ]
    return Geocoding(pd.DataFrame(decided, columns=COLUMNS, index=rows.index), interrupted)


def apply(rows: pd.DataFrame, geocoding: Geocoding) -> pd.DataFrame:
    """Return the rows with the accepted points written in; whatever they said before is kept.

    Adds the columns of :data:`COLUMNS` but the candidates, as text. A row that gets no point and claims to be placed at
    an address or a street is placed at its commune, which its map shows as such.
    """
    said = geocoding.frame
    out = rows.copy()
    for column in ("longitude", "latitude", "precision", "lieu_source", "lieu_date", "lieu_confiance", "code_insee"):
        if column not in out:
            out[column] = ""
    accepted = said["geo_decision"].isin(PRECISIONS.values())
    for column in ("longitude", "latitude"):
        out[column] = out[column].where(~accepted, said[f"geo_{column}"].map("{:.6f}".format))
    out["precision"] = out["precision"].where(~accepted, said["geo_decision"])
    point = [
        f"point{NBSP}: Base Adresse Nationale, géocodeur de la Géoplateforme, {day}, score {number(score, 2)}"
        for day, score in zip(said["geo_date"], said["geo_score"], strict=True)
    ]
    known = out["lieu_source"].where(out["lieu_source"] == "", out["lieu_source"] + " ; ")
    out["lieu_source"] = out["lieu_source"].where(~accepted, known + pd.Series(point, index=out.index))
    out["lieu_date"] = out["lieu_date"].where(~accepted | (out["lieu_date"] != ""), said["geo_date"])
    out["lieu_confiance"] = out["lieu_confiance"].where(~accepted | (out["lieu_confiance"] != ""), "probable")
    blank = accepted & (out["code_insee"] == "")
    out["code_insee"] = out["code_insee"].where(~blank, said["geo_code_insee"])
    claimed = out["precision"].isin(["", *PRECISIONS.values()]) & (out["longitude"] == "")
    placed_by_commune = said["geo_decision"].isin(["commune", "a_revoir", "non_cherche"]) & claimed
    out["precision"] = out["precision"].where(~placed_by_commune, "commune")
    for column in COLUMNS[:-1]:
        out[column] = [_text(value) for value in said[column]]
    return out


def address_of(row: dict[str, str], names: CommuneNames) -> Address | None:
    """Return the question to ask for a row, None when it has no address, no known commune, or a point already."""
    street = cleaned(row.get("adresse", ""))
    if not street or row.get("longitude", ""):
        return None
    postal_code, commune = row.get("code_postal", "").strip(), row.get("commune", "").strip()
    code = names.current(row.get("code_insee", "").strip()) or names.code(commune, postal_code)
    if not code:
        return None
    return Address(street, postal_code, code, names.name(code))


def cleaned(address: str) -> str:
    """Return an address as the service takes it: one line, no punctuation at its ends, not too long."""
    return _EDGES.sub("", " ".join(address.split()))[:MOST_CHARACTERS].strip()


# ---- ask


def _search(
    addresses: Sequence[Address | None], cache: GeocodeCache, service: Service, day: str, progress: Progress | None
) -> None:
    """Ask for every address that the cache does not hold, chunk after chunk, each kept before the next."""
    wanted = {address.key: address for address in addresses if address}

    def is_settled(address: Address) -> bool:
        answer = cache.get(address)
        return answer is not None and (answer.candidates is not None or _is_safe(answer.best, address))

    def tell() -> None:
        if progress:
            progress(sum(map(is_settled, wanted.values())), len(wanted))

    tell()
    pending = [address for address in wanted.values() if cache.get(address) is None]
    for start in range(0, len(pending), CHUNK):
        chunk = pending[start : start + CHUNK]
        cache.add(zip(chunk, _search_file(chunk, service, day), strict=True))
        tell()
    for address in wanted.values():
        if not is_settled(address) and (answer := cache.get(address)):
            cache.add([(address, replace(answer, candidates=_search_one(address, service)))])
            tell()


def _search_file(addresses: Sequence[Address], service: Service, day: str) -> Iterator[Answer]:
    """Ask for many addresses, each within its commune (``POST /search/csv``)."""
    sent = io.StringIO(newline="")
    writer = csv.writer(sent)
    writer.writerow(_SENT)
    for position, address in enumerate(addresses):
        # The postal code is no filter: it may be that of a « cedex ».
        writer.writerow((position, address.adresse, address.commune, address.code_insee))
    fields = {"columns": ["adresse", "commune"], "citycode": "insee"}
    returned = csv.DictReader(io.StringIO(service.post_csv("/search/csv", fields, sent.getvalue().encode())))
    answers = []
    try:
        if not _RETURNED.issubset(returned.fieldnames or ()):
            raise ValueError("columns are missing")
        for position, line in enumerate(returned):
            if line["cle"] != str(position) or None in line or None in line.values():
                raise ValueError("lines are missing")
            answers.append(Answer(_found_in_line(line), day))
        if len(answers) != len(addresses):
            raise ValueError("lines are missing")
    except (ValueError, csv.Error) as error:
        raise service.unreadable("le tableau n’a pas la forme attendue") from error
    yield from answers


def _found_in_line(line: dict[str, str]) -> Found | None:
    if not line["longitude"] and not line["latitude"]:
        return None
    values = (line["longitude"], line["latitude"], line["result_score"])
    return found(*values, line["result_type"], line["result_citycode"], line["result_label"])


def _search_one(address: Address, service: Service) -> tuple[Found, ...]:
    """Ask for what else an address may be, in whatever commune (``GET /search``)."""
    return _propose(cleaned(f"{address.adresse} {address.code_postal} {address.commune}"), service)


def _propose(question: str, service: Service) -> tuple[Found, ...]:
    answer = service.get_json("/search", {"q": question, "limit": CANDIDATES, "autocomplete": 0})
    try:
        features = answer["features"]
        if not isinstance(features, list):
            raise TypeError("no features")
        return tuple(_found_in_feature(feature) for feature in features[:CANDIDATES])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise service.error(Fault.GARBAGE, " (des lieux étaient attendus)") from error


def _found_in_feature(feature: dict) -> Found:
    said = feature["properties"]
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    return found(longitude, latitude, said["score"], said["type"], said["citycode"], said["label"])


# ---- judge


def _is_safe(best: Found | None, address: Address) -> bool:
    """Whether score, type and commune all agree."""
    return (
        best is not None
        and best.score >= ACCEPTED_SCORE
        and best.type in PRECISIONS
        and best.code_insee == address.code_insee
    )


def _points(addresses: Sequence[Address | None], cache: GeocodeCache, territories: Territories) -> list[float]:
    """Return how far the point of each address is from the commune of its row, in metres; NaN without a point."""
    metres = np.full(len(addresses), np.nan)
    known = territories.communes.geometry
    asked = [
        (position, answer.best, address.code_insee)
        for position, address in enumerate(addresses)
        if address and (answer := cache.get(address)) and answer.best and address.code_insee in known.index
    ]
    if asked:
        positions, bests, codes = zip(*asked, strict=True)
        points = gpd.GeoSeries.from_xy([b.longitude for b in bests], [b.latitude for b in bests], crs="EPSG:4326")
        shapes = known.loc[sorted(set(codes))].to_crs(METRIC_CRS)
        inside = gpd.GeoSeries(shapes.loc[list(codes)].to_numpy(), crs=METRIC_CRS)
        metres[list(positions)] = inside.distance(points.to_crs(METRIC_CRS), align=False)
    return metres.tolist()


def _settle(address: Address | None, answer: Answer | None, far_m: float, territories: Territories) -> tuple:
    """Return the cells of :data:`COLUMNS` for one row."""
    nothing = (np.nan, np.nan, np.nan, "", "", "", "")
    if address is None:
        return ("sans_objet", *nothing, "", ())
    commune = territories.communes.loc[address.code_insee]
    centre = (float(commune["label_lon"]), float(commune["label_lat"]))
    if answer is None:
        return ("non_cherche", *centre, *nothing[2:], "adresse pas encore cherchée", ())
    best = answer.best
    candidates = answer.candidates or ()
    top = best if best and best.score >= REVIEWED_SCORE else next(iter(candidates), best)
    if top is None or top.score < REVIEWED_SCORE or top.type == "municipality":
        why = "adresse inconnue du géocodeur" if top is None else "aucune adresse assez ressemblante"
        said = (top.score, top.type, top.label, top.code_insee) if top else nothing[2:6]
        return ("commune", *centre, *said, answer.date, why, candidates)
    why = _doubt(top, address, far_m if top is best else 0.0)
    cells = (top.longitude, top.latitude, top.score, top.type, top.label, top.code_insee, answer.date)
    if not why:
        return (PRECISIONS[top.type], *cells, "", ())
    return ("a_revoir", *cells, why, tuple(dict.fromkeys((*([best] if best else []), *candidates))))


def _doubt(top: Found, address: Address, far_m: float) -> str:
    """Say why a proposal must be reviewed, "" when it need not be."""
    if top.code_insee != address.code_insee:
        return f"trouvée dans une autre commune{NBSP}: {top.label}"
    if top.score < ACCEPTED_SCORE:
        return f"ressemblance moyenne{NBSP}: score {number(top.score, 2)}"
    if top.type not in PRECISIONS:
        return "un lieu-dit et non une adresse"
    if far_m > SAME_PLACE_M:
        return f"point à {number(far_m)} m de la commune"
    return ""


def _records(rows: pd.DataFrame) -> list[dict[str, str]]:
    wanted = [name for name in ("adresse", "code_postal", "commune", "code_insee", "longitude") if name in rows]
    return rows[wanted].to_dict("records")


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
