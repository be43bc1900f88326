"""``python -m benchmarks.pages``: the sheet, the answer of Partenaires and the file to take away, in one run.

The pages stand beside Streamlit's floor with the same widgets, the file beside a plain Leaflet page.
"""

import argparse
import datetime
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks import browser, report
from benchmarks.__main__ import RESULTS
from benchmarks.browser import Watched
from benchmarks.report import Goal
from benchmarks.servers import Server, serve
from benchmarks.variants import plain_leaflet
from benchmarks.workload import Workload, prepare
from esscarto.asking import SOUGHT
from esscarto.cartography import layers
from esscarto.documents.selection import Selection
from esscarto.offline import page as offline
from esscarto.site import Site, load_site
from esscarto.territories import Territory
from esscarto.ui import chooser, sheet_view, state
from esscarto.vocabulary import THEMES, TYPES

PETR = Territory("petr", "soissonnais-valois")
SHEETS = {
    "commune with actors": "commune:02810",
    "commune without actor": "",
    "EPCI": "epci:200071991",
    "PETR": str(PETR),
}
"""Sheets that are opened. The commune without actor is another one in each round: its sheet is built, not kept."""
PLACE, THEME = "commune:02722", "culture"
KINDS = ("Selectbox", "TextInput", "DownloadButton", "MultiSelect", "Slider", "Radio", "Button", "Expander")
WIDGETS = ", ".join(f'[data-testid="st{kind}"]' for kind in KINDS)
ON_SHEET, ON_ANSWER = 7, 13
"""Widgets of each page: those of ``variants/pages_floor.py`` are as many."""
BUSY = '[data-test-script-state="running"], [data-stale="true"]'
"""What Streamlit says until the last block of a page is drawn."""
HEADS = {"OURS sheet": ".ess-fiche-tete h1", "OURS answer": "#reponse .ess-phrase", "Z": '[data-testid="stText"]'}
ONCE = ("pages",)
GOALS = (
    *(Goal(f"sheet, {who}: open / Z", ONCE, f"sheet, {who}: open", 2.0, over=("Z", "sheet: open")) for who in SHEETS),
    Goal("sheet: another territory / Z", ONCE, "sheet: change", 2.0, over=("Z", "sheet: change")),
    Goal("answer, 15,000 actors: open / Z", ONCE, "answer: open", 2.0, over=("Z", "answer: open")),
    Goal("answer, 15,000 actors: a theme / Z", ONCE, "answer: theme", 2.0, over=("Z", "answer: theme")),
    Goal("file: open / plain Leaflet", ONCE, "file: open", 1.2, over=("PLAIN", "file: open")),
)

Click = Callable[[], None]


@dataclass(frozen=True)
class Subject:
    """One thing to open, and the gesture that follows, if any."""

    variant: str
    step: str
    address: str
    view: dict[str, Any]
    server: Server | None = None
    gesture: str = ""
    """Its step, when there is one: ``sheet: change`` or ``answer: theme``."""
    choice: str = ""
    want: dict[str, Any] = field(default_factory=dict)


def visit(chromium: Browser, subject: Subject) -> list[report.Row]:
    """Open a subject in a new context, do its gesture, return one row a step."""
    watched = Watched(chromium, subject.variant, subject.server, subject.view)
    try:
        watched.open(f"{subject.step}: open", subject.address)
        if subject.gesture:
            watched.act(subject.gesture, lambda: _ready(watched, subject), subject.want)
        return watched.rows
    finally:
        watched.context.close()


def _ready(watched: Watched, subject: Subject) -> Click:
    """Open the list of the field, and return the click on the choice."""
    label = "Territoire" if subject.gesture.startswith("sheet") else "Thèmes du projet"
    box = watched.page.get_by_role("combobox", name=label)
    box.click()
    box.fill(subject.choice)
    option = watched.page.get_by_role("option", name=subject.choice, exact=True)
    option.wait_for()
    return option.click


@contextmanager
def stage(folder: Path) -> Iterator[Callable[[int], list[Subject]]]:
    """Stand the servers and write the files; give the subjects of a round."""
    site_load, region_load = prepare("site", folder / "site"), prepare("m", folder / "m")
    site = load_site(site_load.data)
    _write_options(site, load_site(region_load.data), site_load.folder)
    files = _write_files(site, site_load)
    with ExitStack() as stack:
        ours, region, floor = (
            stack.enter_context(serve(variant, workload, ""))
            for variant, workload in (("OURS", site_load), ("OURS", region_load), ("Z pages", site_load))
        )
        alone, others = _communes(site)
        yield lambda turn: [
            *_sheets(site, ours, alone[turn % len(alone)], others[turn % len(others)]),
            *_floors(site, floor, others[turn % len(others)]),
            _answer(region),
            *_files(site_load, *files),
        ]


def _sheets(site: Site, server: Server, alone: Territory, other: Territory) -> Iterator[Subject]:
    for who, text in SHEETS.items():
        territory = Territory.parse(text) if text else alone
        yield Subject(
            "OURS",
            f"sheet, {who}",
            f"http://localhost:{server.port}/territoires?t={territory}",
            _view("OURS sheet", site.territories.title(territory), ON_SHEET),
            server,
            "sheet: change" if who == "PETR" else "",
            chooser.title(site, other),
            {"text": site.territories.title(other)},
        )


