"""What Streamlit writes itself is said in French, to the eye and to the ear."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ENGLISH = re.compile(
    r"\b(Open|Close|Multiselect|Selectbox|Clear|Remove|Next|Previous|Choose|Help|Sidebar|"
    r"Skip|Upload|Copy|Page not|results?|options?)\b"
)
SAID = """() => [...document.querySelectorAll("[aria-label], [placeholder]")]
    .flatMap((node) => [node.getAttribute("aria-label"), node.getAttribute("placeholder")]).filter(Boolean)"""


@pytest.mark.parametrize("page", ["carte", "donnees", "comparer", "zones_blanches"])
def test_no_label_is_english(visit, app, page):
    visit.open(f"{app}/{page}")
    # Each of these pages has a list to open, whose button Streamlit names « Open ».
    expect(visit.page.get_by_role("button", name="Ouvrir la liste").first).to_be_attached()
    assert [text for text in visit.page.evaluate(SAID) if ENGLISH.search(text)] == []


def test_a_list_without_an_answer_says_so_in_french(visit, app):
    visit.open(f"{app}/carte")
    box = visit.page.get_by_role("combobox", name="Thème")
    box.click()
    box.fill("introuvable")
    expect(visit.page.get_by_text("Aucun résultat")).to_be_visible()


def test_choosing_all_is_said_in_french(visit, app):
    visit.open(f"{app}/comparer")
    box = visit.page.get_by_role("combobox", name=re.compile("Territoires comparés"))
    box.click()
    expect(visit.page.get_by_role("option", name="Tout choisir")).to_be_visible()
    assert [text for text in visit.page.evaluate(SAID) if ENGLISH.search(text)] == []
    box.fill("s")
    expect(visit.page.get_by_role("option", name=re.compile(r"^Choisir les \d+ résultats$"))).to_be_visible()
    expect(visit.page.get_by_text(re.compile("^Select "))).to_have_count(0)


def test_an_unknown_page_is_said_in_french(visit, app):
    visit.open(f"{app}/nulle-part")
    expect(visit.page.get_by_role("dialog")).to_contain_text("Cette page n’existe pas")
