"""One Spark of ``scale.py``; prints a line of JSON for each run.

Arguments: POSTS FEW SCRATCH MODEL THREADS RUNS WAY...
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

_TICKS = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """Processor seconds so far, and peak MB, of Java and of the workers."""

    jvm: float
    workers: float
    jvm_mb: float
    worker_mb: float


def used() -> Used:
    """Look at all processes below this one."""
    jvm = workers = jvm_mb = worker_mb = 0.0
    for pid in _below(os.getpid()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        # Own time, and that of children that have ended.
        seconds = sum(map(int, fields[11:15])) / _TICKS
        peak = next((int(line.split()[1]) / 1024 for line in status.splitlines()
                     if line.startswith("VmHWM")), 0.0)  # fmt: skip
        if b"pyspark.daemon" in command:
            workers, worker_mb = workers + seconds, max(worker_mb, peak)
        elif b"java" in command.split(b"\0")[0]:
            jvm, jvm_mb = jvm + seconds, max(jvm_mb, peak)
    return Used(jvm, workers, jvm_mb, worker_mb)


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from _below(child)


def back(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches as they came."""
    return batches


def ways(
    session: SparkSession, posts: str, few: str, model: str
) -> dict[str, Callable[[str], None]]:
    """What is timed, by name; each writes a folder."""
    import mlflow
    from unpolished.inference.spark.dataframe import score_dataframe, score_folder
    from unpolished.inference.spark.udf import udf_rows
    from unpolished.models.registry.mlflow_settings import tracking_uri

    mlflow.set_tracking_uri(tracking_uri())
    frame = session.read.parquet(posts)

    def by_udf(target: str) -> None:
        udf = mlflow.pyfunc.spark_udf(session, "models:/benchmark/1", env_manager="local")
        udf_rows(udf, frame).write.parquet(target)

    return {
        "folder": lambda target: score_folder(session, posts, target, model),
        "job": lambda target: score_folder(session, few, target, model),
        "dataframe": lambda target: score_dataframe(frame, model).write.parquet(target),
        "udf": by_udf,
        "nothing": lambda target: frame.mapInArrow(back, frame.schema).write.parquet(target),
    }


def main() -> None:
    """Run each way once, marked as first, then as often as asked for."""
    posts, few, scratch, model, threads, runs, *names = sys.argv[1:]
    from pyspark.sql import SparkSession
    from unpolished.models.registry.mlflow_settings import settle_mlflow

    settle_mlflow()
    builder = SparkSession.builder.master(f"local[{threads}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    known = ways(session, posts, few, model)
    for name in names:
        for i in range(int(runs) + 1):
            before, started = used(), time.perf_counter()
            known[name](f"{scratch}/{name}-{i}")
            seconds, after = time.perf_counter() - started, used()
            line = {"way": name, "first": i == 0, "seconds": seconds,
                    "jvm": after.jvm - before.jvm, "workers": after.workers - before.workers,
                    "worker_mb": after.worker_mb, "jvm_mb": after.jvm_mb}  # fmt: skip
            print(json.dumps(line), flush=True)
    session.stop()


if __name__ == "__main__":
    main()
