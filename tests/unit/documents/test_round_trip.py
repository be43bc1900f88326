"""An export read back is the table that was exported, column by column, even when every text is hostile."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from tests.unit.documents.conftest import DAY

from esscarto.documents import french_csv, geojson, gpkg, xlsx
from esscarto.documents.selection import Selection, schema
from esscarto.errors import DataError
from esscarto.site import Site
from esscarto.storage.reading_files import read_content

FORMATS = {"xlsx": xlsx.export, "csv": french_csv.export, "geojson": geojson.export, "gpkg": gpkg.export}


@pytest.fixture(params=FORMATS.values(), ids=list(FORMATS))
def export(request: pytest.FixtureRequest) -> Callable[[Selection], bytes]:
    return request.param


def read_back(content: bytes) -> pd.DataFrame:
    """Read the columns of the directory; the decimal comma of a CSV is put back to a point."""
    table, known = read_content(content), schema("acteurs")
    assert not table.faults
    columns = {field.name: table.column(field.name) for field in known.fields}
    for field in known.fields:
        if field.kind == "number":
            columns[field.name] = [cell.replace(",", ".") for cell in columns[field.name]]
    return pd.DataFrame(columns, dtype=str)


def test_what_is_exported_is_read_back_to_the_letter(selection: Selection, export):
    assert_frame_equal(read_back(export(selection)), selection.actors)


def test_a_selection_without_an_actor_is_told_to_be_a_table_without_a_line(site: Site, export):
    empty = Selection(site, np.zeros(len(site.actors), dtype=bool), "", DAY)
    with pytest.raises(DataError, match=r"aucune ligne|est vide"):
        read_content(export(empty))


def test_a_csv_keeps_every_text_and_is_read_without_the_spaces_around_it(awkward_texts: list[str]):
    columns = schema("acteurs")
    texts = [*awkward_texts, "\x01a", "\u202edroite", "  espaces  ", "\u00a0"]
    table = pd.DataFrame(dict.fromkeys(columns.columns, texts), dtype=str)
    table = table.assign(longitude="-1.5", latitude="49.10").astype(str)
    assert_frame_equal(read_back(french_csv.write(table, columns)), table.map(str.strip))
