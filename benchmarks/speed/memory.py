"""Peak memory of the n-gram model over the number of posts, all different or the same again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .posts import different, repeated, write_posts
from .process import timed
from .rows import COMMAND

FEW = 10_000
GOAL_MB = 100
KINDS = {"different": different, "repeated": repeated}


class Peak(NamedTuple):
    """One file scored.

    Attributes:
        kind: of texts, ``different`` or ``repeated``.
        jobs: processes that score.
        posts: in the file.
        largest_mb: peak of the largest process.
        together_mb: peak of all processes.
        rate: posts a second, start-up counted.
    """

    kind: str
    jobs: int
    posts: int
    largest_mb: float
    together_mb: float
    rate: float


def peaks(texts: list[str], model: Path, folder: Path, many: int, *, quick: bool) -> Iterator[Peak]:
    """Peaks at ``FEW`` and at ``many`` posts, for one process and for two.

    With two processes, twice ``FEW`` is measured as well: ``FEW`` is a single part, for which no
    process is started.
    """
    for kind in ("different",) if quick else KINDS:
        for jobs in (1, 2):
            for n in (FEW, many) if jobs == 1 else (FEW, 2 * FEW, many):
                source = folder / "memory.jsonl"
                write_posts(source, KINDS[kind](texts), n)
                run = timed([
                    COMMAND, "score", source, "-o", folder / "memory.out.jsonl", "--force",
                    "--quiet", "--jobs", str(jobs), "--model", model,
                ])  # fmt: skip
                yield Peak(kind, jobs, n, run.largest_mb, run.together_mb, n / run.seconds)


def growth(found: list[Peak]) -> list[str]:
    """What the largest file takes beyond each smaller one, of a kind and number of processes."""
    lines = []
    for many in found:
        fewer = [p for p in found if p[:2] == many[:2] and p.posts < many.posts]
        if many.posts <= 2 * FEW:
            continue
        lines += [
            f"{many.kind} texts, --jobs {many.jobs}, {many.posts:,} posts beyond {few.posts:,}: "
            f"largest process {_with_goal(many.largest_mb - few.largest_mb)}, "
            f"all processes {_with_goal(many.together_mb - few.together_mb)}"
            for few in fewer
        ]
    return lines


def _with_goal(mb: float) -> str:
    return f"{mb:+,.0f} MB ({'met' if mb <= GOAL_MB else 'MISSED'}: {GOAL_MB})"
