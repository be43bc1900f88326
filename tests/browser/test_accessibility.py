"""What a keyboard, a screen reader, a zoomed page and a calm eye need, checked on every page without any other tool."""

import itertools
import re

import pytest
from playwright.sync_api import Locator, expect

from esscarto.settings import PAGES

pytestmark = pytest.mark.browser

HOME = "accueil"
MENU = sorted("" if file.stem == HOME else file.stem for file in PAGES.glob("*.py"))
MAP = "carte"
COMMUNE, ACTOR = f"{MAP}?sel=commune:02011", f"{MAP}?sel=acteur:tereos"
ADDRESSES = [*MENU, COMMUNE, ACTOR]
DESK = (1280, 900)
PHONE = (320, 640)
ZOOMED = (640, 450)
"""A screen of 1280 x 900 at 200 %."""
SMALLEST_TARGET_PX = 24

# Each script receives the root element of a document: the page, or the map's own frame.
HEADINGS = """(root) => [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]))"""

UNSAID_PICTURES = """(root) => [...root.querySelectorAll("img:not([alt])")].map((picture) => picture.outerHTML)"""

TABLES = """(root) => [...root.querySelectorAll("table")].map((table) => ({
    caption: table.caption?.textContent.trim() ?? "",
    scopes: [...table.querySelectorAll("th")].map((cell) => cell.scope),
    bare: [...table.tBodies[0].rows].filter((row) => row.cells.length > 1 && !row.querySelector("th")).length,
}))"""

# The contrast of each text with the first opaque ground under it, by WCAG's formula. Left out: what is drawn (symbols,
# icons), what is switched off, and what is kept for screen readers.
FAINT_TEXTS = """(root) => {
    const DRAWN = "svg, noscript, style, script, [data-testid=stIconMaterial], :disabled, .ess-cache, .ess-saut";
    const parse = (colour) => {
        const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
        return [r, g, b, a];
    };
    const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
    const luminance = (rgb) => {
        const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
    };
    const chain = (node) => (node ? [node, ...chain(node.parentElement)] : []);
    const ground = (node) => chain(node).map((e) => parse(getComputedStyle(e).backgroundColor))
        .reduceRight((under, top) => over(top, under), [255, 255, 255]);
    const faint = [];
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
        if (!text || node.closest(DRAWN)) continue;
        if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const style = getComputedStyle(node), size = parseFloat(style.fontSize);
        if (!size) continue;
        const colour = parse(style.color), under = ground(node);
        colour[3] *= chain(node).reduce((all, e) => all * Number(getComputedStyle(e).opacity), 1);
        const [low, high] = [luminance(over(colour, under)), luminance(under)].sort((a, b) => a - b);
        const ratio = (high + 0.05) / (low + 0.05);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (ratio < (large ? 3 : 4.5)) faint.push(`${text.slice(0, 60)}: ${ratio.toFixed(2)}`);
    }
    return faint;
}"""

# WCAG 2.5.8: 24 px on both sides, or no other target in the circle of that width around the middle; on the map, where
# symbols lie side by side, 24 px and no excuse. A link in a sentence is as tall as its line.
SMALL_TARGETS = """(root, least) => {
    const map = root.querySelector(".leaflet-container");
    const onMap = "a, button, input, summary, .leaflet-interactive[tabindex]";
    const ours = map ? onMap : ".ess a, .ess button, .ess summary";
    const targets = [...root.querySelectorAll(ours)].filter((e) => e.checkVisibility()
        && !e.closest("p, .leaflet-control-attribution, .ess-saut"));
    const boxes = targets.map((e) => e.getBoundingClientRect());
    const distance = (x, y, box) => Math.hypot(x - Math.max(box.left, Math.min(x, box.right)),
        y - Math.max(box.top, Math.min(y, box.bottom)));
    const crowded = (box) => boxes.some((other) => other !== box
        && distance(box.x + box.width / 2, box.y + box.height / 2, other) < least / 2);
    const small = (box) => Math.min(box.width, box.height) < least - 0.5;
    return targets.filter((_, i) => small(boxes[i]) && (map || crowded(boxes[i])))
        .map((e) => `${e.outerHTML.slice(0, 120)} ${e.offsetWidth} x ${e.offsetHeight}`);
}"""

