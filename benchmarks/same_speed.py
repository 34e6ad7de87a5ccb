"""How fast two builds are beside each other: ``python benchmarks/same_speed.py BEFORE AFTER``.

BEFORE and AFTER are Python executables with a build installed. Builds take turns, round after
round, each in a process of its own: opening the default model (imports not counted) and, as a part
of that, reading the weights of its network into a session; then scoring posts file to file on one
processor with each shipped model, in seconds of processor time. Figures are medians over the
rounds; a ratio of speed above 1 means that AFTER is faster.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from speed.posts import different, public_texts, write_posts

ROUNDS = 5
N_POSTS = {"linear": 10_000, "default": 1_000}
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
source, target, model = sys.argv[1:]
scorer = Scorer.load(None if model == "default" else model)
scorer.score("mal sehen, ob der Bus heute wieder zu spaet kommt")
began = time.process_time()
scorer.score_file(source, target, Options(jobs=1, force=True))
print(time.process_time() - began)
"""


def seconds(python: str, code: str, *given: str) -> float:
    """What a process of a build says it took."""
    done = subprocess.run(
        [python, "-c", code, *given], capture_output=True, text=True, check=True,
        cwd=tempfile.gettempdir(), env=os.environ | {"PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    return float(done.stdout.split()[-1])


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
        for model, n in N_POSTS.items():
            source = Path(scratch, f"{model}.jsonl")
            write_posts(source, different(texts), n)
            target = str(Path(scratch, f"{model}.out.jsonl"))
            ways[f"{n:,} posts ({origin}), {model}"] = (_SCORE, str(source), target, model)
        for name, way in ways.items():
            rounds = [[seconds(python, *way) for python in builds] for _ in range(given.rounds)]
            before, after = (statistics.median(column) for column in zip(*rounds, strict=True))
            ratio = statistics.median(b / a for b, a in rounds)
            print(f"{name}: {before:.3f} s before, {after:.3f} s after, ratio of speed {ratio:.2f}",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
