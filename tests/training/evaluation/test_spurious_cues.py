"""Spurious cues of a label, and how far a label carries."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.training.evaluation.spurious_cues import spurious_ngrams, surfaces
from unpolished.training.evaluation.transfer import transfer


def _labelled(texts, paid):
    n = len(texts)
    names = np.array([f"a{i}" for i in range(n)])
    paid = np.array(paid, np.int8)
    return LabelledTexts(
        texts=tuple(texts), sources=names, authors=names, groups=names,
        folds=np.zeros(len(names), np.int8),
        style=np.full(n, np.nan, np.float32),
        paid=paid, kinds=np.full((n, 3), np.nan, np.float32), cause=np.full(n, -1, np.int8),
        weight=np.ones(n, np.float32),
    )  # fmt: skip


OURS = _labelled(["obsessed so good"] * 20 + ["so late again"] * 20, [1] * 20 + [0] * 20)
REAL = _labelled(
    ["obsessed so good"] * 40 + ["so late again"] * 40 + ["walk home"] * 20, [1, 0] * 50
)


def test_a_word_that_tells_more_here_than_in_public_is_a_spurious_cue():
    """Surest first; what tells as much there is none."""
    found = {g.ngram: g for g in spurious_ngrams(OURS, REAL) if g.truth == "paid"}
    assert found["obsessed"].z > 3
    assert found["obsessed"].here > found["obsessed"].there
    assert found["so"].z < 1
    assert "walk" not in found
    assert found["obsessed so"].n == 20
    same = [g for g in spurious_ngrams(OURS, OURS) if g.truth == "paid"]
    assert all(g.z == pytest.approx(0, abs=1e-9) for g in same)


def test_half_a_post_is_added_to_every_cell():
    """Twenty with the word all paid, twenty without none: odds of 20.5 to .5 on either side."""
    found = {g.ngram: g for g in spurious_ngrams(OURS, REAL) if g.truth == "paid"}
    odds, error = np.log((20.5 / 0.5) ** 2), np.sqrt(2 / 20.5 + 2 / 0.5)
    assert found["obsessed"].here == pytest.approx(odds)
    # Twenty of forty public posts with it are paid, as are thirty of the sixty without.
    assert found["obsessed"].there == pytest.approx(0)
    there = np.sqrt(2 / 20.5 + 2 / 30.5)
    assert found["obsessed"].z == pytest.approx(odds / np.hypot(error, there))


@pytest.mark.parametrize(("n", "found"), [(7, False), (8, True)])
def test_a_word_in_fewer_than_eight_posts_is_passed_over(n, found):
    """In the corpus it is none, in the public posts it is not known."""
    ours = _labelled(["porcelain"] * n + ["so late again"] * 20, [1] * n + [0] * 20)
    assert ("porcelain" in {g.ngram for g in spurious_ngrams(ours, REAL)}) == found
    real = _labelled(["porcelain"] * n + ["walk home"] * 20, [1, 0] * 4 + [0] * (12 + n))
    eight = _labelled(["porcelain"] * 8 + ["so late again"] * 20, [1] * 8 + [0] * 20)
    known = {g.ngram: g.there for g in spurious_ngrams(eight, real) if g.truth == "paid"}
    assert (known["porcelain"] is not None) == found


def test_ties_are_sorted_by_name():
    """N-grams of the same posts come in one order, whatever the rows and the hash of strings."""
    turned = _labelled(OURS.texts[::-1], OURS.paid[::-1])
    names = [(g.truth, g.ngram) for g in spurious_ngrams(OURS, REAL)]
    assert names == [(g.truth, g.ngram) for g in spurious_ngrams(turned, REAL)]
    tied = [ngram for truth, ngram in names if truth == "paid" and "obsessed" in ngram]
    assert tied == sorted(tied)


def test_one_sign_alone():
    """Length tells the label in the one and nothing in the other."""
    short_and_long = _labelled(["bus"] * 5 + ["bus " * 30] * 5, [0] * 5 + [1] * 5)
    alike = _labelled(["bus"] * 10, [0] * 5 + [1] * 5)
    (length,) = [
        s for s in surfaces(short_and_long, alike) if (s.truth, s.sign) == ("paid", "length")
    ]
    assert (length.corpus, length.public) == (1.0, 0.5)


def test_transfer_compares_posts_of_one_source_only():
    """A model that knows only the source transfers nothing."""

    class BySource:
        def fit(self, train):
            return self

        def predict_proba(self, texts):
            score = np.array([float("late" in text) for text in texts])
            return np.stack([score] * 5, axis=1).astype(np.float32)

    test = _labelled(["late"] * 10 + ["early"] * 10, [1, 0] * 10)
    test = replace(test, sources=np.array(["x"] * 10 + ["y"] * 10))
    (paid,) = [t for t in transfer(BySource(), OURS, test) if t.truth == "paid"]
    assert (paid.n, paid.positives, paid.auc) == (20, 10, 0.5)
