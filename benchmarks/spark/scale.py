"""What a second thread of Spark brings: ``python benchmarks/spark/scale.py [--quick] [--write]``.

Both shipped models, Parquet to Parquet, in ``local[1]`` and ``local[2]`` by turns, each turn a new
Spark. In it every way is run once before it counts, so that neither start-up nor the opening of
the model is in a figure: ``unpolished score --engine spark`` (``score_folder``) and, of the light
model, ``score_dataframe``, the registered model in ``mlflow.pyfunc.spark_udf``, and, for what Spark
itself takes, batches of Arrow that go to Python and come back as they are. From these stages the
time of a million posts on a cluster is estimated. Posts are texts of the public sources, each
another one; without a mirror of them, of the corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from spark_report import JOB, NAMES, bounds, cluster, figures, table

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "models" / "shipped"
PAGE = ROOT / "docs" / "spark.md"
CHILD = Path(__file__).with_name("one_session.py")
THREADS, N_FILES = (1, 2), 8
# Model -> how each is run, posts, and posts with --quick.
PLANS: dict[str, tuple[list[str], int, int]] = {
    "default": (["folder", JOB], 12_000, 3_000),
    "linear": ([*NAMES, JOB], 160_000, 40_000),
}


def write_posts(folder: Path, texts: Iterator[str], n: int) -> None:
    """Parquet files of like size, each with every so-manieth post."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir()
    rows = [{"id": str(i), "text": text} for i, text in enumerate(islice(texts, n))]
    for i in range(N_FILES):
        parquet.write_table(pa.Table.from_pylist(rows[i::N_FILES]), folder / f"{i}.parquet")


def register(folder: Path) -> dict[str, str]:
    """Log the light model as training does, in a store of its own; returns the environment."""
    from unpolished.models.registry.mlflow_settings import TRACKING_VARIABLE
    from unpolished.models.saved_model import load_model
    from unpolished.training.tracking import records
    from unpolished.training.tracking import runs as tracking

    os.environ[TRACKING_VARIABLE] = f"sqlite:///{folder}/mlflow.db"
    os.chdir(folder)
    light = SHIPPED / "linear"
    with tracking.started_run("unpolished-benchmark", "linear") as run:
        run.log([records.SavedModel(light, load_model(light)[1], "benchmark")])
    return {**os.environ, "PYSPARK_PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}


def turn(
    folder: Path, scratch: Path, model: str, threads: int, runs: int, given: dict[str, str]
) -> list[dict[str, Any]]:
    """Run every way of a model in one new Spark; each line of the answer is one run."""
    done = subprocess.run(
        [sys.executable, CHILD, folder / model, folder / "few", scratch, SHIPPED / model,
         str(threads), str(runs), *PLANS[model][0]],
        env=given, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measured(given: argparse.Namespace, model: str, n: int, texts: Sequence[str]) -> list[str]:
    """Turns of one model, as Markdown."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from speed.posts import different

    rounds = given.rounds or (1 if given.quick else 3)
    runs: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_posts(folder / model, different(texts), n)
        write_posts(folder / "few", different(texts), N_FILES)
        environment = register(folder)
        for i in range(rounds):
            for threads in THREADS:
                scratch = folder / f"turn-{i}-{threads}"
                for run in turn(folder, scratch, model, threads, given.runs, environment):
                    runs[str(run["way"]), threads].append(run)
                    if run["way"] != JOB and not run["first"]:
                        rate = n / float(run["seconds"])
                        print(f"  {model}, local[{threads}] {run['way']}: {rate:,.0f} posts/s",
                              file=sys.stderr)  # fmt: skip
        os.chdir(ROOT)
    found = {key: figures(some) for key, some in runs.items()}
    processors = os.cpu_count() or 1
    head = (f"{n:,} posts in {N_FILES} Parquet files, medians of {rounds * given.runs} runs each; "
            f"load at the end {os.getloadavg()[0]:.1f}.")  # fmt: skip
    said = [*bounds(found, model, processors), *cluster(found, n)]
    return [head, "", *table(found, n), "", "\n\n".join(said)]


def main() -> None:
    """Print the tables; with ``--write`` make them the page ``docs/spark.md``."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from speed.machine import described
    from speed.posts import public_texts

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes")
    parser.add_argument("--model", choices=[*PLANS], action="append", help="default: both")
    parser.add_argument("--posts", type=int, help="how many")
    parser.add_argument("--rounds", type=int, help="turns of each number of threads")
    parser.add_argument("--runs", type=int, default=2, help="that count, in each turn")
    parser.add_argument("--write", action="store_true", help="rewrite docs/spark.md")
    given = parser.parse_args()
    texts, origin = public_texts()
    parts = [
        f"Posts of the {origin}; {described()}; {os.cpu_count()} processors, Python "
        f"{platform.python_version()}, PySpark {version('pyspark')}, MLflow {version('mlflow')}.",
    ]
    for model in given.model or PLANS:
        _, many, few = PLANS[model]
        n = given.posts or (few if given.quick else many)
        name = "The default model" if model == "default" else "The light model"
        parts += ["", f"## {name}", "", *measured(given, model, n, texts)]
    text = "\n".join(parts)
    print(text)
    if given.write:
        mode = " --quick" if given.quick else ""
        head = f"# Spark, measured\n\nWritten by `benchmarks/spark/scale.py{mode} --write`.\n\n"
        PAGE.write_text(f"{head}{text}\n", "utf-8")


if __name__ == "__main__":
    main()
