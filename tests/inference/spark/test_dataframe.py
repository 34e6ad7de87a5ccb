"""Spark in local mode: the same rows as the local engine."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.options import Options

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),  # of Spark and its bridge to Java, not ours
]

from unpolished.inference.spark import dataframe as spark  # noqa: E402

N = 60
KEPT = ("likes", "tags", "place", "note")
# Each line with the code it is rejected with, if it is.
LINES = [
    (b'{"id": "a", "text": "late bus again lol", "likes": 3, "tags": ["x", {"y": 1.5}]}', None),
    (b'{"id": "b", "text": 5}', "type"),
    (b"{torn", "json"),
    (b"", None),
    (b'{"id": "c", "text": "caf\xe9 with friends"}', "encoding"),
    ('{"id": "d", "text": "naïve café 😀 time", "note": "a\\nb \u2028 é", "place": null}'.encode(),
     None),
    (b'{"id": "e", "text": "a lone \\ud83d one here", "tags": true}', None),
    (b'{"id": "f", "text": "twice", "text": "named"}', "json"),
    (b'["no object"]', "json"),
    (b'{"id": "g", "text": "so in love with this serum, use code MAYA1", "place": {"a": null}}',
     None),
    (b'{"id": "h", "text": "x", "likes": NaN}', "json"),
    (b'{"id": "i", "text": " "}', "empty"),
    (b'{"id": "j", "text": "deep", "tags": ' + b"[" * 200 + b"]" * 200 + b"}", "value"),
]  # fmt: skip


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    """A folder of Parquet in three files, one of them in a folder inside; some rows bad."""
    folder = tmp_path_factory.mktemp("posts")
    rows = [
        {
            "id": f"{i:03d}", "text": f"late bus {i} lol, use code MAYA{i} #ad", "likes": i,
            "tags": ["é", None] if i % 2 else None, "place": {"city": f"c{i}", "at": [i, 0.5]},
            "note": f"n{i}",
        }
        for i in range(N)
    ]  # fmt: skip
    rows[5]["text"], rows[17]["text"], rows[40]["likes"] = None, "  ", -1
    (folder / "inside").mkdir()
    for i, name in enumerate(("0.parquet", "1.parquet", "inside/2.parquet")):
        parquet.write_table(pa.Table.from_pylist(rows[i::3]), folder / name)
    return folder


@pytest.fixture
def lines(tmp_path):
    """A folder with a file of good lines and bad ones, ends of all kinds, a mark at its start."""
    (tmp_path / "in").mkdir()
    ends = (b"\n", b"\r\n", b"\r")
    content = b"".join(line + ends[i % 3] for i, (line, _) in enumerate(LINES))
    (tmp_path / "in" / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + content)
    return tmp_path / "in"


@pytest.mark.parametrize(
    ("columns", "name"),
    [(Columns({"author": "user"}), "user"), (Columns(kept=("caf\u00e9", "athor")), "athor")],
)
def test_a_column_that_no_line_has(spark_session, lines, tmp_path, columns, name):
    """Refused before anything is written; spelling and escapes do not count."""
    (lines / "y.jsonl").write_text(
        '{"id": "z", "text": "late bus again lol", "Caf\\u00e9 ": 1, "author": "ana"}\n'
    )
    options = Options(input_format="jsonl", columns=columns)
    with pytest.raises(InputError, match=f"no line has '{name}'; check --map"):
        spark.score_folder(spark_session, str(lines), str(tmp_path / "o"), None, options)
    assert not (tmp_path / "o").exists()


def test_arrays_among_the_lines(spark_session, scorer, model_folder, tmp_path):
    """Brackets and commas around objects are no records, here as there."""
    (tmp_path / "in").mkdir()
    objects = [json.dumps({"id": i, "text": f"late bus {i} lol", "Likes": 3}) for i in "abc"]
    (tmp_path / "in" / "x.jsonl").write_text("[\n" + ",\n".join(objects) + "\n]\n")
    (tmp_path / "in" / "y.jsonl").write_text("[" + ",\n".join(objects).replace("lol", "x") + "]")
    options = Options(input_format="jsonl", output_format="jsonl", columns=Columns(kept=("likes",)))
    kinds = {"a", "b", "c"}
    spark.score_folder(spark_session, str(tmp_path / "in"), str(tmp_path / "s"), str(model_folder),
                       options)  # fmt: skip
    rows = [row for part in (tmp_path / "s").glob("part-*") for row in _json_lines(part)]
    assert len(rows) == 6
    assert {row["id"] for row in rows} == kinds
    assert all(row["error"] is None and row["likes"] == 3 for row in rows)
    assert score_file(scorer.pipeline, tmp_path / "in", tmp_path / "o.jsonl", options).scored == 6


def test_exports_in_lines(spark_session, scorer, model_folder, tmp_path):
    """Recognised line by line, those of several scrapers in one folder; pages are unpacked."""
    fixtures = Path(__file__).parents[2] / "data" / "io" / "exports" / "fixtures"
    (tmp_path / "in").mkdir()
    for name in ("reddit-comments.jsonl", "x-api.jsonl", "zeeschuimer-tiktok.ndjson"):
        (tmp_path / "in" / name).write_bytes((fixtures / name).read_bytes())
    plain = "".join(json.dumps({"id": f"p{i}", "text": f"late bus {i} lol"}) + "\n" for i in "ab")
    (tmp_path / "in" / "z.jsonl").write_text(plain)
    options = Options(input_format="jsonl", output_format="jsonl")
    spark.score_folder(spark_session, str(tmp_path / "in"), str(tmp_path / "s"), str(model_folder),
                       options)  # fmt: skip
    rows = [row for part in (tmp_path / "s").glob("part-*") for row in _json_lines(part)]
    assert {row.pop("error") for row in rows} == {None}
    score_file(scorer.pipeline, tmp_path / "in", tmp_path / "o.jsonl", options)
    expected = _json_lines(tmp_path / "o.jsonl")
    assert len(rows) == len(expected) == 32

    # Ids are those of the same ten posts, three times: each is scored in each shape.
    def sorted_rows(given):
        return sorted(given, key=lambda row: (row["id"], row["repairs"], row["p_paid"]))

    for row, other in zip(sorted_rows(rows), sorted_rows(expected), strict=True):
        _agree({row["id"]: row}, {other["id"]: other})


def _by_id(rows):
    return {row["id"]: row for row in rows}


def _json_lines(path):
    # Not splitlines, which also ends a line at signs that JSON leaves in a text.
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def _agree(found, expected):
    """Labels and kept columns equal, probabilities within 1e-5."""
    assert found.keys() == expected.keys()
    for post_id, row in expected.items():
        assert list(found[post_id]) == list(row)
        for name, value in row.items():
            if name.startswith("p_"):
                assert found[post_id][name] == pytest.approx(value, abs=1e-5)
            else:
                assert found[post_id][name] == value


def _compare(session, scorer, model_folder, source, tmp_path, options):
    """Score with both engines: rows equal by id, rejects by their codes; returns the rejects."""
    kind = options.output_format
    spark.score_folder(session, str(source), str(tmp_path / "s"), str(model_folder), options)
    score_file(scorer.pipeline, source, tmp_path / f"o.{kind}", options)
    if kind == "parquet":
        found = parquet.read_table(tmp_path / "s").to_pylist()
        expected = parquet.read_table(tmp_path / "o.parquet").to_pylist()
    else:
        parts = sorted((tmp_path / "s").glob("part-*"))
        found = [row for part in parts for row in _json_lines(part)]
        expected = _json_lines(tmp_path / f"o.{kind}")
    bad = [row["error"].partition(":")[0] for row in found if row["error"]]
    good = [{k: v for k, v in row.items() if k != "error"} for row in found if not row["error"]]
    _agree(_by_id(good), _by_id(expected))
    assert len(good) == len(expected)
    rejects = _json_lines(tmp_path / f"o.{kind}.rejects.jsonl")
    assert sorted(bad) == sorted(reject["code"] for reject in rejects)
    return bad


@pytest.mark.parametrize("written", ["parquet", "jsonl"])
def test_both_engines_agree_on_parquet(
    spark_session, posts, scorer, model_folder, tmp_path, written
):
    """Row for row by id, kept columns among them; rejects are rows with the same code."""
    options = Options(output_format=written, columns=Columns(kept=KEPT))
    bad = _compare(spark_session, scorer, model_folder, posts, tmp_path, options)
    assert sorted(bad) == ["empty", "missing"]
    counts = spark.counted(spark_session, str(tmp_path / "s"), written)
    assert (counts.rows, counts.scored, counts.n_rejected) == (N, N - 2, 2)
    assert sum(counts.labels["paid"].values()) == N - 2


@pytest.mark.parametrize("written", ["parquet", "jsonl"])
def test_both_engines_agree_on_lines(spark_session, lines, scorer, model_folder, tmp_path, written):
    """The same parser: bytes that are no UTF-8 and torn lines are rejects, the rest is scored."""
    options = Options(input_format="jsonl", output_format=written, columns=Columns(kept=KEPT))
    bad = _compare(spark_session, scorer, model_folder, lines, tmp_path, options)
    assert sorted(bad) == sorted(code for _, code in LINES if code)


@pytest.mark.parametrize("written", ["parquet", "jsonl"])
def test_repairs_come_through(spark_session, scorer, model_folder, tmp_path, written):
    """From columns and from lines: the whole text, its codes, and how many there were."""
    whole = "my week of dinners came out of one box, here is what I made with Fennwick #ad"
    records = [
        {"id": "a", "text": "<p>late bus &amp; lol</p>", "full_text": None},
        {"id": "b", "text": whole[:40] + "…", "full_text": whole},
        {"id": "c", "text": None, "full_text": None},
    ]
    (tmp_path / "in").mkdir()
    if written == "parquet":
        parquet.write_table(pa.Table.from_pylist(records), tmp_path / "in" / "x.parquet")
    else:
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (tmp_path / "in" / "x.jsonl").write_text(lines)
    options = Options(input_format=written, output_format=written, columns=Columns(kept=("text",)))
    bad = _compare(spark_session, scorer, model_folder, tmp_path / "in", tmp_path, options)
    assert bad == ["missing"]
    counts = spark.counted(spark_session, str(tmp_path / "s"), written)
    assert counts.repairs == {"markup": 1, "entities": 1, "full_text": 1}


def test_text_in_parquet_that_is_no_utf8_is_a_row(spark_session, scorer, model_folder, tmp_path):
    """Parquet says string and does not check; nor does Spark."""
    (tmp_path / "in").mkdir()
    data = b"a day at the beachcaf\xe9 with friendslate bus again"
    offsets = pa.array([0, 18, 35, 49], pa.int32()).buffers()[1]
    texts = pa.StringArray.from_buffers(3, offsets, pa.py_buffer(data))
    parquet.write_table(pa.table({"id": ["a", "b", "c"], "text": texts}), tmp_path / "in/x.parquet")
    options = Options(output_format="parquet")
    assert _compare(spark_session, scorer, model_folder, tmp_path / "in", tmp_path, options) == [
        "encoding"
    ]


def test_a_line_that_is_too_long_is_a_row(spark_session, model_folder, tmp_path, scorer):
    """The limit is that of the local engine."""
    (tmp_path / "in").mkdir()
    long = '{"id": "a", "text": "' + "x" * (1 << 24) + '"}\n'
    (tmp_path / "in" / "x.jsonl").write_text(long + '{"id": "b", "text": "late bus again"}\n')
    options = Options(input_format="jsonl", output_format="jsonl")
    bad = _compare(spark_session, scorer, model_folder, tmp_path / "in", tmp_path, options)
    assert bad == ["too_long"]


def test_rows_without_an_id_have_one_of_their_own(spark_session, model_folder, tmp_path):
    """Also after blank lines and rejects, and in other tasks."""
    (tmp_path / "in").mkdir()
    content = '{"text": "late bus"}\n\n{"text": "again"}\n{torn\n\n{"text": "lol"}\n{"text": 1}\n'
    for name in ("x.jsonl", "y.jsonl"):
        (tmp_path / "in" / name).write_text(content)
    spark_session.conf.set("spark.sql.files.maxPartitionBytes", "64")
    options = Options(input_format="jsonl")
    spark.score_folder(
        spark_session, str(tmp_path / "in"), str(tmp_path / "s"), str(model_folder), options
    )
    spark_session.conf.unset("spark.sql.files.maxPartitionBytes")
    ids = parquet.read_table(tmp_path / "s")["id"].to_pylist()
    assert len(ids) == len(set(ids)) == 10
    assert all(post_id.startswith("row-") for post_id in ids)


def test_an_existing_folder_is_not_overwritten(spark_session, posts, model_folder, tmp_path):
    """Spark's overwrite deletes the old output before the new one is there."""
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "mine").write_text("mine")
    with pytest.raises(InputError, match="exists: choose another folder"):
        spark.score_folder(spark_session, str(posts), str(tmp_path / "s"), str(model_folder))
    assert (tmp_path / "s" / "mine").read_text() == "mine"


