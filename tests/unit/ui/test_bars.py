"""The bars of a comparison: lengths in proportion, one zero, nothing of the text is ever markup."""

import xml.etree.ElementTree as ET

import pytest

from esscarto.ui.bars import LONGEST, Apart, Bar, Chart

SVG = "{http://www.w3.org/2000/svg}"


def chart(*values: float | None, reference: float | None = None) -> Chart:
    bars = tuple(Bar(f"Territoire {rank}", value, str(value)) for rank, value in enumerate(values))
    return Chart("Titre", bars, Bar("Région", reference, str(reference)) if reference is not None else None)


def test_lengths_are_in_proportion_from_zero():
    lengths = [bar["x"] for bar in chart(10, 5, 0).layout()["barres"]]
    assert lengths == [LONGEST, LONGEST / 2, 0]


def test_the_reference_is_on_the_same_scale_even_when_it_is_the_largest():
    found = chart(5, reference=20).layout()
    assert found["x"] == LONGEST
    assert found["barres"][0]["x"] == LONGEST / 4


def test_a_missing_value_is_no_bar_and_zeros_alone_divide_nothing():
    assert [bar["x"] for bar in chart(None, 3).layout()["barres"]] == [None, LONGEST]
    assert [bar["x"] for bar in chart(0, 0).layout()["barres"]] == [0, 0]
    assert chart().layout()["barres"] == []


def test_the_file_is_one_drawing_with_each_bar_and_each_sentence():
    whole = Chart(
        "Part de l’ESS " * 12,
        (Bar("Cher", 10.79, "10,79 %"), Bar("Indre", None, "n. d.")),
        Bar("Centre", 10.5, "10,5 %"),
        (Apart("France", "10,6 %", "L’année n’est pas imprimée. " * 8, "Chiffres clés"),),
        ("Source : Insee.",),
    )
    root = ET.fromstring(whole.svg())
    lengths = [node for node in root.iter(f"{SVG}rect") if node.get("class") == "ess-longueur"]
    assert [node.get("width") for node in lengths] == [f"{LONGEST}%"]
    said = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    for words in (
        "10,79 %",
        "n. d.",
        "Centre\u00a0: 10,5 %",
        "France\u00a0: 10,6 %",
        "Chiffres clés",
        "Source : Insee.",
    ):
        assert words in said
    bottom = max(float(node.get("y")) for node in root.iter(f"{SVG}text"))
    assert bottom < float(root.get("height"))
    assert [node for node in root.iter(f"{SVG}rect") if node.get("fill") == "url(#ecarte)"]


def test_no_text_is_ever_markup(hostile: str):
    text = "".join(char for char in hostile if char.isprintable())[:200]
    root = ET.fromstring(Chart(text, (Bar(text, 1, text),), None, (Apart(text, text, text),), (text,)).svg())
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        *("svg", "title", "defs", "pattern", "rect", "g", "text", "line")
    }


@pytest.mark.parametrize("value", [0.001, 1e9])
def test_any_size_fits(value: float):
    assert chart(value, value / 2).layout()["barres"][0]["x"] == LONGEST


def test_the_own_territory_is_bold_and_marked_in_the_file_too():
    root = ET.fromstring(Chart("Titre", (Bar("Brouchy", 1, "1", own=True), Bar("Ham", 2, "2"))).svg())
    bold = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("font-weight") == "700"]
    assert bold == ["◆\u00a0Brouchy"]
