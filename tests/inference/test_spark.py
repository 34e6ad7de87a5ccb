"""Spark in local mode: the same rows as the local engine, whatever its tasks go through."""

import json
import os
import shutil
import subprocess
import sys

import pyarrow as pa
import pytest
from pyarrow import parquet
from unpolished.data.columns import Columns
from unpolished.inference.batch import score_file
from unpolished.inference.options import Options

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),  # of Spark and its bridge to Java, not ours
]

from unpolished.inference import spark  # noqa: E402

N = 60


@pytest.fixture(scope="module")
def session():
    """Two threads; a task may fail once."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2,2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "7").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    """A folder of Parquet in three files, some rows bad."""
    folder = tmp_path_factory.mktemp("posts")
    rows = [
        {"id": f"{i:03d}", "text": f"late bus {i} lol, use code MAYA{i} #ad", "likes": i}
        for i in range(N)
    ]
    rows[5]["text"], rows[17]["text"], rows[40]["likes"] = None, "  ", -1
    for i in range(3):
        parquet.write_table(pa.Table.from_pylist(rows[i::3]), folder / f"{i}.parquet")
    return folder


def _by_id(rows):
    return {row["id"]: row for row in rows}


def _agree(found, expected):
    """Labels equal, probabilities within 1e-5."""
    assert found.keys() == expected.keys()
    for post_id, row in expected.items():
        for name, value in row.items():
            if name.startswith("p_"):
                assert found[post_id][name] == pytest.approx(value, abs=1e-5)
            else:
                assert found[post_id][name] == value


def test_both_engines_agree(session, posts, scorer, model_folder, tmp_path):
    """Row for row by id; what the local engine rejects is a row with the same code."""
    spark.score_folder(session, str(posts), str(tmp_path / "s"), str(model_folder))
    found = parquet.read_table(tmp_path / "s").to_pylist()
    assert len(found) == N
    bad = {row["id"]: row.pop("error") for row in found if row["error"]}
    score_file(scorer, posts, tmp_path / "o.parquet")
    expected = _by_id(parquet.read_table(tmp_path / "o.parquet").to_pylist())
    good = [row for row in found if row["id"] not in bad]
    for row in good:
        del row["error"]
    _agree(_by_id(good), expected)
    rejects = (tmp_path / "o.parquet.rejects.jsonl").read_text().splitlines()
    codes = {reject["id"]: reject["code"] for reject in map(json.loads, rejects)}
    assert {post_id: error.partition(":")[0] for post_id, error in bad.items()} == codes
    assert sorted(codes.values()) == ["empty", "missing", "value"]


def test_json_lines_are_read_as_the_local_engine_reads_them(
    session, scorer, model_folder, tmp_path
):
    """A number is no text; a torn line is a row with its reason."""
    lines = ['{"id": "a", "text": "late bus again lol"}', '{"id": "b", "text": 5}', "{torn", ""]
    source = tmp_path / "in"
    source.mkdir()
    (source / "x.jsonl").write_text("\n".join(lines))
    options = Options(input_format="jsonl", output_format="jsonl")
    spark.score_folder(session, str(source), str(tmp_path / "s"), str(model_folder), options)
    parts = sorted((tmp_path / "s").glob("*.json"))
    rows = [json.loads(line) for part in parts for line in part.read_text().splitlines()]
    errors = sorted((row["error"] or "").partition(":")[0] for row in rows)
    assert errors == ["", "json", "type"]
    (expected,) = scorer.score([{"id": "a", "text": "late bus again lol"}])
    assert _by_id(rows)["a"]["style"] == expected.style


def test_an_existing_folder_is_not_overwritten(session, posts, model_folder, tmp_path):
    """Spark's overwrite deletes the old output before the new one is there."""
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "mine").write_text("mine")
    with pytest.raises(ValueError, match="exists: choose another folder"):
        spark.score_folder(session, str(posts), str(tmp_path / "s"), str(model_folder))
    assert (tmp_path / "s" / "mine").read_text() == "mine"


def test_a_task_that_is_tried_again_doubles_nothing(session, posts, model_folder, tmp_path):
    """The first try of a task ends after it gave rows away."""
    frame = session.read.parquet(str(posts)).repartition(2)
    columns = Columns(kept=("likes",))
    scored = spark.score_dataframe(frame, str(model_folder), Options(columns=columns))

    def fail_once(batches):
        from pyspark import TaskContext

        yield from batches
        if TaskContext.get().attemptNumber() == 0:
            raise RuntimeError("the first try")

    scored.mapInArrow(fail_once, scored.schema).write.parquet(str(tmp_path / "s"))
    rows = parquet.read_table(tmp_path / "s").to_pylist()
    assert sorted(row["id"] for row in rows) == [f"{i:03d}" for i in range(N)]
    assert {row["id"]: row["likes"] for row in rows}["007"] == 7


def test_the_command_line(posts, scorer, model_folder, tmp_path):
    """A fresh folder, exit code 0; refused where it exists."""
    command = [sys.executable, "-m", "unpolished.cli", "score", posts, "-o", f"{tmp_path}/s/",
               "--engine", "spark", "--model", model_folder, "--jobs", "2"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert parquet.read_table(tmp_path / "s").num_rows == N
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert again.returncode == 2
    assert "exists: choose another folder" in again.stderr