def test_what_no_post_can_help_is_said_once(spark_session, posts, model_folder, tmp_path):
    """A model that is not there, a prevalence of no axis, a column that is not there or no text."""
    source, target = str(posts), tmp_path / "s"
    with pytest.raises(InputError, match=r"gave up: .*nowhere"):
        spark.score_folder(spark_session, source, str(target), str(tmp_path / "nowhere"))
    unknown = Options(prevalence={"luck": 0.5})
    with pytest.raises(InputError, match="luck"):
        spark.score_folder(spark_session, source, f"{target}2", str(model_folder), unknown)
    for columns, message in (
        (Columns(kept=("shoe",)), "no column 'shoe'"),
        (Columns({"text": "likes"}), "column 'likes' holds int64, not text"),
        (Columns(kept=("error",)), "has a column of that name already"),
    ):
        with pytest.raises(InputError, match=message):
            spark.score_folder(
                spark_session, source, f"{target}3", str(model_folder), Options(columns=columns)
            )


def test_a_file_that_ends_early_is_refused(spark_session, model_folder, tmp_path):
    """In a sentence; nothing is written."""
    (tmp_path / "in").mkdir()
    rows = "".join(json.dumps({"text": f"late bus {i * 7919 % 1000}"}) + "\n" for i in range(5000))
    packed = gzip.compress(rows.encode(), mtime=0)
    (tmp_path / "in" / "x.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    options = Options(input_format="jsonl")
    with pytest.raises(InputError, match=r"gave up: .*reading file") as refused:
        spark.score_folder(
            spark_session, str(tmp_path / "in"), str(tmp_path / "s"), str(model_folder), options
        )
    assert "\n" not in str(refused.value)
    assert not list((tmp_path / "s").rglob("*.parquet"))


def test_the_command_line(posts, model_folder, tmp_path):
    """A fresh folder, exit code 0, counts; refused where it exists.

    Workers run this Python, whichever comes first on the path.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYSPARK_PYTHON"}
    command = [sys.executable, "-m", "unpolished.cli", "score", posts, "-o", f"{tmp_path}/s/",
               "--engine", "spark", "--model", model_folder, "--jobs", "2", "--keep", "likes",
               "--json"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200,
                          env=environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["rows"], summary["scored"]) == (N, N - 2)
    assert summary["rejected"] == {"empty": 1, "missing": 1}
    assert sorted(summary["not_read"]["names"]) == ["note", "place", "tags"]
    assert parquet.read_table(tmp_path / "s").num_rows == N
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200,
                          env=environment)  # fmt: skip
    assert again.returncode == 2
    assert "exists: choose another folder" in again.stderr
