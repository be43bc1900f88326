"""The GeoJSON file against RFC 7946, member by member."""

import json
import math

import pandas as pd

from esscarto.documents import geojson
from esscarto.documents.selection import Selection, schema
from esscarto.vocabulary import PLACED


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def read(selection: Selection) -> dict:
    return json.loads(geojson.export(selection).decode("utf-8"), parse_constant=refuse)


def test_the_collection_has_its_members_and_none_that_the_rfc_forbids(selection: Selection):
    collection = read(selection)
    assert collection["type"] == "FeatureCollection"
    assert isinstance(collection["features"], list)
    # Section 4: no other reference system. Section 7.1: no member of another type.
    assert not {"crs", "coordinates", "geometries", "geometry", "properties"} & set(collection)


def test_each_feature_has_its_three_members_and_its_own_identifier(selection: Selection):
    features = read(selection)["features"]
    assert len({feature["id"] for feature in features}) == len(features) == len(selection.actors)
    for feature in features:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["id"], str)
        assert list(feature["properties"]) == schema("acteurs").columns


def test_each_point_is_longitude_then_latitude_with_six_decimals_at_most(selection: Selection):
    points = [feature["geometry"] for feature in read(selection)["features"] if feature["geometry"]]
    assert points
    for point in points:
        assert set(point) == {"type", "coordinates"}
        assert point["type"] == "Point"
        longitude, latitude = point["coordinates"]
        assert -5.2 < longitude < 9.6
        assert 41.3 < latitude < 51.1
        assert [round(longitude, 6), round(latitude, 6)] == point["coordinates"]


def test_a_point_is_where_the_map_draws_it(everything: Selection):
    frame = everything.site.actors.frame
    for feature in read(everything)["features"]:
        row = frame.loc[feature["id"]]
        if math.isnan(row["lon"]):
            assert feature["geometry"] is None
        else:
            assert feature["geometry"]["coordinates"] == [round(row["lon"], 6), round(row["lat"], 6)]


def test_an_actor_has_no_point_only_when_no_commune_is_known(everything: Selection):
    current = everything.site.territories.current_commune
    unplaced = [row["properties"] for row in read(everything)["features"] if row["geometry"] is None]
    assert unplaced
    for row in unplaced:
        placed = row["precision"] in PLACED and row["lieu_confiance"] != "douteux"
        assert not placed or current(row["code_insee"]) is None


def test_empty_cells_are_null_and_numbers_are_numbers(everything: Selection):
    properties = pd.DataFrame([feature["properties"] for feature in read(everything)["features"]])
    assert not properties.eq("").any(axis=None)
    assert {type(value) for value in properties["longitude"].dropna()} == {float}
    assert {type(value) for value in properties["siret"].dropna()} == {str}


def test_the_metadata_say_the_day_the_filter_the_licence_and_the_sources(everything: Selection):
    metadata = read(everything)["metadata"]
    assert metadata["date"] == "2026-11-22"
    assert metadata["selection"] == "tous les acteurs"
    assert metadata["licence"] == "Licence Ouverte 2.0"
    assert metadata["sources"] == everything.sources.to_dict("records")
