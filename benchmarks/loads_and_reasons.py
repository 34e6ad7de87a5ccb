"""What loading again and reasons cost in two builds: ``loads_and_reasons.py BEFORE AFTER``.

BEFORE and AFTER are Python executables with a build installed; the builds take turns, each
measurement in a process of its own, and medians over the rounds are printed. For the default model:
resident memory after twenty loads as a multiple of that after one (a model that is dropped only
when the next is there needs room for two); and processor time of scoring
100 posts with reasons for flagged posts, and for all, as a multiple of that without.
"""

from __future__ import annotations

import argparse
import statistics

from same_speed import seconds

_MEMORY = """
import pathlib, resource, sys
from unpolished import Scorer
def resident():
    fields = pathlib.Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize()
kept = Scorer.load()
kept.score("warm up")
once = resident()
for _ in range(19):
    if sys.argv[1] == "dropped":
        kept = None
    kept = Scorer.load()
    kept.score("warm up")
print(resident() / once)
"""
# Flags are as frequent among them as among the shipped posts.
_REASONS = """
import importlib.util, json, pathlib, sys, time
from unpolished import Scorer
folder = pathlib.Path(importlib.util.find_spec("unpolished").origin).parent / "data" / "corpus"
lines = (folder / "posts.jsonl").read_text("utf-8").splitlines()[:200]
others, texts = (
    [json.loads(line)["text"] for line in part] for part in (lines[100:], lines[:100])
)
scorer = Scorer.load()
took = {}
for reasons in ("none", sys.argv[1]):
    # What is paid once, such as compiling patterns, is no part of the ratio.
    scorer.score(others, reasons=reasons)
    began = time.process_time()
    scorer.score(texts, reasons=reasons)
    took[reasons] = time.process_time() - began
print(took[sys.argv[1]] / took["none"])
"""


def main() -> None:
    """Print a line for each measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for name, code, *words in (
        ("memory of 20 loads beside one, each dropped before the next", _MEMORY, "dropped"),
        ("memory of 20 loads beside one, each dropped when the next is there", _MEMORY, "there"),
        ("scoring with reasons='flagged' beside none", _REASONS, "flagged"),
        ("scoring with reasons='all' beside none", _REASONS, "all"),
    ):
        rounds = [
            [seconds(python, code, *words) for python in (given.before, given.after)]
            for _ in range(given.rounds)
        ]
        before, after = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{name}: {before:.2f} times before, {after:.2f} times after", flush=True)


if __name__ == "__main__":
    main()
