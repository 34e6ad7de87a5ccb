"""Where the time of the n-gram model goes: ``python benchmarks/linear_stages.py [--posts N]``.

Scores a file to a file in one process, with a clock in each stage; a stage that runs inside
another is counted for itself. Processor seconds, so that a busy machine matters less than by the
wall.
Beside them: what a part costs on its way to another process and back, and what one process's start
costs. Texts are those of ``throughput.py``.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from speed.posts import different, public_texts, write_posts
from unpolished import Scorer
from unpolished.data.io.fields.find import Fields
from unpolished.inference.batch import score_file as batch
from unpolished.inference.batch.gc_tuning import spare_collector
from unpolished.inference.options import Options
from unpolished.inference.output import workdir as partial
from unpolished.inference.output.row_encoder import RowEncoder
from unpolished.models import rows
from unpolished.models.decision.calibration import Calibration
from unpolished.models.features import ngrams as vocabulary
from unpolished.models.features.logistic import Heads
from unpolished.models.features.ngram_counts import GramCounts

# Where each stage is entered from.
STAGES: dict[str, list[tuple[Any, str]]] = {
    "read, check": [(batch, "cut")],
    "mask": [(rows, "mask")],
    "disclosure, beyond what masking found": [(rows, "find_terms"), (rows, "judged")],
    "signals of a deal": [(rows, "find_signals")],
    "language": [(rows, "detect_languages")],
    "n-grams": [(GramCounts, "__call__")],
    "cues": [(vocabulary, "cues")],
    "weights, regressions, calibration": [
        (vocabulary.Ngrams, "transform"), (Heads, "predict_proba"), (Calibration, "apply"),
    ],
    "rows": [(rows, "_row")],
    "lines of JSON": [(RowEncoder, "encode")],
    "write, hash, assemble": [(partial.Partial, "add"), (batch, "assemble"), (batch, "publish")],
}  # fmt: skip
REST = "the rest: duplicates, counts"


class Clock:
    """Processor seconds of stages, those of one inside another taken off."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stage, self._since = REST, time.process_time()

    def enter(self, stage: str) -> str:
        """Change to a stage; returns the one before."""
        before, now = self._stage, time.process_time()
        self.seconds[before] += now - self._since
        self._stage, self._since = stage, now
        return before

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, or iterator, with a clock."""

        def steps(iterator: Iterator[Any]) -> Iterator[Any]:
            nothing = object()
            while True:
                before = self.enter(stage)
                item = next(iterator, nothing)
                self.enter(before)
                if item is nothing:
                    return
                yield item

        def call(*args: object, **named: object) -> object:
            before = self.enter(stage)
            try:
                found = function(*args, **named)
            finally:
                self.enter(before)
            return steps(found) if isinstance(found, Iterator) else found

        return call


def stages(scorer: Scorer, source: Path, n: int) -> None:
    """Print microseconds per post and shares of each stage."""
    clock = Clock()
    for stage, places in STAGES.items():
        for owner, name in places:
            setattr(owner, name, clock.timed(stage, getattr(owner, name)))
    clock.enter(REST)
    clock.seconds.clear()
    scorer.score_file(source, source.with_suffix(".out.jsonl"), Options(jobs=1, force=True))
    clock.enter(REST)
    total = sum(clock.seconds.values())
    for stage in (*STAGES, REST):
        seconds = clock.seconds[stage]
        print(f"{stage:40}{1e6 * seconds / n:8.1f} us{100 * seconds / total:6.1f} %")
    print(
        f"{'all, one process':40}{1e6 * total / n:8.1f} us, "
        f"{total / n * 1000:.3f} CPU s per 1,000 posts; "
        f"two processors at that: {2 * n / total:,.0f} posts/s"
    )


def between_processes(source: Path, n: int) -> None:
    """Print what the parts cost on their way; the pipe itself not counted."""
    inputs = batch.find_inputs(source, None)
    parts = list(batch.cut(inputs.items(Fields()), lambda _: None))
    started = time.process_time()
    for part in parts:
        pickle.loads(pickle.dumps(part))  # noqa: S301  (made here)
    seconds = time.process_time() - started
    print(f"{'to another process, with --jobs':40}{1e6 * seconds / n:8.1f} us")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    n = parser.parse_args().posts
    texts, _ = public_texts()
    before = time.process_time()
    scorer = Scorer.load("linear")
    # What is loaded on first use, the language detector only for what is hardly English.
    scorer.score(["the first posts wait for it", "nimekosa basi tena na chai imepoa"])
    start = time.process_time() - before
    # As the command and its processes do.
    spare_collector()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "posts.jsonl"
        write_posts(source, different(texts), n)
        between_processes(source, n)
        stages(scorer, source, n)
    print(f"{'opening the model, once a process':40}{start:8.2f} s")


if __name__ == "__main__":
    main()
