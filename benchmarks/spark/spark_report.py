"""What runs of Spark say, as Markdown: what a second thread brings, and a cluster would take."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

MILLION, CORES, CLUSTERS = 1_000_000, 4, (1, 2, 4, 8, 16)
NAMES = {
    "folder": "`--engine spark` (`score_folder`)",
    "dataframe": "`score_dataframe`",
    "udf": "`mlflow.pyfunc.spark_udf`",
    "nothing": "Arrow there and back, nothing scored",
}
# A folder of so few posts that all that is timed is the job.
JOB = "job"
GOALS = {"linear": 1.4, "default": 1.7}
FORMULA = "T(N) = o + f + P (w + j) / (N c u)"


class Figures(NamedTuple):
    """Medians over all runs of one way on one number of threads.

    Attributes:
        seconds: wall time.
        jvm: processor seconds of Java.
        workers: processor seconds of Python's workers.
        worker_mb: peak memory of the largest worker.
        jvm_mb: peak memory of Java.
        first: wall seconds of the run before those that count, in which workers open the model.
    """

    seconds: float
    jvm: float
    workers: float
    worker_mb: float
    jvm_mb: float
    first: float


Found = Mapping[tuple[str, int], Figures]


def figures(runs: Sequence[Mapping[str, Any]]) -> Figures:
    """Of the runs of one way on one number of threads, as ``one_session`` prints them."""
    counted = [run for run in runs if not run["first"]]
    firsts = [float(run["seconds"]) for run in runs if run["first"]]
    middle = (
        statistics.median(float(run[name]) for run in counted) for name in Figures._fields[:-1]
    )
    return Figures(*middle, statistics.median(firsts))


class Stages(NamedTuple):
    """What a post, a job and a worker take, from runs with two threads.

    Attributes:
        worker: processor seconds of Python, a post.
        java: processor seconds of Java, a post.
        opening: seconds by which the first run of a session is longer than later ones.
        job: seconds of a job with next to no posts.
        used: share of two processors that work while posts are scored.
    """

    worker: float
    java: float
    opening: float
    job: float
    used: float


def stages(found: Found, n: int) -> Stages:
    """Of ``score_folder``.

    Args:
        found: figures of ``folder`` and of ``JOB``.
        n: posts in the folder.
    """
    two, job = found["folder", 2], found[JOB, 2]
    worker, java = two.workers / n, max(two.jvm - job.jvm, 0.0) / n
    busy = max(two.seconds - job.seconds, 1e-9)
    used = min((worker + java) * n / (2 * busy), 1.0)
    return Stages(worker, java, max(two.first - two.seconds, 0.0), job.seconds, used)


def cluster_seconds(one: Stages, workers: int, cores: int = CORES, posts: int = MILLION) -> float:
    """Seconds that a cluster needs, its start not counted: ``FORMULA``."""
    work = posts * (one.worker + one.java)
    return one.opening + one.job + work / (workers * cores * one.used)


def table(found: Found, n: int) -> list[str]:
    """A line for each way that was run with one thread and with two."""
    lines = [
        "| way | local[1] posts/s | local[2] posts/s | ratio | CPU s per 1,000 posts in local[2]: "
        "Python workers | Java | MB: largest worker | Java |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for way, name in NAMES.items():
        if (way, 1) in found and (way, 2) in found:
            one, two = found[way, 1], found[way, 2]
            lines.append(
                f"| {name} | {n / one.seconds:,.0f} | {n / two.seconds:,.0f} "
                f"| {one.seconds / two.seconds:.2f} | {1000 * two.workers / n:.3f} "
                f"| {1000 * two.jvm / n:.3f} | {two.worker_mb:,.0f} | {two.jvm_mb:,.0f} |"
            )
    return lines


def bounds(found: Found, model: str, processors: int) -> Iterable[str]:
    """Whether the goal is met, and what bounds the ratio."""
    one, two = found["folder", 1], found["folder", 2]
    ratio, work, goal = one.seconds / two.seconds, two.workers + two.jvm, GOALS[model]
    yield (
        f"local[2] against local[1], `score_folder`: {ratio:.2f}, goal {goal}: "
        f"{'reached' if ratio >= goal else 'missed'}. With one thread {one.seconds:.1f} s pass, in "
        f"which {(one.workers + one.jvm) / one.seconds:.2f} processors work; with two, "
        f"{two.seconds:.1f} s and {work / two.seconds:.2f} of {processors}. All work of two "
        f"threads spread evenly over {processors} processors would give "
        f"{one.seconds * processors / work:.2f}: that is the bound here."
    )
    yield (
        f"Of the processor time with two threads, {two.workers / work:.0%} are Python's workers "
        f"and {two.jvm / work:.0%} Java (reading, writing, Arrow, compiling, collecting garbage)."
    )
    if ("nothing", 2) in found:
        nothing = found["nothing", 2].seconds
        yield (f"Arrow there and back without scoring takes {nothing:.1f} s, "
               f"{nothing / two.seconds:.0%} of the time.")  # fmt: skip
    if ("udf", 2) in found:
        ours, theirs = found["dataframe", 2].seconds, found["udf", 2].seconds
        faster = "score_dataframe" if ours <= theirs else "spark_udf"
        yield (f"`{faster}` is the faster one: score_dataframe {ours:.1f} s, "
               f"spark_udf {theirs:.1f} s.")  # fmt: skip


def cluster(found: Found, n: int) -> Iterable[str]:
    """What a million posts would take on clusters, estimated."""
    one = stages(found, n)
    yield (
        f"A million posts on a cluster, estimated: `{FORMULA}` seconds, its start not counted, for "
        f"P posts on N workers of c processors like these. Measured here: w = "
        f"{1e6 * one.worker:,.0f} µs of Python and j = {1e6 * one.java:,.0f} µs of Java a post; "
        f"o = {one.opening:.1f} s until each worker process has opened the model; "
        f"f = {one.job:.1f} s for a job with next to no posts; u = {one.used:.2f} of the "
        "processors at work. What is paid for is N c T(N) processor seconds. It holds where the "
        "input has several parts to a processor and storage keeps up; no cluster was tried."
    )
    lines = [f"| workers of {CORES} processors | seconds | processor hours |", "|---:|---:|---:|"]
    for workers in CLUSTERS:
        seconds = cluster_seconds(one, workers)
        hours = workers * CORES * seconds / 3600
        lines.append(f"| {workers} | {seconds:,.0f} | {hours:.2f} |")
    yield "\n".join(lines)
