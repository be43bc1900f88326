"""The documents say what the code is: a word, a module, a command, a path or a link that has gone is an error.

Why: a document that nobody checks is wrong within a month, and a wrong document is worse than none.
"""

import argparse
import importlib
import itertools
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import esscarto
from esscarto import cli, vocabulary
from esscarto.actors import SAME_PLACE_M
from esscarto.boundaries.coverage import SLIT_WIDTH_M, SMALL_GAP_KM2
from esscarto.ui import acting, comparing, indicators_view, partners_question, state, zones_view

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "esscarto"
FOLDERS = ("docs", "data", "schemas", "benchmarks")
DOCUMENTS = sorted(ROOT.glob("*.md")) + [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.md"))]
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))

GLOSSARY = ROOT / "docs" / "glossaire.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"

CLOSED_LISTS = (
    *(
        f"vocabulary.{name}"
        for name, content in vars(vocabulary).items()
        if name.isupper() and isinstance(content, dict) and all(isinstance(said, str) for said in content.values())
    ),
    "filters.FACETS",
    "health.REASONS",
    "health.AGES",
    "metrics.INDICATORS",
    "quotients.QUOTIENTS",
    "network.FORWARD",
    "supports.ROLES",
    "practices.NATURES",
    "practices.STATES",
    "cartography.classes.METHODS",
    "ui.state.MAP_LEVELS",
    "ui.state.SORTS",
    "asking.SOUGHT",
    "ui.partners_question.VIEWS",
    "dossier.GROUPS",
    "programmes.NATURES",
    "programmes.STATES",
    "events.RHYTHMS",
    "events.STATES",
    "ui.comparing.VIEWS",
    "ui.comparing.SORTS",
    "ui.published.SORTS",
)
"""Every list of codes that a user meets in French; those of the vocabulary are found by themselves."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def words_of(closed_list: str) -> dict[str, str]:
    """Return code -> French words of one closed list."""
    module, _, constant = closed_list.rpartition(".")
    content = getattr(importlib.import_module(f"esscarto.{module}"), constant)
    return {code: said if isinstance(said, str) else said.title for code, said in content.items()}


def first_table(text: str) -> list[list[str]]:
    """Return the rows of the first table of a text, without its header."""
    lines = itertools.dropwhile(lambda line: not line.startswith("|"), text.splitlines())
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in rows][2:]


def tables(text: str) -> Iterator[tuple[tuple[str, ...], list[list[str]]]]:
    """Yield each table announced by « Dans le code : `list`. »: the lists it names, and its rows."""
    for block in re.split(r"^(?=Dans le code\N{NO-BREAK SPACE}:)", text, flags=re.MULTILINE)[1:]:
        yield tuple(re.findall(r"`([\w.]+\.[A-Z_]+)`", block.splitlines()[0])), first_table(block)


def code_of(cell: str) -> str:
    """Return the code that a cell holds between backticks; « (vide) » is the empty one."""
    return "" if cell == "(vide)" else cell.strip("`")


# ---- the words


@pytest.mark.parametrize("closed_list", CLOSED_LISTS)
def test_the_glossary_explains_each_code_of_a_closed_list_and_no_other(closed_list: str):
    found = [(lists, rows) for lists, rows in tables(read(GLOSSARY)) if closed_list in lists]
    assert len(found) == 1, f"one table of the glossary must be announced by `{closed_list}`"
    lists, rows = found[0]
    explained = {code_of(code): set(said.split(" / ")) for said, code, *_ in rows}
    expected: dict[str, set[str]] = {}
    for one in lists:
        for code, said in words_of(one).items():
            expected.setdefault(code, set()).add(said)
    assert explained == expected
    assert all(len(row) == 3 and len(row[2]) > 10 for row in rows), "each word has its sentence"


def test_the_glossary_explains_each_quality_of_a_published_figure():
    schema = json.loads(read(ROOT / "schemas" / "chiffres.schema.json"))
    field = next(field for field in schema["fields"] if field["name"] == "qualite")
    rows = first_table(read(GLOSSARY).split("colonne `qualite`", 1)[1])
    assert [code_of(code) for _, code, _ in rows] == field["constraints"]["enum"]


NOUNS = "acteur, organisation, code_insee, siren_epci, population, surface, source, densité, zone blanche, précision"


@pytest.mark.parametrize("noun", NOUNS.split(", "))
def test_the_glossary_has_an_entry_for_the_nouns_of_the_law_and_of_the_page(noun: str):
    rows = [line.strip("|").split(" | ") for line in read(GLOSSARY).splitlines() if line.startswith("| ")]
    assert any(noun in f"{row[0]} {row[1]}".lower() for row in rows)


def test_every_name_of_the_code_that_the_glossary_gives_exists():
    missing = []
    for dotted in set(re.findall(r"`((?:[a-z_]+\.)+[A-Za-z_]+)`", read(GLOSSARY))):
        if not (ROOT / "data" / dotted).exists() and not (ROOT / "data" / "geo" / dotted).exists():
            missing += [] if resolves(dotted) else [dotted]
    assert missing == []


def resolves(dotted: str) -> bool:
    """Whether ``module.name`` or ``package.module.Class.field`` is in the package."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["esscarto", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False


