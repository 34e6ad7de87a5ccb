"""Everything measured up to now, as Markdown for the page and as lines for the terminal."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from .areas import Area
from .builds import Build
from .goals import area_verdict, start_verdicts, verdicts
from .machine import described
from .measure import Measured
from .starts import Start
from .tables import (
    BOUND_HEADER,
    HEADER,
    area_lines,
    bound_lines,
    cells,
    markdown_table,
    stage_table,
    start_table,
)

LIBRARIES = ("onnxruntime", "tokenizers", "torch", "transformers", "sentence-transformers",
             "model2vec", "scikit-learn", "numpy", "pyarrow")  # fmt: skip


@dataclass
class Findings:
    """Everything measured up to now.

    Attributes:
        mode: the command and its options.
        about: lines on what was scored.
        rows: by name.
        starts: of this build and the other one.
        stages: processor µs a post of each stage, by model and build.
        areas: under the curve, of the light model and its peer.
    """

    mode: str
    about: list[str] = field(default_factory=list)
    rows: dict[str, Measured] = field(default_factory=dict)
    starts: list[Start] = field(default_factory=list)
    stages: dict[tuple[str, Build], Mapping[str, float]] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)

    def verdicts(self) -> list[str]:
        """Each goal that was measured, and whether it was met."""
        return [
            *verdicts(self.rows), *start_verdicts(self.starts), *area_verdict(self.areas),
        ]  # fmt: skip

    def markdown(self) -> str:
        """All of it."""
        return "\n\n".join("\n".join(part) for part in self._parts() if part)

    def _parts(self) -> Iterator[list[str]]:
        done = [one for one in self.rows.values() if one.samples]
        yield [f"- {line}" for line in (environment(self.mode), *self.about)]
        yield [f"- {line}" for line in self.verdicts()]
        yield markdown_table(HEADER, [cells(one, self.rows) for one in done])
        most = max((len(one.samples) for one in done), default=0)
        yield [f"- rounds of each row: {most}", *self._incomplete(most)] if done else []
        yield markdown_table(BOUND_HEADER, bound_lines(self.rows))
        yield start_table(self.starts)
        yield stage_table(self.stages)
        yield markdown_table(("AUC out of fold, within sources", "linear", "model2vec"),
                             area_lines(self.areas))  # fmt: skip

    def _incomplete(self, most: int) -> list[str]:
        fewer = [f"{one.row.name} ({len(one.samples)})" for one in self.rows.values()
                 if len(one.samples) < most]  # fmt: skip
        return [f"- fewer rounds: {', '.join(fewer)}"] if fewer else []


def environment(mode: str) -> str:
    """Date, machine and versions."""
    versions = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return (
        f"`{mode}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {described()}; "
        f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )
