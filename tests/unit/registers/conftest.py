"""What the readings of registers are checked with."""

import json
from pathlib import Path

import pytest
from register_places import SOISSONNAIS

from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.territories import Territory


@pytest.fixture(scope="session")
def territories(site):
    return site.territories


@pytest.fixture(scope="session")
def communes(territories):
    """The communes of the PETR of the Soissonnais and the Valois."""
    return frozenset(territories.communes_of(Territory("petr", SOISSONNAIS)))


@pytest.fixture(scope="session")
def check_rows():
    """Check that rows hold against the published schema; the ``id`` is chosen later."""
    schema = read_schema(SCHEMAS / "acteurs.schema.json")

    def check(reading):
        rows = reading.rows.assign(id=[f"acteur-{n}" for n in range(len(reading.rows))], organisation="acteur")
        assert [str(problem) for problem in schema.problems(rows)] == []
        assert list(reading.rows.columns)[: len(schema.columns)] == schema.columns
        assert reading.rows["cle"].is_unique
        return reading.rows.set_index("cle")

    return check


@pytest.fixture
def write(tmp_path):
    """Write a file and return its path."""

    def make(name: str, text: str | list, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes((text if isinstance(text, str) else json.dumps(text)).encode(encoding))
        return path

    return make
