"""How far labels learnt from one set of posts carry to another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...data.labelled_texts import LabelledTexts, truths
from ...models.base import Model
from . import metrics as m
from .bootstrap import auc_draws, group_weights, interval


class Transferred(NamedTuple):
    """How well a model of one data set tells a label in another."""

    truth: str
    n: int
    positives: int
    auc: float
    low: float
    high: float


def transfer(model: Model, train: LabelledTexts, test: LabelledTexts) -> list[Transferred]:
    """Fit on one, score the other, label by label.

    Labels that ``test`` does not have are left out, and those that the model does not tell.

    Args:
        model: unfitted.
        train: fitted on.
        test: scored; only pairs of one source are compared.
    """
    raw = model.fit(train).predict_proba(test.texts).astype(np.float64)
    found = []
    for truth in truths(test):
        known = ~np.isnan(truth.positive) & ~np.isnan(raw[:, truth.column])
        if not known.any():
            continue
        positive, score = truth.positive[known] == 1, raw[known, truth.column]
        weights = group_weights(test.groups[known])
        value = m.within_source_auc(positive, score, test.sources[known])
        bounds = interval(auc_draws(positive, score, test.sources[known], weights), value)
        n = int(known.sum())
        found.append(Transferred(truth.name, n, int(positive.sum()), value, *bounds))
    return found
