"""Two selections to export: the whole directory as it is shipped, and one where every text is hostile."""

import dataclasses
import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from esscarto.actors import locate
from esscarto.documents.selection import Selection
from esscarto.settings import SITE
from esscarto.site import Site
from esscarto.storage.loading import read_actors

DAY = datetime.date(2026, 11, 22)

FREE = (
    "nom",
    "aliases",
    "description",
    "effectif_imprime",
    "adresse",
    "commune",
    "lieu_source",
    "telephone",
    "courriel",
    "site_web",
    "note",
)
"""Columns of the actors in which a person writes what they want."""

COMPUTED = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+33 3 23 00 00 00",
    "-5",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＋33",
    "－5",
    "＠SUM(1)",
    "'=1+1",
    "''+33",
]
"""Texts that one spreadsheet or another computes, or that look like a shielded one."""

AWKWARD = [
    "'t Hooft",
    "'",
    ";=1+1",
    "{=1+1}",
    "a;b\tc,d",
    'un "mot" ; deux',
    "deux\nlignes",
    "trois\r\nlignes\rfin",
    "02722",
    "00012",
    "1,5",
    "1e5",
    "1,23457E+13",
    "NA",
    "null",
    "None",
    "nan",
    "TRUE",
    "#N/A",
    "2025-07-14",
    "<r><t>gras</t></r>",
    "<r>&</r>",
    "_x0041_ et _x000D_",
    "]]>",
    "\ufffe",
    "END:VCARD\nBEGIN:VCARD",
    "nom\nTEL:+33600000000",
    "\u0085a\u0085b",
]


@pytest.fixture(scope="session")
def everything(site: Site) -> Selection:
    """The whole directory, as it is shipped."""
    return Selection(site, np.ones(len(site.actors), dtype=bool), "tous les acteurs", DAY)


@pytest.fixture(scope="session")
def shipped_rows() -> pd.DataFrame:
    """The rows of ``data/actors.csv``."""
    return read_actors(SITE / "data").rows


@pytest.fixture(scope="session")
def awkward_texts(hostile_texts: list[str]) -> list[str]:
    """Every text that has broken a spreadsheet, a GIS or an address book."""
    return [*hostile_texts, *COMPUTED, *AWKWARD]


@pytest.fixture(scope="session")
def hostile_rows(awkward_texts: list[str], make_rows: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Rows in which each awkward text passes through each free column."""
    total = len(awkward_texts)
    return make_rows(
        *(
            {column: awkward_texts[(row + shift) % total] for shift, column in enumerate(FREE)}
            | {
                "code_insee": "02722",
                "code_postal": "02200",
                "siret": "01234567800012",
                "tranche_effectif": "03",
            }
            for row in range(total)
        )
    )


@pytest.fixture(scope="session")
def hostile_selection(site: Site, hostile_rows: pd.DataFrame) -> Selection:
    """The hostile rows, located in the real country."""
    actors = locate(hostile_rows, site.territories)
    hostile_site = dataclasses.replace(site, actors=actors)
    return Selection(hostile_site, np.ones(len(actors), dtype=bool), "=1+1 {{7*7}} \x01", DAY)


@pytest.fixture(params=["everything", "hostile_selection"])
def selection(request: pytest.FixtureRequest) -> Selection:
    """One selection after the other."""
    return request.getfixturevalue(request.param)
