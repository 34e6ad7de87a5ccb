"""Intervals come from groups, and cover."""

import numpy as np
import pytest
from scipy.stats import norm
from unpolished.training.evaluation.bootstrap import auc_draws, group_weights, interval
from unpolished.training.evaluation.metrics import within_source_auc

from .resampled import resampled

# Of two normal distributions one standard deviation apart.
AUC_OF_UNIT_SHIFT = norm.cdf(1 / np.sqrt(2))


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
    low, high = interval(auc_draws(positive, score, source, group_weights(groups)), value)
    assert low < value < high
    again = interval(auc_draws(positive, score, source, group_weights(groups)), value)
    assert (low, high) == again


def test_an_interval_holds_what_its_level_says():
    """The middle 95 % of the draws: 26 of a thousand and one stand on either side of the bounds."""
    draws = np.random.default_rng(0).permutation(np.arange(1001.0))
    assert interval(draws, 500.0) == pytest.approx((25, 975))


def test_intervals_cover_the_truth_as_often_as_they_say():
    """Of 300 samples of correlated posts, some 285 intervals hold the AUC of the population."""
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(300):
        author = np.repeat(np.arange(60), 3)
        positive = np.repeat(rng.random(60) < 0.5, 3)
        score = positive + np.repeat(rng.normal(size=60), 3)
        everywhere, groups = np.full(180, "s"), np.array([f"g{i}" for i in author])
        draws = auc_draws(positive, score, everywhere, group_weights(groups, repeats=400))
        low, high = interval(draws, within_source_auc(positive, score, everywhere))
        covered.append(low <= AUC_OF_UNIT_SHIFT <= high)
    # Binomial at .95: three standard errors are .038. At 90 % they would end at .938.
    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("draws", "value"),
    [
        pytest.param([np.nan] * 40, 0.5, id="no draw is defined"),
        pytest.param([np.nan] * 3 + list(np.linspace(0, 1, 37)), 0.5, id="too few are"),
        pytest.param([0.7] * 40, 0.7, id="one group"),
        pytest.param([1.0] * 400 + [0.9], 1.0, id="a bound that all draws reach"),
        pytest.param(np.linspace(0.05, 0.12, 40), 0.03, id="biased beyond the spread"),
        pytest.param(np.linspace(0, 1, 40), np.nan, id="no value"),
    ],
)
def test_what_draws_cannot_tell_has_no_interval(draws, value):
    """NaN twice, and no warning."""
    assert np.isnan(interval(np.array(draws), value)).all()


def test_one_undefined_draw_in_twenty_is_borne():
    """The others still make an interval."""
    draws = np.append(np.linspace(0, 1, 38), [np.nan, np.nan])
    low, high = interval(draws, 0.5)
    assert 0 < low < 0.5 < high < 1
