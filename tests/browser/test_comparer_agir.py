"""Comparer and Agir in a browser: bars as long as their values, files that open, and an answer in two choices."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WIDTHS = """(root) => [...root.querySelectorAll(".ess-longueur")].map((bar) => bar.getBoundingClientRect().width)"""


def number(text: str) -> float:
    return float(re.sub(r"[^\d,]", "", text).replace(",", "."))


@pytest.mark.parametrize("visit", [(1280, 900), (360, 740)], indirect=True)
def test_there_is_a_bar_for_each_row_as_long_as_its_value(visit, app):
    visit.open(f"{app}/comparer?vue=publies&pub=part_salaries_ess")
    rows = visit.page.locator("table.ess-publies tbody tr:not(.ici)")
    bars = visit.page.locator(".ess-axe li")
    expect(rows).to_have_count(6)
    expect(bars).to_have_count(6)
    values = [number(text) for text in visit.page.locator(".ess-axe-valeur").all_inner_texts()]
    widths = visit.page.locator(".ess-axe").evaluate(WIDTHS)
    assert [width / widths[0] for width in widths] == pytest.approx([value / values[0] for value in values], abs=0.01)
    line = visit.page.locator(".ess-reference").bounding_box()
    axis = visit.page.locator(".ess-axe").bounding_box()
    # The région: 10,5 %.
    assert (line["x"] - axis["x"]) / widths[0] == pytest.approx(10.5 / values[0], abs=0.01)


def test_what_may_not_stand_on_the_axis_is_hatched_and_says_why(visit, app):
    visit.open(f"{app}/comparer?vue=publies&pub=etablissements_employeurs_ess")
    apart = visit.page.locator(".ess-ecartes li")
    expect(apart).to_have_count(2)
    expect(visit.page.locator(".ess-longueur")).to_have_count(0)
    assert "repeating-linear-gradient" in apart.first.evaluate("(item) => getComputedStyle(item).backgroundImage")
    expect(apart.first).to_contain_text("Insee Flores 2019")
    expect(apart.first).to_contain_text("Insee - ORESS - Clap 2015")


def test_the_comparison_is_taken_away_as_a_workbook_a_picture_and_a_drawing(visit, app):
    visit.open(f"{app}/comparer")
    signs = {"Exporter en Excel": b"PK", "Image PNG": b"\x89PNG", "Dessin SVG": b"<svg"}
    for label, sign in signs.items():
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name=label).click()
        assert download.value.path().read_bytes().startswith(sign)
        assert download.value.suggested_filename.startswith("esscarto-comparaison-")


def test_an_elu_reaches_the_answer_by_a_card_and_reads_the_three_radii(visit, app):
    visit.open(f"{app}/agir?t=commune:02722")
    visit.page.get_by_role("link", name="Emploi et insertion professionnelle").click()
    radii = visit.page.locator("tr.ess-palier")
    expect(radii).to_have_count(3)
    kilometres = [number(text) for text in visit.page.locator("tr.ess-palier td").all_inner_texts()]
    assert kilometres == [1.2, 3.5, 10.9]
    expect(visit.page.get_by_role("heading", name="Qui appeler")).to_be_visible()
    visit.page.get_by_role("link", name="Réaliss").first.click()
    expect(visit.page.locator(".ess-fiche h2").filter(has_text="Réaliss")).to_be_visible()
