"""What is measured of a row, round after round, and ratios of rows of the same round."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from .models import Models
from .process import Run, timed
from .rows import Row

# Of start-up, that all posts but one have to take to be told from it.
MIN_SHARE = 0.3


class Files(NamedTuple):
    """Posts on disk, one and many of each kind; all the same posts, some of them fewer.

    Attributes:
        one: the first post as a row has it, by kind.
        many: the posts, by kind: ``posts``, ``more``, ``some``, ``few``, as posted;
            ``masked``, ``more-masked``, ``few-masked``; ``tokens``.
        counts: how many posts are in ``many``.
    """

    one: dict[str, Path]
    many: dict[str, Path]
    counts: dict[str, int]


class Sample(NamedTuple):
    """A row measured once; start-up is that of a process that scores one post.

    Attributes:
        whole: posts a second, start-up counted.
        rate: start-up not counted; NaN where it cannot be told from the posts.
        cpu: processor seconds for 1,000 posts, start-up not counted.
        largest_mb: peak of the largest process.
        together_mb: peak of all processes.
        start: seconds of start-up.
        load: average of the machine, over the last minute.
    """

    whole: float
    rate: float
    cpu: float
    largest_mb: float
    together_mb: float
    start: float
    load: float


@dataclass
class Measured:
    """A row with what was measured of it, a sample for each round."""

    row: Row
    posts: int
    samples: list[Sample] = field(default_factory=list)

    def median(self, name: str) -> float:
        """Of a field of ``Sample``; NaN where none could be told."""
        return median(getattr(sample, name) for sample in self.samples)


def measure(row: Row, models: Models, files: Files, out: Path) -> Sample:
    """Run a row once on one post and once on all."""
    start = timed(row.command(models, files.one[row.kind], out / "one.out.jsonl"), row.variables)
    run = timed(row.command(models, files.many[row.kind], out / "many.out.jsonl"), row.variables)
    return sample(start, run, files.counts[row.kind])


def sample(start: Run, run: Run, posts: int) -> Sample:
    """What a run on one post and one on all say; a run that timed itself is believed."""
    seconds = run.said.get("seconds", run.seconds - start.seconds)
    cpu = run.said.get("cpu", run.cpu - start.cpu)
    told = "seconds" in run.said or seconds > MIN_SHARE * start.seconds
    return Sample(
        whole=posts / run.seconds,
        # Less than start-up itself varies by tells nothing.
        rate=posts / seconds if told else math.nan,
        cpu=1000 * cpu / posts,
        largest_mb=run.largest_mb,
        together_mb=run.together_mb,
        start=start.seconds,
        load=os.getloadavg()[0],
    )


def ratio(ours: Measured, theirs: Measured, name: str = "rate") -> float:
    """Median over the rounds of a field of ours divided by that of the other row.

    Args:
        ours: a row.
        theirs: what it is divided by, round by round.
        name: of a field of ``Sample``.
    """
    pairs = zip(ours.samples, theirs.samples, strict=False)
    return median(getattr(a, name) / getattr(b, name) for a, b in pairs if getattr(b, name))


def median(values: Iterable[float]) -> float:
    """Of those that are known; NaN where none is."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan
