"""The file of proposals that the commands write: one line for each value to decide, sorted out in a spreadsheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.registers.proposing import KINDS, Kind, Proposal, describe
from esscarto.registers.rows import REGISTERS, Register
from esscarto.storage.register_files import read_register

COLUMNS = (
    "proposition",
    "acteur",
    "nom",
    "commune",
    "champ",
    "annuaire",
    "registre",
    "avant",
    "avis",
    "source",
    "date",
)

Line = tuple[Kind, str, str]
"""Kind of a proposal, the line of the register that it cites, and the field, "" for the whole row."""


@dataclass(frozen=True)
class Wanted:
    """What is left in a file of proposals: the register that it comes from, and its lines."""

    register: Register
    lines: frozenset[Line]


def lines_of(proposals: Sequence[Proposal], directory: pd.DataFrame) -> list[list[str]]:
    """Return one line for each value to decide, under the titles of :data:`COLUMNS`."""
    names = dict(zip(directory["id"], directory["nom"], strict=True))
    lines = []
    for each in proposals:
        row = each.row
        where = [each.actor, names.get(each.actor, row["nom"]), row.get("commune", "")]
        end = [row["source"], row.get("statut_date", "")]
        if not each.fields:
            advice = f"peut-être {', '.join(each.perhaps)}" if each.perhaps else ""
            lines.append([KINDS[each.kind], *where, "", "", row.get("adresse", ""), "", advice, *end])
        for field in each.fields:
            values = [field.field, field.kept, field.proposed, field.before]
            lines.append([KINDS[each.kind], *where, *values, describe(field), *end])
    return lines


def read_wanted(path: Path) -> Wanted:
    """Read which proposals somebody has left in a file; lines may have been taken out, or put in another order.

    Raises
    ------
    DataError
        When the file is not one of proposals, or is about several registers.
    """
    kinds = {fold(words): kind for kind, words in KINDS.items()}
    titles = {name: (name,) for name in ("proposition", "champ", "source")}
    lines, documents = set(), set()
    for number, cells in read_register(path, titles, tuple(titles)):
        kind = kinds.get(fold(cells["proposition"]))
        document = cells["source"].partition(":")[0]
        if kind is None or document not in {each.document for each in REGISTERS.values()}:
            remedy = "Rouvrez celui que la commande « esscarto import » a écrit."
            raise DataError(
                "cette ligne n’est pas celle d’un fichier de propositions", f"{path.name}, ligne {number}", remedy
            )
        documents.add(document)
        lines.add((kind, cells["source"], cells["champ"]))
    if len(documents) != 1:
        raise DataError("ce fichier parle de plusieurs registres", path.name, "Gardez les lignes d’un seul.")
    register = next(each for each in REGISTERS.values() if each.document in documents)
    return Wanted(register, frozenset(lines))


def left(proposals: Iterable[Proposal], wanted: Wanted) -> tuple[Proposal, ...]:
    """Return the proposals that are in a file, with the fields that it has of them."""
    kept = []
    for each in proposals:
        source = each.row["source"]
        fields = tuple(field for field in each.fields if (each.kind, source, field.field) in wanted.lines)
        if fields or (not each.fields and (each.kind, source, "") in wanted.lines):
            kept.append(replace(each, fields=fields))
    return tuple(kept)
