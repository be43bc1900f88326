"""The drawing of a place: the same whatever its size, with how many actors each point stands for."""

import re
import xml.etree.ElementTree as ET

from esscarto.documents.picture import png
from esscarto.sheets.drawing import svg
from esscarto.sheets.place import Place, Shape

SQUARE = Shape("unit", (((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)),))


def test_the_drawing_grows_and_keeps_its_own_units():
    drawn = svg(Place(360.0, 200.0, (SQUARE,), ()), 2.0)
    assert 'viewBox="0 0 360 200" width="720" height="400"' in drawn
    assert re.findall(r'd="([^"]+)"', drawn) == ["M0,0L10,0L10,10L0,10Z"]


def test_the_number_of_actors_at_a_point_is_drawn_in_the_picture_too():
    two, three = (png(svg(Place(40.0, 40.0, (), ((20.0, 20.0, total),)))) for total in (2, 3))
    assert two != three


def test_a_name_is_written_as_a_text(hostile: str):
    drawn = ET.fromstring(svg(Place(360.0, 200.0, (SQUARE,), (), ((hostile[:50], 20.0, 20.0),))))
    (name,) = drawn.iter("{http://www.w3.org/2000/svg}text")
    assert name.text == hostile[:50]
    assert len(list(drawn)) == 2
