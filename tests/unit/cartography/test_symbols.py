"""The symbol of each category, drawn once for every place it is shown in."""

import base64
import xml.etree.ElementTree as ElementTree

import pytest

from esscarto.cartography import symbols
from esscarto.vocabulary import CATEGORIES, SYMBOLES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("style", symbols.STYLES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_symbol_is_an_svg_with_its_letter_and_nothing_that_acts(category: str, style: str):
    drawing = ElementTree.fromstring(symbols.svg(category, style))
    assert drawing.tag == f"{SVG}svg"
    assert [text.text for text in drawing.iter(f"{SVG}text")] == [SYMBOLES[category].letter]
    tags = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    assert tags <= {"svg", "g", "circle", "rect", "polygon", "text"}


@pytest.mark.parametrize("style", symbols.STYLES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_symbol_stays_in_its_frame(category: str, style: str):
    drawing = ElementTree.fromstring(symbols.svg(category, style))
    corners = [
        float(number)
        for polygon in drawing.iter(f"{SVG}polygon")
        for pair in polygon.attrib["points"].split()
        for number in pair.split(",")
    ]
    assert [number for number in corners if not 0 <= number <= 28] == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_three_styles_differ(category: str):
    assert len({symbols.svg(category, style) for style in symbols.STYLES}) == 3


@pytest.mark.parametrize("style", symbols.STYLES)
def test_no_two_categories_are_drawn_alike_even_in_grey(style: str):
    grey = [symbols.svg(category, style).replace(SYMBOLES[category].colour, "#888888") for category in CATEGORIES]
    assert len(set(grey)) == len(CATEGORIES)


def test_the_full_symbols_are_told_apart_by_their_shape_alone():
    shapes = []
    for category in CATEGORIES:
        symbol = SYMBOLES[category]
        drawing = symbols.svg(category).replace(symbol.colour, "#888888")
        shapes.append(drawing.replace(f">{symbol.letter}<", "><"))
    assert len(set(shapes)) == len(CATEGORIES)


def test_an_address_holds_the_same_drawing():
    head, _, encoded = symbols.data_uri("mutuelle", "vide").partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(encoded).decode() == symbols.svg("mutuelle", "vide")


def test_the_legend_has_every_category_with_its_words():
    legend = symbols.legend()
    assert {code: entry["t"] for code, entry in legend.items()} == CATEGORIES
    assert legend["ptce"]["commune"] == symbols.svg("ptce", "commune")
