"""What the studies make of two sets of scores."""

import numpy as np
from sources import difference
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.training.giveaways import Truth


def test_a_difference_is_of_the_posts_asked_for():
    """None of scores with themselves; what stands outside the rows does not count."""
    n = 40
    names = np.array([f"author-{i % 10}" for i in range(n)])
    labelled = LabelledTexts(
        texts=tuple("late bus" for _ in range(n)), sources=np.full(n, "here"), authors=names,
        groups=names, style=np.full(n, np.nan, np.float32), paid=np.full(n, -1, np.int8),
        kinds=np.full((n, 3), np.nan, np.float32), cause=np.full(n, -1, np.int8),
        weight=np.ones(n, np.float32),
    )  # fmt: skip
    positive = np.tile([0.0, 1.0, 1.0, 0.0], n // 4)
    right, wrong = np.zeros((n, 4)), np.zeros((n, 4))
    right[:, 1] = positive
    wrong[:, 1] = np.where(np.arange(n) < n // 2, 1 - positive, positive)
    truth, everywhere = Truth("paid", 1, positive), np.ones(n, bool)
    assert difference(truth, labelled, everywhere, right, right) == (0, (0, 0))
    change, (low, high) = difference(truth, labelled, everywhere, right, wrong)
    assert 0 < low <= change <= high
    assert difference(truth, labelled, np.arange(n) >= n // 2, right, wrong) == (0, (0, 0))