# What sticks out on the right, outside the boxes that scroll by themselves.
WIDE = """(root) => [...root.querySelectorAll(".stMain, .stMain *, .ess-recherche, .ess-legende, .leaflet-popup")]
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => box.width && box.right > window.innerWidth + 1
        && element.checkVisibility() && !element.closest(".ess-defile, .ess-barre"))
    .map(([element, box]) => `${element.outerHTML.slice(0, 120)} ${box.right}`)"""

NAME = """(element) => element.getAttribute("aria-label") || element.textContent.trim()"""
FOCUSED = """() => {
    const element = document.activeElement;
    return { tag: element.tagName, name: element.getAttribute("aria-label") || element.textContent.trim() };
}"""
RING = """(element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
}"""

# An arrow key, then a click on the zoom: the places where the map was seen, and what is left of transitions.
MOVES = """async (box) => {
    const pane = box.querySelector(".leaflet-map-pane"), seen = new Set([pane.style.transform]);
    let zooms = false;
    const look = async () => {
        for (let i = 0; i < 20; i++) {
            zooms ||= pane.classList.contains("leaflet-zoom-anim");
            await new Promise(requestAnimationFrame);
            seen.add(pane.style.transform);
        }
    };
    box.focus();
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", keyCode: 39, bubbles: true }));
    await look();
    const places = seen.size;
    box.querySelector(".leaflet-control-zoom-in").click();
    await look();
    const lasts = (element) => {
        const style = getComputedStyle(element);
        return style.transitionProperty !== "none" && parseFloat(style.transitionDuration) > 0;
    };
    return { places, zooms, transitions: [...box.querySelectorAll("*")].filter(lasts).length };
}"""


def arrive(visit, app, address: str) -> None:
    """Open a page and wait until nothing more is coming."""
    visit.open(f"{app}/{address}")
    expect(visit.page.locator(".ess").first).to_be_visible()
    if address.startswith(MAP):
        visit.wait_for_map()
        expect(visit.page.locator("#comparer table" if "comparer" in address else "table.ess-liste")).to_be_visible()
    expect(visit.page.locator('[data-test-script-state="notRunning"]')).to_be_attached()


def documents(visit, address: str) -> list[Locator]:
    """Return the roots to look at: the page's and, on the map page, the frame's."""
    roots = [visit.page.locator("html")]
    return [*roots, visit.map.locator("html")] if address.startswith(MAP) else roots


def focused(visit) -> dict[str, str]:
    """Return what holds the focus, through the map's frame."""
    here = visit.page.evaluate(FOCUSED)
    return {**visit.map.locator("html").evaluate(FOCUSED), "map": True} if here["tag"] == "IFRAME" else here


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_is_french_has_one_first_heading_jumps_no_level_and_says_its_pictures(visit, app, address):
    arrive(visit, app, address)
    roots = documents(visit, address)
    page, *frames = (root.evaluate(HEADINGS) for root in roots)
    assert page.count(1) == 1
    assert page[0] == 1
    for levels in (page, *([1, *frame] for frame in frames)):
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    # A frame is a part of its page: it has headings, never the first one.
    assert all(min(frame) == 2 for frame in frames)
    for root in roots:
        assert root.get_attribute("lang") == "fr"
        assert root.evaluate(UNSAID_PICTURES) == []


@pytest.mark.parametrize(("address", "least"), [(MAP, 1), ("carte?sous=comparer", 1), (COMMUNE, 2), ("sources", 2)])
def test_every_table_has_a_caption_and_each_header_says_what_it_heads(visit, app, address, least):
    arrive(visit, app, address)
    tables = documents(visit, address)[0].evaluate(TABLES)
    assert len(tables) >= least
    for table in tables:
        assert table["caption"]
        assert set(table["scopes"]) == {"col", "row"}, table["caption"]
        assert table["bare"] == 0, table["caption"]


