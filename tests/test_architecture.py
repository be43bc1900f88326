"""The rules of the house that no linter knows: each dangerous call has one home.

Why: a key of the session written in two files is a stale filter; a second way to draw HTML is a stored script; a
popup of folium runs the name of an actor on the server; a file read outside ``storage`` is an error that nobody
words; a page with logic is logic that no unit test reaches.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "esscarto"
PAGES = sorted((ROOT / "pages").glob("*.py"))
SHIPPED = [*sorted(PACKAGE.rglob("*.py")), *PAGES, ROOT / "app.py"]
MOST_LINES = 400
MOST_PAGE_LINES = 60

FOLIUM_SINKS = (
    "Popup Tooltip GeoJson GeoJsonPopup GeoJsonTooltip DivIcon IFrame Choropleth Marker CircleMarker MarkerCluster "
    "FastMarkerCluster Search TileLayer LayerControl ColorMap LinearColormap StepColormap"
)
FILE_READS = (
    "open read_csv read_table read_excel read_json read_parquet read_file read_feather read_text read_bytes fromfile "
    "list_layers read_dataframe"
)
NETWORK = "urlopen urlretrieve requests httpx aiohttp urllib3 socket http.client urllib.request"
NOWHERE: tuple[str, ...] = ()

# What is used -> the only files that may use it. A folder ends with a slash.
HOMES: dict[str, tuple[str, ...]] = {
    "session_state query_params": ("src/esscarto/ui/state.py", "src/esscarto/ui/page_state.py"),
    "cache_data cache_resource experimental_singleton experimental_memo": ("src/esscarto/ui/cache.py",),
    "st_folium folium_static": ("src/esscarto/ui/map_view.py",),
    "declare_component": ("src/esscarto/ui/assets.py",),
    "st.html": ("src/esscarto/ui/render.py",),
    "st.markdown st.write components.html st.iframe": NOWHERE,
    "unsafe_allow_html= unsafe_allow_javascript=": NOWHERE,
    FOLIUM_SINKS: NOWHERE,
    "eval exec pickle read_pickle": NOWHERE,
    NETWORK: ("src/esscarto/storage/http.py",),
    FILE_READS: (
        "src/esscarto/storage/",
        "src/esscarto/schema.py",  # the published schema
        "src/esscarto/cartography/packages.py",  # the front-end files of the map
        "src/esscarto/ui/style.py",  # our style sheet
        "src/esscarto/documents/gpkg.py",  # the GeoPackage it has just written: its driver wants a real file
    ),
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(node: ast.expr) -> str:
    """Write ``a.b.c`` of an attribute or a name; what is before a call or a subscript is left out."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def used(module: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every name that a module uses: attributes and their endings, names, imports, keyword arguments."""
    for node in ast.walk(module):
        if isinstance(node, (ast.Attribute, ast.Name)):
            parts = dotted(node).split(".")
            yield from ((".".join(parts[start:]), node.lineno) for start in range(len(parts)))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            origin = getattr(node, "module", None) or ""
            for alias in node.names:
                yield from ((name, node.lineno) for name in (alias.name, origin, f"{origin}.{alias.name}"))
        elif isinstance(node, ast.keyword) and node.arg:
            yield f"{node.arg}=", node.value.lineno


def strangers(names: str, homes: tuple[str, ...], sources: dict[str, ast.Module]) -> list[str]:
    """Return where a name is used outside its homes."""
    wanted = set(names.split())
    return [
        f"{path}:{line} {name}"
        for path, module in sources.items()
        if not any(path == home or (home.endswith("/") and path.startswith(home)) for home in homes)
        for name, line in used(module)
        if name in wanted
    ]


@pytest.fixture(scope="module")
def sources() -> dict[str, ast.Module]:
    return {path.relative_to(ROOT).as_posix(): tree(path) for path in SHIPPED}


@pytest.mark.parametrize(("names", "homes"), HOMES.items(), ids=[names.split()[0] for names in HOMES])
def test_a_dangerous_call_has_one_home(sources: dict[str, ast.Module], names: str, homes: tuple[str, ...]):
    assert strangers(names, homes, sources) == []


