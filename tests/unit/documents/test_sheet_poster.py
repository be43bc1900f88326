"""The poster: one page, and a code that leads to the sheet."""

import datetime
import io
import re

import pypdf
import pytest
import segno

from esscarto.documents import sheet_poster
from esscarto.sheets.build import build
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)
BASE = "https://carte.exemple"


def page(site: Site, text: str) -> pypdf.PageObject:
    reader = pypdf.PdfReader(io.BytesIO(sheet_poster.export(site, build(site, Territory.parse(text), DAY), BASE)))
    assert len(reader.pages) == 1
    return reader.pages[0]


def test_the_poster_says_the_territory_its_actors_and_the_address(site: Site):
    words = page(site, "petr:soissonnais-valois").extract_text().replace("\u00a0", " ")
    assert "PETR du Soissonnais et du Valois" in words
    assert "14 acteurs de l’ESS connus ici" in words
    assert f"{BASE}/territoires?t=petr:soissonnais-valois" in words


def test_without_a_known_actor_the_poster_names_the_nearest_of_several_themes(site: Site):
    lines = page(site, "commune:80144").extract_text().splitlines()
    assert "Aucun acteur connu ici" in lines
    near = [line for line in lines if re.search(r", à \d+,\d\u00a0km$", line)]
    assert "Centre social de Ham (statut ESS non imprimé), Ham, à 3,2\u00a0km" in near
    assert len(near) >= 5
    assert not any(line.startswith("km") for line in lines)


def test_the_poster_of_a_territory_with_actors_names_them(site: Site):
    words = page(site, "commune:02722").extract_text()
    assert "Ici, dans l’annuaire" in words
    assert "Anne Morgan" in words


def test_the_code_drawn_is_that_of_the_address(site: Site):
    # Each run of dark modules of a line is one rectangle: as many in the page as in the code of this address.
    rows = segno.make(f"{BASE}/territoires?t=commune:02010", error="m", micro=False).matrix
    runs = sum(len(re.findall("1+", "".join(map(str, row)))) for row in rows)
    drawn = page(site, "commune:02010").get_contents().get_data().count(b" re\nf") or page(
        site, "commune:02010"
    ).get_contents().get_data().count(b" re f")
    assert drawn == runs


@pytest.mark.parametrize("base", ["", "carte.exemple", "javascript:alert(1)", "file:///tmp", "http://127.0.0.1:8501"])
def test_a_code_that_no_phone_could_follow_is_left_out(site: Site, base: str):
    content = sheet_poster.export(site, build(site, Territory.parse("commune:02010"), DAY), base)
    words = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "territoires?t=" not in words
    assert "Un projet" in words