@pytest.mark.parametrize("visit", [DESK, ZOOMED, PHONE], indirect=True)
@pytest.mark.parametrize("address", ADDRESSES)
def test_at_every_width_each_text_can_be_read_each_target_touched_and_nothing_sticks_out(visit, app, address):
    arrive(visit, app, address)
    for root in documents(visit, address):
        assert root.evaluate(FAINT_TEXTS) == []
        assert root.evaluate(SMALL_TARGETS, SMALLEST_TARGET_PX) == []
        assert root.evaluate(WIDE) == []


def test_every_control_of_the_map_has_a_french_name(visit, app):
    arrive(visit, app, ACTOR)
    expect(visit.page.locator("iframe")).to_have_attribute("title", re.compile("^Carte des acteurs de l’ESS"))
    expect(visit.map.get_by_role("dialog", name="Tereos")).to_be_visible()
    for name in ("Zoomer", "Dézoomer", "Revoir tout le territoire", "Fermer la fiche"):
        expect(visit.map.get_by_role("button", name=name, exact=True)).to_have_count(1)
    expect(visit.map.get_by_role("combobox", name="Chercher une commune ou un acteur")).to_have_count(1)
    expect(
        visit.map.get_by_role("group", name="Afficher seulement ces familles").get_by_role("button")
    ).not_to_have_count(0)
    controls = visit.map.locator("a, button, input, summary, [role=button]").filter(visible=True)
    names = [control.evaluate(NAME) for control in controls.all()]
    assert "" not in names
    assert not [name for name in names if re.search(r"(?i)\b(zoom (in|out)|close|marker|open|search)\b", name)]


def test_the_tab_key_walks_the_controls_of_the_map_and_not_its_communes(visit, app):
    arrive(visit, app, MAP)
    symbols = visit.map.locator(".ess-marque, .ess-grappe, .ess-badge").count()
    families = visit.map.locator(".ess-famille").count()
    visit.map.locator(".leaflet-container").focus()
    stops = []
    while len(stops) < 80:
        visit.page.keyboard.press("Tab")
        stop = focused(visit)
        if "map" not in stop:
            break
        stops.append(stop)
    assert "path" not in {stop["tag"] for stop in stops}
    assert all(stop["name"] for stop in stops)
    # The three buttons of the zoom, the two folds of the legend, and the search box.
    assert len(stops) == symbols + families + 6


def test_an_actor_of_the_list_is_opened_in_fifteen_keys_from_the_top_of_the_page(visit, app):
    arrive(visit, app, MAP)
    pressed = 0

    def press(key: str) -> None:
        nonlocal pressed
        pressed += 1
        visit.page.keyboard.press(key)

    press("Tab")
    expect(visit.page.get_by_test_id("stSkipToContent")).to_be_focused()
    press("Enter")
    press("Tab")
    expect(visit.page.get_by_role("link", name="Aller à la liste des acteurs")).to_be_focused()
    press("Enter")
    while not visit.page.evaluate('() => Boolean(document.activeElement.closest("table.ess-liste"))'):
        press("Tab")
        assert pressed < 15
    name = focused(visit)["name"]
    press("Enter")
    expect(visit.page.locator(".ess-fiche h2")).to_have_text(name)
    assert pressed <= 15


