"""Scoring a file: streamed in, streamed out, every record accounted for."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self, TextIO

from ..data.disclosure import Jurisdiction
from ..data.posts import Post
from ..data.reading import Format, InputError, Reject, read_posts
from ..models.bundle import ReasonsFor
from ..models.row import ScoredPost
from .outputs import Writer, writing
from .scorer import Scorer

CHUNK = 2_000
# Posts of several MB each would add up to more than memory holds.
CHUNK_CHARS = 1 << 24
LABELS = ("style", "paid", "performative", "cause", "disclosure", "language")


@dataclass
class Summary:
    """What became of a file.

    Attributes:
        rows: records read.
        scored: rows written.
        rejected: by reason code.
        duplicate_ids: rows whose id stood there before.
        truncated: posts cut in the middle.
        labels: per column, how often each value.
        seconds: wall time.
    """

    rows: int = 0
    scored: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    duplicate_ids: int = 0
    truncated: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=lambda: {c: Counter() for c in LABELS})
    seconds: float = 0.0

    @property
    def n_rejected(self) -> int:
        """Rejected records of all codes."""
        return sum(self.rejected.values())


@dataclass(frozen=True)
class Limit:
    """How many rejects are too many: a count, or a share of the rows."""

    count: int | None = None
    share: float | None = None

    def exceeded(self, summary: Summary) -> bool:
        """Whether a file has more rejects than allowed; with no limit, whether all are rejects."""
        if self.count is not None:
            return summary.n_rejected > self.count
        if self.share is not None:
            return summary.n_rejected > self.share * summary.rows
        return summary.n_rejected > 0 and summary.scored == 0


def parse_limit(text: str | None) -> Limit:
    """Read ``10`` or ``5%``; None is no limit, as long as anything could be scored.

    Raises:
        InputError: neither.
    """
    if text is None:
        return Limit()
    try:
        if text.endswith("%") and 0 <= float(text[:-1]) <= 100:
            return Limit(share=float(text[:-1]) / 100)
        if int(text) >= 0:
            return Limit(count=int(text))
    except ValueError:
        pass
    raise InputError(f"--max-rejects {text}: give a count such as 10, or a share such as 5%")


@dataclass(frozen=True)
class Options:
    """How a file is scored; see ``Scorer.score``."""

    input_format: Format | None = None
    output_format: Format | None = None
    jurisdiction: Jurisdiction = "us"
    prevalence: Mapping[str, float] | None = None
    reasons: ReasonsFor = "none"
    force: bool = False


def rejects_path(target: Path) -> Path:
    """Where the rejects of an output stand."""
    return target.with_name(target.name + ".rejects.jsonl")


def score_file(
    scorer: Scorer,
    source: Path | BinaryIO,
    target: Path | None,
    options: Options | None = None,
    on_progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Score a file into another; memory does not grow with either.

    Args:
        scorer: a loaded model.
        source: a path, or an open binary stream.
        target: a path, or None for JSONL on standard output.
        options: formats, jurisdiction and so on.
        on_progress: called after each chunk.

    Returns:
        Counts; rows read are rows scored plus rows rejected.

    Raises:
        InputError: unusable input, an output that exists and may not be replaced, or one that
            would take the place of the input.
        ValueError: a prevalence that the model cannot be set to.
    """
    options = options or Options()
    if target is not None and target.exists() and not options.force:
        raise InputError(f"{target} exists: choose another name, or --force to replace it")
    if isinstance(source, Path) and target is not None:
        _keep_input(source, target)
    # What no post can help is found here, not post by post: else all would be rejected.
    scorer.check_prevalence(options.prevalence)
    run = _Run(scorer, options, on_progress)
    started = time.monotonic()
    rejected_to = None if target is None else rejects_path(target)
    with (
        _Rejects(rejected_to) as run.rejects,
        writing(target, options.output_format) as run.writer,
    ):
        for item in read_posts(source, Post, options.input_format):
            run.take(item)
        run.flush()
    summary = run.summary
    summary.seconds = time.monotonic() - started
    if summary.rows != summary.scored + summary.n_rejected:
        raise RuntimeError("rows are unaccounted for: please report this")
    return summary


