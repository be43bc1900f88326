"""An export read back is the table that was exported, column by column, even when every text is hostile."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from tests.unit.documents.conftest import DAY

from esscarto.documents import french_csv, geojson, gpkg, xlsx
from esscarto.documents.selection import Selection, schema
from esscarto.site import Site
from esscarto.storage.reading_exports import read_export, read_french_csv, read_geojson, read_gpkg, read_xlsx

FORMATS = {
    "xlsx": (xlsx.export, read_xlsx),
    "csv": (french_csv.export, read_french_csv),
    "geojson": (geojson.export, read_geojson),
    "gpkg": (gpkg.export, read_gpkg),
}


@pytest.fixture(params=FORMATS.values(), ids=list(FORMATS))
def form(request: pytest.FixtureRequest) -> tuple[Callable, Callable]:
    return request.param


def test_what_is_exported_is_read_back_to_the_letter(selection: Selection, form):
    export, read = form
    assert_frame_equal(read(export(selection)), selection.actors)


def test_the_format_is_recognised_by_its_content(everything: Selection, form):
    assert_frame_equal(read_export(form[0](everything)), everything.actors)


def test_a_selection_without_an_actor_is_a_table_without_a_row(site: Site, form):
    export, read = form
    table = read(export(Selection(site, np.zeros(len(site.actors), dtype=bool), "", DAY)))
    assert table.empty
    assert list(table.columns) == schema("acteurs").columns


def test_a_csv_keeps_even_the_texts_that_the_export_would_clean(awkward_texts: list[str]):
    columns = schema("acteurs")
    texts = [*awkward_texts, "\x00", "\x01a", "\u202edroite", "  espaces  ", "\u00a0"]
    table = pd.DataFrame(dict.fromkeys(columns.columns, texts), dtype=str)
    table = table.assign(longitude="-1.5", latitude="49.10").astype(str)
    assert_frame_equal(read_french_csv(french_csv.write(table, columns)), table)
