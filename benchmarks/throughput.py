"""How fast a file is scored: ``python benchmarks/throughput.py [--quick]``.

The rows of the shipped n-gram model: file to file by the command line, beside the same model asked
post by post through its MLflow flavour. Posts are the texts of the public sources, each another
one, so that nothing is gained from duplicates; without a mirror of them, variations of the corpus.
Reasons are off. Whole processes are timed; start-up is that of scoring a single post. Peak memory
is that of the largest process, and of all of them together.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

COMMAND = Path(sys.executable).parent / "unpolished"
CORPUS = Path(__file__).parents[1] / "data" / "corpus" / "posts.jsonl"
# The n-gram model has a name of its own where another one is the default.
DEFAULT = Path(__file__).parents[1] / "models" / "default"
NAMED = Path(__file__).parents[1] / "models" / "default_linear"
MODEL = ["--model", str(NAMED)] if NAMED.is_dir() else []
TARGET_POSTS_PER_SECOND, TARGET_MB = 8_000, 100


class Run(NamedTuple):
    """One process: wall and processor seconds, MB of the largest process and of all together."""

    seconds: float
    cpu: float
    largest_mb: float
    together_mb: float


def public_texts() -> list[str]:
    """Every text of the public sources once, or the corpus where they cannot be had."""
    from unpolished.data.converted import source_rows
    from unpolished.data.sources import SourceError, sources

    try:
        found = [text for source in sources() for text in source_rows(source)["text"]]
    except SourceError as error:
        print(f"public sources: {error}; the corpus stands in for them", file=sys.stderr)
        lines = CORPUS.read_text("utf-8").splitlines()
        found = [json.loads(line)["text"] for line in lines]
    return list(dict.fromkeys(found))


def posts(texts: list[str]) -> Iterator[str]:
    """Lines of JSON for ever; from the second round on, a number makes each text another one."""
    n = count()
    yield from (json.dumps({"id": str(next(n)), "text": text}) + "\n" for text in texts)
    for turn in count(1):
        for text in texts:
            yield json.dumps({"id": str(next(n)), "text": f"{text} {turn}"}) + "\n"


def timed(arguments: list[str]) -> Run:
    """Run the command line once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen([COMMAND, *arguments, *MODEL, "--quiet"])
    largest, together = [0.0], [0.0]
    watch = threading.Thread(target=_watch, args=(process, largest, together))
    watch.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    watch.join()
    if code:
        raise SystemExit(f"unpolished {' '.join(arguments)} ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, largest[0], together[0])


def _watch(process: subprocess.Popen[bytes], largest: list[float], together: list[float]) -> None:
    while process.poll() is None:
        sizes = [_mb(pid) for pid in _family(process.pid)]
        largest[0] = max(largest[0], *sizes)
        together[0] = max(together[0], sum(sizes))
        time.sleep(0.05)


def _family(pid: int) -> list[int]:
    try:
        children = " ".join(p.read_text() for p in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        children = ""
    return [pid, *map(int, children.split())]


def _mb(pid: int) -> float:
    """Resident memory that is the process's own, and its share of what it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def file_to_file(texts: list[str], folder: Path, n: int, runs: int, jobs: int) -> None:
    """Posts per second of the command line, start-up counted and not."""
    one, many = folder / "one.jsonl", folder / "many.jsonl"
    one.write_text("".join(islice(posts(texts), 1)))
    with many.open("w") as stream:
        stream.writelines(islice(posts(texts), n))
    length = statistics.mean(map(len, texts))
    results, starts = [], []
    for i in range(runs):
        arguments = ["--force", "--jobs", str(jobs)]
        starts.append(timed(["score", str(one), "-o", str(folder / "o.jsonl"), *arguments]))
        results.append(timed(["score", str(many), "-o", str(folder / "m.jsonl"), *arguments]))
        print(f"  run {i + 1}: {n / results[-1].seconds:,.0f} posts/s", file=sys.stderr)
    start = statistics.median(run.seconds for run in starts)
    whole = statistics.median(n / run.seconds for run in results)
    without = statistics.median(n / (run.seconds - start) for run in results)
    cpu = statistics.median(1000 * run.cpu / n for run in results)
    print(
        f"linear, file to file, --jobs {jobs}: median {whole:,.0f} posts/s, {without:,.0f} without "
        f"start-up ({n:,} posts of {length:.0f} characters, {runs} runs), goal "
        f"{TARGET_POSTS_PER_SECOND:,}; {cpu:.2f} CPU s per 1,000 posts; start-up {start:.2f} s; "
        f"peak {max(r.largest_mb for r in results):,.0f} MB, all processes "
        f"{max(r.together_mb for r in results):,.0f} MB; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def memory(texts: list[str], folder: Path, many: int, jobs: int) -> None:
    """Peak memory at 10,000 and at many posts, with the same number of processes."""
    peaks = []
    for n in (20_000 if jobs > 1 else 10_000, many):
        source = folder / f"{n}.jsonl"
        with source.open("w") as stream:
            stream.writelines(islice(posts(texts), n))
        run = timed(["score", str(source), "-o", str(folder / f"{n}.out.jsonl"), "--force",
                     "--jobs", str(jobs)])  # fmt: skip
        peaks.append(run)
        print(f"memory, --jobs {jobs}, {n:,} posts: largest process {run.largest_mb:,.0f} MB, all "
              f"{run.together_mb:,.0f} MB, {n / run.seconds:,.0f} posts/s", flush=True)  # fmt: skip
        source.unlink()
    print(
        f"memory, --jobs {jobs}: {peaks[1].largest_mb - peaks[0].largest_mb:+,.0f} MB in the "
        f"largest process, {peaks[1].together_mb - peaks[0].together_mb:+,.0f} MB in all, goal "
        f"{TARGET_MB}",
        flush=True,
    )


def row_by_row(texts: list[str], n: int) -> None:
    """The MLflow flavour of the same model, a frame of one post at a time."""
    from types import SimpleNamespace

    import pandas as pd
    from unpolished.models.pyfunc import ARTIFACT, UnpolishedModel

    model = UnpolishedModel()
    model.load_context(SimpleNamespace(artifacts={ARTIFACT: str(NAMED if MODEL else DEFAULT)}))
    frames = [pd.DataFrame({"id": ["a"], "text": [text]}) for text in texts[: n + 1]]
    model.predict(None, frames.pop())
    started = time.perf_counter()
    for frame in frames:
        model.predict(None, frame)
    seconds = time.perf_counter() - started
    print(f"linear, MLflow flavour row by row: {n / seconds:,.0f} posts/s ({n} posts)", flush=True)


def main() -> None:
    """Print each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer posts and runs")
    parser.add_argument("--posts", type=int, help="posts of the file-to-file rows")
    parser.add_argument("--memory", type=int, help="posts of the larger memory row; 0 for none")
    given = parser.parse_args()
    texts = public_texts()
    n = given.posts or (40_000 if given.quick else 80_000)
    many = given.memory if given.memory is not None else 100_000 if given.quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        for jobs in (1, 2):
            file_to_file(texts, Path(folder), n, 1 if given.quick else 3, jobs)
        row_by_row(texts, 200 if given.quick else 1_000)
        if many:
            for jobs in (1, 2):
                memory(texts, Path(folder), many, jobs)


if __name__ == "__main__":
    main()
