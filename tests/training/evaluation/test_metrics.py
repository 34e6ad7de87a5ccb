"""Metrics against brute force, against scikit-learn, and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from unpolished.training.evaluation import metrics as m

ROWS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 6), st.sampled_from("abc")), min_size=1, max_size=40
)


def _arrays(rows):
    positive, score, source = zip(*rows, strict=True)
    return np.array(positive), np.array(score, dtype=float), np.array(source)


@given(ROWS)
def test_within_source_auc_counts_pairs_of_one_source(rows):
    """Against the definition, pair by pair."""
    positive, score, source = _arrays(rows)
    right, pairs = 0.0, 0
    for i in np.flatnonzero(positive):
        for j in np.flatnonzero(~positive):
            if source[i] == source[j]:
                pairs += 1
                right += 1.0 if score[i] > score[j] else 0.5 if score[i] == score[j] else 0.0
    expected = right / pairs if pairs else math.nan
    assert m.within_source_auc(positive, score, source) == pytest.approx(expected, nan_ok=True)


@given(ROWS.filter(lambda rows: len({positive for positive, _, _ in rows}) == 2))
def test_pooled_auc_is_the_usual_one(rows):
    """Against scikit-learn."""
    positive, score, _ = _arrays(rows)
    assert m.pooled_auc(positive, score) == pytest.approx(roc_auc_score(positive, score))


def test_a_source_effect_does_not_count_within():
    """A score that knows only the source is worth .5 within, more when pooled."""
    positive = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    source = np.array(["ads"] * 10 + ["talk"] * 10)
    score = (source == "ads").astype(float)
    assert m.within_source_auc(positive, score, source) == 0.5
    assert m.pooled_auc(positive, score) == pytest.approx(0.8)


@given(ROWS, st.floats(0.1, 1))
def test_recall_at_precision_is_the_best_honest_cut(rows, at_least):
    """Against every cut there is."""
    positive, score, _ = _arrays(rows)
    best = 0.0
    for cut in np.unique(score):
        flagged = score >= cut
        if positive[flagged].mean() >= at_least:
            best = max(best, m.recall(positive, flagged))
    expected = best if positive.any() else math.nan
    assert m.recall_at_precision(positive, score, at_least) == pytest.approx(expected, nan_ok=True)


def test_f1_precision_recall_by_hand():
    """Two hits, one miss, one false alarm."""
    positive = np.array([True, True, True, False, False])
    flagged = np.array([True, True, False, True, False])
    assert m.precision(positive, flagged) == pytest.approx(2 / 3)
    assert m.recall(positive, flagged) == pytest.approx(2 / 3)
    assert m.f1(positive, flagged) == pytest.approx(2 / 3)


def test_calibration_error_by_hand():
    """Everyone at .5, of whom 7 in 10 are positive."""
    p = np.full(100, 0.5)
    positive = np.tile([True] * 7 + [False] * 3, 10)
    assert m.calibration_error(positive, p) == pytest.approx(0.2)


def test_a_perfect_model_has_an_error_that_falls_with_n():
    """The yardstick beside every calibration error."""
    rng = np.random.default_rng(0)
    few, many = (m.perfect_calibration_error(rng.random(n))[0] for n in (100, 10_000))
    assert few > 5 * many
    p = rng.random(5000)
    mean, high = m.perfect_calibration_error(p)
    assert mean < high
    assert m.calibration_error(rng.random(5000) < p, p) < high * 1.5


def test_undefined_is_nan_not_a_crash():
    """No positives, or no rows at all."""
    none, score = np.zeros(3, dtype=bool), np.array([0.1, 0.2, 0.3])
    assert math.isnan(m.pooled_auc(none, score))
    assert math.isnan(m.average_precision(none, score))
    assert math.isnan(m.recall_at_precision(none, score))
    assert math.isnan(m.f1(none, none))
    assert math.isnan(m.precision(none, none))
    assert math.isnan(m.calibration_error(none[:0], score[:0]))
    assert math.isnan(m.spearman(score[:2], score[:2]))


def test_prevalence_by_reweighting():
    """TPR .8 and FPR .2 give F1 .80 at 50 %, .54 at 14.7 %, .29 at 5 %."""
    positive = np.array([True] * 10 + [False] * 10)
    flagged = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    for share, expected in ((0.5, 0.80), (0.147, 0.54), (0.05, 0.29)):
        assert round(m.f1_at_prevalence(positive, flagged, share), 2) == expected
    assert m.precision_at_prevalence(positive, flagged, 0.5) == pytest.approx(0.8)
    own = float(positive.mean())
    assert m.f1_at_prevalence(positive, flagged, own) == pytest.approx(m.f1(positive, flagged))
    assert m.f1_at_prevalence(positive, np.zeros(20, bool), 0.1) == 0
    assert np.isnan(m.precision_at_prevalence(np.ones(3, bool), np.ones(3, bool), 0.1))
