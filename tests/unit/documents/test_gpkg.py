"""The GeoPackage: Lambert-93, checked against the formulas of the IGN, and its table of sources."""

import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pandas.testing import assert_frame_equal

from esscarto.documents import gpkg
from esscarto.documents.selection import Selection, schema


@pytest.fixture
def file(selection: Selection, tmp_path: Path) -> Path:
    path = tmp_path / "export.gpkg"
    path.write_bytes(gpkg.export(selection))
    return path


def lambert_93(longitude: float, latitude: float) -> tuple[float, float]:
    """Project with the constants of IGN, NTG_71: an oracle of its own, without PROJ."""
    e, n, c, y_pole = 0.08181919106, 0.7256077650, 11754255.426, 12655612.050
    sine = e * math.sin(math.radians(latitude))
    isometric = math.log(math.tan(math.radians(45 + latitude / 2)) * ((1 - sine) / (1 + sine)) ** (e / 2))
    radius, angle = c * math.exp(-n * isometric), n * math.radians(longitude - 3)
    return 700_000 + radius * math.sin(angle), y_pole - radius * math.cos(angle)


def test_the_oracle_puts_the_origin_of_the_projection_where_the_ign_does():
    assert lambert_93(3, 46.5) == pytest.approx((700_000, 6_600_000), abs=0.01)


def test_the_file_holds_a_layer_of_points_in_lambert_93_and_a_table_of_sources(file: Path):
    assert pyogrio.list_layers(file).tolist() == [["acteurs", "Point"], ["sources", None]]
    assert pyogrio.read_info(file, layer="acteurs")["crs"] == "EPSG:2154"


def test_each_point_is_within_a_metre_of_its_longitude_and_latitude(file: Path, selection: Selection):
    layer = gpd.read_file(file, layer="acteurs")
    frame = selection.site.actors.frame.loc[selection.mask]
    known = frame["lon"].notna().to_numpy()
    assert known.any()
    assert (layer.geometry.isna() == ~known).all()
    for point, lon, lat in zip(layer.geometry[known], frame["lon"][known], frame["lat"][known], strict=True):
        assert math.dist((point.x, point.y), lambert_93(lon, lat)) < 1


def test_every_column_is_a_text_in_the_order_of_the_schema(file: Path, selection: Selection):
    columns = schema("acteurs").columns
    layer = pd.DataFrame(gpd.read_file(file, layer="acteurs").drop(columns="geometry"))
    assert list(layer.columns) == columns
    assert set(pyogrio.read_info(file, layer="acteurs")["ogr_types"]) == {"OFTString"}
    assert layer.fillna("").to_numpy().tolist() == selection.actors.to_numpy().tolist()


def test_the_table_of_sources_is_whole(file: Path, selection: Selection):
    table = gpd.read_file(file, layer="sources")
    assert_frame_equal(pd.DataFrame(table), selection.sources, check_dtype=False)
