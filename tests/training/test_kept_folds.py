"""Fold models that a run keeps: what they are, and that nothing else about the run changes."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from unpolished.data.axes import FLAGS
from unpolished.data.dataset.own_posts import CORPUS
from unpolished.data.folds.fold_file import NO_FOLD
from unpolished.data.posts import Post
from unpolished.models.base import PROBABILITIES
from unpolished.models.families.linear import Linear
from unpolished.models.fold_models.folder import load_fold_models
from unpolished.models.fold_models.pipeline import FoldPipeline
from unpolished.models.registry.download import FOLD_MODELS, download_fold_models
from unpolished.models.saved_model import ModelError, read_info
from unpolished.training.kept_folds import KeptFolds
from unpolished.training.recipe import read_recipe
from unpolished.training.tracking import records as r
from unpolished.training.tracking.runs import finished_runs, load_table, run_model
from unpolished.training.train import train


@pytest.fixture(scope="module")
def posts():
    """Some of the corpus."""
    lines = CORPUS.read_text("utf-8").splitlines()[::8]
    return [json.loads(line) for line in lines]


class Runs(NamedTuple):
    """A run that kept its fold models, one that did not, and the folder of their artefacts."""

    kept: str
    without: str
    artefacts: Path


@pytest.fixture(scope="module")
def runs(posts, empty_store, tmp_path_factory):
    """Both on the same posts, in a store of their own."""
    folder = tmp_path_factory.mktemp("runs")
    shutil.copy(empty_store, folder / "mlflow.db")
    path = folder / "own.jsonl"
    path.write_text("".join(json.dumps(post) + "\n" for post in posts), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        patch.delenv("MLFLOW_RUN_ID", raising=False)
        ids = [train(read_recipe("rules"), path, keep_folds=keep).run_id for keep in (True, False)]
        yield Runs(*ids, folder / "mlartifacts")


def test_posts_have_the_scores_of_the_runs_own_evaluation(runs, posts):
    """What vetting says of a post that was trained on is what was measured out of fold."""
    pipeline = FoldPipeline.open(runs.kept)
    table = load_table(runs.kept, "predictions.parquet").set_index("source_id")
    asked = [{name: post[name] for name in ("id", "author", "text")} for post in posts]
    rows = pipeline.score([Post(**post) for post in asked], errors="raise")
    of_run = table.loc[[row.id for row in rows]]
    scores = of_run[[f"author_raw_{flag}" for flag in FLAGS]].to_numpy(np.float32)
    expected = pipeline.info.calibration.apply(scores)
    told = np.array([[getattr(row, name) for name in PROBABILITIES] for row in rows], np.float32)
    np.testing.assert_allclose(told, expected, atol=1e-6)
    assert [row.model.name.split("-")[-1] for row in rows] == of_run["fold"].map(str).tolist()
    assert {row.model.run_id for row in rows} == {runs.kept}
    news = [Post(text="something new", author=post["author"]) for post in posts]
    assert all(pipeline.fold_of(post) is not None for post in news)
    assert pipeline.fold_of(Post(text="a new post by somebody new", author="new")) is None


def test_no_text_is_kept(runs, posts):
    """Neither in the table of posts nor in a model."""
    kept = [path.read_bytes() for path in (runs.artefacts / runs.kept).rglob("*")
            if FOLD_MODELS in path.parts and path.is_file()]  # fmt: skip
    assert kept
    for post in posts:
        assert not any(post["text"][:60].encode() in content for content in kept)


def _without(values, names):
    return {name: value for name, value in values.items() if name not in names}


def test_nothing_else_changes(runs):
    """Metrics, predictions and the model are those of a run that keeps none; its folder is new."""
    both = runs.kept, runs.without
    for name in ("predictions.parquet", "metrics.parquet", "fairness.parquet"):
        pd.testing.assert_frame_equal(*(load_table(run, name) for run in both))
    known = {run.run_id: run for run in finished_runs()}
    one, other = (known[run] for run in both)
    took = {"duration_seconds", "cpu_seconds"}
    assert _without(one.metrics, took) == _without(other.metrics, took)
    assert (one.params, one.tags) == (other.params, other.tags)
    infos = [read_info(run_model(run)) for run in both]
    same = [info.model_copy(update={"run_id": None, "files": _weights(info)}) for info in infos]
    assert same[0] == same[1]
    listed = [
        {path.name for path in (runs.artefacts / run / "artifacts").iterdir()} for run in both
    ]
    assert listed[0] == {*listed[1], FOLD_MODELS}


def test_fold_models_of_another_run_or_of_none(runs):
    """Said with the remedy."""
    with pytest.raises(ModelError, match=r"kept no fold models: train it again.*--keep-folds"):
        download_fold_models(runs.without)
    with pytest.raises(ModelError, match="was not found: check its id"):
        download_fold_models("0" * 32)
    with pytest.raises(ModelError, match=f"open that run's own model, runs:/{runs.kept}/model"):
        FoldPipeline.open(f"runs:/{runs.kept}", f"runs:/{runs.without}/model")


def _weights(info):
    return {name: sha for name, sha in info.files.items() if not name.endswith(".md")}


def test_posts_in_no_fold_have_a_model_that_has_not_seen_them(fitted, info, tmp_path):
    """Fitted on all others, and it learns nothing of the texts of these either."""
    _, posts = fitted
    folds = np.where(np.isin(posts.authors, ["a0", "a1"]), NO_FOLD, 0).astype(np.int8)
    posts = replace(posts, folds=folds)
    asked = []

    def new_model(spare):
        asked.append(spare)
        return Linear()

    kept = KeptFolds()
    kept.add_no_fold(posts, posts.take(np.arange(12)), new_model)
    kept.add_no_fold(posts.take(posts.folds != NO_FOLD), None, new_model)
    assert len(asked) == 1
    assert set(asked[0].folds) == {0}
    kept.add(0, Linear().fit(posts), posts)
    kept.save(tmp_path / "folds", info, posts)
    opened = load_fold_models(tmp_path / "folds", info)
    model, about, _ = opened.models[NO_FOLD]
    others = posts.take(posts.folds != NO_FOLD)
    expected = Linear().fit(others.both_views()).predict_proba(posts.texts)
    np.testing.assert_array_equal(model.predict_proba(posts.texts), expected)
    assert (about.training.n_posts, about.training.n_authors) == (len(others), 8)


def test_where_all_of_the_spare_posts_are_in_no_fold_there_are_none(fitted):
    """An encoder is then left as it is."""
    _, posts = fitted
    posts = replace(posts, folds=np.where(posts.authors == "a0", NO_FOLD, 0).astype(np.int8))
    asked = []

    def new_model(spare):
        asked.append(spare)
        return Linear()

    KeptFolds().add_no_fold(posts, posts.take(posts.folds == NO_FOLD), new_model)
    assert asked == [None]


def test_fold_models_are_logged_before_the_model(facts, tmp_path):
    """So that what is registered has all of its facts beside it; without them, nothing is."""
    assert not [record for record in r.records(facts) if isinstance(record, r.Folder)]
    logged = list(r.records(replace(facts, fold_models=tmp_path)))
    assert [record for record in logged if isinstance(record, r.Folder)] == [
        r.Folder(FOLD_MODELS, tmp_path)
    ]
    assert isinstance(logged[-1], r.SavedModel)
