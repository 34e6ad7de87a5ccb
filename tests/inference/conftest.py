"""A small saved linear model, so that scoring is tested with the real thing."""

import itertools
import os
import sys

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.data.text.masking import mask
from unpolished.inference.scorer import Scorer
from unpolished.models.decision.calibration import Calibration
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.families.linear import Linear
from unpolished.models.families.rules import Rules
from unpolished.models.saved_model import ModelInfo, TrainingData, save_model

_TEXTS = {
    (0.0, 0, 0): ("ugh my bus was late again lol", "cant sleep, thinking about tomorrow"),
    (1.0, 1, 0): ("Discover our new collection today!", "Join us for an evening of light."),
    (0.5, 2, 0): (
        "in love with this serum from @glow, use code MAYA10",
        "best snacks, @crunchy",
    ),
    (1.0, 0, 1): ("We stand with everyone affected. #awareness", "Thoughts and prayers tonight"),
    (0.0, 0, 2): ("I gave $50 to the food bank, donate here", "We match 10,000 for relief"),
}
_ENDINGS = ("", " today", " again", " :)", " so there", " my friends", " this week", " for real")


@pytest.fixture(scope="session")
def train():
    """Eighty labelled posts by twenty authors."""
    rows = [
        (mask(text + ending).text, *labels)
        for labels, texts in _TEXTS.items()
        for text, ending in itertools.product(texts, _ENDINGS)
    ]
    texts, style, commercial, cause = zip(*rows, strict=True)
    authors = np.array([f"author-{i % 20}" for i in range(len(rows))])
    return LabelledTexts(
        texts=texts,
        sources=np.full(len(rows), "here"),
        authors=authors,
        groups=authors,
        folds=np.zeros(len(authors), np.int8),
        style=np.array(style, np.float32),
        paid=(np.array(commercial) == 2).astype(np.int8),
        kinds=one_hot(np.array(commercial, np.int8), 3),
        cause=np.array(cause, np.int8),
        weight=np.ones(len(rows), np.float32),
    )


def _saved(model, train, folder):
    raw = model.fit(train).predict_proba(train.texts)
    calibration = Calibration.fit(raw, train)
    n_posts = len(train.texts)
    info = ModelInfo(
        name="tiny",
        version="1",
        family=model.family,
        calibration=calibration,
        thresholds=Thresholds.fit(calibration.apply(raw), train),
        training=TrainingData(name="tiny", fingerprint="0", n_posts=n_posts, n_authors=20),
    )
    save_model(folder, model, info, "# card\n")
    return folder


@pytest.fixture(scope="session")
def model_folder(train, tmp_path_factory):
    """A linear model, saved by the real code."""
    return _saved(Linear(), train, tmp_path_factory.mktemp("saved") / "tiny")


@pytest.fixture(scope="session")
def rules_folder(train, tmp_path_factory):
    """Rules, saved by the real code; they start fastest."""
    return _saved(Rules(), train, tmp_path_factory.mktemp("saved") / "rules")


@pytest.fixture(scope="session")
def scorer(model_folder):
    """The model, loaded."""
    return Scorer.load(model_folder)


@pytest.fixture(scope="session")
def spark_session():
    """Two threads, small batches; a task may fail once."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2,2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "7").getOrCreate()
    yield session
    session.stop()
