"""A drawing as a picture: same size, same accents whatever the machine, nothing read from it."""

import io

import pytest
from PIL import Image, ImageChops

from esscarto.documents.picture import ZOOM, png
from esscarto.errors import DataError


def drawing(text: str, inside: str = "") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" font-family="Source Sans Pro">'
        f'<text x="5" y="28" font-size="20">{text}</text>{inside}</svg>'
    )


def picture(svg: str) -> Image.Image:
    return Image.open(io.BytesIO(png(svg))).convert("RGB")


def same(one: str, other: str) -> bool:
    return ImageChops.difference(picture(one), picture(other)).getbbox() is None


def test_the_picture_has_the_size_of_the_drawing_on_white():
    found = picture(drawing(""))
    assert found.size == (200 * ZOOM, 40 * ZOOM)
    assert found.getcolors() == [(200 * 40 * ZOOM**2, (255, 255, 255))]


@pytest.mark.parametrize("letter", list("éèêàçœŒÉ’«»€²−"))
def test_each_french_sign_has_its_own_drawing(letter: str):
    # A sign that the font lacks is drawn as an empty box: the one of a character of no alphabet.
    assert not same(drawing(letter), drawing("語"))
    assert not same(drawing(letter), drawing("e"))
    assert not same(drawing(letter), drawing(""))


def inked(svg: str) -> bool:
    return len(picture(svg).getcolors()) > 1


def test_no_break_spaces_are_spaces():
    assert not inked(drawing("\u00a0"))
    assert not inked(drawing("\u202f"))
    assert inked(drawing("語"))


@pytest.mark.parametrize(
    "named",
    ['<image href="{}" width="40" height="40"/>', '<filter id="f"><feImage href="{}"/></filter>', '<IMAGE href="{}"/>'],
)
def test_a_drawing_that_names_a_file_is_refused(tmp_path, named: str):
    red = tmp_path / "red.png"
    Image.new("RGB", (40, 40), "red").save(red)
    with pytest.raises(DataError, match="ce dessin ne peut pas"):
        png(drawing("", named.format(red)))


def test_a_text_that_looks_like_a_file_is_only_a_text():
    assert inked(drawing("&lt;image href=&quot;red.png&quot;&gt;"))


def test_what_is_not_a_drawing_is_a_french_sentence():
    with pytest.raises(DataError, match="ce dessin ne peut pas"):
        png("<svg")
