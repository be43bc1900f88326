"""The still map of the white zones: what is hatched is what the list says."""

import base64
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import numpy as np
import pytest

from esscarto.actors import Actors
from esscarto.cartography.zone_map import WIDTH, ground, zone_map
from esscarto.reach import Reach, white_zones
from esscarto.site import Site
from esscarto.territories import Territories, Territory

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 600_000


def drawn(address: str) -> ElementTree.Element:
    head, _, encoded = address.partition(",")
    assert head == "data:image/svg+xml;base64"
    return ElementTree.fromstring(base64.b64decode(encoded))


def hatched(image: ElementTree.Element) -> int:
    return len(image.findall(f".//{SVG}g[@class='blanches']/{SVG}path"))


@pytest.mark.parametrize("place", ["petr:soissonnais-valois", "epci:200071991", "departement:80", "region:32"])
def test_as_many_communes_are_hatched_as_are_white(site: Site, place: str):
    territory, mask = Territory.parse(place), site.actors.counted & site.reach.placed
    xy = site.actors.frame.loc[mask, ["x", "y"]].to_numpy(float)
    zones = white_zones(site.reach, territory, mask, 10)
    address = zone_map(site.territories, territory, zones, xy)
    assert 0 < hatched(drawn(address)) == len(zones.white)
    assert len(address) < MOST_BYTES


def test_a_circle_has_the_radius_on_the_ground(make_actors: Callable[..., Actors], toy: Territories):
    actors = make_actors({"id": "a", "code_insee": "01001"})
    reach, territory = Reach(actors, toy), Territory("petr", "val")
    zones = white_zones(reach, territory, np.ones(1, dtype=bool), 20)
    xy = actors.frame[["x", "y"]].to_numpy(float)
    circles = drawn(zone_map(toy, territory, zones, xy)).findall(f".//{SVG}circle")
    # Aire, Brie and La Haute hold two degrees of longitude and of latitude: about 149 km wide in Lambert-93.
    west, _, east, _ = toy.communes.loc[["01001", "01002", "01003"]].to_crs(2154).total_bounds
    expected = 20_000 * (WIDTH - 24) / (east - west)
    assert float(circles[0].attrib["r"]) == pytest.approx(expected, abs=0.5)
    assert len(circles) == 2


def test_what_is_drawn_stays_in_its_frame_and_keeps_its_proportions(site: Site):
    territory = Territory("petr", "soissonnais-valois")
    drawing = ground(site.territories, territory)
    west, south, east, north = (
        site.territories.communes.loc[site.territories.communes_of(territory)].to_crs(2154).total_bounds
    )
    corners = drawing.at(np.array([[west, south], [east, north]]))
    assert corners[0] == pytest.approx([12, drawing.height - 12])
    assert corners[1] == pytest.approx([WIDTH - 12, 12], abs=0.6)


def test_a_name_is_a_text_and_nothing_else(make_actors: Callable[..., Actors], toy: Territories):
    communes = toy.communes.assign(nom="<script>&")
    hostile = Territories({**toy.layers, "commune": communes}, toy.former, toy.vintages)
    actors = make_actors({"id": "a", "code_insee": "01001"})
    territory = Territory("petr", "val")
    zones = white_zones(Reach(actors, hostile), territory, np.ones(1, dtype=bool), 20)
    image = drawn(zone_map(hostile, territory, zones, np.empty((0, 2))))
    texts = [text.text for text in image.iter(f"{SVG}text")]
    assert "<script>&" in texts
    assert image.find(f".//{SVG}script") is None


@pytest.mark.parametrize("code", ["80144", "80542"])
def test_the_commune_one_comes_from_is_named_once_inside_the_frame_whatever_its_size(site: Site, code: str):
    territory = Territory("epci", "200070985")
    zones = white_zones(site.reach, territory, site.actors.counted, 10)
    name = site.territories.communes.at[code, "nom"]
    image = drawn(zone_map(site.territories, territory, zones, np.empty((0, 2)), code))
    (label,) = [text for text in image.iter(f"{SVG}text") if text.text == name]
    half = 6.5 * len(name)
    assert half <= float(label.attrib["x"]) <= WIDTH - half
    assert label.attrib["text-decoration"] == "underline"
    plain = drawn(zone_map(site.territories, territory, zones, np.empty((0, 2))))
    assert not [text for text in plain.iter(f"{SVG}text") if "text-decoration" in text.attrib]
