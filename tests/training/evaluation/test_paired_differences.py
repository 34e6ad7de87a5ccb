"""Differences are found as often as the level and the power say, and no oftener."""

import numpy as np
import pytest
from scipy.stats import norm
from unpolished.training.evaluation.paired_differences import (
    detectable_among,
    holm,
    judged_difference,
)
from unpolished.training.evaluation.paired_draws import Scored, paired_draws, within_source_auc


def _samples(times, authors, share, ahead=0.0, seed=0):
    """Judged differences of two models on correlated posts of so many authors, again and again.

    The scores share most of their noise, as those of two recipes do; the second model knows
    ``ahead`` more of the truth.
    """
    rng = np.random.default_rng(seed)
    groups = np.array([f"g{i:03d}" for i in np.repeat(np.arange(authors), 2)])
    for _ in range(times):
        positive = np.repeat(rng.random(authors) < share, 2)
        shared = positive + np.repeat(rng.normal(size=authors), 2)
        own = rng.normal(0, 0.6, (2, authors)).repeat(2, axis=1)
        scores = shared + own + np.array([[0], [ahead]]) * positive
        source = np.full(len(groups), "s")
        scored = Scored(np.arange(len(groups)), positive, source, scores)
        ((value, draws),) = paired_draws([within_source_auc(scored)], groups, repeats=200)
        of = [len(np.unique(groups[kind])) for kind in (positive, ~positive)]
        yield judged_difference(value[0, 1] - value[0, 0], draws[0, 1] - draws[0, 0], min(of))


@pytest.mark.parametrize(("authors", "share"), [(60, 0.5), (40, 0.3)])
def test_where_there_is_no_difference_few_are_found(authors, share):
    """At most 5 %: three binomial standard errors of 300 samples are .038."""
    found = list(_samples(300, authors, share))
    assert np.mean([t.p < 0.05 for t in found]) <= 0.05 + 0.038
    assert np.mean([t.p < 0.5 for t in found]) == pytest.approx(0.5, abs=0.12)


def test_intervals_cover_as_often_as_they_say():
    """Of models that are equally good, 95 % of the intervals hold zero."""
    found = list(_samples(300, 60, 0.5, seed=1))
    assert np.mean([t.low <= 0 <= t.high for t in found]) == pytest.approx(0.95, abs=0.038)


def test_a_difference_that_could_just_be_shown_is_shown_as_often_as_the_power_says():
    """The true difference is measured on other samples."""
    ahead = 0.5
    truth = np.mean([t.difference for t in _samples(300, 80, 0.5, ahead, seed=2)])
    found = list(_samples(300, 80, 0.5, ahead, seed=3))
    error = np.mean([t.error for t in found])
    # What a test at the 5 % level finds of a true difference of so many standard errors.
    expected = norm.sf(norm.isf(0.025) - truth / error)
    assert 0.3 < expected < 0.99
    assert np.mean([t.p < 0.05 for t in found]) == pytest.approx(expected, abs=0.09)
    assert np.mean([t.detectable for t in found]) == pytest.approx(2.8 * error, rel=0.05)


def test_holm_is_the_procedure_step_by_step():
    """Each p-value times how many are left, never below one before; NaN does not count."""
    p = np.array([0.01, np.nan, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(holm(p), [0.03, np.nan, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm(np.array([0.6, 0.9])), [1, 1])
    assert holm(np.array([])).shape == (0,)
    assert np.isnan(holm(np.array([np.nan]))).all()


def test_holm_finds_one_among_many_true_nulls_in_one_of_twenty():
    """Unadjusted, nearly always."""
    rng = np.random.default_rng(0)
    tests = rng.random((2000, 40))
    assert (tests.min(axis=1) < 0.05).mean() > 0.8
    adjusted = np.array([holm(p).min() for p in tests])
    assert (adjusted < 0.05).mean() == pytest.approx(0.05, abs=0.015)


def test_draws_that_do_not_tell_have_no_p_value():
    """Too many are undefined, all are alike, or all positives are of two groups."""
    draws = np.random.default_rng(0).normal(0.1, 0.01, 400)
    assert np.isfinite(judged_difference(0.1, draws, 20).p)
    assert np.isnan(judged_difference(0.1, draws, 2).p)
    assert np.isnan(judged_difference(-0.5, np.full(400, -0.5), 20).p)
    draws[:40] = np.nan
    assert np.isnan(judged_difference(0.1, draws, 20).p)


def test_the_same_ranking_is_no_difference():
    """And nothing tells what could be shown."""
    found = judged_difference(0.0, np.zeros(200), 50)
    assert (found.p, found.error) == (1.0, 0.0)
    assert np.isnan(found.detectable)


def test_few_groups_weigh_a_difference_less():
    """The same draws are no evidence where three authors made them."""
    draws = np.random.default_rng(0).normal(0.1, 0.04, 1000)
    assert judged_difference(0.1, draws, 500).p < 0.02 < 0.1 < judged_difference(0.1, draws, 3).p


def test_what_is_detectable_grows_with_the_number_of_comparisons():
    """By the Bonferroni level of the first step."""
    assert detectable_among(1) == 1
    at_100 = (norm.isf(0.00025) + norm.ppf(0.8)) / (norm.isf(0.025) + norm.ppf(0.8))
    assert detectable_among(100) == pytest.approx(at_100)
