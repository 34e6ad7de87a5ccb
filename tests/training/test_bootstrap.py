"""Intervals come from groups, and cover."""

import numpy as np
from unpolished.training.bootstrap import auc_draws, group_weights, interval, resampled
from unpolished.training.metrics import within_source_auc


def _data(n=120, seed=0):
    rng = np.random.default_rng(seed)
    groups = np.array([f"g{i}" for i in rng.integers(0, 30, n)])
    positive = rng.random(n) < 0.4
    return (
        positive,
        rng.normal(size=n) + positive,
        np.array(["a", "b"])[rng.integers(0, 2, n)],
        groups,
    )


def test_a_group_is_drawn_as_one():
    """Its rows always have the same weight; a draw has as many groups as there are."""
    _, _, _, groups = _data()
    weights = group_weights(groups, repeats=50)
    for name in np.unique(groups):
        rows = weights[:, groups == name]
        assert (rows == rows[:, :1]).all()
    first = [np.flatnonzero(groups == name)[0] for name in np.unique(groups)]
    assert (weights[:, first].sum(axis=1) == len(first)).all()


def test_draws_equal_the_metric_on_repeated_rows():
    """The product form against the plain one, draw by draw."""
    positive, score, source, groups = _data()
    weights = group_weights(groups, repeats=20, seed=3)
    fast = auc_draws(positive, score, source, weights)
    slow = resampled(
        lambda i: within_source_auc(positive[i], score[i], source[i]), groups, repeats=20, seed=3
    )
    np.testing.assert_allclose(fast, slow, atol=1e-5)


def test_intervals_cover_and_are_seeded():
    """The same twice; around the value; wider where rows come in few groups."""
    positive, score, source, groups = _data(400)
    value = within_source_auc(positive, score, source)
    low, high = interval(auc_draws(positive, score, source, group_weights(groups)))
    assert low < value < high
    assert (low, high) == interval(auc_draws(positive, score, source, group_weights(groups)))


def test_no_defined_draw_has_no_interval():
    """All NaN stays NaN, without a warning."""
    assert np.isnan(interval(np.array([np.nan, np.nan]))).all()
