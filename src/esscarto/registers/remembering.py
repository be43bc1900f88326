"""The last reading of a register, kept in the data folder: what there is to decide outlives the page that asked."""

from dataclasses import dataclass

import pandas as pd

from esscarto.registers.proposing import Proposal, propose, remember, seen_columns
from esscarto.registers.rows import Reading, Register
from esscarto.storage.store import Store, Transaction


@dataclass(frozen=True)
class Compared:
    """A reading, and what was known before it.

    Parameters
    ----------
    reading : Reading
        What the register says.
    seen : pandas.DataFrame
        What :func:`~esscarto.registers.proposing.remember` kept of the readings before.
    """

    reading: Reading
    seen: pd.DataFrame

    def proposals(self, directory: pd.DataFrame) -> tuple[Proposal, ...]:
        """Compare with the directory as it is now: what was accepted since is no longer proposed."""
        return propose(directory, self.reading, self.seen)


def table_of(register: Register) -> str:
    """Return the name of the table that keeps what a register said last."""
    return f"registre_{register.key}"


def keep_reading(under_way: Transaction, reading: Reading) -> Compared:
    """Keep a reading for the next one to be compared with, and return it with what was kept before."""
    seen = under_way.read(table_of(reading.register), seen_columns()).rows
    under_way.write(table_of(reading.register), remember(reading, seen))
    return Compared(reading, seen)


def last_reading(store: Store, register: Register) -> Compared | None:
    """Return what a register said last, None when it was never read here; nothing in it is then new.

    Raises
    ------
    DataError
        When the table cannot be read.
    """
    seen = store.read(table_of(register), seen_columns()).rows
    if seen.empty:
        return None
    present = seen[seen["absent_depuis"] == ""]
    day = max(seen["vu_le"].tolist(), default="")
    rows = present.drop(columns=["vu_le", "absent_depuis"]).reset_index(drop=True)
    # No commune is asked for again: what is missing has been noted already.
    return Compared(Reading(register, day, frozenset(), rows), seen)
