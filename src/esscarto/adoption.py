"""What people take from the public registers, written in the directory with its record, its origins and its source."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from esscarto.editing import Addition, Correction, EditError, actors_schema, faults, quoted, tidy_row
from esscarto.errors import DataError
from esscarto.french import NBSP, enumerate_words
from esscarto.importing.rows import DOCUMENT_COLUMNS
from esscarto.journal import ACTORS, Change, record_in
from esscarto.registers.proposing import Proposal, accept, propose
from esscarto.registers.provenance import Origin, record_origins
from esscarto.registers.rows import Reading, Register, frame
from esscarto.storage.store import ConflictError, Store, Transaction

DOCUMENTS = "documents"

Choice = tuple[Proposal, Collection[str]]
"""A proposal, and the fields of it that are taken (none of an addition, which is taken whole)."""


def adopt(store: Store, chosen: Sequence[Choice], *, role: str, now: datetime | None = None) -> list[Change]:
    """Take proposals of one register: all of them, or none when one does not hold.

    The directory, its journal, the origin of each value and the register among the source documents are written
    together.

    Parameters
    ----------
    store : Store
        Where the directory is kept.
    chosen : sequence of (Proposal, collection of str)
        What is taken.
    role : str
        A key of ``journal.EDITORS``.
    now : datetime.datetime, optional
        With its time zone; the clock of the machine when not given.

    Returns
    -------
    list of Change
        One for each actor added or changed.

    Raises
    ------
    ConflictError
        When the directory has changed since the proposals were made.
    DataError
        When a value does not hold, with the name of its actor, or when the store cannot be written.
    """
    if not chosen:
        return []
    register = chosen[0][0].register
    with store.transaction() as under_way:
        directory = under_way.read(ACTORS).rows
        _check_still_new([each for each, _ in chosen if each.kind == "nouveau"], directory)
        edits, origins = _edits(chosen, directory)
        changes = record_in(under_way, edits, role=role, reason=f"Registre public{NBSP}: {register.title}", now=now)
        record_origins(under_way, origins)
        _cite(under_way, register, max(each.row.get("statut_date", "") for each, _ in chosen))
    return changes


def _edits(chosen: Iterable[Choice], directory: pd.DataFrame) -> tuple[list[Addition | Correction], list[Origin]]:
    edits: list[Addition | Correction] = []
    origins: list[Origin] = []
    taken: set[str] = set()
    known = set(directory["id"])
    for proposal, fields in chosen:
        if proposal.actor and proposal.actor not in known:
            raise ConflictError(f"{quoted(proposal.actor)} n’est plus dans l’annuaire", "", "Rechargez la page.")
        edit, found = accept(proposal, directory, fields, taken)
        if edit is None:
            continue
        if isinstance(edit, Addition):
            taken.add(edit.row["id"])
            _check(edit.row["nom"], edit.row)
        else:
            # What the editor saw, and nothing else, must still be there.
            edit = replace(edit, before={each.field: each.kept for each in proposal.fields})
            _check(proposal.row["nom"], edit.after)
        edits.append(edit)
        origins += found
    return edits, origins


def _check(name: str, cells: Mapping[str, str]) -> None:
    """Refuse cells that do not hold, by the name of their actor: they may be one of three hundred."""
    schema = actors_schema()
    found = faults(tidy_row(cells, schema), schema)
    if found:
        titles = {known.name: known.title for known in schema.fields}
        remedy = "Laissez cette fiche de côté, puis enregistrez les autres. Rien n’a été écrit."
        raise DataError(str(EditError(found, titles)).rstrip("."), name, remedy)


def _check_still_new(additions: Sequence[Proposal], directory: pd.DataFrame) -> None:
    """Refuse to add what somebody else has added since the proposals were drawn."""
    if not additions:
        return
    rows = frame([dict(each.row) for each in additions])
    now = propose(directory, Reading(additions[0].register, "", frozenset(), rows))
    still = {each.key for each in now if each.kind == "nouveau"}
    entered = [each.row["nom"] for each in additions if each.key not in still]
    if entered:
        said = enumerate_words(quoted(name) for name in entered[:3])
        raise ConflictError(f"{said}{NBSP}: déjà dans l’annuaire depuis, rien n’a été écrit", "", "Rechargez la page.")


def _cite(under_way: Transaction, register: Register, day: str) -> None:
    """Name the register among the source documents, with the date of what was taken last."""
    known = under_way.read(DOCUMENTS, DOCUMENT_COLUMNS).rows
    there = known["document"] == register.document
    if there.any():
        before = str(known.loc[there, "date"].iloc[0])
        if day > before:
            known = known.copy()
            known.loc[there, "date"] = day
            under_way.write(DOCUMENTS, known)
        return
    note = "Registre public : les lignes citées sont celles du registre à cette date."
    said = (register.document, register.title, register.title, register.producer, day, "", note)
    row = dict.fromkeys(known.columns, "") | dict(zip(DOCUMENT_COLUMNS, said, strict=True))
    more = pd.DataFrame([row], columns=known.columns, dtype=str)
    under_way.write(DOCUMENTS, pd.concat([known, more], ignore_index=True).sort_values("document", kind="stable"))
