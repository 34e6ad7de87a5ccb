"""What a second thread of Spark brings: ``python benchmarks/spark/scale.py [--quick] [--write]``.

The light shipped model, Parquet to Parquet, in ``local[1]`` and ``local[2]`` by turns, each turn a
new Spark. In it every way is run once before it counts, so that neither start-up nor the opening of
the model is in a figure: ``unpolished score --engine spark`` (``score_folder``),
``score_dataframe``, the registered model in ``mlflow.pyfunc.spark_udf``, and, for what Spark itself
takes, batches of Arrow that go to Python and come back as they are. Posts are texts of the public
sources, each another one; without a mirror of them, variations of the corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
CORPUS, MODEL = ROOT / "data" / "corpus" / "posts.jsonl", ROOT / "models" / "shipped" / "linear"
PAGE = ROOT / "docs" / "spark.md"
CHILD = Path(__file__).with_name("one_session.py")
GOAL, THREADS, N_FILES = 1.4, (1, 2), 8
NAMES = {
    "folder": "`--engine spark` (`score_folder`)",
    "dataframe": "`score_dataframe`",
    "udf": "`mlflow.pyfunc.spark_udf`",
    "nothing": "Arrow there and back, nothing scored",
}


class Figures(NamedTuple):
    """Medians over all runs of one way on one number of threads.

    Attributes:
        seconds: wall time.
        jvm: processor seconds of Java.
        workers: processor seconds of Python's workers.
        worker_mb: peak memory of the largest worker.
        jvm_mb: peak memory of Java.
    """

    seconds: float
    jvm: float
    workers: float
    worker_mb: float
    jvm_mb: float


def public_texts() -> tuple[list[str], str]:
    """Every text of the public sources once, or the corpus where they cannot be had."""
    from unpolished.data.public.rows import source_rows
    from unpolished.data.public.sources import SourceError, sources

    try:
        found = [text for source in sources() for text in source_rows(source)["text"]]
        origin = "public sources"
    except SourceError as error:
        print(f"public sources: {error}; the corpus stands in for them", file=sys.stderr)
        found = [json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()]
        origin = "shipped corpus"
    return [text for text in dict.fromkeys(found) if text.strip()], origin


def different(texts: Sequence[str]) -> Iterator[str]:
    """Texts for ever; from the second round on, a number makes each another one."""
    yield from texts
    for turn in count(1):
        yield from (f"{text} {turn}" for text in texts)


def write_posts(folder: Path, texts: Iterator[str], n: int) -> None:
    """Parquet files of like size, each with every so-manieth post."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = [{"id": str(i), "text": text} for i, text in enumerate(islice(texts, n))]
    for i in range(N_FILES):
        parquet.write_table(pa.Table.from_pylist(rows[i::N_FILES]), folder / f"{i}.parquet")


