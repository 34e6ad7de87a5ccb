"""Draws computed together equal the plain metric on the rows drawn, one draw at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.training.evaluation import metrics as m
from unpolished.training.evaluation import weighted_metrics as weighted

# Few distinct scores, so that ties are common; rows that no draw takes; draws of one class.
ROWS = st.lists(
    st.tuples(
        st.booleans(),
        st.booleans(),
        st.integers(0, 5),
        st.integers(0, 5),
        st.lists(st.integers(0, 3), min_size=3, max_size=3),
    ),
    min_size=1,
    max_size=25,
)
OF_FLAGS = {"precision": (), "recall": (), "f1": ()} | {
    f"{name}_at_prevalence": (share,) for name in ("precision", "f1") for share in (0.05, 0.5)
}


def _arrays(rows):
    positive, flagged, score, other, weights = zip(*rows, strict=True)
    scores = np.array(score, float), np.array(other, float)
    return np.array(positive), np.array(flagged), *scores, np.array(weights, float).T


def _each(metric, weights, *arrays):
    """The metric of each draw, by repeating rows."""
    rows = [np.repeat(np.arange(len(drawn)), drawn.astype(int)) for drawn in weights]
    return [metric(*(array[drawn] for array in arrays)) for drawn in rows]


@given(ROWS)
def test_metrics_of_flags(rows):
    """Precision, recall, F1, and what they would be at another prevalence."""
    positive, flagged, _, _, weights = _arrays(rows)
    for name, rest in OF_FLAGS.items():
        found = getattr(weighted, name)(positive, flagged, weights, *rest)
        plain = getattr(m, name)
        expected = _each(
            lambda a, b, plain=plain, rest=rest: plain(a, b, *rest), weights, positive, flagged
        )
        np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=name)


@given(ROWS, st.sampled_from([0.5, 0.7, 0.8, 1.0]))
def test_metrics_of_scores(rows, at_least):
    """AUC, average precision, recall at a precision, rank correlation."""
    positive, _, score, other, weights = _arrays(rows)
    right, pairs = weighted.auc(positive, score, weights)
    found = {
        "pooled_auc": (weighted.ratio(right, pairs), positive),
        "average_precision": (weighted.average_precision(positive, score, weights), positive),
        "spearman": (weighted.spearman(other, score, weights), other),
    }
    for name, (values, truth) in found.items():
        expected = _each(getattr(m, name), weights, truth, score)
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-12, err_msg=name)
    np.testing.assert_array_equal(
        weighted.recall_at_precision(positive, score, weights, at_least),
        _each(lambda a, b: m.recall_at_precision(a, b, at_least), weights, positive, score),
    )


@pytest.mark.parametrize("scores", [[0.1, 0.2, 0.3, 0.4], [0.1, 0.1, 0.3, 0.3]])
def test_whole_weights_are_the_plain_metric(scores):
    """Every row once, with ties and without."""
    positive, score = np.array([False, True, False, True]), np.array(scores)
    right, pairs = weighted.auc(positive, score, np.ones((1, 4)))
    assert right[0] / pairs[0] == m.pooled_auc(positive, score)


def test_a_draw_of_two_rows_has_no_rank_correlation():
    """As the plain one has none below three rows."""
    values = np.array([1.0, 2.0, 3.0])
    found = weighted.spearman(values, values, np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))
    np.testing.assert_array_equal(found, [np.nan, 1.0])
