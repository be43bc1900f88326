"""The tours kept under a name: listed, saved, duplicated, deleted, each as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from esscarto.errors import DataError
from esscarto.site import Site
from esscarto.storage.store import Store
from esscarto.tours import COLUMNS, Tour, from_rows, tidy_name, to_rows

TABLE = "tours"
MOST_TOURS = 200


def saved(store: Store, site: Site) -> dict[str, Tour]:
    """Return the tours by name, in the order of the table."""
    return _read(store.read(TABLE, COLUMNS).rows, site)


def save(store: Store, tour: Tour, *, role: str, replacing: bool = False) -> None:
    """Keep a tour under its name.

    Parameters
    ----------
    store : Store
        Where tables are kept.
    tour : Tour
        The tour, with a name.
    role : str
        Role of whoever saves: asked for at the moment of the write.
    replacing : bool
        Whether a tour of the same name gives way.

    Raises
    ------
    DataError
        No name, no stop, a name that is taken, too many tours: nothing is written.
    """
    _must(role)
    name = tidy_name(tour.name)
    if not name or not tour.stops:
        raise DataError("un tour s’enregistre avec un nom et au moins une visite", remedy="Complétez-le.")
    with store.transaction() as under_way:
        rows = under_way.read(TABLE, COLUMNS).rows
        if name in set(rows["tour"]) and not replacing:
            raise DataError(
                "un tour porte déjà ce nom", remedy="Donnez-en un autre, ou cochez « Remplacer le tour de ce nom »."
            )
        others = rows[rows["tour"] != name]
        if others["tour"].nunique() >= MOST_TOURS:
            raise DataError("trop de tours sont enregistrés", remedy="Supprimez-en un.")
        under_way.write(TABLE, _joined(others, replace(tour, name=name)))


def duplicate(store: Store, name: str, site: Site, *, role: str) -> str:
    """Keep a copy of a tour and return its name."""
    _must(role)
    with store.transaction() as under_way:
        rows = under_way.read(TABLE, COLUMNS).rows
        tour = _of(rows, name, site)
        taken = set(rows["tour"])
        copy = next(
            one for at in range(1, MOST_TOURS + 2) if (one := f"{name[:68]} (copie{f' {at}' * (at > 1)})") not in taken
        )
        if len(taken) >= MOST_TOURS:
            raise DataError("trop de tours sont enregistrés", remedy="Supprimez-en un.")
        under_way.write(TABLE, _joined(rows, replace(tour, name=copy)))
    return copy


def delete(store: Store, name: str, *, role: str) -> None:
    """Take a tour away; the versions of the table keep it."""
    _must(role)
    with store.transaction() as under_way:
        rows = under_way.read(TABLE, COLUMNS).rows
        under_way.write(TABLE, rows[rows["tour"] != name].reset_index(drop=True))


def _must(role: str) -> None:
    if not role:
        raise DataError("Rien n’a été enregistré : aucun rôle ne permet de modifier")


def _of(rows: pd.DataFrame, name: str, site: Site) -> Tour:
    found = _read(rows, site)
    if name not in found:
        raise DataError("ce tour n’est plus enregistré", name, "Rechargez la page.")
    return found[name]


def _read(rows: pd.DataFrame, site: Site) -> dict[str, Tour]:
    records: list[Mapping[str, str]] = rows.to_dict("records")
    actors, communes = site.actors.frame.index, site.territories.communes.index
    return from_rows(records, actors.__contains__, communes.__contains__)


def _joined(rows: pd.DataFrame, tour: Tour) -> pd.DataFrame:
    added = pd.DataFrame(to_rows(tour), columns=pd.Index(COLUMNS), dtype=str)
    return pd.concat([rows[list(COLUMNS)], added], ignore_index=True)
