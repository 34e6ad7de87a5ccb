"""The run that fits the stage: what it writes and tracks, on an invented table."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.author_context import FEATURES
from unpolished.models.author_stage import read_stage
from unpolished.training import author_stage
from unpolished.training.evaluation.crossfit import OutOfFold, WithAuthor
from unpolished.training.recipe import read_recipe
from unpolished.training.tracking.runs import finished_runs, load_table

TEXT = "only here"


def _posts(n=400):
    """Authors that sell their own, and authors with deals."""
    rng = np.random.default_rng(0)
    author = np.sort(rng.integers(0, 40, n))
    paid = rng.random(n) < np.where(author % 2 == 0, 0.2, 0.8)
    return pd.DataFrame(
        {
            "source": "blogs", "source_id": [str(i) for i in range(n)],
            "author": [f"x:a{i:02}" for i in author], "name": [f"ana{i}" for i in author],
            "text": [f"{TEXT}, number {i} from @glow.skin" for i in range(n)],
            "masked": "a", "masked_with_author": "a", "group": [f"g{i}" for i in author],
            "fold": (author % 5).astype(np.int8),
            "split": np.array(["train", "further", "gold", ""])[np.arange(n) % 4],
            "kind": np.where(np.arange(n) % 4 == 3, -1, 1 + paid).astype(np.int8),
            "paid": paid,
        }
    )  # fmt: skip


@pytest.fixture
def invented(monkeypatch, tmp_path):
    """Posts that no source is read for, and scores that know a little."""
    posts = _posts()

    def scored(new_model, train, held_out, extra, **_):
        rng = np.random.default_rng(1)
        p = np.full((len(held_out), 5), 0.1, np.float32)
        p[:, 1] = np.clip(0.3 + 0.2 * posts["paid"] + rng.normal(0, 0.2, len(p)), 0.01, 0.9)
        p[:, 4] = 0.95 - p[:, 1]
        flags = np.where(p > 0.5, 1, 0).astype(np.int8)
        with_author = WithAuthor(p, p, flags, p)
        return None, OutOfFold(p, p, flags, p, flags, p, with_author)

    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setattr(author_stage, "author_posts", lambda _: posts)
    monkeypatch.setattr(author_stage, "crossfit", scored)
    corpus = author_stage.read_splits
    monkeypatch.setattr(author_stage, "read_splits", lambda recipe, _: corpus(recipe, "corpus"))
    return tmp_path / "stage.json"


def test_a_run_writes_and_tracks_the_stage(invented):
    """Gold only where it is asked for; no text and no name; among no runs of models."""
    recipe = read_recipe("linear")
    done = author_stage.train_author_stage(recipe, output=invented)
    stage = read_stage(invented)
    assert stage == done.stage
    assert set(stage.measured) == {"train", "further"}
    assert stage.coefficients[FEATURES.index("others_third_party_to_own")] > 0
    assert set(done.metrics["split"]) == {"train", "further"}
    kept = load_table(done.run_id, "predictions.parquet")
    assert set(kept["split"]) == {"train", "further", ""}
    assert not {"text", "name", "author", "masked"} & set(kept)
    assert TEXT not in json.dumps(kept.astype(str).to_dict("list"))
    assert not finished_runs()
    again = author_stage.train_author_stage(recipe, gold=True, output=invented)
    assert set(again.stage.measured) == {"train", "further", "gold"}
    assert again.stage.coefficients == stage.coefficients


def test_a_folder_that_is_not_there_is_said_before_anything_is_fitted(invented):
    """Naming it and what to do."""
    output = invented.parent / "none" / "stage.json"
    with pytest.raises(ValueError, match="none: make it, or name another"):
        author_stage.train_author_stage(read_recipe("linear"), output=output)
    assert not finished_runs(completed_only=False)


def test_labels_are_not_read_by_the_models(invented):
    """The posts that are scored carry none."""
    table, _ = author_stage.context_table(read_recipe("linear"))
    assert {"p_paid", "p_self", "promotion", "known_posts", "alone", "stage", *FEATURES} <= set(
        table
    )
    assert table["known_posts"].min() > 1
    assert isinstance(replace(author_stage.as_texts(table)), LabelledTexts)
    assert not author_stage.as_texts(table).labelled.any()
