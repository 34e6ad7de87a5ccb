"""The registered model in ``mlflow.pyfunc.spark_udf``, from a real store, in real Spark."""

import os
import shutil
import sys
import warnings
from pathlib import Path

import pytest
from pyarrow import parquet
from unpolished.data.errors import InputError
from unpolished.data.io.fields.columns import Columns
from unpolished.inference.batch.score_file import score_file
from unpolished.models.registry.mlflow_settings import settle_mlflow, tracking_uri

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.filterwarnings("ignore"),  # of Spark, MLflow and its bridge to Java, not ours
]

from unpolished.inference.spark import dataframe as spark  # noqa: E402
from unpolished.inference.spark.udf import udf_rows  # noqa: E402

TEXTS = [
    "late bus {} again lol", "in love with this serum, use code MAYA{} #ad",
    "We match {}0 for relief", "Bonjour mes amis, il fait beau au {} ce matin", "ok {}",
]  # fmt: skip
ROWS = [(f"{i:02d}", TEXTS[i % 5].format(i), [True, None, False][i % 3], i) for i in range(40)]
BAD = [("b1", None, True, 40), ("b2", "  ", None, 41)]


@pytest.fixture(scope="module")
def registered(model_folder, tmp_path_factory):
    """Address of a model that is logged and registered as training does it."""
    settle_mlflow()
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
        patch.chdir(folder)
        import mlflow
        from unpolished.models.saved_model import load_model
        from unpolished.training.tracking import records
        from unpolished.training.tracking import runs as tracking

        info = load_model(Path(model_folder))[1]
        with tracking.started_run("unpolished-public", "linear") as run:
            run.log([records.SavedModel(Path(model_folder), info, "tiny")])
        mlflow.set_tracking_uri(tracking_uri())
        yield "models:/tiny/1"


@pytest.fixture(scope="module")
def udf(spark_session, registered):
    """Opened by MLflow, in this environment."""
    import mlflow

    return mlflow.pyfunc.spark_udf(spark_session, registered, env_manager="local")


@pytest.fixture
def frame(spark_session):
    """Good rows and bad ones in three partitions; a column that goes along."""
    schema = "id string, text string, paid_partnership boolean, n int"
    return spark_session.createDataFrame(ROWS + BAD, schema).repartition(3)


def _agree(found, expected):
    assert list(found) == list(expected)
    for name, value in expected.items():
        if name.startswith("p_") and value is not None:
            assert found[name] == pytest.approx(value, abs=1e-5)
        else:
            assert found[name] == value


def test_it_agrees_with_the_local_engine(udf, frame, scorer, tmp_path):
    """Row for row by id: labels equal, probabilities within 1e-5; nulls are nulls."""
    good = frame.where("id not like 'b%'")
    found = {row["id"]: row.asDict(recursive=True) for row in udf_rows(udf, good).collect()}
    source = tmp_path / "in.parquet"
    parquet.write_table(good.toArrow(), source)
    score_file(scorer.pipeline, source, tmp_path / "o.parquet")
    expected = {row["id"]: row for row in parquet.read_table(tmp_path / "o.parquet").to_pylist()}
    assert found.keys() == expected.keys()
    assert len(found) == len(ROWS)
    assert {row["paid"] for row in expected.values()} >= {"disclosed", "unsure"}
    assert {row["reason_code"] for row in expected.values()} == {None, "language", "too_short"}
    for post_id, row in expected.items():
        assert found[post_id].pop("error") is None
        _agree(found[post_id], row)


def test_it_has_the_rows_of_score_dataframe(udf, frame, model_folder):
    """The same columns of the same types, rejects among the rows, and what is kept."""
    columns = Columns(kept=("n",))
    by_udf = udf_rows(udf, frame, columns)
    ours = spark.score_dataframe(frame, str(model_folder), spark.Options(columns=columns))
    assert [(f.name, f.dataType) for f in by_udf.schema] == [
        (f.name, f.dataType) for f in ours.schema
    ]
    found = {row["n"]: row.asDict(recursive=True) for row in by_udf.collect()}
    expected = {row["n"]: row.asDict(recursive=True) for row in ours.collect()}
    assert found.keys() == expected.keys() == set(range(42))
    for n, row in expected.items():
        _agree(found[n], row)
    codes = [found[n]["error"].partition(":")[0] for n in (40, 41)]
    assert codes == ["missing", "empty"]


