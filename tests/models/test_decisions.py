"""Thresholds hold the error rates they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.models.decisions import Threshold, Thresholds, cause_label


def _fit(negatives, positives, authors=None, **rates):
    p = np.array([*negatives, *positives], np.float32)
    positive = np.arange(len(p)) >= len(negatives)
    names = np.array([str(i) for i in range(len(p))] if authors is None else authors)
    return Threshold.fit(p, positive, names, **rates)


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80),
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80),
    st.floats(0.01, 0.4),
    st.floats(0.01, 0.4),
)
def test_error_rates_are_kept_on_the_calibration_set(negatives, positives, alpha, beta):
    """At most alpha of negatives flagged, at most beta of positives missed; cuts in order."""
    cut = _fit(negatives, positives, alpha=alpha, beta=beta)
    assert cut.opposite <= cut.flag
    assert cut.negatives_flagged <= alpha + 1e-9
    assert cut.positives_missed <= beta + 1e-9


def test_new_posts_keep_the_promise():
    """On fresh draws the rates hold on average: the conformal guarantee."""
    rng = np.random.default_rng(1)
    flagged, missed = [], []
    for _ in range(200):
        cut = _fit(rng.beta(2, 5, 150), rng.beta(4, 3, 150))
        flagged.append((rng.beta(2, 5, 500) >= cut.flag).mean())
        missed.append((rng.beta(4, 3, 500) < cut.opposite).mean())
    assert np.mean(flagged) == pytest.approx(0.05, abs=0.012)
    assert np.mean(missed) == pytest.approx(0.10, abs=0.015)


def test_crossing_cuts_become_one():
    """A perfect separation leaves nobody unsure."""
    cut = _fit(np.linspace(0, 0.3, 200), np.linspace(0.7, 1, 200))
    assert cut.flag == cut.opposite
    assert set(cut.decide(np.array([0.0, 0.45, 0.55, 1.0], np.float32)).tolist()) <= {0, 1}


def test_a_prolific_author_does_not_set_the_cut():
    """A hundred posts of one account weigh as one."""
    negatives = [0.9] * 100 + list(np.linspace(0, 0.5, 100))
    authors = ["loud"] * 100 + [f"quiet-{i}" for i in range(100)] + [f"p{i}" for i in range(50)]
    cut = _fit(negatives, np.linspace(0.4, 1, 50), authors)
    assert cut.flag < 0.55


def test_a_higher_probability_never_loses_the_flag():
    """Decisions are monotone."""
    cut = _fit(np.linspace(0, 0.8, 50), np.linspace(0.2, 1, 50))
    order = {0: 0, -1: 1, 1: 2}
    ranks = [order[f] for f in cut.decide(np.linspace(0, 1, 200, dtype=np.float32)).tolist()]
    assert ranks == sorted(ranks)


def test_one_class_is_refused():
    """No threshold without both kinds of posts."""
    with pytest.raises(ValueError, match="with and without"):
        _fit([0.1, 0.2], [])


def test_a_post_is_never_low_and_high():
    """The likelier of the two flags stands."""
    cut = Threshold(flag=0.3, opposite=0.1)
    cuts = Thresholds(p_polished=cut, p_paid=cut, p_performative=cut, p_committed=cut)
    flags = cuts.decide(np.array([[0, 0, 0.5, 0.4], [0, 0, 0.4, 0.5]], np.float32))
    assert flags[:, 2:].tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("low", "high", "label"),
    [
        (1, 0, "low"),
        (0, 1, "high"),
        (0, 0, "none"),
        (-1, 0, "unsure"),
        (0, -1, "unsure"),
        (1, -1, "low"),
    ],
)
def test_cause_label(low, high, label):
    """From two flags to one word."""
    assert cause_label(low, high) == label
