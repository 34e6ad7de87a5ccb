"""Several models beside one of them, question by question, from their out-of-fold tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from . import weighted_metrics as weighted
from .bootstrap import REPEATS
from .judged import JUDGED, Judged
from .metrics import Bools, Floats
from .paired_differences import LEVEL_OF_TEST, Tested, holm, judged_difference
from .paired_draws import Metric, Scored, paired_draws, ranked, within_source_auc

# By the names of ``evaluate``: which scores are read, and what is made of them.
PAIRED_METRICS: Mapping[str, tuple[str, Callable[[Scored], Metric]]] = {
    "auc_within": ("p", within_source_auc),
    "auc_loso": ("loso", within_source_auc),
    "average_precision": ("p", ranked(weighted.average_precision)),
    "recall_at_precision_70": ("p", ranked(partial(weighted.recall_at_precision, at_least=0.7))),
    "recall_at_precision_80": ("p", ranked(partial(weighted.recall_at_precision, at_least=0.8))),
}
ALL = "all"


@dataclass(frozen=True)
class Compared:
    """A model beside the first, with which all are compared, on one question.

    Attributes:
        axis: the question.
        source: whose posts alone are meant; ``all`` for those of all sources.
        model: place of its table.
        value: its metric.
        against: that of the first, on the same posts.
        tested: the difference.
        adjusted: p-value for the number of comparisons; NaN where nothing could be tested.
        posts: with a label and a score by all models.
        positives: among them.
        groups: with a positive, or with a negative, whichever are fewer.
    """

    axis: str
    source: str
    model: int
    value: float
    against: float
    tested: Tested
    adjusted: float
    posts: int
    positives: int
    groups: int

    @property
    def verdict(self) -> str:
        """``better`` or ``worse`` only where the adjusted p-value carries it."""
        if np.isnan(self.adjusted):
            return "not told"
        if self.tested.error == 0:
            return "the same"
        if self.adjusted >= LEVEL_OF_TEST:
            return "not shown"
        return "better" if self.tested.difference > 0 else "worse"


@dataclass(frozen=True)
class _Question:
    axis: Judged
    models: list[int]
    scored: Scored


def compare_tables(
    tables: Sequence[pd.DataFrame],
    metric: str,
    axes: Sequence[str],
    *,
    repeats: int = REPEATS,
    seed: int = 0,
    progress: Callable[[Sequence[int]], Iterator[int]] = iter,
) -> list[Compared]:
    """Compare models with the first, question by question, over all posts and source by source.

    Questions that the first does not tell are left out, and so are models on
    questions that they do not tell. P-values are adjusted twice (Holm): among the comparisons over
    all posts, and among those of single sources, so that the former do not hang on the latter.

    Args:
        tables: out-of-fold tables of the same posts in the same order, with the same labels.
        metric: a key of ``PAIRED_METRICS``.
        axes: names of questions.
        repeats: number of draws.
        seed: of the draws.
        progress: wraps the loop over parts of the draws.
    """
    prefix, kind = PAIRED_METRICS[metric]
    asked = [axis for axis in JUDGED if axis.name in axes]
    questions = [q for axis in asked if (q := _question(axis, tables, prefix))]
    groups = tables[0]["group"].to_numpy(dtype=np.str_)
    found = paired_draws(
        [kind(question.scored) for question in questions],
        groups, repeats=repeats, seed=seed, progress=progress,
    )  # fmt: skip
    rows = [
        row
        for question, (values, draws) in zip(questions, found, strict=True)
        for row in _rows(question, groups, values, draws)
    ]
    return adjusted_rows(rows)


def adjusted_rows(rows: Sequence[Compared]) -> list[Compared]:
    """Adjust p-values among the rows over all posts, and among those of single sources."""
    out = list(rows)
    for whole in (True, False):
        places = [i for i, row in enumerate(rows) if (row.source == ALL) == whole]
        p = holm(np.array([rows[i].tested.p for i in places]))
        for i, value in zip(places, p, strict=True):
            out[i] = replace(rows[i], adjusted=float(value))
    return out


def _question(axis: Judged, tables: Sequence[pd.DataFrame], prefix: str) -> _Question | None:
    truth = axis.truth(tables[0])
    scores = np.array([_scores(axis, table, prefix) for table in tables])
    known = ~np.isnan(truth)
    models = [i for i in range(len(tables)) if not np.isnan(scores[i, known]).all()]
    if len(models) < 2 or models[0]:
        return None
    known &= ~np.isnan(scores[models]).any(axis=0)
    positive = truth[known] == 1
    if positive.all() or not positive.any():
        return None
    source = tables[0].loc[known, "source"].to_numpy(dtype=np.str_)
    scored = Scored(np.flatnonzero(known), positive, source, scores[models][:, known])
    return _Question(axis, models, scored)


def _scores(axis: Judged, table: pd.DataFrame, prefix: str) -> Floats:
    if f"{prefix}_{axis.flag}" not in table:
        # A table of an earlier version.
        return np.full(len(table), np.nan)
    return axis.scores(table, prefix)


def _rows(
    question: _Question, groups: np.ndarray, values: Floats, draws: Floats
) -> Iterator[Compared]:
    scored = question.scored
    parts: list[tuple[str, Bools]] = [(ALL, np.ones(len(scored.rows), np.bool_))]
    parts += [(name, scored.source == name) for name in scored.sources]
    for place, (source, part) in enumerate(parts):
        positive, of = scored.positive[part], groups[scored.rows[part]]
        n_groups = min(len(np.unique(of[positive])), len(np.unique(of[~positive])))
        for i, model in enumerate(question.models[1:], 1):
            value, reference = values[place, i], values[place, 0]
            if np.isnan(value - reference):
                # Posts of one kind alone.
                continue
            paired = draws[place, i] - draws[place, 0]
            found = judged_difference(float(value - reference), paired, n_groups)
            yield Compared(
                question.axis.name, source, model, float(value), float(reference), found, np.nan,
                len(positive), int(positive.sum()), n_groups,
            )  # fmt: skip
