"""The rows of the table: what is run, and on which posts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .builds import Build
from .models import Models

HERE = Path(__file__).parents[1]
Command = Callable[[Models, Path, Path], Sequence[str | Path]]
OTHER = "other-"
PRECISIONS = ("int8", "float32")


@dataclass(frozen=True)
class Row:
    """Something that scores posts.

    Attributes:
        name: on the command line.
        label: in the table.
        kind: of posts it reads, a key of ``Files``.
        command: from models, posts and output to a command.
        variables: of its environment; none where a user would set none.
        beside: name of the row that it is divided by for the other build's ratios.
    """

    name: str
    label: str
    kind: str
    command: Command
    variables: Mapping[str, str] = field(default_factory=dict)
    beside: str | None = None


def all_rows(threads: int, ours: Build, other: Build | None) -> list[Row]:
    """Every row, for as many processors as may be used; one of the other build is next to ours."""
    rows = []
    for row in our_rows(threads, ours):
        rows.append(row)
        twin = OTHER + row.name
        if other and row.beside == twin:
            theirs = next(one for one in our_rows(threads, other) if one.name == row.name)
            label = f"{row.label.split(', file')[0]}, {other.name}"
            rows.append(Row(twin, label, row.kind, theirs.command, other.variables))
    return [*rows, *peer_rows(threads), *part_rows(threads)]


def our_rows(threads: int, build: Build) -> list[Row]:
    """What a build does, file to file."""

    def scores(model: str | None, jobs: int, *options: str) -> Command:
        named = ["--model", model] if model else []
        return lambda models, posts, out: [
            build.command, "score", posts, "-o", out, "--force", "--quiet",
            "--jobs", str(jobs), *named, *options,
        ]  # fmt: skip

    default = OTHER + "default"
    return [
        Row("default", "default model, file to file", "posts", scores(None, threads),
            beside=default),
        *(Row(f"default-{precision}", f"the same with --precision {precision}", "some",
              scores(None, threads, "--precision", precision), beside=default)
          for precision in PRECISIONS),
        *(Row(f"linear-{jobs}", f"linear, file to file, --jobs {jobs}", "more",
              scores("linear", jobs), beside=f"{OTHER}linear-{jobs}")
          for jobs in (1, 2)),
    ]  # fmt: skip


def peer_rows(threads: int) -> list[Row]:
    """What ours is compared with."""
    return [
        _peer("static-1", "model2vec + scikit-learn, one thread", "more-masked", "static", 1),
        _peer("static-2", "model2vec + scikit-learn", "more-masked", "static", threads),
        _peer("pipeline", "transformers pipeline, batch_size=64", "few-masked", "torch", threads),
        _peer("sentence", "sentence-transformers + scikit-learn", "few-masked", "pinned", threads),
        _peer("pyfunc", "default model, pyfunc row by row", "few", "default", threads),
        _peer("pyfunc-linear", "linear, pyfunc row by row", "few", "linear", threads),
    ]


def part_rows(threads: int) -> list[Row]:
    """What bounds ours."""
    return [
        *(_peer(f"session-{precision}", f"bare session, {precision}, sorted tokens", "tokens",
                "default", threads, "--precision", precision)
          for precision in PRECISIONS),
        _peer("tokenizer", "bare tokenizer", "masked", "default", threads),
        _peer("io", "bare reading and writing of JSON, one thread", "posts", "row", 1),
    ]  # fmt: skip


def _peer(name: str, label: str, kind: str, model: str, threads: int, *options: str) -> Row:
    peer = name.split("-")[0]
    return Row(name, label, kind, lambda models, posts, out: [
        sys.executable, "-m", "speed.peers", peer, "--posts", posts, "--out", out,
        "--model", getattr(models, model), "--threads", str(threads), *options,
    ], outside(threads))  # fmt: skip


def outside(threads: int) -> dict[str, str]:
    """Environment of a process of this benchmark: as many threads as ours, and no network."""
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        "PYTHONPATH": path, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "true", "TRANSFORMERS_VERBOSITY": "error",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
