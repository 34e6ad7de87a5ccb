"""An export is refused for other scores, not for what few posts make of the same ones."""

import numpy as np
import pytest
from unpolished.models.finetune.export_check import (
    MAX_RELATIVE_DIFFERENCE,
    ExportError,
    check,
    compared,
    rows_to_compare,
)


def _scores(n, spread, seed=0):
    """Probabilities whose log-odds have a spread, shape (n, 5)."""
    odds = np.random.default_rng(seed).normal(-1, spread, (n, 5))
    return _probabilities(odds), odds


def _probabilities(odds):
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


@pytest.mark.parametrize("spread", [0.2, 2.0])
def test_rounding_is_no_fault_though_pairs_change_places(tiny_train, spread):
    """Of few posts, one pair more ranked right moves AUC by more than .002, and tells nothing."""
    scores, odds = _scores(len(tiny_train), spread)
    noise = np.random.default_rng(1).normal(0, 0.02 * spread, odds.shape)
    moved = []
    for place in range(5):
        report = compared(scores, _probabilities(odds + np.roll(noise, place, 0)), tiny_train)
        assert 0.015 < report["relative_difference"] < 0.03
        check(report)
        moved.append(report["auc_difference"])
    assert max(moved) > 0.002


def _shifted(odds):
    odds[:, 2] += 0.1 * odds[:, 2].std()


def _few_wrong(odds):
    odds[::20, 0] *= -1


def _another_order(odds):
    odds[:, 4] = odds[::-1, 4]


@pytest.mark.parametrize("fault", [_shifted, _few_wrong, _another_order])
@pytest.mark.parametrize("spread", [0.2, 2.0])
def test_a_fault_is_refused_however_little_was_learnt(tiny_train, fault, spread):
    """All of one column by a little, some posts by much, a column that no label is asked of."""
    scores, odds = _scores(len(tiny_train), spread)
    fault(odds)
    with pytest.raises(ExportError, match="of their spread: more than 5%"):
        check(compared(scores, _probabilities(odds), tiny_train))


def test_what_is_no_number_is_refused(tiny_train):
    """NaN is not taken for small."""
    scores, _ = _scores(len(tiny_train), 1)
    broken = scores.copy()
    broken[0, 0] = np.nan
    with pytest.raises(ExportError):
        check(compared(scores, broken, tiny_train))


def test_noise_that_is_accepted_costs_next_to_no_auc():
    """The limit's reason: of very many posts, AUC falls by .0005 at most, whatever it is."""
    rng = np.random.default_rng(0)
    positive = np.arange(400_000) % 2 == 0
    for apart in (0.3, 1.4, 3.0):
        score = rng.normal(apart * positive)
        other = score + rng.normal(0, MAX_RELATIVE_DIFFERENCE * score.std(), len(score))
        ours, theirs = (_auc(positive, s) for s in (score, other))
        assert -0.0002 < ours - theirs < 0.0006


def _auc(positive, score):
    from scipy.stats import rankdata

    n = positive.sum()
    return (rankdata(score)[positive].sum() - n * (n + 1) / 2) / n / (len(score) - n)


def test_enough_posts_are_compared_with_the_held_out_among_them():
    """Others are spread over all; where there are few posts, all are."""
    held_out = np.array([3, 5, 8])
    rows = rows_to_compare(held_out, 5_000)
    assert set(held_out) <= set(rows)
    assert 200 <= len(rows) <= 203
    assert rows.max() == 4_999
    assert list(rows_to_compare(held_out, 10)) == list(range(10))
    many = np.arange(300)
    assert rows_to_compare(many, 5_000) is many
    assert len(rows_to_compare(np.array([], dtype=np.intp), 50)) == 50


def test_few_or_like_posts_have_no_spread_to_be_measured_by(tiny_train):
    """Nothing compared, or the same said of all: no division by nothing."""
    none = np.zeros((0, 5), np.float32)
    assert compared(none, none, tiny_train.take(np.array([], dtype=np.intp))) == dict.fromkeys(
        ("max_difference", "mean_difference", "relative_difference", "auc_difference"), 0.0
    )
    same = np.full((len(tiny_train), 5), 0.3, np.float32)
    check(compared(same, same, tiny_train))
    with pytest.raises(ExportError):
        check(compared(same, same + np.float32(0.01), tiny_train))