def test_columns_without_any_value_are_no_failure(udf, spark_session):
    """As an export has them that knows the column and nothing else."""
    schema = "id string, text string, author string, posted_at timestamp, paid_partnership boolean"
    frame = spark_session.createDataFrame([("a", "late bus again lol", None, None, None)], schema)
    (row,) = udf_rows(udf, frame).collect()
    assert (row["id"], row["error"], row["language"]) == ("a", None, "en")


def test_it_runs_in_an_environment_that_mlflow_builds(
    udf, registered, frame, spark_session, package_index, monkeypatch
):
    """Where this is not installed: the program came along with the model."""
    import mlflow

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    own, kept = (
        mlflow.pyfunc.spark_udf(spark_session, registered, env_manager="uv"),
        Columns(kept=("n",)),
    )
    found, expected = (
        {row["n"]: row.asDict(recursive=True) for row in udf_rows(by, frame, kept).collect()}
        for by in (own, udf)
    )
    assert found.keys() == expected.keys() == set(range(42))
    for n, row in expected.items():
        _agree(found[n], row)


LABELS = [
    ("string", ["Paid partnership", "N/A", "Brello", None, "TRUE"], [1, 0, 0, 0, 1]),
    ("double", [1.0, 0.0, None, 5.0, float("nan")], [1, 0, 0, 0, 0]),
    ("array<struct<name:string>>", [[("brello",)], [], None, [(None,)], [("a",), ("b",)]],
     [1, 0, 0, 0, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "paid"), LABELS, ids=[kind for kind, *_ in LABELS])
def test_labels_in_any_shape(udf, spark_session, model_folder, kind, values, paid):
    """Read as the local engine reads them, or unknown; ids of a column of fractions too."""
    rows = [(float(i), f"late bus {i} lol", value) for i, value in enumerate(values)]
    frame = spark_session.createDataFrame(
        rows, f"` ID` double, Text string, `Paid_Partnership` {kind}"
    )
    for found in (udf_rows(udf, frame), spark.score_dataframe(frame, str(model_folder))):
        labels = {row["id"]: row["paid"] == "disclosed" for row in found.collect()}
        assert labels == {str(i): bool(is_paid) for i, is_paid in enumerate(paid)}
    columns = Columns({"paid_partnership": "Sponsor"})
    frame = frame.withColumnRenamed("Paid_Partnership", "Sponsor")
    if kind == "string":
        found = udf_rows(udf, frame, columns).collect()
        assert {row["id"] for row in found if row["paid"] == "disclosed"} == {"0", "2", "4"}


def test_ids_of_rows_without_one_are_their_own(udf, spark_session):
    """Each batch of MLflow's begins at 1 again; ids do not."""
    frame = spark_session.createDataFrame([(None, f"late bus {i} lol") for i in range(30)],
                                          "id string, text string").repartition(2)  # fmt: skip
    ids = [row["id"] for row in udf_rows(udf, frame).collect()]
    assert len(set(ids)) == 30
    assert all(post_id.startswith("row-") for post_id in ids)


def test_the_model_is_asked_once_a_row(udf, frame):
    """Taking columns out of the answer does not ask anew."""
    plan = udf_rows(udf, frame)._jdf.queryExecution().executedPlan().toString()
    assert plan.count("pythonUDF0#") > 0
    assert "pythonUDF1#" not in plan


def test_a_frame_without_text_is_refused(udf, frame):
    """Before any task is started."""
    with pytest.raises(InputError, match="no column 'text'"):
        udf_rows(udf, frame.drop("text"))
