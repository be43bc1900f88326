"""What follows from what a person types and is not asked: how precise the place is, where the values come from."""

from collections.abc import Mapping

from esscarto.schema import LIST_SEPARATOR

_OF_THE_POINT = ("longitude", "latitude", "lieu_source", "lieu_date", "lieu_confiance")
_SAID_OF_IT = ("precision", "longitude", "latitude")
_SILENT = ("source", "source_date", "note")
"""Columns that say where a row comes from: to change them is not to bring a value."""


def place(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return what a new address, commune or territory changes of the place.

    The point of the former address is forgotten, not moved: the geocoder may give another one later. Nothing
    follows when the person has said something of the place themselves.

    Parameters
    ----------
    before : mapping of str to str
        The row, empty for a new actor.
    after : mapping of str to str
        The cells typed.

    Returns
    -------
    dict of str to str
        Cells to write besides those typed.
    """
    changed = {name for name, value in after.items() if value != before.get(name, "")}
    row = {**before, **after}
    point_gone = "adresse" in changed and bool(before.get("longitude"))
    wider = "territoire" in changed and not row.get("code_insee")
    follows = not before.get("precision") or "code_insee" in changed or point_gone or wider
    if not follows or changed & {*_SAID_OF_IT}:
        return {}
    level = row.get("territoire", "").partition(":")[0]
    precision = "commune" if row.get("code_insee") else level or "aucune"
    emptied = {name: "" for name in _OF_THE_POINT if before.get(name) and name not in changed}
    return {"precision": precision, **emptied}


def source(before: Mapping[str, str], after: Mapping[str, str], origin: str) -> dict[str, str]:
    """Return the source of a row with the origin of its new values, unless the person has written it.

    Parameters
    ----------
    before : mapping of str to str
        The row, empty for a new actor.
    after : mapping of str to str
        The cells typed.
    origin : str
        ``saisie:2026-11-22`` or ``proposition:12``.
    """
    known = before.get("source", "")
    if after.get("source", known) != known or origin in known.split(LIST_SEPARATOR):
        return {}
    if all(value == before.get(name, "") for name, value in after.items() if name not in _SILENT):
        return {}
    return {"source": LIST_SEPARATOR.join(filter(None, (known, origin)))}
