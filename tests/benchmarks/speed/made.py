"""Rows, starts and builds that nothing was run for."""

from pathlib import Path

from speed.builds import Build
from speed.measure import Measured, Sample
from speed.rows import Row
from speed.starts import Start

OURS = Build("this build", Path("a/python"))
OTHER = Build("version 0.1.0", Path("b/python"))


def row(name, *rates, memory=1, cpu=1, beside=None):
    """A row of 100 posts, measured as often as it has rates."""
    found = Measured(Row(name, name, "posts", lambda *_: [], beside=beside), 100)
    found.samples += [Sample(1, rate, cpu, 1, memory, 1, 0) for rate in rates]
    return found


def start(name, build, *seconds):
    """A start, its processor time half of the wall time."""
    return Start(name, build, list(seconds), [s / 2 for s in seconds])
