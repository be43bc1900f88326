"""The address book (vCard 3.0): one card a place of activity, of organisations only."""

from typing import Any

import vobject

from esscarto.documents.selection import LICENCE, Selection, cite
from esscarto.french import NBSP, date
from esscarto.schema import LIST_SEPARATOR
from esscarto.vocabulary import (
    CATEGORIES,
    CONFIANCES,
    FAMILLES,
    PRECISIONS,
    STATUTS,
    STATUTS_ESS,
    THEMES,
    TYPES,
)

_LINE_ENDS = dict.fromkeys(map(ord, "\u0085\u2028\u2029\x0b\x0c\x1c\x1d\x1e"), "\n")
"""Characters that some readers take for the end of a line of the file."""


def export(selection: Selection) -> bytes:
    """Return the cards, in UTF-8; each says in its note where it comes from.

    A card has no name of a person, and its ``UID`` is the identifier of the actor, so that a second import
    brings the first up to date.
    """
    categories = selection.site.actors.category[selection.mask]
    rows = selection.actors.to_dict("records")
    cards = [_card(selection, row, category) for row, category in zip(rows, categories, strict=True)]
    return "".join(cards).encode()


def _card(selection: Selection, row: dict[str, str], category: str) -> str:
    card = vobject.vCard()
    _add(card, "n", vobject.vcard.Name())
    _add(card, "fn", row["nom"])
    _add(card, "org", [selection.site.organisation_name(row["organisation"])])
    # Address books of Apple file a card without a first or last name under its organisation only if told so.
    _add(card, "x-abshowas", "COMPANY")
    _add(card, "uid", f"esscarto:{row['id']}")
    _add(card, "rev", selection.day.isoformat())
    if row["commune"] and row["lieu_confiance"] != "douteux":
        place = vobject.vcard.Address(
            street=row["adresse"], city=row["commune"], code=row["code_postal"], country="France"
        )
        _add(card, "adr", place, "WORK")
    for name, column in (("tel", "telephone"), ("email", "courriel"), ("url", "site_web")):
        if row[column]:
            _add(card, name, row[column], "WORK")
    types = [TYPES[code] for code in row["types"].split(LIST_SEPARATOR) if code in TYPES]
    themes = [THEMES[code] for code in row["themes"].split(LIST_SEPARATOR) if code in THEMES]
    family = [CATEGORIES[category]] if category in FAMILLES else []
    _add(card, "categories", ["ESS", *family, *types, *themes])
    _add(card, "note", "\n".join(_note(selection, row)))
    return card.serialize()


def _add(card: Any, name: str, value: Any, kind: str = "") -> None:
    """Add one property, its text on lines that every reader sees the same."""
    line = card.add(name)
    line.value = value.translate(_LINE_ENDS) if isinstance(value, str) else value
    if kind:
        line.type_param = kind


def _note(selection: Selection, row: dict[str, str]) -> list[str]:
    """Return what the card says in words, a line each: what it does, its place, its state, its sources."""
    place = ", ".join(
        part
        for part in (
            "" if row["precision"] == "aucune" else PRECISIONS[row["precision"]],
            CONFIANCES.get(row["lieu_confiance"], ""),
            row["lieu_source"],
        )
        if part
    )
    state = STATUTS[row["statut"]] + (f" ({date(row['statut_date'])})" if row["statut_date"] else "")
    lines = [
        row["description"],
        f"Rapport à l’ESS{NBSP}: {STATUTS_ESS[row['statut_ess']]}",
        f"Lieu{NBSP}: {place}" if place else "",
        f"État{NBSP}: {state}",
        f"Source{NBSP}: {cite(selection.site, row['source'])}",
        f"esscarto, export du {date(selection.day.isoformat())}, {LICENCE}",
    ]
    return [line for line in lines if line]
