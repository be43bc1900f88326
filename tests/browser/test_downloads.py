"""The files to take away, clicked in a real browser and read back."""

import json
import re
from pathlib import Path

import pytest
import vobject
from playwright.sync_api import expect

from esscarto.settings import data_dir
from esscarto.site import load_site
from esscarto.storage.reading_files import read_path
from esscarto.territories import Territory

pytestmark = pytest.mark.browser

BUTTONS = {
    "Exporter en Excel": "xlsx",
    "CSV": "csv",
    "GeoJSON": "geojson",
    "GeoPackage": "gpkg",
    "Contacts": "vcf",
    "Carte à emporter": "html",
}
RETZ_EN_VALOIS = Territory("epci", "200071991")


def test_every_button_gives_the_actors_of_the_list_in_a_file_that_says_what_it_is(visit, app, tmp_path: Path):
    site = load_site(data_dir())
    expected = site.actors.frame.index[site.index.inside(RETZ_EN_VALOIS)].tolist()
    visit.open(f"{app}/carte?t={RETZ_EN_VALOIS}&sous=telecharger")
    for label, extension in BUTTONS.items():
        with visit.page.expect_download() as started:
            visit.page.get_by_role("button", name=label, exact=True).click()
        assert re.fullmatch(
            rf"esscarto-cc-retz-en-valois-\d{{4}}-\d\d-\d\d\.{extension}", started.value.suggested_filename
        )
        file = tmp_path / started.value.suggested_filename
        started.value.save_as(file)
        if extension == "vcf":
            cards = vobject.readComponents(file.read_text(encoding="utf-8"))
            assert [card.uid.value.removeprefix("esscarto:") for card in cards] == expected
        elif extension == "html":
            block = re.search(r'<script type="application/json" id="acteurs">(.*?)</script>', file.read_text("utf-8"))
            assert block
            assert json.loads(block[1])["id"] == expected
            assert file.read_text("utf-8").count("<script>") == 1, "the server wrote its own scripts into the file"
        else:
            assert read_path(file).column("id") == expected


def test_there_is_nothing_to_export_when_nothing_is_shown(visit, app):
    visit.open(f"{app}/carte?t={RETZ_EN_VALOIS}&q=introuvable&sous=telecharger")
    for label in BUTTONS:
        expect(visit.page.get_by_role("button", name=label, exact=True)).to_be_disabled()
