"""The one table of axes agrees with all that cannot be made of it."""

from typing import get_args

import numpy as np
import pytest
from unpolished.data import axes
from unpolished.data.axes import CAUSES, MISSING, TARGETS
from unpolished.data.labelled_texts import LabelledTexts, truths
from unpolished.data.posts import LabelledPost
from unpolished.models.base import FIRST_FOUR, PROBABILITIES
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.scored_post import ScoredPost

NAN = float("nan")


def _literal(field):
    """All strings that an optional field may hold."""
    (choices,) = [kind for kind in get_args(field.annotation) if kind is not type(None)]
    return get_args(choices)


def test_models_predict_all_columns_in_the_order_of_saved_models():
    """Saved folders hold the order; what earlier models do not give comes after the four."""
    assert FIRST_FOUR == ("p_polished", "p_paid", "p_performative", "p_committed")
    assert (*FIRST_FOUR, "p_self") == PROBABILITIES
    assert tuple(column.probability for column in axes.COLUMNS) == PROBABILITIES
    assert tuple(Thresholds.model_fields) == PROBABILITIES


def test_an_axis_says_what_its_column_of_the_output_may_hold():
    """And stands there before the probability it is decided on, in the order of the axes."""
    order = list(ScoredPost.model_fields)
    for axis in axes.AXES:
        assert _literal(ScoredPost.model_fields[axis.name]) == axis.labels
        assert order[order.index(axis.name) + 1] == axis.probabilities[-1]
    assert tuple(axis.name for axis in axes.AXES) == axes.LABELS
    assert [name for name in order if name in axes.LABELS] == list(axes.LABELS)


@pytest.mark.parametrize("target", list(TARGETS))
def test_own_labels_are_names_of_target_values(target):
    """Or ``unsure``, which is missing."""
    field = LabelledPost.model_fields[f"label_{target}"]
    assert {*_literal(field)} - {"unsure"} <= set(TARGETS[target])


def test_every_truth_has_both_sides_among_the_values_of_its_target():
    """A value cannot be on both, and each is one that a vote may become."""
    known = {name: set(values.values()) for name, values in TARGETS.items()}
    known |= {"kind": set(range(len(axes.KINDS))), "undisclosed": {0, 1}}
    ranked = (axes.UNDISCLOSED, axes.LOW_NOT_HIGH, axes.PAID_NOT_NONE, axes.PAID_NOT_SELF)
    for truth in [*(c.truth for c in axes.COLUMNS), *ranked]:
        assert {truth.positive, *truth.negative} <= known[truth.target]
        assert truth.negative
        assert truth.positive not in truth.negative


def test_what_is_positive():
    """Column by column; a post between raw and polished has no truth, or half of one."""
    names = np.array(["a"] * 4)
    posts = LabelledTexts(
        texts=("",) * 4, sources=names, authors=names, groups=names, folds=np.zeros(4, np.int8),
        style=np.array([1, 0, 0.5, NAN], np.float32), paid=np.array([1, 0, MISSING, 0], np.int8),
        kinds=np.array([[NAN] * 3, [0.7, 0.2, 0.1], [NAN] * 3, [0.1, 0.4, 0.5]], np.float32),
        cause=np.array([CAUSES.index("low"), CAUSES.index("high"), CAUSES.index("none"), MISSING]),
        weight=np.ones(4, np.float32),
    )  # fmt: skip
    found = {truth.name: truth.positive for truth in truths(posts)}
    expected = {
        "polished": [1, 0, NAN, NAN], "paid": [1, 0, NAN, 0],
        "cause low": [1, 0, 0, NAN], "cause high": [0, 1, 0, NAN],
        "own promotion": [0, 0, NAN, 1],
    }  # fmt: skip
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values)
    soft = [truth.positive for truth in truths(posts, between=0.5)]
    np.testing.assert_array_equal(soft[0], [1, 0, 0.5, NAN])
    np.testing.assert_array_equal(soft[1], [1, 0, NAN, 0])
    kinds = {"kind": np.array([axes.KINDS.index("self"), axes.KINDS.index("paid"), MISSING])}
    np.testing.assert_array_equal(axes.OWN_PROMOTION(kinds), [1, 0, NAN])
    low_not_high = axes.LOW_NOT_HIGH({"cause": posts.cause})
    np.testing.assert_array_equal(low_not_high, [1, 0, NAN, NAN])