def _keep_input(source: Path, target: Path) -> None:
    for path in (target, rejects_path(target)):
        with suppress(OSError):
            if path.samefile(source):
                raise InputError(f"{path} is the input itself: choose another name for the output")


class _Rejects:
    """The reject file, begun with the first reject; an old one is not left beside a new output."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._scratch: Path | None = None
        self._stream: TextIO | None = sys.stderr if path is None else None

    def __enter__(self) -> Self:
        return self

    def add(self, reject: Reject) -> None:
        line = {"line": reject.line, "id": reject.id, "field": reject.field, "code": reject.code,
                "message": reject.message}  # fmt: skip
        if self._stream is None and self._path is not None:
            self._scratch = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            self._stream = self._scratch.open("w", encoding="utf-8")
        if self._stream is not None:
            self._stream.write(json.dumps(line) + "\n")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._path is None:
            return
        if self._stream is not None and self._scratch is not None:
            self._stream.close()
            if kind is None:
                self._scratch.replace(self._path)
            else:
                self._scratch.unlink()
        elif kind is None:
            self._path.unlink(missing_ok=True)


class _Run:
    """The state of one call of ``score_file``."""

    writer: Writer
    rejects: _Rejects

    def __init__(
        self, scorer: Scorer, options: Options, on_progress: Callable[[Summary], None]
    ) -> None:
        self.summary = Summary()
        self._scorer = scorer
        self._options = options
        self._on_progress = on_progress
        self._chunk: list[tuple[int, str, Post]] = []
        self._chars = 0
        self._seen: set[int] = set()

    def take(self, item: tuple[int, Post] | Reject) -> None:
        self.summary.rows += 1
        if isinstance(item, Reject):
            self._reject(item)
        else:
            line, post = item
            post_id = post.id or f"row-{self.summary.rows}"
            self._count_id(post.id)
            self._chunk.append((line, post_id, post))
            self._chars += len(post.text)
        if len(self._chunk) >= CHUNK or self._chars >= CHUNK_CHARS:
            self.flush()

    def flush(self) -> None:
        rows = self._score(self._chunk)
        self._chunk, self._chars = [], 0
        self.writer.write(rows)
        self.summary.scored += len(rows)
        for row in rows:
            self.summary.truncated += row.truncated
            for column in LABELS:
                self.summary.labels[column][str(getattr(row, column))] += 1
        self._on_progress(self.summary)

    def _score(self, chunk: list[tuple[int, str, Post]]) -> list[ScoredPost]:
        """Score a chunk; one post that breaks the model is found by halving and rejected."""
        if not chunk:
            return []
        try:
            return self._scorer.score_posts(
                [post for _, _, post in chunk],
                [post_id for _, post_id, _ in chunk],
                jurisdiction=self._options.jurisdiction,
                prevalence=self._options.prevalence,
                reasons=self._options.reasons,
            )
        except (MemoryError, ImportError):
            raise
        except Exception as error:
            if len(chunk) == 1:
                line, post_id, _ = chunk[0]
                message = f"the model failed on this post ({type(error).__name__})"
                self._reject(Reject(line, post_id, "text", "model", message))
                return []
            half = len(chunk) // 2
            return self._score(chunk[:half]) + self._score(chunk[half:])

    def _reject(self, reject: Reject) -> None:
        self.summary.rejected[reject.code] += 1
        self.rejects.add(reject)

    def _count_id(self, post_id: str | None) -> None:
        # 64-bit hashes, not the ids: a file may have hundreds of millions of rows.
        if post_id is not None:
            key = hash(post_id)
            self.summary.duplicate_ids += key in self._seen
            self._seen.add(key)
