"""Which actors could have a better point, what the geocoder said of them, and what that would write in their rows.

What is known is in the cache; only :func:`search` asks the network, and fills it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from esscarto.editing import Correction
from esscarto.storage.geocode_cache import Found, GeocodeCache
from esscarto.storage.geocoding import COLUMNS, PRECISIONS, Geocoding, Progress, apply, geocode
from esscarto.storage.http import Service
from esscarto.territories import Territories

POINTS = {**PRECISIONS, "locality": "rue"}
"""Type of a place that a person may choose -> precision of its point; the row says when it is a hamlet."""
WRITTEN = ("longitude", "latitude", "precision", "lieu_source", "lieu_date", "lieu_confiance")


@dataclass(frozen=True)
class Lookup:
    """An actor to place, and what is known of its address.

    Parameters
    ----------
    row : mapping of str to str
        Its row in the directory.
    decision : str
        One of ``storage.geocoding.DECISIONS``: « adresse » and « rue » when score, type and commune agree,
        « a_revoir » when somebody must choose, « commune » when nothing was found, « non_cherche », « sans_objet »
        when its commune is not known.
    found : Found or None
        The point that is proposed.
    candidates : tuple of Found
        Those to choose from.
    date : str
        Day of the answer (``2026-11-22``).
    why : str
        What keeps the point from being accepted, in French.
    """

    row: Mapping[str, str]
    decision: str
    found: Found | None
    candidates: tuple[Found, ...]
    date: str
    why: str

    @property
    def actor(self) -> str:
        """Its identifier."""
        return self.row["id"]

    @property
    def is_accepted(self) -> bool:
        """Whether score, type and commune agree."""
        return self.decision in PRECISIONS.values()


def wanting(rows: pd.DataFrame, refuted: Collection[str] = ()) -> pd.DataFrame:
    """Return the rows that have an address and no point, or a point that their commune refutes.

    Parameters
    ----------
    rows : pandas.DataFrame
        The directory, text.
    refuted : collection of str
        ``id`` of the actors whose point is not in their commune.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``id``. A place that is doubtful is left out: a point would not make it sure.
    """
    known = rows.set_index("id", drop=False)
    pointless = (known["longitude"] == "") | known.index.isin(list(refuted))
    return known[(known["adresse"].str.strip() != "") & pointless & (known["lieu_confiance"] != "douteux")]


def questions(wanted: pd.DataFrame) -> pd.DataFrame:
    """Return rows as the geocoder is asked for them: a point that is refuted is asked for again."""
    return wanted.assign(longitude="", latitude="")


def search(
    wanted: pd.DataFrame, territories: Territories, cache: GeocodeCache, service: Service, tell: Progress
) -> None:
    """Ask for the addresses of :func:`wanting` that the cache does not hold, each answer kept as it comes.

    Raises
    ------
    ServiceError
        When the service cannot be used: what came before is in the cache.
    DataError
        When the cache cannot be written.
    """
    done = geocode(questions(wanted), territories, cache, service, tell)
    if done.interrupted:
        raise done.interrupted


def look_up(wanted: pd.DataFrame, territories: Territories, cache: GeocodeCache) -> list[Lookup]:
    """Say what the cache knows of the rows of :func:`wanting`, in their order."""
    done = geocode(questions(wanted), territories, cache).frame
    found = []
    for row, said in zip(wanted.to_dict("records"), done.to_dict("records"), strict=True):
        decision, best = said["geo_decision"], None
        if decision in (*PRECISIONS.values(), "a_revoir"):
            best = Found(**{name: said[f"geo_{name}"] for name in Found.__annotations__})
        candidates = tuple(dict.fromkeys(said["geo_candidats"])) or ((best,) if best else ())
        found.append(Lookup(row, decision, best, candidates, said["geo_date"], said["geo_motif"]))
    return found


def choosable(candidate: Found, territories: Territories) -> bool:
    """Whether a person may take a candidate: a point more precise than a commune, in a commune that is known."""
    return candidate.type in POINTS and territories.current_commune(candidate.code_insee) is not None


def corrections(chosen: Iterable[tuple[Lookup, Found]], territories: Territories) -> list[Correction]:
    """Return what taking a point changes in each row: the point, its precision, its source and its date.

    A point in another commune takes the row there: somebody has chosen it.
    """
    taken = list(chosen)
    if not taken:
        return []
    before = pd.DataFrame([dict(lookup.row) for lookup, _ in taken], dtype=str)
    said = [
        (POINTS[found.type], found.longitude, found.latitude, found.score, found.type, found.label, found.code_insee)
        for _, found in taken
    ]
    dated = [(*cells, lookup.date, "", ()) for cells, (lookup, _) in zip(said, taken, strict=True)]
    after = apply(before, Geocoding(pd.DataFrame(dated, columns=COLUMNS, index=before.index))).to_dict("records")
    edits = []
    for (lookup, found), row in zip(taken, after, strict=True):
        cells = {column: str(row[column]) for column in WRITTEN} | _moved(lookup.row, found, territories)
        if found.type == "locality":
            cells["lieu_source"] += " (lieu-dit)"
        edits.append(Correction(lookup.actor, lookup.row, cells))
    return edits


def _moved(row: Mapping[str, str], found: Found, territories: Territories) -> dict[str, str]:
    """Return the commune that goes with a point, when it is not the one that the row declares."""
    code = territories.current_commune(found.code_insee)
    if code is None or code == territories.current_commune(row["code_insee"]):
        return {}
    commune = territories.communes.loc[code]
    moved = {"code_insee": code, "commune": str(commune["nom"])}
    # The label ends with the postal code and the commune; a code of another post office is not kept.
    postal_codes = str(commune.get("codes_postaux") or "").split("|")
    if row["code_postal"] not in postal_codes:
        moved["code_postal"] = next((word for word in found.label.split() if word in postal_codes), "")
    return moved