# ---- the house

MODULES = [
    path.relative_to(PACKAGE).as_posix()
    for path in sorted(PACKAGE.rglob("*"))
    if path.suffix in (".py", ".js", ".css") and not path.name.startswith("_")
]


@pytest.mark.parametrize("module", MODULES)
def test_the_architecture_says_what_each_module_is_for(module: str):
    line = re.search(rf"^\| `{re.escape(module)}` \| .{{10,}} \|$", read(ARCHITECTURE), re.MULTILINE)
    assert line, f"add « | `{module}` | what it is for | » to docs/architecture.md"


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "pages").glob("*.py")))
def test_the_architecture_says_what_each_page_is_for(page: str):
    assert f"| `pages/{page}` |" in read(ARCHITECTURE)


def test_the_architecture_draws_the_floors_of_the_import_contract_in_their_order():
    contract = read(ROOT / ".importlinter").split("layers =", 1)[1].split("[", 1)[0]
    floors = [line.strip() for line in contract.splitlines() if line.strip()]
    drawn = read(ARCHITECTURE).split("```text", 1)[1].split("```", 1)[0]
    assert [line.split("  ")[0].strip() for line in drawn.splitlines() if line.strip()] == floors


def test_the_architecture_names_every_key_of_the_address_of_the_page():
    section = read(ARCHITECTURE).split("## The address of the page", 1)[1].split("\n## ", 1)[0]
    # The pages Inspirations and Données read their own keys by their names.
    read_by_name = re.findall(r'query(?:\[|\.get\()"(\w+)"|"(\w+)" in query', read(PACKAGE / "ui" / "page_state.py"))
    known = {key for pair in read_by_name for key in pair if key} | set(state._DEFAULTS) | {"geste"}
    known |= set(indicators_view.DEFAULTS) | set(zones_view.DEFAULTS) | set(comparing.DEFAULTS) | set(acting.DEFAULTS)
    known |= set(partners_question.DEFAULTS) | {"tour", "nom", "o", "commune"}
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == known


def commands(parser: argparse.ArgumentParser, said: str = "esscarto") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield each command that can be typed, with its parser."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield said, parser
    for action in below:
        for word, inner in action.choices.items():
            yield from commands(inner, f"{said} {word}")


COMMANDS = dict(commands(cli._parser()))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_documented_with_its_options(command: str):
    line = next((line for line in read(ARCHITECTURE).splitlines() if line.startswith(f"| `{command}")), "")
    assert line, f"« {command} » is not in the table of commands of docs/architecture.md"
    options = [
        option for action in COMMANDS[command]._actions for option in action.option_strings if option[:2] == "--"
    ]
    assert [option for option in options if option != "--help" and option not in line] == []


def test_no_document_names_a_command_that_does_not_exist():
    wrong = []
    for path in DOCUMENTS:
        for typed in re.findall(
            r"(?<![\w/-])esscarto ((?:--data [^ `]+ )?[a-z][a-z-]*(?: [a-z][a-z-]*)?)", in_code(read(path))
        ):
            said = re.sub(r"^--data [^ ]+ ", "", typed)
            if not any(
                f"esscarto {said} ".startswith(f"{command} ") or f"{command} ".startswith(f"esscarto {said} ")
                for command in COMMANDS
            ):
                wrong.append(f"{name(path)}: esscarto {said}")
    assert wrong == []


# ---- paths, targets, links


