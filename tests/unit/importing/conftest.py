"""What the checks of files are tried with: the real communes, the real directory, and files made for the purpose."""

from collections.abc import Callable

import pytest

from esscarto.importing.gazetteer import Gazetteer
from esscarto.importing.reference import Reference, load_reference
from esscarto.importing.report import Report, check_table
from esscarto.settings import SITE
from esscarto.site import Site
from esscarto.storage.reading_files import read_content
from esscarto.storage.table_shape import TextTable

MakeReport = Callable[..., Report]


@pytest.fixture(scope="session")
def reference(site: Site) -> Reference:
    """The shipped directory."""
    return load_reference(SITE / "data", site.territories)


@pytest.fixture(scope="session")
def gazetteer(reference: Reference) -> Gazetteer:
    """The shipped communes, today's and former ones."""
    return reference.gazetteer


@pytest.fixture(scope="session")
def make_table() -> Callable[..., TextTable]:
    """Make a table from its lines, the header first, the cells separated by ``;``."""

    def make(*lines: str) -> TextTable:
        return read_content("\n".join(lines).encode(), "essai.csv")

    return make


@pytest.fixture(scope="session")
def check(reference: Reference, make_table: Callable[..., TextTable]) -> MakeReport:
    """Check the lines of a file against the shipped directory."""

    def make(*lines: str, **options) -> Report:
        return check_table(make_table(*lines), reference, **options)

    return make
