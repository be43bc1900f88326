"""Turn the rows of the visits into paired medians, and the medians into goals met or not."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """One thing promised: a ratio between two variants in the same run, or a measure of ours."""

    words: str
    scales: tuple[str, ...]
    step: str
    limit: float
    key: str = "ms"
    over: tuple[str, str] | None = None
    """The variant and the step to divide by."""
    unit: str = "×"


SMALL = ("site", "s")
GOALS = (
    Goal("open / Z", SMALL, "open", 1.6, over=("Z", "open")),
    *(
        Goal(f"{step} / {base}", SMALL, step, limit, over=(base, step))
        for base, limit in (("Z", 1.2), ("A", 0.15))
        for step in ("widget: filter", "widget: clear")
    ),
    *(Goal(f"{step} / C", SMALL, step, 0.9, over=("C", step)) for step in ("map: filter", "map: clear")),
    *(
        Goal(f"{step}, on the wire", SMALL, step, 8.0, "kb", unit="KB")
        for step in ("widget: filter", "widget: clear", "map: filter", "map: clear")
    ),
    *(
        # The clock also counts what the neighbours of a shared machine take; the CPU is the script's alone.
        Goal(f"{step}, script by the {what}", SMALL, step, 20.0, key, unit="ms")
        for what, key in (("clock", "script_ms"), ("CPU", "script_cpu_ms"))
        for step in ("widget: filter", "widget: clear", "map: filter", "map: clear")
    ),
    *(Goal(f"{step} / Z", ("m",), step, 3.0, over=("Z", step)) for step in ("widget: filter", "widget: clear")),
    *(
        Goal(f"{step}, on the wire", ("m",), step, 12.0, "kb", unit="KB")
        for step in ("widget: filter", "widget: clear")
    ),
    *(
        Goal(f"{step}, view lost", (*SMALL, "m"), step, 0.0, "lost", unit="")
        for step in ("widget: filter", "widget: clear", "map: filter", "map: clear")
    ),
)


def complete(rows: list[Row]) -> list[Row]:
    """Add what follows from a row: kilobytes on the wire, and whether the view was lost."""
    return [{**row, "kb": (row["ws"] + row["http"]) / 1000, "lost": float(not row.get("kept", True))} for row in rows]


def table(rows: list[Row], variants: list[str]) -> str:
    """Return the medians of every step and variant."""
    columns = (
        "painted ms",
        "KB",
        "requests",
        "script ms",
        "of which CPU",
        "runs",
        "server CPU ms",
        "view kept",
    )
    head = f"| step | variant | {' | '.join(columns)} |"
    lines = [head, "|---|---|---|---|---|---|---|---|---|---|"]
    for step in dict.fromkeys(row["step"] for row in rows):
        for variant in variants:
            there = [row for row in rows if (row["step"], row["variant"]) == (step, variant)]
            if there:
                mid = {key: median(row[key] for row in there) for key in _SHOWN}
                kept = sum(1 for row in there if not row["lost"])
                cells = [f"{mid[key]:{_SHOWN[key]}}" for key in _SHOWN]
                lines.append(f"| {step} | {variant} | {' | '.join(cells)} | {kept}/{len(there)} |")
    return "\n".join(lines)


_SHOWN = {
    "ms": ".0f",
    "kb": ".1f",
    "requests": ".0f",
    "script_ms": ".1f",
    "script_cpu_ms": ".1f",
    "runs": ".0f",
    "cpu_ms": ".0f",
}


def goals(rows: list[Row], scale: str, asked: tuple[Goal, ...] = GOALS) -> tuple[str, bool]:
    """Return the table of the goals of one scale, and whether all are met."""
    lines = ["| goal | limit | median | quartiles | |", "|---|---|---|---|---|"]
    met = True
    for goal in asked:
        values = _values(rows, goal) if scale in goal.scales else []
        if not values:
            continue
        # The view must never be lost: there the worst case counts, not the middle one.
        worst: Callable[[list[float]], float] = max if goal.key == "lost" else median
        value = worst(values)
        low, _, high = quantiles(values, n=4) if len(values) > 1 else (value, value, value)
        good = value <= goal.limit
        met = met and good
        unit = f" {goal.unit}" if goal.unit else ""
        mark = "met" if good else "**missed**"
        lines.append(f"| {goal.words} | {goal.limit:g}{unit} | {value:.2f} | {low:.2f}–{high:.2f} | {mark} |")
    return "\n".join(lines), met


def _values(rows: list[Row], goal: Goal) -> list[float]:
    ours = _by_round(rows, "OURS", goal.step, goal.key)
    if goal.over is None:
        return list(ours.values())
    base = _by_round(rows, *goal.over, goal.key)
    return [ours[turn] / base[turn] for turn in sorted(ours.keys() & base.keys())]


def _by_round(rows: list[Row], variant: str, step: str, key: str) -> dict[int, float]:
    return {row["round"]: row[key] for row in rows if (row["variant"], row["step"]) == (variant, step)}
