"""The first page leads each of its visitors on."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_an_elu_types_the_name_of_a_commune_and_reads_its_sheet(visit, app):
    visit.open(f"{app}/")
    box = visit.page.get_by_role("combobox", name="Ma commune ou mon intercommunalité")
    box.click()
    box.fill("allemant")
    visit.page.get_by_role("option", name=re.compile("^Allemant")).click()
    expect(visit.page.get_by_role("heading", name="Allemant", exact=True)).to_be_visible()
    expect(visit.page).to_have_url(re.compile(r"territoires\?t=commune(%3A|:)02010"))


@pytest.mark.parametrize(
    ("label", "heading"), [("Agir dans mes compétences", "Agir"), ("Trouver des partenaires", re.compile("artenaires"))]
)
def test_a_door_opens_its_page(visit, app, label, heading):
    visit.open(f"{app}/")
    visit.page.get_by_role("link", name=label).click()
    expect(visit.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
