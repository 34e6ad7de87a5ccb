"""AUC of out-of-fold scores by axis, and paired changes of it."""

import numpy as np
import pytest
from unpolished.data.axes import FLAGS
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.training.evaluation.fold_aucs import (
    MEAN,
    SCORED,
    aucs,
    change,
    values,
    within_folds,
)
from unpolished.training.evaluation.metrics import within_source_auc


def _posts(n=300, seed=0):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n).astype(np.int8)
    return LabelledTexts(
        texts=tuple(map(str, range(n))),
        sources=rng.choice(["a", "b"], n),
        authors=np.array([f"x{i}" for i in rng.integers(0, 60, n)]),
        groups=np.array([f"g{i}" for i in rng.integers(0, 60, n)]),
        folds=rng.integers(0, 5, n).astype(np.int8),
        style=rng.choice([0, 0.5, 1, np.nan], n).astype(np.float32),
        paid=(kind == 2).astype(np.int8),
        kinds=one_hot(kind, 3),
        cause=rng.integers(-1, 3, n).astype(np.int8),
        weight=np.ones(n, np.float32),
    )


@pytest.fixture(scope="module")
def posts():
    """Labels of every kind, some missing."""
    return _posts()


def test_every_probability_is_asked_one_question():
    """Once."""
    assert sorted(SCORED.values()) == list(range(len(FLAGS)))


def test_values_are_within_source_aucs(posts):
    """Of the posts whose truth is known; the mean is that of the axes."""
    scores = np.random.default_rng(1).random((len(posts), 5)).astype(np.float32)
    found = aucs(posts, scores, posts.sources, repeats=20)
    paid = within_source_auc(posts.paid == 1, scores[:, 1].astype(float), posts.sources)
    assert found["paid"].value == paid
    assert found["paid"].n == len(posts)
    assert found["style"].n == int(np.isin(posts.style, [0, 1]).sum())
    axes = [auc.value for name, auc in found.items() if name != MEAN]
    assert found[MEAN].value == pytest.approx(np.mean(axes))
    assert list(values(posts, scores, posts.sources)) == [n for n in found if n != MEAN]
    low, high = found["paid"].estimate()[1:]
    assert low < paid < high


def test_models_of_two_folds_are_not_compared(posts):
    """Their scores may lie on two scales: a shift of a fold's scores changes nothing."""
    scores = np.random.default_rng(1).random((len(posts), 5)).astype(np.float32)
    shifted = scores + posts.folds[:, None]
    assert values(posts, scores, within_folds(posts)) == values(posts, shifted, within_folds(posts))
    assert values(posts, scores, posts.sources) != values(posts, shifted, posts.sources)


def test_what_is_left_out_is_not_judged(posts):
    """Scores of NaN: as if the posts were not there; an axis without any is not told."""
    scores = np.random.default_rng(1).random((len(posts), 5)).astype(np.float32)
    kept = posts.folds != 2
    few = np.where(kept[:, None], scores, np.float32(np.nan))
    assert values(posts, few, posts.sources) == values(
        posts.take(kept), scores[kept], posts.sources[kept]
    )
    few[:, 0] = np.nan
    assert "style" not in values(posts, few, posts.sources)


def test_a_change_is_paired(posts):
    """The same scores change by nothing, with no interval; better ones by what they win."""
    rng = np.random.default_rng(1)
    scores = rng.random((len(posts), 5)).astype(np.float32)
    better = scores + 0.5 * (posts.paid == 1)[:, None]
    before, after = (aucs(posts, s.astype(np.float32), posts.sources) for s in (scores, better))
    same = change(before["paid"], before["paid"])
    assert same.value == 0
    assert np.isnan([same.low, same.high]).all()
    won = change(before["paid"], after["paid"])
    assert won.value == pytest.approx(after["paid"].value - before["paid"].value)
    assert 0 < won.low < won.value < won.high
    alone = after["paid"].estimate()
    # Paired: narrower than the two intervals side by side.
    both = (alone.high - alone.low) + (
        before["paid"].estimate().high - before["paid"].estimate().low
    )
    assert won.high - won.low < both
