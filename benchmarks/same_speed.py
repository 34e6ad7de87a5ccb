"""How fast two builds are beside each other: ``python benchmarks/same_speed.py BEFORE AFTER``.

BEFORE and AFTER are Python executables with a build installed. Builds take turns, round after
round, each in a process of its own: opening the default model (imports not counted) and, as a part
of that, reading the weights of its network into a session, as medians over the rounds; then scoring
posts file to file on one processor with each shipped model, in seconds of processor time: all posts
in parts of a few hundred, for each of which the builds take turns. What is paid once (reading
rules, compiling patterns) is included. A ratio of speed above 1 means that AFTER is faster.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

from speed.posts import different, public_texts, write_posts

ROUNDS = 5
N_POSTS = {"linear": 20_000, "default": 1_000}
PARTS = 20
_OPEN = """
import time
import onnxruntime, tokenizers
from unpolished import Scorer
Scorer.load("linear").score("warm up")
began = time.process_time()
Scorer.load()
print(time.process_time() - began)
"""
_WEIGHTS = """
import time
import onnxruntime, tokenizers
try:
    from unpolished.models.onnx.session import Network
except ImportError:  # before 0.2
    from unpolished.models.network import Network
from unpolished import Scorer
opened, took = Network.__init__, []
def timed(*given, **named):
    began = time.process_time()
    opened(*given, **named)
    took.append(time.process_time() - began)
Network.__init__ = timed
Scorer.load()
Scorer.load()
print(min(took))
"""
_SCORE = """
import sys, time
from unpolished import Scorer
from unpolished.inference.options import Options
target, model = sys.argv[1:]
scorer = Scorer.load(None if model == "default" else model)
scorer.score("mal sehen, ob der Bus heute wieder zu spaet kommt")
for source in sys.stdin:
    began = time.process_time()
    scorer.score_file(source.strip(), target, Options(jobs=1, force=True))
    print(time.process_time() - began, flush=True)
"""


_APART: dict[str, Any] = {
    "cwd": tempfile.gettempdir(),
    "env": os.environ | {"PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"},
}


def seconds(python: str, code: str, *given: str) -> float:
    """What a process of a build says it took."""
    done = subprocess.run(
        [python, "-c", code, *given], capture_output=True, text=True, check=True,
        **_APART,
    )  # fmt: skip
    return float(done.stdout.split()[-1])


def in_turns(builds: Sequence[str], model: str, parts: Sequence[Path]) -> list[list[float]]:
    """Seconds of each build for each part; a process of each takes turns with the other's.

    So a change of the machine's speed, which on a shared one is larger than what is looked for,
    is in both.
    """
    workers = [
        subprocess.Popen(
            [python, "-c", _SCORE, f"{parts[0]}.{n}.jsonl", model],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **_APART,
        )
        for n, python in enumerate(builds)
    ]  # fmt: skip
    took: list[list[float]] = []
    for number, part in enumerate(parts):
        row = [0.0] * len(workers)
        for n in sorted(range(len(workers)), reverse=bool(number % 2)):
            print(part, file=workers[n].stdin, flush=True)
            row[n] = float(cast("IO[str]", workers[n].stdout).readline())
        took.append(row)
    for worker in workers:
        worker.communicate()
    return took


def main() -> None:
    """Print a line for each measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    builds = (given.before, given.after)
    with tempfile.TemporaryDirectory() as scratch:
        texts, origin = public_texts()
        ways: dict[str, tuple[str, ...]] = {
            "opening the default model": (_OPEN,),
            "of that, reading its network's weights": (_WEIGHTS,),
        }
        for name, way in ways.items():
            rounds = [[seconds(python, *way) for python in builds] for _ in range(given.rounds)]
            before, after = (statistics.median(column) for column in zip(*rounds, strict=True))
            ratio = statistics.median(b / a for b, a in rounds)
            print(f"{name}: {before:.3f} s before, {after:.3f} s after, ratio of speed {ratio:.2f}",
                  flush=True)  # fmt: skip
        for model, n in N_POSTS.items():
            whole = Path(scratch, f"{model}.jsonl")
            write_posts(whole, different(texts), n)
            lines = whole.read_text("utf-8").splitlines(keepends=True)
            parts = [Path(scratch, f"{model}-{number}.jsonl") for number in range(PARTS)]
            for number, part in enumerate(parts):
                size = n // PARTS
                part.write_text("".join(lines[number * size : (number + 1) * size]), "utf-8")
            took = in_turns(builds, model, parts)
            before, after = (sum(column) for column in zip(*took, strict=True))
            ratio = statistics.median(b / a for b, a in took)
            print(f"{n:,} posts ({origin}), {model}: {before:.2f} s before, {after:.2f} s after, "
                  f"ratio of speed {before / after:.2f}; median over the parts {ratio:.2f}",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