@pytest.mark.parametrize(("names", "homes"), HOMES.items(), ids=[names.split()[0] for names in HOMES])
def test_every_home_exists(names: str, homes: tuple[str, ...]):
    assert [home for home in homes if not (ROOT / home).exists()] == [], names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("st.session_state['t'] = 1", "session_state"),
        ("from streamlit import session_state", "session_state"),
        ("import folium\nfolium.Popup('x')", FOLIUM_SINKS),
        ("from folium import GeoJson as layer", FOLIUM_SINKS),
        ("from folium.plugins import MarkerCluster", FOLIUM_SINKS),
        ("import streamlit as st\nst.markdown('x', unsafe_allow_html=True)", "unsafe_allow_html="),
        ("Path('x').open()", FILE_READS),
        ("(folder / 'x').read_text()", FILE_READS),
        ("open('x')", FILE_READS),
        ("import streamlit.components.v1 as components\ncomponents.html('x')", "components.html"),
        ("import urllib.request", NETWORK),
        ("import requests", NETWORK),
        ("from requests import get", NETWORK),
    ],
)
def test_a_stranger_is_seen(source: str, names: str):
    """The proof that the rule above can fail."""
    assert strangers(names, NOWHERE, {"elsewhere.py": ast.parse(source)})


# ---- who writes


def unasked(module: ast.AST) -> list[int]:
    """Return the lines that write in a role without asking, there and then, who is before the screen."""
    asked = {
        target.id
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "access.must_edit().role"
        for target in node.targets
        if isinstance(target, ast.Name)
    } | {"access.must_edit().role"}
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and not dotted(node.func).startswith("render.")
        for keyword in node.keywords
        if keyword.arg == "role" and ast.unparse(keyword.value) not in asked
    ]


def test_whoever_writes_from_a_page_is_asked_for_at_the_moment_of_the_write(sources: dict[str, ast.Module]):
    of_pages = {path: module for path, module in sources.items() if path.startswith("src/esscarto/ui/")}
    assert {path: lines for path, module in of_pages.items() if (lines := unasked(module))} == {}


def test_a_write_in_a_role_of_earlier_is_seen():
    """The proof that the rule above can fail."""
    assert unasked(ast.parse("record(store, edits, role=person.role)")) == [1]
    assert unasked(ast.parse("role = access.must_edit().role\nrecord(store, edits, role=role)")) == []


# ---- pages


def imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_a_short_flat_script(page: Path):
    module = tree(page)
    made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [node.lineno for node in ast.walk(module) if isinstance(node, made)] == []
    assert sorted({name.partition(".")[0] for name in imports(module)} - {"streamlit", "esscarto"}) == []
    assert len(page.read_text(encoding="utf-8").splitlines()) <= MOST_PAGE_LINES
    assert ast.get_docstring(module)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_address_of_a_page_is_a_plain_french_word(page: Path):
    assert page.stem.isascii()
    assert page.stem.replace("_", "").isalpha()
    assert page.stem == page.stem.lower()


def test_the_entry_declares_and_does_nothing_else():
    module = tree(ROOT / "app.py")
    statements = [type(node) for node in module.body if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr))]
    assert statements == [ast.Assign]


# ---- modules


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_one_concept_said_in_its_first_line(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert path.stem not in ("utils", "util", "helpers", "common", "misc", "tools")
    assert (ast.get_docstring(tree(path)) or "").partition("\n")[0].endswith(".")


FRONT_END = ("cartography/esscarto.js", "offline/offline.js")


@pytest.mark.parametrize("file", FRONT_END)
def test_a_front_end_file_is_as_short(file: str):
    assert len((PACKAGE / file).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", FRONT_END)
@pytest.mark.parametrize(
    "sign", ["insertAdjacentHTML", "outerHTML", "document.write", "eval(", "new Function", "srcdoc"]
)
def test_a_front_end_file_never_builds_html_from_a_text(file: str, sign: str):
    assert sign not in (PACKAGE / file).read_text(encoding="utf-8")


def test_the_front_end_file_writes_html_only_from_our_own_drawings():
    # One is the hatching of « no data », a constant; the other is a symbol of vocabulary.SYMBOLES.
    script = (PACKAGE / "cartography" / "esscarto.js").read_text(encoding="utf-8")
    written = [line.split(".innerHTML", 1)[1] for line in script.splitlines() if ".innerHTML" in line]
    assert len(written) == 2
    assert sorted(text.lstrip(" =").startswith(("svg;", "'<pattern")) for text in written) == [True, True]
    assert "innerHTML" not in (PACKAGE / "offline" / "offline.js").read_text(encoding="utf-8")


def test_no_template_turns_the_escaping_off():
    templates = sorted((PACKAGE / "ui" / "templates").glob("*.html"))
    assert templates
    unsafe = ("| safe", "|safe", "autoescape", "Markup", "<script", "javascript:", "onclick", "onerror")
    found = [(path.name, sign) for path in templates for sign in unsafe if sign in path.read_text(encoding="utf-8")]
    assert found == []
    # The page that is taken away holds its own scripts, and nothing else that the others may not.
    page = (PACKAGE / "offline" / "page.html").read_text(encoding="utf-8")
    assert [sign for sign in unsafe if sign in page] == ["<script"]
