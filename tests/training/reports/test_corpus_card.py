"""The figures of the corpus's data card."""

import pytest
from unpolished.data.axes import TARGETS
from unpolished.data.dataset.own_posts import CORPUS, read_own_posts
from unpolished.training.reports.corpus_card import CARD, agreement, second_labels


def test_every_post_has_a_second_label():
    """Counted against the first; the card shows the counts."""
    card = CARD.read_text("utf-8")
    counted = agreement(second_labels())
    assert [found.axis for found in counted] == list(TARGETS)
    for found in counted:
        assert found.n == len(read_own_posts(CORPUS)) >= 800
        assert 0 < found.disagreements < found.n / 4
        assert f"| {found.axis} | {found.n} | {found.disagreements} (" in card


def test_a_missing_second_label_is_named():
    """Instead of being left out of the count."""
    second = second_labels()
    gone = next(iter(second))
    del second[gone]
    with pytest.raises(ValueError, match=gone):
        agreement(second)


def test_same_labels_agree():
    """No disagreement, kappa 1."""
    same = {
        post.id: {axis: getattr(post, f"label_{axis}") for axis in TARGETS}
        for _, post in read_own_posts(CORPUS)
    }
    assert [(a.disagreements, a.kappa) for a in agreement(same)] == [(0, 1.0)] * 3
