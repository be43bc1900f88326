"""The small still map of a PETR."""

import base64
import xml.etree.ElementTree as ElementTree

import pytest

from esscarto.cartography.thumbnail import WIDTH, thumbnail
from esscarto.site import Site
from esscarto.territories import Territories, Territory

SVG = "{http://www.w3.org/2000/svg}"


def drawn(territories: Territories, petr: str, highlighted: frozenset[str] = frozenset()) -> ElementTree.Element:
    head, _, encoded = thumbnail(territories, Territory("petr", petr), highlighted).partition(",")
    assert head == "data:image/svg+xml;base64"
    return ElementTree.fromstring(base64.b64decode(encoded))


def test_each_commune_each_epci_and_the_outline_have_a_path(toy: Territories):
    # Aire, Brie and La Haute; Ouest and Nord; the PETR.
    assert len(list(drawn(toy, "val").iter(f"{SVG}path"))) == 3 + 2 + 1


def test_only_the_communes_given_are_filled(toy: Territories):
    paths = list(drawn(toy, "val", frozenset({"01002", "02001"})).iter(f"{SVG}path"))
    fills = [path.attrib["fill"] for path in paths]
    assert fills == ["#ffffff", "#2f93a7", "#ffffff", "none", "none", "none"]


@pytest.mark.parametrize("petr", ["soissonnais-valois", "coeur-hauts-de-france"])
def test_a_real_petr_stays_in_its_frame_and_keeps_its_proportions(site: Site, petr: str):
    image = drawn(site.territories, petr)
    _, _, width, height = map(float, image.attrib["viewBox"].split())
    text = " ".join(path.attrib["d"] for path in image.iter(f"{SVG}path"))
    points = [
        tuple(map(float, pair.split(",")))
        for pair in text.replace("M", " ").replace("L", " ").replace("Z", " ").split()
    ]
    assert width == WIDTH
    assert min(x for x, _ in points) >= 3.9
    assert max(x for x, _ in points) <= width - 3.9
    assert min(y for _, y in points) >= 3.9
    assert max(y for _, y in points) <= height - 3
    # In Lambert-93 the ratio of the sides is that of the ground, not that of the degrees.
    west, south, east, north = site.territories.layers["petr"].loc[[petr]].to_crs(2154).total_bounds
    assert (height - 8) / (width - 8) == pytest.approx((north - south) / (east - west), abs=0.005)
