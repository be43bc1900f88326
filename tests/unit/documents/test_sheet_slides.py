"""The slides of a sheet, read back: the figures of the sheet, with year and source, in shapes that can be edited."""

import dataclasses
import datetime
import functools
import importlib
import io
import re
import sys
import zipfile
from typing import Any

import pptx
import pytest

from esscarto.documents import sheet_slides
from esscarto.errors import DataError
from esscarto.sheets.build import build
from esscarto.sheets.model import Sheet
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)
TERRITORIES = ["petr:soissonnais-valois", "commune:02722", "commune:02010", "departement:60", "region:32"]


def sheet_of(site: Site, text: str) -> Sheet:
    return build(site, Territory.parse(text), DAY)


@functools.cache
def deck_of(site: Site, text: str) -> Any:
    """The slides of a territory, made once: nothing below writes to them."""
    return read(sheet_slides.export(site, sheet_of(site, text)))


def read(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def rows(deck: Any, title: str) -> list[list[str]]:
    """The rows of the tables of the slides of a title, without their heads."""
    found = []
    for slide in deck.slides:
        if slide.shapes.title.text_frame.text.removesuffix(" (suite)") == title:
            for shape in slide.shapes:
                if shape.has_table:
                    cells = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
                    found += cells[1:]
    return found


def words(deck: Any) -> str:
    texts = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            elif shape.has_table:
                texts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(texts)


@pytest.mark.parametrize("text", TERRITORIES)
def test_each_figure_of_a_slide_is_one_of_the_sheet_and_none_is_lost(site: Site, text: str):
    sheet = sheet_of(site, text)
    shown = rows(deck_of(site, text), "Les chiffres publiés")
    asked = [
        (figure.label, figure.value, figure.holder, figure.year)
        for block, figure in sheet.figures
        if block.key not in sheet_slides.BLOCKS_LEFT_OUT and not figure.asked_in_vain
    ]
    said = [
        (label, value.split("\n")[0], "".join(value.split("\n")[1:]).removeprefix("pour "), year)
        for label, value, year, _ in shown
    ]
    assert said == asked
    assert all(re.match(r"\[\d+\]", source) for _, _, _, source in shown)


@pytest.mark.parametrize("text", TERRITORIES)
def test_nothing_leaves_its_slide(site: Site, text: str):
    deck = deck_of(site, text)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


@pytest.mark.parametrize("text", TERRITORIES)
def test_a_table_ends_above_the_sources(site: Site, text: str):
    deck = deck_of(site, text)
    ends = [(shape.top + shape.height) / 36000 for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert ends
    assert max(ends) <= sheet_slides.BOTTOM + 0.1


@pytest.mark.parametrize("text", TERRITORIES)
def test_each_slide_has_a_title_and_says_its_sources_in_its_notes(site: Site, text: str):
    sheet, deck = sheet_of(site, text), deck_of(site, text)
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert all(slide.shapes.title.text_frame.text for slide in deck.slides)
    assert all(notes)
    documents = {
        document
        for block, figure in sheet.figures
        if block.key not in sheet_slides.BLOCKS_LEFT_OUT
        for document, _ in figure.cites
    }
    assert [document for document in documents if document not in "\n".join(notes)] == []


def test_the_counts_are_charts_that_can_be_edited_and_say_what_the_sheet_says(site: Site):
    sheet, deck = sheet_of(site, "petr:soissonnais-valois"), deck_of(site, "petr:soissonnais-valois")
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    plots = [list(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True)) for chart in charts]
    assert plots[0] == [(title, float(total)) for _, title, total in sheet.known.families]
    assert plots[1] == [(title, float(total)) for title, total in sheet.known.themes[: sheet_slides.MOST_BARS]]


def test_the_white_zones_are_those_counted_by_the_page(site: Site):
    shown = rows(deck_of(site, "petr:soissonnais-valois"), "Zones blanches des thèmes prioritaires")
    assert [row[0] for row in shown] == ["Culture", "Mobilité", "Alimentation", "Bien vieillir"]
    # No actor of the ESS in culture with a point within 10 km of any commune: the 163 communes, 106 668 inhabitants.
    assert [re.sub(r"\s", " ", cell) for cell in shown[0][1:3]] == ["163 sur 163", "106 668 habitants"]


def test_a_commune_without_actors_says_who_is_nearest_and_whom_to_call(site: Site):
    sheet, deck = sheet_of(site, "commune:02010"), deck_of(site, "commune:02010")
    assert "Aucun acteur connu ici" in words(deck)
    near = rows(deck, "Les plus proches, pour les thèmes sans acteur en activité ici")
    assert [row[0] for row in near] == [one.theme for one in sheet.known.near]
    assert sheet.first is not None
    assert rows(deck, "À qui parler")[0][0].startswith(sheet.first.name)


def test_the_map_is_a_picture_that_says_what_it_shows(site: Site):
    first = deck_of(site, "commune:02722").slides[0]
    drawn = [shape for shape in first.shapes if shape.shape_type == 13]
    assert [shape._element.nvPicPr.cNvPr.get("descr") for shape in drawn] == [
        "Carte : Soissons et les acteurs connus qui ont un point."
    ]


def test_the_address_of_the_page_is_given_only_when_it_is_known(site: Site):
    sheet = sheet_of(site, "commune:02010")
    assert "en ligne" not in words(deck_of(site, "commune:02010"))
    assert "https://carte.exemple/territoires?t=commune:02010" in words(
        read(sheet_slides.export(site, sheet, "https://carte.exemple"))
    )


def test_any_text_is_held_and_breaks_nothing(site: Site, hostile: str):
    sheet = sheet_of(site, "commune:02010")
    contact = dataclasses.replace(sheet.contacts[0], name=hostile, brings=hostile, function=hostile)
    near = dataclasses.replace(
        sheet.known.near[0], actor=dataclasses.replace(sheet.known.near[0].actor, name=hostile, place=hostile)
    )
    known = dataclasses.replace(sheet.known, near=(near,))
    content = sheet_slides.export(
        site, dataclasses.replace(sheet, title=f"{hostile}\x01\ufffe", known=known, contacts=(contact,))
    )
    deck = read(content)
    assert len(deck.slides) >= 5
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None


def test_without_the_library_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pptx", None)
    monkeypatch.delitem(sys.modules, "esscarto.documents.slides")
    with pytest.raises(DataError, match=r"pip install python-pptx"):
        importlib.import_module("esscarto.documents.slides")