def _floors(site: Site, server: Server, other: Territory) -> Iterator[Subject]:
    address = f"http://localhost:{server.port}/?p="
    name, theme = chooser.title(site, other), THEMES[THEME]
    first = next(iter(_offered(site)))
    for step, page, said, widgets, gesture, choice in (
        ("sheet", "fiche", first, ON_SHEET, "sheet: change", name),
        ("answer", "reponse", "aucun", ON_ANSWER, "answer: theme", theme),
    ):
        view = _view("Z", f"choix : {said}.", widgets)
        yield Subject("Z", step, address + page, view, server, gesture, choice, {"text": f"choix : {choice}."})


def _answer(server: Server) -> Subject:
    address = f"http://localhost:{server.port}/partenaires?t={PLACE}"
    view = _view("OURS answer", "tout projet", ON_ANSWER)
    return Subject("OURS", "answer", address, view, server, "answer: theme", THEMES[THEME], {"text": THEME})


def _files(workload: Workload, ours: Path, plain: Path) -> Iterator[Subject]:
    want = {"actors": workload.everyone, "polygons": workload.communes}
    for variant, path, cluster, single, polygon in (
        ("OURS", ours, ".ess-grappe", ".ess-marque", "path.ess-commune"),
        ("PLAIN", plain, ".marker-cluster", ".actor", "path.commune"),
    ):
        view = {"cluster": cluster, "single": single, "polygon": polygon, "open": want}
        yield Subject(variant, "file", path.as_uri(), view)


def _view(kind: str, text: str, widgets: int) -> dict[str, Any]:
    return {"text": HEADS[kind], "widget": WIDGETS, "busy": BUSY, "open": {"text": text, "widgets": widgets}}


def _communes(site: Site) -> tuple[list[Territory], list[Territory]]:
    """Return the communes of the PETR that no actor is in, half of them for each use, in a fixed random order."""
    held = set(site.actors.frame["code_insee"])
    alone = [Territory("commune", str(code)) for code in site.territories.communes_of(PETR) if code not in held]
    random.Random(0).shuffle(alone)
    return alone[::2], alone[1::2]


def _offered(site: Site) -> list[str]:
    return [name for code, name in chooser.territories(site).items() if code != state.EVERYWHERE]


def _write_options(site: Site, region: Site, folder: Path) -> None:
    content = {
        "territories": _offered(site),
        "files": [label for _, _, _, label, _ in sheet_view.FILES],
        "communes": list(chooser.told_apart(chooser.communes(region)).values()),
        "themes": list(THEMES.values()),
        "types": list(TYPES.values()),
        "sought": list(SOUGHT.values()),
    }
    (folder / "pages.json").write_text(layers.dump(content), encoding="utf-8")


def _write_files(site: Site, workload: Workload) -> tuple[Path, Path]:
    ours, plain = workload.folder / "ours.html", workload.folder / "plain.html"
    mask = site.index.inside(PETR)
    ours.write_bytes(offline.export(Selection(site, mask, "les acteurs du PETR", datetime.date.today(), PETR)))
    (workload.folder / "outlines.json").write_text(layers.outlines_json(site.territories, PETR), encoding="utf-8")
    plain_leaflet.write(workload.folder, plain)
    return ours, plain


def main() -> int:
    """Run the rounds, say the medians and the goals; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("-n", type=int, default=15, help="rounds; in each, every subject once, in random order")
    options = parser.parse_args()
    rows: list[report.Row] = []
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        stage(Path(folder)) as subjects_of,
        sync_playwright() as playwright,
    ):
        chromium = browser.launch(playwright)
        for turn in range(-1, options.n):  # the first round warms the servers and is not kept
            subjects = subjects_of(turn)
            for subject in random.sample(subjects, len(subjects)):
                found = visit(chromium, subject)
                if turn >= 0:
                    rows += [{**row, "round": turn} for row in found]
            print(f"pages: round {turn + 1}/{options.n}", file=sys.stderr, flush=True)
        chromium.close()
    rows = report.complete(rows)
    goals, met = report.goals(rows, ONCE[0], GOALS)
    print(f"\n## pages, n = {options.n}, load {load:.1f} to {os.getloadavg()[0]:.1f}")
    print(f"\n{report.table(rows, ['OURS', 'Z', 'PLAIN'])}\n\n{goals}")
    RESULTS.mkdir(exist_ok=True)
    content = {"date": datetime.date.today().isoformat(), "n": options.n, "ms": _kept(rows)}
    (RESULTS / "pages.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return 0 if met else 1


def _kept(rows: list[report.Row]) -> dict[str, Any]:
    """Return what is worth keeping: the times of each step, in the order of the rounds, and the median script."""
    found: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: row["round"]):
        one = found.setdefault(f"{row['variant']}, {row['step']}", {"painted": [], "script": []})
        one["painted"].append(round(row["ms"]))
        one["script"].append(row["script_ms"])
    return {step: {**one, "script": round(median(one["script"]))} for step, one in sorted(found.items())}


if __name__ == "__main__":
    raise SystemExit(main())
