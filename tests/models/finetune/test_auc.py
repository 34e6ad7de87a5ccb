"""How well scores rank labelled posts."""

from dataclasses import replace

import numpy as np
from unpolished.data.labelled_texts import LabelledTexts, one_hot
from unpolished.models.finetune.auc import axis_aucs


def _truth(style, paid, cause):
    names = np.array([str(i) for i in range(len(style))])
    return LabelledTexts(
        texts=tuple(names), sources=names, authors=names, groups=names,
        folds=np.zeros(len(names), np.int8),
        style=np.array(style, np.float32), paid=np.array(paid, np.int8),
        kinds=np.full((len(paid), 3), np.nan, np.float32), cause=np.array(cause, np.int8),
        weight=np.ones(len(style), np.float32),
    )  # fmt: skip


def test_posts_without_the_label_are_not_compared():
    """Nor is an axis with one class, or what a model does not tell."""
    truth = _truth([1.0, 0.0, 0.5, np.nan], [1, 1, -1, 1], [1, 0, 2, -1])
    scores = np.array(
        [
            [0.9, 0.1, 0.2, 0.1, 0.2],
            [0.1, 0.2, 0.3, 0.4, 0.1],
            [1.0, 0.3, 0.1, 0.3, 0.7],
            [0.0, 0.4, 0.9, 0.9, 0.1],
        ],
        np.float32,
    )
    np.testing.assert_allclose(axis_aucs(scores, truth), [1.0, np.nan, 0.5, 0.5, np.nan])
    kinds = one_hot(np.array([1, 2, 0, 2], np.int8), 3)
    told = replace(truth, paid=np.array([0, 1, 0, 1], np.int8), kinds=kinds)
    np.testing.assert_allclose(axis_aucs(scores, told)[[1, 4]], [0.75, 2 / 3])
    scores[:, 4] = np.nan
    np.testing.assert_allclose(axis_aucs(scores, told)[[1, 4]], [0.75, np.nan])
