"""The queue of proposals as a table: one line per proposal, its cells as JSON, which no spreadsheet computes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from esscarto.errors import DataError
from esscarto.storage.store import Store, Transaction

PROPOSALS = "proposals"

COLUMNS = (
    "proposal",
    "when",
    "actor",
    "cells",
    "seen",
    "origin",
    "state",
    "decided",
    "role",
    "reason",
    "change",
)

PENDING, ACCEPTED, REFUSED = "en_attente", "acceptee", "refusee"
STATES = {PENDING: "En attente", ACCEPTED: "Acceptée", REFUSED: "Refusée"}


@dataclass(frozen=True)
class Proposal:
    """A submission in the queue, and what became of it.

    Its texts come from anybody: show them as text, never as HTML or Markdown.

    Parameters
    ----------
    number : int
        From 1 on.
    when : str
        When it came, ISO 8601 with the offset from UTC.
    actor : str
        ``id`` of the actor to correct; "" for a new one.
    cells : mapping of str to str
        Proposed values, column by column.
    seen : mapping of str to str
        What the directory held in these columns at that time; empty for a new actor.
    origin : str
        Where the visitor knows it from.
    state : str
        A key of :data:`STATES`.
    decided, role, reason : str
        When it was decided, in what role, why; "" while pending.
    change : int
        Number in the journal of the change made of it, 0 when there is none.
    """

    number: int
    when: str
    actor: str
    cells: Mapping[str, str]
    origin: str
    seen: Mapping[str, str] = field(default_factory=dict)
    state: str = PENDING
    decided: str = ""
    role: str = ""
    reason: str = ""
    change: int = 0


def read_queue(source: Store | Transaction) -> list[Proposal]:
    """Read every proposal, decided ones included, the oldest first.

    Raises
    ------
    DataError
        When a line is not what :func:`write_queue` makes.
    """
    queue = []
    for line, row in enumerate(source.read(PROPOSALS, COLUMNS).rows.to_dict("records"), start=2):
        try:
            queue.append(_proposal({str(column): cell for column, cell in row.items()}))
        except (ValueError, TypeError, AttributeError) as error:
            raise DataError(
                "cette proposition est abîmée", f"{PROPOSALS}.csv, ligne {line}", "Restaurez une version."
            ) from error
    return queue


def write_queue(under_way: Transaction, queue: Sequence[Proposal]) -> None:
    """Replace the queue when the transaction ends."""
    lines = [
        {
            "proposal": str(proposal.number),
            "when": proposal.when,
            "actor": proposal.actor,
            "cells": json.dumps(dict(proposal.cells), ensure_ascii=False),
            "seen": json.dumps(dict(proposal.seen), ensure_ascii=False),
            "origin": proposal.origin,
            "state": proposal.state,
            "decided": proposal.decided,
            "role": proposal.role,
            "reason": proposal.reason,
            "change": str(proposal.change or ""),
        }
        for proposal in queue
    ]
    under_way.write(PROPOSALS, pd.DataFrame(lines, columns=list(COLUMNS), dtype=str))


def _proposal(row: Mapping[str, Any]) -> Proposal:
    cells, seen = json.loads(row["cells"]), json.loads(row["seen"])
    texts = [text for given in (cells, seen) for pair in given.items() for text in pair]
    if not all(isinstance(text, str) for text in texts) or row["state"] not in STATES:
        raise ValueError(row["state"])
    if datetime.fromisoformat(row["when"]).tzinfo is None:
        raise ValueError(row["when"])
    return Proposal(
        int(row["proposal"]),
        row["when"],
        row["actor"],
        cells,
        row["origin"],
        seen,
        row["state"],
        row["decided"],
        row["role"],
        row["reason"],
        int(row["change"] or 0),
    )