def register(folder: Path) -> dict[str, str]:
    """Log the model as training does, into a store of its own; returns the environment for it."""
    from unpolished.models.registry.mlflow_settings import TRACKING_VARIABLE
    from unpolished.models.saved_model import load_model
    from unpolished.training.tracking import records
    from unpolished.training.tracking import runs as tracking

    os.environ[TRACKING_VARIABLE] = f"sqlite:///{folder}/mlflow.db"
    os.chdir(folder)
    with tracking.started_run("unpolished-benchmark", "linear") as run:
        run.log([records.SavedModel(MODEL, load_model(MODEL)[1], "benchmark")])
    return {**os.environ, "PYSPARK_PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}


def turn(
    posts: Path, scratch: Path, threads: int, ways: Sequence[str], runs: int, given: dict[str, str]
) -> list[dict[str, float | str]]:
    """Run every way in one new Spark; each line of the answer is one run."""
    done = subprocess.run(
        [sys.executable, CHILD, posts, scratch, MODEL, str(threads), str(runs), *ways],
        env=given, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def medians(runs: Sequence[dict[str, float | str]]) -> Figures:
    """The figures of some runs."""
    return Figures(*(statistics.median(float(r[name]) for r in runs) for name in Figures._fields))


def report(found: dict[tuple[str, int], Figures], n: int, origin: str, runs: int) -> str:
    """Everything as Markdown."""
    lines = [
        f"{n:,} posts of {origin} in {N_FILES} Parquet files, light shipped model, medians of "
        f"{runs} runs each; {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"PySpark {_version('pyspark')}, MLflow {_version('mlflow')}; load at the end "
        f"{os.getloadavg()[0]:.1f}.",
        "",
        "| way | local[1] posts/s | local[2] posts/s | ratio | CPU s per 1,000 posts in local[2]: "
        "Python workers | Java | MB: largest worker | Java |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for way, name in NAMES.items():
        one, two = found[way, 1], found[way, 2]
        lines.append(
            f"| {name} | {n / one.seconds:,.0f} | {n / two.seconds:,.0f} "
            f"| {one.seconds / two.seconds:.2f} | {1000 * two.workers / n:.3f} "
            f"| {1000 * two.jvm / n:.3f} | {two.worker_mb:,.0f} | {two.jvm_mb:,.0f} |"
        )
    return "\n".join([*lines, "", *bounds(found)])


def bounds(found: dict[tuple[str, int], Figures]) -> list[str]:
    """Whether the goal is met, and what bounds the ratio."""
    one, two, nothing = found["folder", 1], found["folder", 2], found["nothing", 2]
    ratio = one.seconds / two.seconds
    work = two.workers + two.jvm
    ours, theirs = found["dataframe", 2].seconds, found["udf", 2].seconds
    faster = "score_dataframe" if ours <= theirs else "spark_udf"
    processors = os.cpu_count() or 1
    return [
        f"local[2] against local[1], `score_folder`: {ratio:.2f}, goal {GOAL}: "
        f"{'reached' if ratio >= GOAL else 'missed'}. With one thread {one.seconds:.1f} s pass, in "
        f"which {(one.workers + one.jvm) / one.seconds:.2f} processors work; with two, "
        f"{two.seconds:.1f} s and {work / two.seconds:.2f} of {processors}. All work of two "
        f"threads spread evenly over {processors} processors would give "
        f"{one.seconds * processors / work:.2f}: that is the bound here.",
        "",
        f"Of the processor time with two threads, {two.workers / work:.0%} are Python's workers "
        f"and {two.jvm / work:.0%} Java (reading, writing, Arrow, compiling, collecting garbage). "
        f"Arrow there and back without scoring takes {nothing.seconds:.1f} s, "
        f"{nothing.seconds / two.seconds:.0%} of the time.",
        "",
        f"`{faster}` is the faster one: score_dataframe {ours:.1f} s, spark_udf {theirs:.1f} s.",
    ]


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def main() -> None:
    """Print the table; with ``--write`` make it the page ``docs/spark.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes")
    parser.add_argument("--posts", type=int, help="how many")
    parser.add_argument("--rounds", type=int, help="turns of each number of threads")
    parser.add_argument("--runs", type=int, default=2, help="that count, in each turn")
    parser.add_argument("--write", action="store_true", help="rewrite docs/spark.md")
    given = parser.parse_args()
    n = given.posts or (40_000 if given.quick else 160_000)
    rounds = given.rounds or (1 if given.quick else 3)
    texts, origin = public_texts()
    runs: dict[tuple[str, int], list[dict[str, float | str]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posts = folder / "posts"
        posts.mkdir()
        write_posts(posts, different(texts), n)
        environment = register(folder)
        for i in range(rounds):
            for threads in THREADS:
                scratch = folder / f"turn-{i}-{threads}"
                for run in turn(posts, scratch, threads, [*NAMES], given.runs, environment):
                    runs[str(run["way"]), threads].append(run)
                    rate = n / float(run["seconds"])
                    print(f"  local[{threads}] {run['way']}: {rate:,.0f} posts/s", file=sys.stderr)
        os.chdir(ROOT)
    found = {key: medians(some) for key, some in runs.items()}
    text = report(found, n, origin, rounds * given.runs)
    print(text)
    if given.write:
        mode = " --quick" if given.quick else ""
        head = f"# Spark, measured\n\nWritten by `benchmarks/spark/scale.py{mode} --write`.\n\n"
        PAGE.write_text(f"{head}{text}\n", "utf-8")


if __name__ == "__main__":
    main()
