"""The models that come with the package say what they said when they were shipped."""

import json
from pathlib import Path

import numpy as np
import pytest
from unpolished import Scorer
from unpolished.models.base import FIRST_FOUR
from unpolished.models.saved_model import ModelError
from unpolished.models.shipped.folders import DEFAULT, SHIPPED, model_folder

from .stored import STORED, stored_posts

MAX_BYTES = 30_000_000


@pytest.mark.parametrize("name", list(SHIPPED))
def test_scores_are_those_stored(name):
    """Another library, another machine: within a ten-thousandth; what it does not tell is null."""
    stored = json.loads(STORED.read_text("utf-8"))[name]
    ids, texts = zip(*stored_posts(), strict=True)
    assert list(stored) == list(ids)
    scorer = Scorer.load(name)
    rows = scorer.score(list(texts))
    told = scorer.info.probabilities
    found = [[getattr(row, column) for column in told] for row in rows]
    np.testing.assert_allclose(found, list(stored.values()), atol=1e-4)
    if told == FIRST_FOUR:
        assert {(row.p_self, row.promotion) for row in rows} == {(None, None)}


@pytest.mark.parametrize("name", list(SHIPPED))
def test_shipped_models_are_small_and_of_public_data(name):
    """Self-contained folders, with a card and a run."""
    folder = SHIPPED[name]
    assert sum(path.stat().st_size for path in folder.iterdir()) < MAX_BYTES
    info = Scorer.load(name).info
    assert info.training.name == "public"
    assert info.run_id in (folder / "MODEL_CARD.md").read_text("utf-8")


def test_names_and_folders():
    """One word; a folder of that name is written with its path."""
    assert model_folder(None) == model_folder("default") == SHIPPED[DEFAULT]
    assert model_folder("linear") == SHIPPED["linear"]
    assert model_folder("./linear") == Path("linear")
    assert model_folder(Path("linear")) == Path("linear")
    assert Scorer.load("linear").info.family == "linear"
    with pytest.raises(ModelError, match="is not a model folder"):
        Scorer.load("lineal")
