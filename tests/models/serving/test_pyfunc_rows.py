"""The model as MLflow loads it says, row by row, what the batch scorer says."""

import json
import warnings

import mlflow
import pandas as pd
import pytest
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.output.row_encoder import ROW_COLUMNS
from unpolished.inference.scorer import Scorer
from unpolished.models.scored_post import NESTED
from unpolished.models.serving import pyfunc
from unpolished.models.serving.pyfunc import ARTIFACT, UnpolishedModel, signature

RECORDS = [
    {"id": "a", "text": "ugh my bus was late again lol"},
    {"id": "b", "text": "   "},
    {"text": "in love with this serum from @glow, use code MAYA10 #ad"},
    {"id": "d", "text": None},
    {"id": "e", "text": ""},
    {"id": "f", "text": "\n\t\u00a0"},
    {"text": "no"},
    {"id": "h", "text": "late bus again", "posted_at": "yesterday"},
    {"id": "i", "text": "late bus again", "posted_at": "2024-05-01", "paid_partnership": True},
    {"id": "x" * 2000, "text": "late bus again"},
]


@pytest.fixture
def loaded(model_folder, tmp_path, monkeypatch):
    """Logged in models-from-code and loaded by MLflow itself."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    target = tmp_path / "logged"
    script = pyfunc.__file__.replace("pyfunc.py", "pyfunc_script.py")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no example of a post is stored beside a model
        mlflow.pyfunc.save_model(
            target, python_model=script, artifacts={ARTIFACT: str(model_folder)},
            signature=signature(),
        )  # fmt: skip
    found = mlflow.pyfunc.load_model(str(target))
    assert isinstance(found.unwrap_python_model(), UnpolishedModel)
    return found


@pytest.mark.filterwarnings("ignore:values that could not be read")
def test_rows_and_reason_codes_are_those_of_the_batch_scorer(loaded, model_folder, tmp_path):
    """None lost; in their order; a blank text is an error, no row that says too short."""
    source, target = tmp_path / "in.jsonl", tmp_path / "o.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    score_file(Scorer.load(model_folder).pipeline, source, target)
    scored = {r["id"]: r for r in map(json.loads, target.read_text().splitlines())}
    lines = (tmp_path / "o.jsonl.rejects.jsonl").read_text().splitlines()
    rejected = {r["line"]: r for r in map(json.loads, lines)}
    frame = loaded.predict(pd.DataFrame(RECORDS))
    assert list(frame.columns) == [*ROW_COLUMNS, "error"]
    assert len(frame) == len(RECORDS) == len(scored) + len(rejected)
    for line, row in enumerate(frame.to_dict("records"), 1):
        if line in rejected:
            reject = rejected[line]
            assert row["error"] == f"{reject['code']}: {reject['message']}"
            assert pd.isna(row["p_paid"])
            assert pd.isna(row["style"])
            continue
        expected = scored[row["id"]]
        assert pd.isna(row["error"])
        for column in ROW_COLUMNS:
            value = row[column]
            if column in NESTED:
                value = json.loads(value)
            wanted = pytest.approx(expected[column], abs=1e-6) if column[:2] == "p_" else (
                expected[column])  # fmt: skip
            assert (None if pd.api.types.is_scalar(value) and pd.isna(value) else value) == wanted
    assert {r["code"] for r in rejected.values()} == {"empty", "missing"}
    assert {"h", "row-10"} <= scored.keys()


@pytest.mark.filterwarnings("ignore:values that could not be read")
@pytest.mark.parametrize(
    ("labels", "paid"),
    [
        ([True, None], [1, 0]), ([1.0, float("nan")], [1, 0]),
        (["Paid partnership", "N/A"], [1, 0]), ([[{"sponsor": "brello"}], []], [1, 0]),
        (["Brello", "TRUE"], [0, 1]), ([1, 0], [1, 0]),
        (pd.array([True, None], dtype="boolean"), [1, 0]),
    ],
)  # fmt: skip
def test_a_label_in_any_shape_passes_the_signature(loaded, labels, paid):
    """A column of labels with gaps is no column of booleans, and costs no batch."""
    frame = pd.DataFrame({"text": ["late bus again", "made soup"], "paid_partnership": labels})
    assert list(loaded.predict(frame)["paid"] == "disclosed") == list(map(bool, paid))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("id", pd.Series([17, 18])),
        ("id", pd.Series([17, None], dtype="Int64")),
        ("id", pd.Series([17.0, None])),
        ("paid_partnership", pd.Series([1, 0])),
        ("paid_partnership", pd.Series([1.0, None])),
        ("posted_at", pd.Series(pd.to_datetime(["2024-05-01", None]))),
        ("platform", pd.Series(["instagram", None], dtype="category")),
        ("author", pd.Series([None, None])),
        ("author_country", pd.Series(["DE", None], dtype="string")),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.dtype),
)
def test_tables_are_taken_as_people_have_them(loaded, column, values):
    """Whole numbers, gaps, times and categories: no row has an error."""
    posts = pd.DataFrame({"text": ["ugh the bus was late again", "soup once more"]})
    frame = loaded.predict(posts.assign(**{column: values}))
    assert frame["error"].isna().all()
    if column == "id":
        assert frame["id"][0] == "17"
