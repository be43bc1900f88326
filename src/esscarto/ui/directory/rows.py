"""The rows of the directory as they are now, valid or not, and the choice of one."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from esscarto.editing import KEY, Draft, actors_schema
from esscarto.french import sort_key
from esscarto.journal import ACTORS
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.ui import cache, chooser, page_state, state


def table() -> pd.DataFrame:
    """Return every row of the directory, text."""
    return cache.store().read(ACTORS).rows


def row(actor: str) -> dict[str, str]:
    """Return the row of an actor, to compare with it later.

    Raises
    ------
    DataError
        When no row, or several, have this identifier.
    """
    return Draft(table(), actors_schema()).row(actor)


def names(rows: pd.DataFrame) -> dict[str, str]:
    """Return ``id`` -> name and commune, no two the same, in alphabetical order."""
    known = zip(rows[KEY], rows["nom"], rows["commune"], strict=True)
    words = {actor: ", ".join(filter(None, (name or actor, commune))) for actor, name, commune in known}
    return dict(sorted(chooser.told_apart(words).items(), key=lambda pair: sort_key(pair[1])))


def around(site: Site, row: Mapping[str, str]) -> str:
    """Return the territory, for an address of the map, that shows an actor among others: its PETR, else its EPCI."""
    code = site.territories.current_commune(row.get("code_insee", ""))
    commune = Territory("commune", code) if code else None
    above = site.territories.parents(commune) if commune else []
    found = {territory.level: str(territory) for territory in above}
    return found.get("petr") or found.get("epci") or state.EVERYWHERE


def choose(named: Mapping[str, str], label: str) -> str:
    """Draw the choice of an actor, which the address follows, and return its ``id`` or an empty text."""
    page_state.data_actor(named)
    chosen = st.selectbox(
        label,
        list(named),
        None,
        format_func=named.__getitem__,
        key="acteur",
        placeholder="Tapez les premières lettres d’un nom",
        width=560,
    )
    return chosen or ""
