"""The geocoder of the Géoplateforme as its documentation describes it, over a small book of addresses.

``GET /search`` answers GeoJSON; ``POST /search/csv`` takes a form with a file and answers it with the documented
columns added. As the real one, it always proposes something when the filter leaves anything, with ``result_status``
« ok » however bad the score.
"""

import csv
import difflib
import io
import re
from dataclasses import dataclass, field
from email.parser import BytesParser

from esscarto.french import fold
from tests.servers.faults import Asked, LocalService, json_answer

RETURNED = """
longitude latitude result_score result_score_next result_label result_type result_id result_banId
result_housenumber result_name result_street result_postcode result_city result_context result_citycode
result_oldcitycode result_oldcity result_district result_status
"""
RESULT_COLUMNS = RETURNED.split()


@dataclass(frozen=True)
class Known:
    """One place of the book; its score is that of the likeness, unless one is given."""

    name: str
    postcode: str
    citycode: str
    city: str
    longitude: float
    latitude: float
    type: str = "housenumber"
    score: float | None = None

    @property
    def label(self) -> str:
        return f"{self.name} {self.postcode} {self.city}"


@dataclass
class Geoplateforme(LocalService):
    """The service; ``spoil`` rewrites the text of an answer to a file."""

    book: list[Known] = field(default_factory=list)
    spoil: object = None

    def answer(self, asked: Asked) -> tuple[int, str, str]:
        if (asked.method, asked.path) == ("GET", "/geocodage/search"):
            return self._search(asked.parameters)
        if (asked.method, asked.path) == ("POST", "/geocodage/search/csv"):
            return self._search_csv(asked)
        return json_answer({"code": 404, "message": "Not Found"}, 404)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/geocodage"

    def files(self) -> list[list[dict[str, str]]]:
        """The files that were sent, as rows."""
        return [_form(asked)[1] for asked in self.asked if asked.method == "POST"]

    def questions(self) -> list[str]:
        """The questions that were asked one by one."""
        return [asked.parameters["q"][0] for asked in self.asked if asked.method == "GET"]

    def _search(self, parameters: dict[str, list[str]]) -> tuple[int, str, str]:
        question = parameters.get("q", [""])[0]
        if not question or not question[0].isalnum() or len(question) > 200:
            return json_answer({"code": 400, "message": "q: must start with a letter or a number"}, 400)
        limit = int(parameters.get("limit", ["5"])[0])
        found = self._best(question, parameters.get("citycode", [""])[0], parameters.get("postcode", [""])[0])
        return json_answer({"type": "FeatureCollection", "features": [_feature(*each) for each in found[:limit]]})

    def _search_csv(self, asked: Asked) -> tuple[int, str, str]:
        form, rows = _form(asked)
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, [*(rows[0] if rows else []), *RESULT_COLUMNS])
        writer.writeheader()
        for row in rows:
            question = " ".join(row[name] for name in form["columns"])
            filters = [row[form[name][0]] if name in form else "" for name in ("citycode", "postcode")]
            found = self._best(question, *filters)
            writer.writerow({**row, **(_cells(found) if found else {"result_status": "not-found"})})
        text = out.getvalue()
        return 200, "text/csv; charset=utf-8", self.spoil(text) if self.spoil else text

    def _best(self, question: str, citycode: str, postcode: str) -> list[tuple[Known, float]]:
        asked = fold(re.sub(r"\b\d{5}\b", "", question))
        scored = [
            (known, known.score if known.score is not None else _likeness(asked, fold(f"{known.name} {known.city}")))
            for known in self.book
            if citycode in ("", known.citycode) and postcode in ("", known.postcode)
        ]
        return sorted(scored, key=lambda each: -each[1])


def _likeness(one: str, other: str) -> float:
    return round(difflib.SequenceMatcher(None, one, other).ratio() ** 2, 4)


def _form(asked: Asked) -> tuple[dict[str, list[str]], list[dict[str, str]]]:
    """Read a form (RFC 7578): its fields, each a list, and the rows of its file."""
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    fields: dict[str, list[str]] = {}
    for part in BytesParser().parsebytes(head + asked.body).get_payload():
        name = part.get_param("name", header="content-disposition")
        fields.setdefault(name, []).append(part.get_payload(decode=True).decode())
    (content,) = fields.pop("data")
    return fields, list(csv.DictReader(io.StringIO(content)))


def _feature(known: Known, score: float) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [known.longitude, known.latitude]},
        "properties": {
            "label": known.label,
            "score": score,
            "id": f"{known.citycode}_0001",
            "name": known.name,
            "postcode": known.postcode,
            "citycode": known.citycode,
            "city": known.city,
            "context": f"{known.citycode[:2]}, Aisne, Hauts-de-France",
            "type": known.type,
            "importance": 0.5,
            "_type": "address",
        },
    }


def _cells(found: list[tuple[Known, float]]) -> dict[str, object]:
    known, score = found[0]
    return {
        "longitude": known.longitude,
        "latitude": known.latitude,
        "result_score": score,
        "result_score_next": found[1][1] if len(found) > 1 else "",
        "result_label": known.label,
        "result_type": known.type,
        "result_name": known.name,
        "result_postcode": known.postcode,
        "result_city": known.city,
        "result_citycode": known.citycode,
        "result_status": "ok",
    }