def in_code(text: str) -> str:
    """Return what a document writes as code: fenced blocks and inline code, one a line."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return "\n".join([*fenced, *inline])


SUFFIXES = "py|md|csv|json|toml|js|mjs|css|html|sh|parquet|txt|svg|importlinter"
TOP = "src|docs|tests|pages|schemas|scripts|data|benchmarks|\\.streamlit|\\.ci"


def paths_named(text: str) -> set[str]:
    """Return the paths of the repository that a document names in code; models such as ``<id>`` are left out."""
    tokens = {token.strip(".,;:()\"'") if not token.startswith(".") else token for token in in_code(text).split()}
    tokens = {token for token in tokens if not re.search(r"[<>*$={}…]", token)}
    rooted = {token for token in tokens if re.fullmatch(rf"(?:{TOP})(?:/[\w.-]+)*/?", token) and "/" in token}
    files = {token for token in tokens if re.fullmatch(rf"(?:[\w-]+/)*[\w.-]+\.(?:{SUFFIXES})", token)}
    return {token for token in rooted | files if not token.startswith(("build/", "paquets/", "st."))}


EVERY_FILE = {
    path.name
    for folder in ("src", "docs", "tests", "pages", "schemas", "scripts", "data", "benchmarks")
    for path in (ROOT / folder).rglob("*")
} | {path.name for path in ROOT.iterdir()}


MADE = {
    *("geocodage.csv", "provenance.csv", "structures.csv", "structures-geocode.csv"),
    *("itineraires.csv", "tours.csv", "retours.csv", "journal.csv", "proposals.csv", "last.json", "secrets.toml"),
}
"""Files that a document names and that a user or the program makes: not in the repository."""


def is_there(token: str, folder: Path = ROOT) -> bool:
    if Path(token).name in MADE:
        return True
    if "/" not in token:
        return token in EVERY_FILE
    return any((base / token).exists() for base in (ROOT, PACKAGE, ROOT / "data", folder))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_path_that_a_document_names_exists(path: Path):
    assert sorted(token for token in paths_named(read(path)) if not is_there(token, path.parent)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_make_target_that_a_document_names_exists(path: Path):
    targets = set(re.findall(r"^([a-z][a-z-]*):", read(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", in_code(read(path)))) - targets == set()


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    plain = re.sub(r"[`*_]|\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    kept = "".join(char for char in plain if char in " -_" or unicodedata.category(char)[0] in "LN")
    return kept.replace(" ", "-")


def broken_links(path: Path, text: str) -> list[str]:
    """Return the relative links of a document that lead to no file, or to no heading of it."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (path.parent / file).resolve() if file else path
        headings = (
            re.findall(r"^#+ (.*)", read(there), re.MULTILINE) if there.suffix == ".md" and there.exists() else []
        )
        if not there.exists() or (anchor and anchor not in map(slug, headings)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_relative_link_of_a_document_leads_somewhere(path: Path):
    assert broken_links(path, read(path)) == []


def test_a_broken_link_would_be_seen():
    """The proof that the rule above can fail."""
    text = "[a](adr/9999-rien.md) [b](glossaire.md#rien) [c](#floors) [d](glossaire.md#territoires) [e](https://x.fr/y)"
    assert broken_links(ARCHITECTURE, text) == ["adr/9999-rien.md", "glossaire.md#rien", "#floors"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("voir `data/geo/rien.csv`", {"data/geo/rien.csv"}),
        ("`ui/rien.py` et `rien.toml`", {"ui/rien.py", "rien.toml"}),
        ("```sh\nsh scripts/rien.sh build/geo\n```\n", {"scripts/rien.sh"}),
        ("`data/practices/<id>.toml`, `paquets/x.md`, data/rien.csv hors du code", set()),
    ],
)
def test_a_path_that_does_not_exist_would_be_seen(text: str, seen: set[str]):
    """The proof that the rule above can fail."""
    assert {token for token in paths_named(text) if not is_there(token)} == seen


# ---- decisions and versions


def test_the_decisions_are_numbered_without_a_gap_and_told_in_the_same_order():
    assert [path.name[:4] for path in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]
    for path in RECORDS:
        assert re.findall(r"^## (\w+)", read(path), re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name


@pytest.mark.parametrize("record", [path.name for path in RECORDS])
def test_each_decision_is_linked_from_the_architecture(record: str):
    assert f"(adr/{record})" in read(ARCHITECTURE)


CACHED_FROM = re.findall(r"minCachedMessageSize = \d+", read(ROOT / ".streamlit" / "config.toml"))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("0005", f"{SAME_PLACE_M:.0f} m"),
        ("0006", f"{SLIT_WIDTH_M:.0f} m"),
        ("0006", f"{SMALL_GAP_KM2} km²"),
        ("0008", *CACHED_FROM),
    ],
)
def test_a_threshold_that_a_decision_quotes_is_the_one_of_the_code(record: str, said: str):
    assert said in next(read(path) for path in RECORDS if path.name.startswith(record))


def test_the_change_log_opens_with_the_version_of_the_package():
    first = re.search(r"^## \[(.+?)\]", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert first
    assert first[1] == esscarto.__version__
