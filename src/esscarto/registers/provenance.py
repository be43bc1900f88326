"""Where each value of an actor comes from, field by field, once people have taken some from the registers."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

import pandas as pd

from esscarto.storage.store import Store, Transaction

TABLE = "provenance"
COLUMNS = ("id", "champ", "valeur", "source", "date")
_PLACE = ("adresse", "code_postal", "longitude", "latitude")


@dataclass(frozen=True)
class Origin:
    """Where one value of one actor comes from: its row in a register, and the date of this row."""

    id: str
    champ: str
    valeur: str
    source: str
    date: str


def record_origins(under_way: Transaction, origins: Iterable[Origin]) -> None:
    """Keep where accepted values come from, in the transaction that writes them; the last one of a field counts."""
    known = {(each.id, each.champ): each for each in _origins(under_way.read(TABLE, COLUMNS).rows)}
    known |= {(each.id, each.champ): each for each in origins}
    table = [astuple(known[key]) for key in sorted(known)]
    under_way.write(TABLE, pd.DataFrame(table, columns=pd.Index(COLUMNS, dtype=object), dtype=str))


def read_origins(store: Store) -> list[Origin]:
    """Return where accepted values come from."""
    return _origins(store.read(TABLE, COLUMNS).rows)


def origin_of(row: Mapping[str, str], origins: Iterable[Origin]) -> dict[str, str]:
    """Say where each value of an actor comes from: ``field -> source`` (``900:41199701800055``, ``000:89``).

    An origin counts as long as the value is still the one that was accepted: a value that somebody changed since is
    the directory's, as is every other. A place is that of ``lieu_source``, in words, when there is one.
    """
    said = {(each.id, each.champ, each.valeur): each.source for each in origins}
    place = row.get("lieu_source", "")
    return {
        name: said.get((row["id"], name, value)) or (place if name in _PLACE else "") or row.get("source", "")
        for name, value in row.items()
        if value
    }


def _origins(rows: pd.DataFrame) -> list[Origin]:
    return [Origin(*map(str, cells)) for cells in rows[list(COLUMNS)].itertuples(index=False)]
