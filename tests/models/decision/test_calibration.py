"""Calibration and prevalence keep the laws of probability."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.axes import KINDS
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.models.base import own_share
from unpolished.models.decision.calibration import Calibration, as_probabilities

UNIT = st.floats(0, 1, width=32)
SHIFTED = ("paid", "performative")


def _truth(n: int, rng: np.random.Generator, p: np.ndarray) -> LabelledTexts:
    names = np.array([str(i) for i in range(n)])
    cause = np.array([rng.choice(3, p=[1 - a - b, a, b]) for a, b in p[:, 2:4]], np.int8)
    kind = np.array([rng.choice(3, p=[1 - a - b, b, a]) for a, b in p[:, [1, 4]]], np.int8)
    return LabelledTexts(
        texts=("",) * n,
        sources=names,
        authors=names,
        groups=names,
        folds=np.zeros(len(names), np.int8),
        style=(rng.random(n) < p[:, 0]).astype(np.float32),
        paid=(kind == KINDS.index("paid")).astype(np.int8),
        kinds=one_hot(kind, 3),
        cause=cause,
        weight=np.ones(n, np.float32),
    )


def _drawn(n: int, rng: np.random.Generator):
    p = rng.random((n, 5))
    p[:, 2:4] *= 0.5
    p[:, 4] *= 1 - p[:, 1]
    return p, _truth(n, rng, p)


def _sample(n: int = 6000):
    return _drawn(n, np.random.default_rng(0))


def test_overconfident_scores_are_mended():
    """Sharpened scores come back to the probabilities that made the labels."""
    p, truth = _sample()
    sharp = p.copy()
    sharp[:, :2] = _sharpened(p[:, :2])
    sharp[:, 4] = (1 - sharp[:, 1]) * _sharpened(own_share(p))
    fitted = Calibration.fit(sharp.astype(np.float32), truth)
    assert fitted.style[0] == pytest.approx(1 / 3, abs=0.05)
    assert fitted.own is not None
    assert fitted.own[0] == pytest.approx(1 / 3, abs=0.05)
    mended = fitted.apply(sharp.astype(np.float32))
    np.testing.assert_allclose(mended[:, [0, 1, 4]], p[:, [0, 1, 4]], atol=0.05)


def _sharpened(p):
    return 1 / (1 + np.exp(-3 * np.log(p / (1 - p))))


def _flattened(p):
    """Commitment that varies a quarter as much, in log-probabilities, as it should."""
    flat = np.stack([1 - p[:, 2] - p[:, 3], p[:, 2], p[:, 3]], axis=1) ** 0.25
    flat /= flat.sum(axis=1, keepdims=True)
    return np.concatenate([p[:, :2], flat[:, 1:], p[:, 4:]], axis=1).astype(np.float32)


def test_commitment_told_too_timidly_comes_back():
    """From 300 posts: the ridge is there for dependent columns, and does not hold slopes down."""
    rng = np.random.default_rng(1)
    p, truth = _drawn(300, rng)
    fresh, _ = _drawn(5000, rng)
    before = np.abs(_flattened(fresh) - fresh)[:, 2:4].mean()
    found = Calibration.fit(_flattened(p), truth).apply(_flattened(fresh))
    after = np.abs(found - fresh)[:, 2:4].mean()
    assert after < before / 2


def test_a_fit_does_not_depend_on_the_order_of_posts():
    """To the last bit, equal scores included."""
    rng = np.random.default_rng(2)
    p, truth = _drawn(200, rng)
    scores = (np.ceil(p * 10) / 11).astype(np.float32)
    order = rng.permutation(200)
    assert Calibration.fit(scores[order], truth.take(order)) == Calibration.fit(scores, truth)


def test_good_scores_stay():
    """A calibrated model is left nearly alone, cause and promotion of one's own included."""
    p, truth = _sample()
    fitted = Calibration.fit(p.astype(np.float32), truth)
    assert np.abs(fitted.apply(p.astype(np.float32)) - p).mean() < 0.02


@given(
    st.lists(st.tuples(UNIT, UNIT, UNIT, UNIT, UNIT), min_size=1, max_size=20),
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    st.floats(0.01, 0.99),
)
def test_what_shares_a_distribution_sums_to_at_most_one(rows, own, target):
    """Whatever goes in, probabilities come out: low and high, paid and own promotion."""
    calibration = Calibration(own=own, prevalence={"paid": 0.3, "performative": 0.2})
    scores = as_probabilities(np.array(rows, dtype=np.float64))
    calibrated = calibration.apply(scores)
    moved = [calibration.shift_prevalence(calibrated, {axis: target}) for axis in SHIFTED]
    for p in (scores, calibrated, *moved):
        assert p.dtype == np.float32
        assert ((p >= 0) & (p <= 1)).all()
        for one, other in ((2, 3), (1, 4)):
            assert (p[:, one].astype(np.float64) + p[:, other] <= 1 + 1e-7).all()


def test_a_model_of_four_columns_does_not_tell_own_promotion():
    """Not after a fit either; what it tells is calibrated as ever."""
    p, truth = _drawn(400, np.random.default_rng(3))
    five = p.astype(np.float32)
    four = five.copy()
    four[:, 4] = np.nan
    fitted = Calibration.fit(four, truth)
    assert fitted.own is None
    told = fitted.apply(four)
    assert np.isnan(told[:, 4]).all()
    shifted = fitted.shift_prevalence(told, {"paid": 0.5})
    assert np.isnan(shifted[:, 4]).all()
    np.testing.assert_array_equal(told[:, :4], Calibration.fit(five, truth).apply(five)[:, :4])


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_prevalence_moves_odds_by_the_ratio(reference, target):
    """Saerens et al., and back again."""
    calibration = Calibration(prevalence={"paid": reference})
    before = np.array([[0.2, 0.3, 0.1, 0.2, 0.35]], np.float32)
    after = calibration.shift_prevalence(before, {"paid": target})
    ratio = (target / (1 - target)) / (reference / (1 - reference))
    odds = 0.3 / 0.7 * ratio
    assert after[0, 1] == pytest.approx(odds / (1 + odds), rel=1e-4)
    np.testing.assert_array_equal(after[:, [0, 2, 3]], before[:, [0, 2, 3]])
    # Half of what is not paid, as before.
    assert after[0, 4] == pytest.approx((1 - after[0, 1]) / 2, rel=1e-4)


def test_prevalence_of_performative_keeps_the_sum():
    """Committed posts give way in the proportion of the rest."""
    calibration = Calibration(prevalence={"performative": 0.2})
    after = calibration.shift_prevalence(
        np.array([[0, 0, 0.5, 0.5, 0.4]], np.float32), {"performative": 0.9}
    )
    assert after[0, 2] > 0.9
    assert after[0, 2] + after[0, 3] == pytest.approx(1, abs=1e-6)
    assert after[0, 4] == np.float32(0.4)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"cause": 0.5}, "axes: style, paid"),
        ({"paid": 1.0}, "between 0 and 1"),
        ({"style": 0.5}, "no reference"),
    ],
)
def test_impossible_prevalence_is_refused(target, message):
    """Each with its reason."""
    with pytest.raises(ValueError, match=message):
        Calibration(prevalence={"paid": 0.1}).shift_prevalence(np.zeros((1, 5), np.float32), target)
