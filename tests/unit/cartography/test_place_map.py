"""The still map of the place of a territory."""

import base64
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from esscarto.cartography.place_map import place_map
from esscarto.sheets.drawing import INKS
from esscarto.sheets.place import WIDTH, place
from esscarto.site import Site
from esscarto.territories import Territory

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("text", ["commune:02722", "epci:200071991", "petr:coeur-hauts-de-france", "departement:02"])
def test_the_drawing_stays_in_its_frame(site: Site, text: str):
    drawing = place(site, Territory.parse(text))
    points = np.array([point for shape in drawing.shapes for ring in shape.rings for point in ring])
    assert points.min() >= -0.1
    assert points[:, 0].max() <= WIDTH + 0.1
    assert points[:, 1].max() <= drawing.height + 0.1


def test_a_commune_is_drawn_alone_among_those_of_its_epci(site: Site):
    kinds = [shape.kind for shape in place(site, Territory("commune", "02722")).shapes]
    assert kinds.count("here") == 1
    # The 27 communes of the GrandSoissons, less this one; a commune in two pieces counts for two.
    assert kinds.count("unit") >= 26
    assert "around" in kinds
    assert kinds.count("outline") == 1


def test_the_actors_drawn_are_those_that_have_a_point(site: Site):
    territory = Territory("epci", "240200477")
    inside = site.actors.frame[site.actors.inside(territory)]
    drawn = sum(count for _, _, count in place(site, territory).points)
    assert drawn == int(np.isfinite(inside["x"].to_numpy(float)).sum())


def test_north_is_up_and_east_is_right(site: Site):
    # Villers-Cotterêts lies in the south of its EPCI, and Vic-sur-Aisne in its north.
    def middle(code: str) -> np.ndarray:
        shape = next(one for one in place(site, Territory("commune", code)).shapes if one.kind == "here")
        return np.array(shape.rings[0]).mean(axis=0)

    assert middle("02810")[1] > middle("02795")[1]


def test_the_svg_draws_each_shape_and_says_how_many_actors_share_a_spot(site: Site):
    drawing = place(site, Territory("commune", "02722"))
    head, _, encoded = place_map(drawing).partition(",")
    assert head == "data:image/svg+xml;base64"
    image = ElementTree.fromstring(base64.b64decode(encoded))
    assert len(list(image.iter(f"{SVG}path"))) == len(drawing.shapes)
    assert len(list(image.iter(f"{SVG}circle"))) == len(drawing.points)
    said = [text.text for text in image.iter(f"{SVG}text")]
    assert said == [*(str(n) for _, _, n in drawing.points if n > 1), *(name for name, _, _ in drawing.names)]


@pytest.mark.parametrize("text", ["commune:80144", "commune:02010", "petr:coeur-hauts-de-france", "region:32"])
def test_the_commune_of_the_sheet_and_the_largest_towns_are_named_inside_the_frame(site: Site, text: str):
    territory = Territory.parse(text)
    drawing = place(site, territory)
    names = [name for name, _, _ in drawing.names]
    assert 1 < len(set(names)) == len(names) <= 5
    if territory.level == "commune":
        assert names[0] == site.territories.name(territory)
    for name, x, y in drawing.names:
        assert 3 * len(name) <= x <= WIDTH - 3 * len(name)
        assert 10 <= y <= drawing.height


def test_every_kind_of_shape_has_its_ink_on_the_screen_and_in_the_pdf():
    from esscarto.documents.pdf_map import INKS as PRINTED

    assert set(INKS) == set(PRINTED)
