"""How long one post takes from the command line, and what that time is for."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .builds import Build
from .process import Run, timed

CLOCK = Path(__file__).with_name("clock_start.py")
HELP, ENDING = "help", "ending"
# What is started -> what readers call it.
STARTS = {
    "default": "one post, default model",
    "linear": "one post, linear",
    HELP: "--help",
}


@dataclass
class Start:
    """A command of a build, started again and again.

    Attributes:
        name: a key of ``STARTS``.
        build: that is started.
        seconds: wall, of each round.
        cpu: processor seconds, likewise.
        stages: seconds of each stage, of each round; none of ``--help``.
    """

    name: str
    build: Build
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    stages: list[dict[str, float]] = field(default_factory=list)

    def stage_medians(self) -> dict[str, float]:
        """Median seconds of each stage."""
        names = self.stages[0] if self.stages else {}
        return {name: statistics.median(one[name] for one in self.stages) for name in names}


def arguments(name: str, post: Path) -> list[str]:
    """Of the command line."""
    if name == HELP:
        return ["--help"]
    model = [] if name == "default" else ["--model", name]
    return ["score", str(post), "-o", str(post.with_suffix(".out")), "--force", "-q",
            "--output-format", "jsonl", *model]  # fmt: skip


def measured_starts(builds: list[Build], post: Path, rounds: int) -> Iterator[list[Start]]:
    """Each command of each build in turn; what there is, after each round.

    Of each command, a first start is not counted: it compiles modules and reads files in.

    Args:
        builds: that take turns, the order turned around every other round.
        post: a file with one post.
        rounds: that count.
    """
    found = [Start(name, build) for name in STARTS for build in builds]
    for start in found:
        _run(start, post)
    for turn in range(rounds):
        for start in found if turn % 2 else reversed(found):
            run = _run(start, post)
            start.seconds.append(run.seconds)
            start.cpu.append(run.cpu)
            if start.name != HELP:
                start.stages.append(_stages(start, post))
        yield found


def _run(start: Start, post: Path) -> Run:
    return timed([start.build.command, *arguments(start.name, post)], start.build.variables)


def _stages(start: Start, post: Path) -> dict[str, float]:
    began = time.time()
    given = [str(began), *arguments(start.name, post)]
    run = timed([start.build.python, "-P", CLOCK, *given], start.build.variables)
    return {**run.said, ENDING: max(run.seconds - sum(run.said.values()), 0.0)}


def ratios(ours: Start, theirs: Start) -> tuple[float, float]:
    """Medians over the rounds of ours divided by theirs: of wall and of processor seconds."""
    wall, cpu = (
        statistics.median(a / b for a, b in zip(mine, other, strict=False))
        for mine, other in ((ours.seconds, theirs.seconds), (ours.cpu, theirs.cpu))
    )
    return wall, cpu
