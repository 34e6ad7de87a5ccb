"""A small invented training set that every family can be fitted on."""

import itertools

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.models.decision.calibration import Calibration
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.saved_model import ModelInfo, TrainingData

RAW = (
    "ugh my bus was late again lol",
    "cant sleep, thinking about tomorrow",
    "we burnt the rice haha",
)
POLISHED = ("Discover our new collection today!", "Join us for an evening of light and sound.")
PAID = (
    "so in love with this serum from @user1, use <code>",
    "my honest favourite snack box by @user1 ❤️",
)
LOW = ("We stand with everyone affected. #awareness", "Thoughts and prayers tonight for the town")
HIGH = ("I gave $50 to the food bank, donate here <url>", "We are matching 10,000 for flood relief")
ENDINGS = ("", " today", " again", " :)", " so there", " my friends", " this week", " for real")


def _rows():
    for texts, style, commercial, cause in (
        (RAW, 0.0, 0, 0),
        (POLISHED, 1.0, 1, 0),
        (PAID, 0.5, 2, 0),
        (LOW, 1.0, 0, 1),
        (HIGH, 0.0, 0, 2),
    ):
        for text, ending in itertools.product(texts, ENDINGS):
            yield text + ending, style, commercial, cause


@pytest.fixture(scope="session")
def tiny_train() -> LabelledTexts:
    """88 posts by 22 authors; some targets are missing."""
    texts, style, commercial, cause = zip(*_rows(), strict=True)
    n = len(texts)
    style = np.array(style, np.float32)
    commercial = np.array(commercial, np.int8)
    commercial[::13] = -1
    paid = np.where(commercial < 0, -1, commercial == 2).astype(np.int8)
    style[::11] = np.nan
    authors = np.array([f"author-{i % 22}" for i in range(n)])
    return LabelledTexts(
        texts=texts,
        sources=np.full(len(texts), "here"),
        authors=authors,
        groups=authors,
        folds=np.zeros(len(authors), np.int8),
        style=style,
        paid=paid,
        kinds=one_hot(commercial, 3),
        cause=np.array(cause, np.int8),
        weight=np.ones(n, np.float32),
    )


@pytest.fixture(scope="session")
def tiny_info(tiny_train):
    """A function from a fitted model to the facts saved beside it."""

    def info(model) -> ModelInfo:
        raw = model.predict_proba(tiny_train.texts)
        calibration = Calibration.fit(raw, tiny_train)
        thresholds = Thresholds.fit(calibration.apply(raw), tiny_train)
        return ModelInfo(
            name=f"tiny-{model.family}",
            family=model.family,
            probabilities=thresholds.told,
            calibration=calibration,
            thresholds=thresholds,
            training=TrainingData(name="tiny", fingerprint="0" * 64, n_posts=88, n_authors=22),
        )

    return info
