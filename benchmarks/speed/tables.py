"""Tables of what was measured, as lines of Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from unpolished.models.runtime import Runtime

from .areas import Area
from .builds import Build
from .measure import Measured, ratio
from .starts import STARTS, Start

HEADER = ("row", "posts", "posts/s", "with start-up", "x other build", "x pipeline",
          "CPU s per 1,000", "of other's CPU", "all processes MB", "of other's MB", "start-up s",
          "load")  # fmt: skip
BOUND_HEADER = ("row", "CPU µs a post", "network", "tokenizer", "reading and writing",
                "these of the row")  # fmt: skip
START_HEADER = ("start", "build", "s", "CPU s")
STAGE_HEADER = ("stage, CPU µs a post",)


def markdown_table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table; none where there is nothing."""
    if not lines:
        return []
    rule = "|---|" + "---:|" * (len(header) - 1)
    return ["| " + " | ".join(header) + " |", rule, *("| " + " | ".join(x) + " |" for x in lines)]


def told(value: float, form: str) -> str:
    """A number as a format has it; a question mark where it could not be told."""
    return "?" if math.isnan(value) else format(value, form)


def cells(found: Measured, rows: Mapping[str, Measured]) -> list[str]:
    """A line of the table of rows, as ``HEADER``."""

    def beside(name: str | None, field: str = "rate") -> str:
        if name is None or name not in rows or not rows[name].samples:
            return ""
        return told(ratio(found, rows[name], field), ".2f")

    other = found.row.beside
    # Memory grows with the posts.
    alike = other in rows and rows[str(other)].posts == found.posts
    return [
        found.row.label, f"{found.posts:,}", told(found.median("rate"), ",.0f"),
        f"{found.median('whole'):,.0f}", beside(other), beside("pipeline"),
        f"{found.median('cpu'):.3f}", beside(other, "cpu"), f"{found.median('together_mb'):,.0f}",
        beside(other, "together_mb") if alike else "", f"{found.median('start'):.2f}",
        f"{found.median('load'):.1f}",
    ]  # fmt: skip


def bound_lines(rows: Mapping[str, Measured]) -> list[list[str]]:
    """What network, tokenizer, reading and writing alone take of each row of ours."""
    own = getattr(Runtime(), "precision", "float32")
    parts = {
        "default": (f"session-{own}", "tokenizer", "io"),
        "default-int8": ("session-int8", "tokenizer", "io"),
        "default-float32": ("session-float32", "tokenizer", "io"),
        "linear-1": (None, None, "io"), "linear-2": (None, None, "io"),
    }  # fmt: skip
    lines = []
    for name, needed in parts.items():
        known = [part for part in needed if part]
        if not all(one in rows and rows[one].samples for one in (name, *known)):
            continue
        spent = 1000 * rows[name].median("cpu")
        alone = [1000 * rows[part].median("cpu") if part else 0.0 for part in needed]
        told = [f"{one:,.0f}" if part else "" for one, part in zip(alone, needed, strict=True)]
        lines.append(
            [rows[name].row.label, f"{spent:,.0f}", *told, f"{sum(alone) / spent:.0%}"]
        )  # fmt: skip
    return lines


def start_table(starts: Sequence[Start]) -> list[str]:
    """Seconds of each start, and of each of its stages; medians."""
    done = [start for start in starts if start.seconds]
    stages = list(dict.fromkeys(name for start in done for name in start.stage_medians()))
    lines = []
    for start in done:
        shares = start.stage_medians()
        wall, cpu = (sorted(times)[len(times) // 2] for times in (start.seconds, start.cpu))
        told = [f"{shares[name]:.2f}" if name in shares else "" for name in stages]
        lines.append(
            [STARTS[start.name], start.build.name, f"{wall:.2f}", f"{cpu:.2f}", *told]
        )  # fmt: skip
    return markdown_table((*START_HEADER, *stages), lines)


def area_lines(areas: Sequence[Area]) -> list[list[str]]:
    """Area under the curve of each question."""
    return [[area.axis, f"{area.ours:.3f}", f"{area.peer:.3f}"] for area in areas]


def stage_table(stages: Mapping[tuple[str, Build], Mapping[str, float]]) -> list[str]:
    """What each stage costs a post, a column for each model and build."""
    names = list(dict.fromkeys(name for found in stages.values() for name in found))
    lines = [[name, *(f"{found.get(name, 0):,.0f}" for found in stages.values())] for name in names]
    if lines:
        lines.append(["all", *(f"{sum(found.values()):,.0f}" for found in stages.values())])
    header = [f"{model}, {build.name}" for model, build in stages]
    return markdown_table((*STAGE_HEADER, *header), lines)
