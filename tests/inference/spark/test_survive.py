"""What Spark's tasks go through: failures, a killed worker, a text that breaks the model."""

import os
import shutil
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pyarrow import parquet
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.options import Options

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),  # of Spark and its bridge to Java, not ours
]

from unpolished.inference.spark import dataframe as spark  # noqa: E402

N = 60
PATIENCE_SECONDS = 600


def _frame(session, n, partitions):
    rows = [(f"{i:05d}", f"late bus {i} lol, use code MAYA{i} #ad", i) for i in range(n)]
    return session.createDataFrame(rows, "id string, text string, likes long").repartition(
        partitions
    )


def test_a_task_that_is_tried_again_doubles_nothing(spark_session, model_folder, tmp_path):
    """The first try of each task ends after it gave all its rows away."""
    columns = Columns(kept=("likes",))
    frame = _frame(spark_session, N, 2)
    scored = spark.score_dataframe(frame, str(model_folder), Options(columns=columns))

    def fail_once(batches):
        from pyspark import TaskContext

        yield from batches
        if TaskContext.get().attemptNumber() == 0:
            raise RuntimeError("the first try")

    scored.mapInArrow(fail_once, scored.schema).write.parquet(str(tmp_path / "s"))
    rows = parquet.read_table(tmp_path / "s").to_pylist()
    assert sorted(row["id"] for row in rows) == [f"{i:05d}" for i in range(N)]
    assert {row["id"]: row["likes"] for row in rows}["00007"] == 7


def _descendants(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _is_at_work(pid):
    """A worker, forked by the daemon, which is the other process with that name; and it runs."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
        names = [Path(f"/proc/{p}/cmdline").read_bytes() for p in (pid, parent)]
    except OSError:
        return False
    return state == "R" and all(b"pyspark.daemon" in name for name in names)


def _kill_a_worker(target, killed):
    """SIGKILL the first worker that is at work once rows are written."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not killed:
        if list(target.glob("_temporary/**/part-*")):
            for pid in filter(_is_at_work, _descendants(os.getpid())):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                break
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_a_worker_that_is_killed_loses_and_doubles_nothing(spark_session, model_folder, tmp_path):
    """While it writes: Spark has tried its task again, and the folder holds each row once."""
    n = 3_000
    source, target = tmp_path / "in", tmp_path / "s"
    _frame(spark_session, n, 2).write.parquet(str(source))
    context, killed = spark_session.sparkContext, []
    killer = threading.Thread(target=_kill_a_worker, args=(target, killed))
    killer.start()
    context.setJobGroup("killed", "a worker is killed")
    spark.score_folder(spark_session, str(source), str(target), str(model_folder))
    killer.join()
    tracker = context.statusTracker()
    stages = [stage for job in tracker.getJobIdsForGroup("killed")
              for stage in tracker.getJobInfo(job).stageIds]  # fmt: skip
    assert killed
    assert sum(tracker.getStageInfo(stage).numFailedTasks for stage in stages) >= 1
    ids = parquet.read_table(target)["id"].to_pylist()
    assert sorted(ids) == [f"{i:05d}" for i in range(n)]


def test_a_text_that_breaks_the_model_leaves_its_partition_alone(spark_session, model_folder):
    """One partition, one batch: one row with its reason, all others scored."""
    folder = str(model_folder)

    def fragile(batches):
        from unpolished.inference.arrow import score_batches
        from unpolished.models.pipeline import Pipeline

        class Fragile(Pipeline):
            def _score_all(self, posts, **options):
                if any("bus 5 lol" in post.text for post in posts):
                    raise RuntimeError
                return super()._score_all(posts, **options)

        return score_batches(Fragile.load(folder), batches)

    frame = _frame(spark_session, 7, 1).select("id", "text")
    rows = frame.mapInArrow(fragile, spark.score_dataframe(frame, folder).schema).collect()
    errors = {row["id"]: row["error"] for row in rows}
    assert len(rows) == 7
    assert errors.pop("00005").startswith("model: ")
    assert set(errors.values()) == {None}
    assert all(row["paid"] == "disclosed" for row in rows if row["error"] is None)


def test_the_model_is_opened_once_in_a_worker(spark_session, model_folder):
    """However many tasks it is given."""
    folder = str(model_folder)

    def score_and_count(batches):
        import pyarrow as pa
        from unpolished.inference.options import Options
        from unpolished.inference.spark import tasks as spark_tasks

        for _ in spark_tasks.score_frame(folder, Options(), batches):
            pass
        found = spark_tasks._pipeline.cache_info()
        columns = {"pid": [os.getpid()], "opened": [found.misses], "found": [found.hits]}
        yield pa.RecordBatch.from_pydict(columns)

    frame = _frame(spark_session, N, 6)
    counts = frame.mapInArrow(score_and_count, "pid long, opened long, found long")
    # Other tests have opened other models in the same workers.
    before = {row["pid"]: row for row in counts.collect()}
    after = [row for row in counts.collect() if row["pid"] in before]
    assert after
    for row in after:
        assert row["opened"] == before[row["pid"]]["opened"]
        assert row["found"] > before[row["pid"]]["found"]
