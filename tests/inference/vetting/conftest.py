"""Posts of creators, scored without a model."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from unpolished.data.hashing import author_sha1
from unpolished.inference.vetting.creators import VettedPost
from unpolished.models.families.linear import Linear
from unpolished.models.fold_models.folder import FoldModel, save_fold_models
from unpolished.models.fold_models.pipeline import FoldPipeline
from unpolished.models.pipeline import Pipeline
from unpolished.models.saved_model import save_model
from unpolished.models.scored_post import ScoredPost

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def post():
    """Make a post: its number, and what is said of it."""

    def make(number, *, text="late bus again", day=None, followers=100, likes=5, comments=1, **row):
        when = START + timedelta(days=number if day is None else day)
        said = {"style": "raw", "paid": "unlikely", "performative": "unlikely", "cause": "none",
                "disclosure": "none", "language": "en"} | row  # fmt: skip
        return VettedPost(
            f"p{number}", None, text, when, followers, likes, comments,
            ScoredPost(id=f"p{number}", **said),
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def fold_pipeline(train, model_folder, tmp_path_factory):
    """The small model with fold models, as if its authors were in two folds and a run."""
    folds = np.array([int(name.split("-")[1]) % 2 for name in train.authors], np.int8)
    hashes = np.array([author_sha1(name) for name in train.authors])
    train = replace(train, folds=folds, authors=hashes)
    full = Pipeline.load(model_folder)
    info = full.info.model_copy(update={"run_id": "0" * 32})
    folder = tmp_path_factory.mktemp("run")
    save_model(folder / "model", full.model, info, "# card\n")
    models = {}
    for fold in (0, 1):
        part = train.take(folds != fold)
        models[fold] = FoldModel(Linear().fit(part), len(part), 10)
    save_fold_models(folder / "folds", models, info, train)
    return FoldPipeline.open(folder / "folds", folder / "model")
