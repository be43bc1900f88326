"""``python -m benchmarks``: the map page beside its floor and its alternatives, in one interleaved run."""

import argparse
import datetime
import json
import os
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import browser, report, sessions
from benchmarks.servers import serve
from benchmarks.workload import SCALES, prepare

RESULTS = Path(__file__).resolve().parent / "results"
VARIANTS = {"site": ["OURS", "Z", "A", "C"], "s": ["OURS", "Z", "A", "C"], "m": ["OURS", "Z", "C"]}
"""At scale m the idiom takes tens of seconds a rerun: it is left out."""


def main() -> int:
    """Run what is asked for; return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("-n", type=int, default=15, help="rounds; in each, every variant once, in random order")
    parser.add_argument("--scales", nargs="+", choices=SCALES, default=list(SCALES))
    parser.add_argument("--variants", nargs="+", choices=VARIANTS["s"], default=VARIANTS["s"])
    parser.add_argument("--sessions", type=int, default=20, help="visitors who act at once; 0 to leave out")
    parser.add_argument(
        "--dash-python",
        default=os.environ.get("BENCH_DASH_PYTHON", ""),
        help="interpreter with benchmarks/requirements.txt; without it C is left out",
    )
    options = parser.parse_args()
    results, all_met = {}, True
    for name in options.scales:
        variants = [variant for variant in VARIANTS[name] if variant in options.variants]
        if not options.dash_python and "C" in variants:
            variants.remove("C")
            print("C left out: give --dash-python (see benchmarks/README.md).", file=sys.stderr)
        load = os.getloadavg()[0]
        rows, crowd = measure(name, variants, options)
        goals, met = report.goals(rows, name)
        print(f"\n## {name}: {SCALES[name].words}, n = {options.n}, load {load:.1f} to {os.getloadavg()[0]:.1f}")
        print(f"\n{report.table(rows, variants)}\n\n{goals}")
        if crowd:
            text, crowd_met = sessions.say(crowd, options.sessions)
            print(f"\n{text}")
            met = met and crowd_met
        sys.stdout.flush()
        results[name] = {"rows": rows, "sessions": crowd}
        all_met = all_met and met
        content = {"date": datetime.date.today().isoformat(), "n": options.n, "scales": results}
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "last.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return 0 if all_met else 1


def measure(name: str, variants: list[str], options: argparse.Namespace) -> tuple[list[report.Row], list[float]]:
    """Run one scale: all the servers stand, one browser context works at a time."""
    rows: list[report.Row] = []
    crowd: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        workload = prepare(name, Path(folder))
        servers = {variant: stack.enter_context(serve(variant, workload, options.dash_python)) for variant in variants}
        with sync_playwright() as playwright:
            chromium = browser.launch(playwright)
            for turn in range(-1, options.n):  # the first round warms the servers and is not kept
                for variant in random.sample(variants, len(variants)):
                    found = browser.Visit(chromium, variant, servers[variant], workload).run()
                    if turn >= 0:
                        rows += [{**row, "round": turn} for row in found]
                print(f"{name}: round {turn + 1}/{options.n}", file=sys.stderr, flush=True)
            chromium.close()
        if options.sessions and "OURS" in servers:
            crowd = sessions.crowd(servers["OURS"].port, workload, options.sessions)
    return report.complete(rows), crowd


if __name__ == "__main__":
    raise SystemExit(main())
