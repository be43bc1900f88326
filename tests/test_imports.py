"""Every module can be imported, and importing it does nothing.

A module that opens a file, asks the network or writes when it is imported makes every command slow, every test
fragile, and a read-only installation impossible.
"""

import json
import os
import pkgutil
import subprocess
import sys

import pytest

import esscarto

SCRIPT = "esscarto.ui.main"
"""The script that Streamlit runs, page after page: it is made of effects, and nobody imports it."""

MODULES = sorted(found.name for found in pkgutil.walk_packages(esscarto.__path__, "esscarto.") if found.name != SCRIPT)

WATCHED = """
import importlib, json, os, sys, threading

own = os.path.dirname(importlib.util.find_spec("esscarto").origin)
seen, current = [], [None]

def watch(event, arguments):
    name = str(arguments[0]) if arguments else ""
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writes = bool(set(mode or "") & set("wax+")) or bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        ours = name.startswith((own, os.environ["SITE"])) and not name.endswith((".py", ".pyc"))
        if (writes and name != os.devnull) or ours:
            seen.append([current[0], event, name])
    elif event.startswith(("socket.connect", "socket.getaddrinfo", "subprocess.", "os.system", "os.mkdir", "os.remove",
                           "os.rename", "os.putenv", "shutil.", "tempfile.", "webbrowser.")):
        seen.append([current[0], event, name])

names = json.load(sys.stdin)
# The libraries first: what they do when they are imported is theirs.
for library in ("geopandas", "pyogrio", "streamlit_folium"):
    importlib.import_module(library)
sys.addaudithook(watch)
for name in names:
    current[0] = name
    importlib.import_module(name)
print(json.dumps({"seen": seen, "threads": [thread.name for thread in threading.enumerate()]}))
"""

ALONE = """
import importlib, json, sys
for name in json.load(sys.stdin):
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def run(code: str, names: list[str]) -> str:
    """Run a script in a fresh interpreter, which writes no byte code."""
    site = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(esscarto.__file__))))
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SITE": site}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, input=json.dumps(names), capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_has_the_modules_that_these_tests_import():
    assert {"esscarto.actors", "esscarto.storage.loading", "esscarto.ui.state", "esscarto.cli"} <= set(MODULES)


@pytest.fixture(scope="module")
def importing() -> dict[str, list]:
    return json.loads(run(WATCHED, MODULES))


def test_importing_opens_no_file_of_ours_writes_nothing_and_asks_nobody(importing: dict[str, list]):
    assert importing["seen"] == []


def test_importing_starts_no_thread(importing: dict[str, list]):
    assert importing["threads"] == ["MainThread"]


@pytest.mark.parametrize(
    ("part", "absent"),
    [
        # What is only computed must not wait for the libraries of the page or of the map.
        ("esscarto.site", {"streamlit", "folium", "branca", "mapclassify", "openpyxl", "xlsxwriter", "vobject"}),
        ("esscarto.cli", {"streamlit", "folium", "pandas", "geopandas"}),
        ("esscarto.cartography.layers", {"streamlit", "folium", "mapclassify"}),
        ("esscarto.documents.selection", {"streamlit", "folium", "mapclassify"}),
        ("esscarto.vocabulary", {"streamlit", "pandas", "numpy"}),
    ],
)
def test_a_part_brings_only_what_it_needs(part: str, absent: set[str]):
    brought = set(json.loads(run(ALONE, [part])))
    assert sorted(brought & absent) == []
