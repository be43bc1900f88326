"""The sheet as a PDF, read back: the figures and the sources of the screen, as text that can be copied."""

import dataclasses
import datetime
import io
import re

import pypdf
import pytest

from esscarto.documents import sheet_pdf
from esscarto.sheets.build import build
from esscarto.sheets.model import Sheet
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)
TERRITORIES = ["petr:soissonnais-valois", "commune:02722", "commune:02010", "epci:200037059", "departement:60"]


def squeezed(text: str) -> str:
    """A text without its spaces: where a line is cut is not what is tested."""
    return re.sub(r"\s+", "", text)


def read(content: bytes) -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def sheet_of(site: Site, text: str) -> Sheet:
    return build(site, Territory.parse(text), DAY)


@pytest.mark.parametrize("text", TERRITORIES)
def test_each_figure_of_the_sheet_is_in_the_pdf_with_its_value_and_lines(site: Site, text: str):
    sheet = sheet_of(site, text)
    words = squeezed(read(sheet_pdf.export(site, sheet))[1])
    for _, figure in sheet.figures:
        assert squeezed(figure.label) in words
        assert squeezed(figure.value if not figure.asked_in_vain else "Non fourni par la source") in words
        for document, lines in figure.cites:
            assert squeezed(document) in words
            assert squeezed(lines) in words
        if figure.recomputed:
            assert squeezed(figure.recomputed.value) in words


@pytest.mark.parametrize("text", TERRITORIES)
def test_each_actor_contact_and_neighbour_is_in_the_pdf(site: Site, text: str):
    sheet = sheet_of(site, text)
    words = squeezed(read(sheet_pdf.export(site, sheet))[1])
    names = [actor.name for actor in sheet.known.actors]
    names += [contact.name for contact in (*sheet.policy, *sheet.contacts)]
    names += [near.actor.name for near in sheet.known.near]
    assert [name for name in names if squeezed(name) not in words] == []


def test_the_document_has_a_title_a_language_bookmarks_a_date_and_numbered_pages(site: Site):
    reader, words = read(sheet_pdf.export(site, sheet_of(site, "commune:02722")))
    assert reader.metadata is not None
    assert reader.metadata.title == "Soissons, fiche du territoire"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.outline
    assert "22 novembre 2026" in words
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, start=1):
        assert f"page {number}/{total}" in page.extract_text()


def test_every_font_is_embedded(site: Site):
    reader, _ = read(sheet_pdf.export(site, sheet_of(site, "commune:02010")))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor


def test_the_map_is_drawn_and_not_a_picture(site: Site):
    reader, _ = read(sheet_pdf.export(site, sheet_of(site, "commune:02010")))
    assert [image.name for page in reader.pages for image in page.images] == []
    # An area of the map is a path: a move, lines, a close or a fill.
    assert reader.pages[0].get_contents().get_data().count(b" l\n") > 500


def test_the_address_of_the_page_is_printed_only_when_it_is_known(site: Site):
    sheet = sheet_of(site, "commune:02010")
    assert "En ligne" not in read(sheet_pdf.export(site, sheet))[1]
    words = squeezed(read(sheet_pdf.export(site, sheet, "https://carte.exemple"))[1])
    assert "https://carte.exemple/territoires?t=commune:02010" in words


@pytest.mark.parametrize("text", ["commune:02010", "commune:80144"])
def test_a_commune_without_actors_holds_in_three_pages_with_a_first_action_of_each_competence(site: Site, text: str):
    reader, words = read(sheet_pdf.export(site, sheet_of(site, text)))
    assert len(reader.pages) == 3
    assert "Ce que vous pouvez faire" in words
    for competence in site.competences.titles:
        action = site.competences.actions(competence)[0]
        assert squeezed(action.title) in squeezed(words)
        assert squeezed(site.cite(action.source)[0][1]) in squeezed(words)


def test_the_actions_are_left_out_rather_than_a_last_page_of_a_few_lines(site: Site):
    reader, words = read(sheet_pdf.export(site, sheet_of(site, "epci:200037059")))
    assert "Ce que vous pouvez faire" not in words
    assert len(reader.pages[-1].extract_text().splitlines()) > 15


def test_the_key_figures_stand_on_one_line_and_touch_nothing(site: Site):
    page = read(sheet_pdf.export(site, sheet_of(site, "commune:80144")))[0].pages[0]
    at: dict[str, float] = {}
    page.extract_text(visitor_text=lambda words, _, place, *__: at.setdefault(" ".join(words.split()), place[5]))
    assert at["495"] == at["8,2"] == at["60,4"] == at["0"]
    assert at["0 fiche en tout"] - at["Référent ESS : non désigné."] > 14


def test_any_text_is_written_as_it_is_and_breaks_nothing(site: Site, hostile: str):
    sheet = sheet_of(site, "commune:02722")
    actor = dataclasses.replace(sheet.known.actors[0], name=hostile, types=hostile)
    known = dataclasses.replace(sheet.known, actors=(actor,))
    reader, words = read(sheet_pdf.export(site, dataclasses.replace(sheet, title=hostile, known=known)))
    assert reader.pages
    if hostile.isascii() and len(hostile) < 60:
        assert squeezed(hostile) in squeezed(words)


def test_nothing_in_the_document_runs_or_leads_elsewhere_than_the_contacts(site: Site):
    reader, _ = read(sheet_pdf.export(site, sheet_of(site, "petr:soissonnais-valois")))
    assert "/OpenAction" not in reader.trailer["/Root"] or "/JS" not in str(reader.trailer["/Root"]["/OpenAction"])
    links = {
        str(note.get_object()["/A"]["/URI"])
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object() and "/URI" in note.get_object()["/A"]
    }
    assert all(link.startswith(("mailto:", "http://www.esshdf.org")) for link in links), links
