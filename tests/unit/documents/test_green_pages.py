"""The « pages vertes », read back: every actor once in full, pages that are the right ones, no person."""

import dataclasses
import datetime
import functools
import io
import re
from pathlib import Path

import pypdf
import pytest

from esscarto import cli
from esscarto.documents import green_pages
from esscarto.errors import DataError
from esscarto.sheets.build import build
from esscarto.sheets.model import Sheet
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import THEMES

DAY = datetime.date(2026, 11, 22)
TERRITORIES = ["petr:soissonnais-valois", "commune:02722", "commune:02010", "departement:60"]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def sheet_of(site: Site, text: str) -> Sheet:
    return build(site, Territory.parse(text), DAY)


@functools.cache
def guide(site: Site, text: str) -> bytes:
    """The guide of a territory, made once."""
    return green_pages.export(site, sheet_of(site, text))


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("text", TERRITORIES)
def test_each_actor_is_there_with_its_place_its_precision_and_a_source(site: Site, text: str):
    sheet = sheet_of(site, text)
    words = squeezed("".join(pages(guide(site, text))))
    for actor in sheet.known.actors:
        assert squeezed(actor.name) in words
        assert squeezed(actor.place) in words
        for document, _ in actor.cites:
            assert squeezed(document) in words
    assert words.count("Précisiondulieu") == len(sheet.known.actors)


def test_each_theme_present_has_its_part_in_the_order_of_the_closed_list(site: Site):
    sheet = sheet_of(site, "petr:soissonnais-valois")
    outline = pypdf.PdfReader(io.BytesIO(guide(site, "petr:soissonnais-valois"))).outline
    titles = [entry.title for entry in outline]
    here = {title for title, _ in sheet.known.themes}
    assert titles == [
        "Sommaire",
        green_pages.SUPPORTS,
        *(title for title in THEMES.values() if title in here),
        green_pages.NO_THEME,
        green_pages.INDEX,
        green_pages.SOURCES,
    ]


@pytest.mark.parametrize("text", ["commune:02010", "commune:80144"])
def test_where_nobody_is_known_one_page_gives_the_nearest_instead_of_empty_parts(site: Site, text: str):
    (words,) = pages(guide(site, text))
    assert green_pages.INDEX not in words
    assert "Sommaire" not in words
    for near in sheet_of(site, text).known.near:
        assert squeezed(near.actor.name) in squeezed(words)
        assert squeezed(near.theme) in squeezed(words)


def test_the_contents_and_the_index_give_the_page_where_things_are(site: Site):
    content = guide(site, "petr:soissonnais-valois")
    reader, said = pypdf.PdfReader(io.BytesIO(content)), pages(content)
    where = {entry.title: reader.get_destination_page_number(entry) + 1 for entry in reader.outline}
    contents = said[0].partition("Sommaire")[2]
    for title, page in where.items():
        if title != "Sommaire":
            assert re.search(rf"{re.escape(title)}\s+(?:\d+\s+fiches?\s+)?{page}\b", contents), title
    # The entry of Anne Morgan is the one that says what it does.
    entry = next(at for at, text in enumerate(said, start=1) if "activité médico-sociale" in text)
    index = "".join(said).partition(green_pages.INDEX)[2].partition(green_pages.INDEX)[2]
    assert re.search(rf"Anne Morgan\s+{entry}\b", index)
    assert re.search(rf"Anne Morgan, Soissons\s+voir page {entry}\b", "".join(said))


def test_links_of_the_document_lead_to_its_own_pages_or_to_contacts(site: Site):
    reader = pypdf.PdfReader(io.BytesIO(guide(site, "petr:soissonnais-valois")))
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    inside = [note for note in notes if "/Dest" in note or note.get("/A", {}).get("/S") == "/GoTo"]
    outside = [str(note["/A"]["/URI"]) for note in notes if "/A" in note and "/URI" in note["/A"]]
    assert len(inside) > 60
    assert all(link.startswith(("mailto:", "http://", "https://")) for link in outside), outside
    assert "mailto:contact@soissonnaisvalois.fr" in outside


def test_pages_are_numbered_and_dated(site: Site):
    said = pages(guide(site, "petr:soissonnais-valois"))
    for number, text in enumerate(said, start=1):
        assert f"page {number}/{len(said)}" in text
        assert "22 novembre 2026" in text


def test_without_a_contact_it_is_said(site: Site):
    row = dict.fromkeys(("contact_fonction", "telephone", "courriel", "site_web"), "")
    assert green_pages.contacts(row, []) == []
    assert green_pages.NO_CONTACT in "".join(pages(guide(site, "commune:02722")))


def test_what_reaches_a_person_is_never_printed():
    row = {"telephone": "06" + 4 * " 12", "courriel": "prenom.nom@exemple.fr", "site_web": "https://exemple.fr"}
    line = {"contact_fonction": "Accueil", "telephone": "", "courriel": "contact@exemple.fr", "site_web": ""}
    assert green_pages.contacts(row, [line]) == [
        ("https://exemple.fr", "https://exemple.fr"),
        ("Accueil", ""),
        ("contact@exemple.fr", "mailto:contact@exemple.fr"),
    ]


def test_an_address_that_runs_is_printed_and_leads_nowhere():
    row = {"telephone": "", "courriel": "", "site_web": "javascript:alert(1)"}
    assert green_pages.contacts(row, []) == [("javascript:alert(1)", "")]


def test_any_name_is_written_as_it_is_and_breaks_nothing(site: Site, hostile: str):
    sheet = sheet_of(site, "commune:02722")
    first, *others = sheet.known.actors
    known = dataclasses.replace(sheet.known, actors=(dataclasses.replace(first, name=hostile, types=hostile), *others))
    words = "".join(pages(green_pages.export(site, dataclasses.replace(sheet, known=known))))
    if hostile.isascii() and len(hostile) < 60:
        assert squeezed(hostile) in squeezed(words)


@pytest.mark.parametrize(
    "asked", [{}, {"petr": "soissonnais-valois", "epci": "200071991"}, {"petr": "ailleurs"}, {"commune": "99999"}]
)
def test_one_known_territory_is_asked_for(site: Site, asked: dict[str, str]):
    with pytest.raises(DataError):
        green_pages.wanted(site, **asked)


def test_the_command_writes_the_guide_of_an_epci(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "neuf" / "guide.pdf"
    assert cli.main(["pages-vertes", "--epci", "200071991", "--out", str(path)]) == 0
    assert "CC Retz en Valois" in capsys.readouterr().out
    assert "CC Retz en Valois" in pages(path.read_bytes())[0]
    assert [found.name for found in path.parent.iterdir()] == ["guide.pdf"]


def test_a_file_that_cannot_be_written_is_an_error_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "plein").write_text("")
    assert cli.main(["pages-vertes", "--commune", "02722", "--out", str(tmp_path / "plein" / "guide.pdf")]) == 1
    assert "ne peut pas être écrit" in capsys.readouterr().err


def test_a_command_that_asks_for_nothing_says_what_to_give(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["pages-vertes"]) == 1
    assert "--petr" in capsys.readouterr().err
