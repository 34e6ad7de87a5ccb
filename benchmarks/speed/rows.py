"""The rows of the table: what is run, on how many posts, and what is measured of it."""

from __future__ import annotations

import math
import os
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from unpolished.inference.batch.pool import processors

from .models import Models
from .process import Run, timed

COMMAND = Path(sys.executable).parent / "unpolished"
HERE = Path(__file__).parents[1]
# Of start-up, that all posts but one have to take to be told from it.
MIN_SHARE = 0.3


class Files(NamedTuple):
    """Posts on disk, one and many of each kind; all the same posts, some of them fewer.

    Attributes:
        one: the first post as a row has it, by kind.
        many: the posts, by kind: ``posts``, ``more``, ``few``, ``masked``, ``tokens``.
        counts: how many posts are in ``many``.
    """

    one: dict[str, Path]
    many: dict[str, Path]
    counts: dict[str, int]


@dataclass(frozen=True)
class Row:
    """Something that scores posts.

    Attributes:
        name: on the command line.
        label: in the table.
        kind: of posts it reads, a key of ``Files``.
        command: from models, posts and output to a command.
        variables: of its environment; none where a user would set none.
    """

    name: str
    label: str
    kind: str
    command: Callable[[Models, Path, Path], Sequence[str | Path]]
    variables: Mapping[str, str] = field(default_factory=dict)


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
        return _median(getattr(sample, name) for sample in self.samples)


def all_rows(threads: int) -> list[Row]:
    """Every row, for as many processors as may be used."""

    def ours(
        model: str, jobs: int, *options: str
    ) -> Callable[[Models, Path, Path], Sequence[str | Path]]:
        return lambda models, posts, out: [
            COMMAND, "score", posts, "-o", out, "--force", "--quiet",
            "--jobs", str(jobs), "--model", getattr(models, model), *options,
        ]  # fmt: skip

    def peer(name: str, model: str) -> Callable[[Models, Path, Path], Sequence[str | Path]]:
        return lambda models, posts, _: [
            sys.executable, "-m", "speed.peers", name, "--posts", posts,
            "--model", getattr(models, model), "--threads", str(threads),
        ]  # fmt: skip

    alone = outside(threads)
    both = [
        Row(f"linear-{jobs}", f"linear, file to file, --jobs {jobs}", "more", ours("linear", jobs))
        for jobs in (1, 2)
    ]
    return [
        Row("pipeline", "transformers pipeline, batch_size=64", "masked",
            peer("pipeline", "torch"), alone),
        Row("sentence", "sentence-transformers + scikit-learn", "masked",
            peer("sentence", "pinned"), alone),
        Row("pyfunc", "encoder, pyfunc row by row", "few", peer("pyfunc", "whole"), alone),
        Row("session", "bare onnxruntime session, sorted tokens", "tokens",
            peer("session", "whole"), alone),
        Row("encoder", "encoder, fp32 weights, file to file", "posts",
            ours("whole", threads)),
        Row("compact", "encoder, compact as shipped, file to file", "posts",
            ours("compact", threads)),
        Row("compact-int8", "the same with --precision int8", "posts",
            ours("compact", threads, "--precision", "int8")),
        Row("cascade", "cascade, file to file", "posts", ours("cascade", threads)),
        Row("cascade-int8", "cascade with --precision int8", "posts",
            ours("cascade", threads, "--precision", "int8")),
        *both,
        Row("pyfunc-linear", "linear, pyfunc row by row", "few", peer("pyfunc", "linear"), alone),
    ]  # fmt: skip


def measure(row: Row, models: Models, files: Files, out: Path) -> Sample:
    """Run a row once on one post and once on all."""
    start = timed(row.command(models, files.one[row.kind], out / "one.jsonl"), row.variables)
    run = timed(row.command(models, files.many[row.kind], out / "many.jsonl"), row.variables)
    return sample(start, run, files.counts[row.kind])


def sample(start: Run, run: Run, posts: int) -> Sample:
    """What a run on one post and one on all say; a run that timed itself is believed."""
    seconds = run.said.get("seconds", run.seconds - start.seconds)
    cpu = run.said.get("cpu", run.cpu - start.cpu)
    return Sample(
        whole=posts / run.seconds,
        # Less than start-up itself varies by tells nothing.
        rate=posts / seconds if seconds > MIN_SHARE * start.seconds else math.nan,
        cpu=1000 * cpu / posts,
        largest_mb=run.largest_mb,
        together_mb=run.together_mb,
        start=start.seconds,
        load=os.getloadavg()[0],
    )


def ratio(ours: Measured, theirs: Measured) -> float:
    """Median over the rounds of how many times as fast ours was, start-up not counted."""
    pairs = zip(ours.samples, theirs.samples, strict=False)
    return _median(a.rate / b.rate for a, b in pairs)


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


def shares_of(model: Path, posts: Path) -> dict[str, float]:
    """Where the time of a model goes, stage to share; see ``where``."""
    threads = processors()
    command = [sys.executable, "-m", "speed.where", model, posts, str(threads)]
    return timed(command, outside(threads)).said


def outside(threads: int) -> dict[str, str]:
    """Environment of a process of this benchmark: as many threads as ours, and no network."""
    return {
        "PYTHONPATH": str(HERE), "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "true", "TRANSFORMERS_VERBOSITY": "error",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
