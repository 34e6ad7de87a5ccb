"""What the studies make of two sets of scores."""

import numpy as np
import pytest
from sources import difference, out_of_fold
from unpolished.data.labelled_texts import LabelledTexts, LabelTruth
from unpolished.training.recipe import read_recipe


def _posts(n):
    names = np.array([f"author-{i % 7}" for i in range(n)])
    return LabelledTexts(
        texts=tuple("late bus" for _ in range(n)), sources=np.full(n, "here"), authors=names,
        groups=names, folds=np.arange(n, dtype=np.int8) % 5,
        style=np.full(n, np.nan, np.float32), paid=np.full(n, -1, np.int8),
        kinds=np.full((n, 3), np.nan, np.float32), cause=np.full(n, -1, np.int8),
        weight=np.ones(n, np.float32),
    )  # fmt: skip


def test_only_posts_of_the_folds_asked_for_are_scored():
    """The others have no score, and do not count in a difference."""
    posts = _posts(40)
    folds = posts.folds
    some = out_of_fold(read_recipe("rules"), posts, 30, None, 2)
    assert some.shape == (30, 5)
    assert np.array_equal(~np.isnan(some[:, 1]), folds[:30] < 2)
    whole = out_of_fold(read_recipe("rules"), posts, 30, None)
    assert np.array_equal(whole[folds[:30] < 2], some[folds[:30] < 2], equal_nan=True)
    # Rules do not tell own promotion.
    assert np.isnan(whole).all(axis=0).tolist() == [False] * 4 + [True]
    assert not np.isnan(whole[:, :4]).any()


def test_a_difference_is_of_the_posts_asked_for():
    """None of scores with themselves; what stands outside the rows or has no score is left out.

    Where both scores are the same, no draw tells them apart and there is no interval.
    """
    n = 40
    labelled = _posts(n)
    positive = np.tile([0.0, 1.0, 1.0, 0.0], n // 4)
    right, wrong = np.zeros((n, 5)), np.zeros((n, 5))
    right[:, 1] = positive
    wrong[:, 1] = np.where(np.arange(n) < n // 2, 1 - positive, positive)
    truth, everywhere = LabelTruth("paid", 1, positive), np.ones(n, bool)
    same = (0, pytest.approx((np.nan, np.nan), nan_ok=True))
    assert difference(truth, labelled, everywhere, right, right) == same
    change, (low, high) = difference(truth, labelled, everywhere, right, wrong)
    assert 0 < low <= change <= high
    assert difference(truth, labelled, np.arange(n) >= n // 2, right, wrong) == same
    right[: n // 2] = np.nan
    assert difference(truth, labelled, everywhere, right, wrong) == same
