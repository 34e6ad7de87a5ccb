"""What was measured, as Markdown for the page and as a table for the terminal."""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from .memory import Peak, growth
from .rows import Measured, ratio

LIBRARIES = ("onnxruntime", "tokenizers", "torch", "transformers", "sentence-transformers",
             "scikit-learn", "numpy", "pyarrow")  # fmt: skip
HEADER = ("row", "posts", "posts/s", "with start-up", "x pipeline", "x session",
          "CPU s per 1,000", "peak MB", "all processes", "start-up s", "load")  # fmt: skip


class Goal(NamedTuple):
    """What the project asks of a row.

    Attributes:
        row: that is asked.
        against: the row it is divided by; None for posts a second.
        least: the goal.
    """

    row: str
    against: str | None
    least: float


GOALS = (
    Goal("encoder", "pipeline", 2.2),
    Goal("encoder", "session", 0.85),
    Goal("compact", "pipeline", 4.0),
    Goal("compact-int8", "pipeline", 4.0),
    Goal("cascade", "pipeline", 8.0),
    Goal("cascade-int8", "pipeline", 8.0),
    Goal("linear-2", None, 8_000),
)


@dataclass
class Findings:
    """Everything measured up to now.

    Attributes:
        mode: the command and its options.
        about: lines on what was scored.
        rows: by name.
        shares: row to stage to share of its time.
        memory: peaks.
        rounds: asked for.
    """

    mode: str
    rounds: int
    about: list[str] = field(default_factory=list)
    rows: dict[str, Measured] = field(default_factory=dict)
    shares: dict[str, dict[str, float]] = field(default_factory=dict)
    memory: list[Peak] = field(default_factory=list)

    def markdown(self) -> str:
        """All of it."""
        done = [m for m in self.rows.values() if m.samples]
        parts = [
            [f"- {line}" for line in (environment(self.mode), *self.about)],
            markdown_table(HEADER, [cells(m, self.rows) for m in done]),
            [f"- {line}" for line in verdicts(self.rows)],
            [f"- {line}" for line in bounds(self.shares, self.rows)],
            markdown_table(
                ("texts", "--jobs", "posts", "largest process MB", "all processes MB", "posts/s"),
                [memory_cells(peak) for peak in self.memory],
            ) if self.memory else [],
            [f"- {line}" for line in growth(self.memory)],
        ]  # fmt: skip
        missing = [m for m in self.rows.values() if len(m.samples) < self.rounds]
        if missing:
            names = ", ".join(f"{m.row.name} ({len(m.samples)} of {self.rounds})" for m in missing)
            parts.append([f"- not complete: {names}"])
        return "\n\n".join("\n".join(part) for part in parts if part)


def environment(mode: str) -> str:
    """Date, machine and versions."""
    versions = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return (
        f"`{mode}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cpu_model()}, "
        f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def cpu_model(info: Path = Path("/proc/cpuinfo")) -> str:
    """What the kernel calls the processor."""
    try:
        lines = info.read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "?")


def cells(found: Measured, rows: dict[str, Measured]) -> list[str]:
    """A line of the table, as ``HEADER``."""
    ratios = [
        f"{ratio(found, rows[name]):.2f}" if name in rows and rows[name].samples else ""
        for name in ("pipeline", "session")
    ]
    return [
        found.row.label, f"{found.posts:,}", f"{found.median('rate'):,.0f}",
        f"{found.median('whole'):,.0f}", *ratios, f"{found.median('cpu'):.2f}",
        f"{found.median('largest_mb'):,.0f}", f"{found.median('together_mb'):,.0f}",
        f"{found.median('start'):.2f}", f"{found.median('load'):.1f}",
    ]  # fmt: skip


def memory_cells(peak: Peak) -> list[str]:
    """A line of the table of memory."""
    return [peak.kind, str(peak.jobs), f"{peak.posts:,}", f"{peak.largest_mb:,.0f}",
            f"{peak.together_mb:,.0f}", f"{peak.rate:,.0f}"]  # fmt: skip


def verdicts(rows: dict[str, Measured]) -> Iterable[str]:
    """Each goal whose rows were measured, and whether it was met."""
    for goal in GOALS:
        needed = [goal.row, *([goal.against] if goal.against else [])]
        if not all(name in rows and rows[name].samples for name in needed):
            continue
        ours = rows[goal.row]
        if goal.against is None:
            value = ours.median("rate")
            said, asked = f"{value:,.0f} posts/s", f"{goal.least:,.0f}"
        else:
            value = ratio(ours, rows[goal.against])
            said, asked = f"{value:.2f} times {rows[goal.against].row.label}", f"{goal.least}"
        met = "not told" if math.isnan(value) else "met" if value >= goal.least else "MISSED"
        yield f"{ours.row.label}: {said}, goal {asked}: **{met}**"


def bounds(shares: dict[str, dict[str, float]], rows: dict[str, Measured]) -> Iterable[str]:
    """What each of our rows spends its time on."""
    for name, found in shares.items():
        parts = ", ".join(f"{stage} {share:.0%}" for stage, share in found.items() if share >= 0.01)
        yield f"time of {name}, on one thread of ours: {parts}"
    fast = rows.get("linear-2")
    if fast and fast.samples:
        spent, asked = 1000 * fast.median("cpu"), 20_000
        allowed = 1e6 * 2 / asked
        yield (
            f"linear: a post takes {spent:,.0f} µs of a processor; {asked:,} posts/s on two leave "
            f"{allowed:,.0f} µs, so every stage together would have to become "
            f"{spent / allowed:.1f} times as fast, or {asked * spent / 1e6:.1f} processors be there"
        )


def markdown_table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table; none where there is nothing."""
    if not lines:
        return []
    rule = "|---|" + "---:|" * (len(header) - 1)
    return ["| " + " | ".join(header) + " |", rule, *("| " + " | ".join(x) + " |" for x in lines)]


def show(found: Findings) -> None:
    """Print all of it."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    table = Table(*HEADER, title=found.mode)
    for measured in found.rows.values():
        if measured.samples:
            table.add_row(*cells(measured, found.rows))
    console.print(table)
    lines = [*found.about, *verdicts(found.rows), *bounds(found.shares, found.rows)]
    lines += [" ".join(["memory:", *memory_cells(peak)]) for peak in found.memory]
    for line in [*lines, *growth(found.memory)]:
        console.print(f"- {line}", markup=False, highlight=False)
