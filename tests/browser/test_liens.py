"""The links and the small buttons of our own HTML: followed without loading the application again."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

QUESTION = "partenaires?t=commune:02722&th=culture"


def mark(page: Page) -> None:
    """Leave in the page what a new load would lose."""
    page.evaluate("() => { window.same = true; }")


def same(page: Page) -> bool:
    return bool(page.evaluate("() => window.same === true"))


def test_a_result_is_kept_where_it_is_read_and_the_question_is_found_again(visit, app: str):
    page = visit.page
    visit.open(f"{app}/{QUESTION}")
    result = page.locator("#reponse li.ess-resultat").first
    name = result.locator("p").first.locator("a, strong").first.inner_text()
    mark(page)
    entries = page.evaluate("() => history.length")
    result.get_by_role("button", name=f"Garder : {name}").focus()
    page.keyboard.press("Enter")
    kept = page.get_by_role("button", name=f"Retirer du panier : {name}")
    expect(kept).to_be_focused()
    expect(page.get_by_text("1 élément dans votre panier")).to_be_visible()
    assert "geste" not in page.url
    assert page.evaluate("() => history.length") == entries

    page.get_by_role("link", name="Ouvrir le panier").click()
    expect(page.locator("article h2")).to_have_text(f"1. {name}")
    expect(page.get_by_label("Votre projet, en une phrase")).to_have_value("Culture, à Soissons")
    page.get_by_role("link", name="Revenir à la question").click()
    expect(page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Soissons, culture")
    page.go_back()
    expect(page.locator("article h2")).to_have_text(f"1. {name}")
    page.go_back()
    expect(page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Soissons, culture")
    expect(page.get_by_role("button", name=f"Retirer du panier : {name}")).to_be_visible()
    assert same(page)


def test_from_a_page_to_another_the_application_is_not_loaded_again(visit, app: str):
    page = visit.page
    visit.open(f"{app}/{QUESTION}")
    mark(page)
    page.locator("#reponse li.ess-resultat a[href^=carte]").first.click()
    expect(page).to_have_url(re.compile(r"/carte\?"))
    expect(page.get_by_role("button", name="Ajouter au panier")).to_be_visible()
    assert same(page)
    # The page begins at its top.
    assert page.locator("[data-testid=stMain]").evaluate("(main) => main.scrollTop") == 0
    page.go_back()
    expect(page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Soissons, culture")
    assert same(page)


def test_back_from_a_card_finds_the_commune_again(visit, app: str):
    page = visit.page
    visit.open(f"{app}/partenaires?t=commune:80410&th=alimentation")
    expect(page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Ham, alimentation")
    page.locator("#reponse li.ess-resultat a[href^=carte]").first.click()
    expect(page.get_by_role("button", name="Ajouter au panier")).to_be_visible()
    page.go_back()
    expect(page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Ham, alimentation")
    expect(page).to_have_url(re.compile("t=commune(%3A|:)80410"))


def test_the_same_link_opens_the_same_map_each_time(visit, app: str):
    page = visit.page
    visit.open(f"{app}/partenaires?t=commune:80410&th=alimentation")
    link = page.locator("#reponse li.ess-resultat a[href^=carte]").first
    for _ in range(2):
        link.click()
        expect(page.get_by_role("button", name="Ajouter au panier")).to_be_visible()
        expect(page.get_by_role("combobox", name="Territoire", exact=True)).to_have_value("Partout (tous les acteurs)")
        assert "t=partout" in page.url
        page.go_back()
        expect(page.locator("#reponse .ess-phrase")).to_contain_text("Depuis Ham, alimentation")


def test_back_from_the_map_finds_the_sheet_again(visit, app: str):
    page = visit.page
    visit.open(f"{app}/territoires?t=commune:80410")
    title = page.locator(".ess-fiche-tete h1")
    expect(title).to_have_text("Ham")
    page.get_by_role("link", name="Voir sur la carte").click()
    expect(page).to_have_url(re.compile("/carte"))
    visit.wait_for_map()
    page.go_back()
    expect(title).to_have_text("Ham")
    expect(page).to_have_url(re.compile("t=commune(%3A|:)80410"))


def test_the_next_results_unfold_under_their_button(visit, app: str):
    page = visit.page
    visit.open(f"{app}/partenaires?t=commune:02722&d=60")
    button = page.locator('.ess-geste[value="ouvrir:operateurs"]')
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator('.ess-geste[value="replier:operateurs"]')).to_be_focused()
    after = page.locator("#role-operateurs ol.ess-resultats").last.locator("li")
    assert after.count() >= 1
    assert button.count() == 0


def test_a_choice_does_not_send_the_list_of_the_communes_again(visit, app: str):
    frames: list[bytes] = []
    visit.page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda data: frames.append(data) if isinstance(data, bytes) else None
        ),
    )
    visit.open(f"{app}/partenaires?t=commune:02722")
    expect(visit.page.locator("#reponse .ess-phrase")).to_contain_text("tout projet")
    listed = b"Ambleny (02)"
    assert sum(listed in frame for frame in frames) == 1
    box = visit.page.get_by_role("combobox", name="Thèmes du projet")
    box.fill("Culture")
    visit.page.get_by_role("option", name="Culture", exact=True).click()
    expect(visit.page.locator("#reponse .ess-phrase")).to_contain_text("culture")
    assert sum(listed in frame for frame in frames) == 1
