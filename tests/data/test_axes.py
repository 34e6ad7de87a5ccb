"""The one table of axes agrees with all that cannot be made of it."""

from typing import get_args

import numpy as np
import pytest
from unpolished.data import axes
from unpolished.data.axes import CAUSES, MISSING, TARGETS
from unpolished.data.labelled_texts import LabelledTexts, truths
from unpolished.data.posts import LabelledPost
from unpolished.models.base import PROBABILITIES
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.scored_post import ScoredPost

NAN = float("nan")


def _literal(field):
    """All strings that an optional field may hold."""
    (choices,) = [kind for kind in get_args(field.annotation) if kind is not type(None)]
    return get_args(choices)


def test_models_predict_the_first_four_columns_in_the_order_of_saved_models():
    """Saved folders hold the order; what no model gives yet comes after them."""
    assert PROBABILITIES == ("p_polished", "p_paid", "p_performative", "p_committed")
    assert [column.probability for column in axes.COLUMNS] == [*PROBABILITIES, "p_self"]
    assert tuple(Thresholds.model_fields) == PROBABILITIES


def test_an_axis_says_what_its_column_of_the_output_may_hold():
    """And stands there before the probability it is decided on; axes to come do not."""
    order = list(ScoredPost.model_fields)
    for axis in axes.LABEL_AXES:
        assert _literal(ScoredPost.model_fields[axis.name]) == axis.labels
        assert order[order.index(axis.name) + 1] == axis.probabilities[-1]
    to_come = {axis.name for axis in axes.AXES} - set(axes.LABELS)
    assert to_come == {"promotion"}
    assert not to_come & set(order)


@pytest.mark.parametrize("target", list(TARGETS))
def test_own_labels_are_names_of_target_values(target):
    """Or ``unsure``, which is missing."""
    field = LabelledPost.model_fields[f"label_{target}"]
    assert {*_literal(field)} - {"unsure"} <= set(TARGETS[target])


def test_every_truth_has_both_sides_among_the_values_of_its_target():
    """A value cannot be on both, and each is one that a vote may become."""
    known = {name: set(values.values()) for name, values in TARGETS.items()}
    known |= {"kind": set(range(len(axes.KINDS))), "undisclosed": {0, 1}}
    for truth in [*(c.truth for c in axes.COLUMNS), axes.UNDISCLOSED, axes.LOW_NOT_HIGH]:
        assert {truth.positive, *truth.negative} <= known[truth.target]
        assert truth.negative
        assert truth.positive not in truth.negative


def test_what_is_positive():
    """Column by column; a post between raw and polished has no truth, or half of one."""
    names = np.array(["a"] * 4)
    posts = LabelledTexts(
        texts=("",) * 4, sources=names, authors=names, groups=names, folds=np.zeros(4, np.int8),
        style=np.array([1, 0, 0.5, NAN], np.float32), paid=np.array([1, 0, MISSING, 0], np.int8),
        kinds=np.full((4, 3), np.nan, np.float32),
        cause=np.array([CAUSES.index("low"), CAUSES.index("high"), CAUSES.index("none"), MISSING]),
        weight=np.ones(4, np.float32),
    )  # fmt: skip
    found = {truth.name: truth.positive for truth in truths(posts)}
    expected = {
        "polished": [1, 0, NAN, NAN], "paid": [1, 0, NAN, 0],
        "cause low": [1, 0, 0, NAN], "cause high": [0, 1, 0, NAN],
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