def test_a_ring_shows_where_the_focus_is(visit, app):
    arrive(visit, app, COMMUNE)
    visit.page.keyboard.press("Tab")
    page, frame = documents(visit, COMMUNE)
    ours = "a.ess-saut", ".ess-fiche", ".ess-liste a", ".ess-defile[tabindex]", ".ess summary"
    of_streamlit = ".stMain .stButton button:not([disabled])", '[data-testid="stTopNavLink"]'
    on_the_map = ".leaflet-container", ".ess-marque", ".ess-grappe", ".ess-badge", ".leaflet-control-zoom-in"
    around_it = ".ess-recherche input", ".ess-legende summary", ".ess-famille"
    for root, selectors in ((page, ours + of_streamlit), (frame, on_the_map + around_it)):
        for selector in selectors:
            target = root.locator(selector).first
            target.focus()
            assert target.evaluate(RING) >= 2, selector
    # Streamlit hides the radio itself: the ring is around its label.
    choice = page.locator("[data-testid=stRadio]").get_by_role("radio").first
    choice.focus()
    assert choice.locator("xpath=ancestor::label").evaluate(RING) >= 2


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_badge_of_those_without_a_commune_opens_its_list_and_escape_gives_the_focus_back(visit, app, key):
    arrive(visit, app, MAP)
    badge = visit.map.locator(".ess-badge").last
    badge.press(key)
    popup = visit.map.get_by_role("dialog", name=re.compile("sans commune connue"))
    expect(popup.locator(".ess-fiche")).to_be_focused()
    visit.page.keyboard.press("Tab")
    first = focused(visit)["name"]
    visit.page.keyboard.press("Enter")
    expect(visit.map.get_by_role("dialog", name=first)).to_be_visible()
    expect(visit.page.locator(".ess-fiche h2")).to_have_text(first)
    visit.page.keyboard.press("Escape")
    expect(visit.map.locator(".leaflet-popup")).to_have_count(0)
    expect(badge).to_be_focused()


def test_a_cluster_opened_by_keyboard_leaves_the_focus_in_the_map(visit, app):
    arrive(visit, app, MAP)
    symbols = visit.map.locator(".ess-marque")
    before = symbols.count()
    visit.map.locator(".ess-grappe").first.press("Enter")
    expect(symbols).not_to_have_count(before)
    expect(visit.map.locator(".leaflet-container")).to_be_focused()


def test_the_legend_steps_aside_of_a_popup_that_it_would_hide(visit, app):
    arrive(visit, app, MAP)
    legend = visit.map.locator(".ess-legende")
    expect(legend).to_have_attribute("open", "")
    visit.map.locator(".ess-badge").first.press("Enter")
    popup = visit.map.locator(".leaflet-popup").bounding_box()
    folded = legend.bounding_box()
    assert popup["x"] + popup["width"] <= folded["x"] or popup["y"] + popup["height"] <= folded["y"]
    visit.page.keyboard.press("Escape")
    expect(legend).to_have_attribute("open", "")


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_popup_and_its_close_button_are_inside_the_map_of_a_phone(visit, app):
    arrive(visit, app, ACTOR)
    frame = visit.map.locator(".leaflet-container").bounding_box()
    for selector in (".leaflet-popup-content", ".leaflet-popup-close-button"):
        box = visit.map.locator(selector).bounding_box()
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        zoom = visit.map.locator(".leaflet-control-zoom").bounding_box()
        assert box["x"] >= zoom["x"] + zoom["width"]


def test_what_a_family_button_changes_is_said_aloud(visit, app):
    arrive(visit, app, MAP)
    said = visit.map.get_by_role("status")
    total = re.match(r"\d+", visit.phrase().inner_text())[0]
    expect(said).to_have_text(re.compile(rf"^{total}\s"))
    said.evaluate("(element) => { element.kept = true; }")
    button = visit.map.locator('.ess-famille[data-famille="association"]')
    count = button.locator(".ess-nombre").inner_text()
    button.press("Enter")
    expect(visit.phrase()).to_contain_text(re.compile(rf"^{count}\s"))
    expect(said).to_have_text(re.compile(rf"^{count}\s"))
    # The same element: a region written anew is announced by no one.
    assert said.evaluate("(element) => element.kept") is True
    expect(button).to_be_focused()


def test_nothing_moves_on_the_map_for_who_asked_for_no_motion(visit, app):
    arrive(visit, app, MAP)
    moves = visit.map.locator(".leaflet-container").evaluate(MOVES)
    # The place before the key and the place after it, nothing between.
    assert moves == {"places": 2, "zooms": False, "transitions": 0}
