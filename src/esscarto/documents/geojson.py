"""The GeoJSON file (RFC 7946): WGS84, longitude first, six decimals, and nothing pinned without a place."""

import json
import math
from typing import Any

from esscarto.documents.selection import (
    LICENCE,
    LICENCE_URL,
    Selection,
    exact_number,
    schema,
)
from esscarto.french import clean

DECIMALS = 6
"""A tenth of a metre: what the RFC advises (section 11.2)."""


def export(selection: Selection) -> bytes:
    """Return one feature a place of activity, its geometry null when no commune is known.

    The properties are the columns of ``schemas/acteurs.schema.json``, null when empty. The foreign member
    ``metadata`` holds the date, the filter, the licence and the sources.
    """
    numbers = {field.name for field in schema("acteurs").fields if field.kind == "number"}
    positions = selection.positions
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": _point(lon, lat),
            "properties": {name: _value(cell, name in numbers) for name, cell in row.items()},
        }
        for row, lon, lat in zip(
            selection.actors.to_dict("records"),
            positions["lon"].tolist(),
            positions["lat"].tolist(),
            strict=True,
        )
    ]
    collection = {"type": "FeatureCollection", "metadata": _metadata(selection), "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _point(lon: float, lat: float) -> dict[str, Any] | None:
    if math.isnan(lon):
        return None
    return {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]}


def _value(cell: str, is_number: bool) -> float | str | None:
    number = exact_number(cell) if is_number else None
    return (cell or None) if number is None else number


def _metadata(selection: Selection) -> dict[str, Any]:
    return {
        "date": selection.day.isoformat(),
        "selection": clean(selection.sentence),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "sources": selection.sources.to_dict("records"),
    }
