"""A whole run: what stands in the store afterwards, and what does not."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from unpolished.data.dataset.build import build
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.labels.label_files import GOLD, TRAIN, read_labels
from unpolished.models.saved_model import load_model
from unpolished.training.recipe import read_recipe
from unpolished.training.selection.compare import is_public
from unpolished.training.selection.promote import champion_run, promote
from unpolished.training.splits import data_name
from unpolished.training.tracking.runs import finished_runs, load_table, newest_run, run_model
from unpolished.training.train import data_argument, registered_name, train


@pytest.mark.parametrize(
    ("data", "name"),
    [("public", "unpolished-linear"), ("corpus", "unpolished-linear-corpus"),
     (Path("My posts (2).csv"), "unpolished-linear-my-posts-2"),
     (Path("a/日本.jsonl"), "unpolished-linear-own"),
     (Path("public.csv"), "unpolished-linear-own-public"),
     (Path("Corpus"), "unpolished-linear-own-corpus")],
)  # fmt: skip
def test_no_file_has_the_name_of_the_public_data_or_the_corpus(data, name):
    """So that a version of these is always one of them."""
    assert registered_name("linear", data_name(data)) == name


def test_a_file_called_public_is_ones_own(tmp_path, monkeypatch):
    """No run of it is taken for one on the public data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copyfile(CORPUS, tmp_path / "public.jsonl")
    train(read_recipe("rules"), data_argument("public.jsonl"))
    (run,) = finished_runs()
    assert not is_public(run)
    assert run.experiment == "unpolished-own-public"
    assert promote().registered == "unpolished-own_own-public"
    assert champion_run() is None
    with pytest.raises(ValueError, match="no completed run of rules on public data"):
        newest_run("rules")


def test_data_is_a_name_or_a_file(tmp_path):
    """Else an error that says so."""
    (tmp_path / "a.csv").write_text("text\n")
    assert data_argument("public") == "public"
    assert data_argument(str(tmp_path / "a.csv")) == tmp_path / "a.csv"
    with pytest.raises(ValueError, match="give public, corpus, or a file"):
        data_argument("nothing")


@pytest.mark.slow
def test_a_public_run_logs_predictions_and_no_text(mirror, tmp_path, monkeypatch):
    """Every artefact is searched for the posts themselves."""
    del mirror
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    done = train(read_recipe("rules"), "public")
    (run,) = finished_runs()
    assert (run.run_id, run.tags["gold-look"]) == (done.run_id, "true")
    predictions = load_table(done.run_id, "predictions.parquet")
    assert len(predictions) == len(read_labels(TRAIN, 1)) + len(read_labels(GOLD, 3))
    assert {"source", "source_id", "fold", "p_paid"} <= set(predictions.columns)
    _, info = load_model(run_model(done.run_id))
    splits = build("public", further=True, corpus=True)
    assert info.training.n_posts == sum(map(len, splits.values()))
    texts = [
        t for name in ("train", "gold", "further") for t in splits[name]["text"] if len(t) > 60
    ]
    stored = [p.read_bytes() for p in Path(tmp_path).rglob("*") if p.is_file()]
    assert stored
    for text in texts:
        part = text[:60].encode()
        assert not any(part in content for content in stored)


@pytest.mark.slow
def test_runs_are_deterministic(tmp_path, monkeypatch):
    """The same twice, bit by bit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    tables = [
        load_table(train(read_recipe("linear"), "corpus").run_id, "predictions.parquet")
        for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*tables)
