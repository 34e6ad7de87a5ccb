"""Draws of all models at once equal the plain metric on the rows drawn, model by model."""

from functools import partial

import numpy as np
import pytest
from unpolished.training.evaluation import metrics as m
from unpolished.training.evaluation import paired_draws as paired
from unpolished.training.evaluation import weighted_metrics as weighted
from unpolished.training.evaluation.paired_draws import Scored, paired_draws, ranked
from unpolished.training.evaluation.paired_draws import within_source_auc as within

from .resampled import resampled

REPEATS = 130  # more than are worked on at once


def _data(n=150, seed=0):
    """Posts of which not all are scored; few distinct scores, so that ties are common."""
    rng = np.random.default_rng(seed)
    groups = np.array([f"g{i}" for i in rng.integers(0, 40, n)])
    rows = np.sort(rng.choice(n, 110, replace=False))
    positive = rng.random(len(rows)) < 0.4
    source = np.array(["a", "b", "c"])[rng.integers(0, 3, len(rows))]
    scores = np.round(rng.normal(size=(3, len(rows))) + positive, 1)
    return Scored(rows, positive, source, scores), groups


RANKED = {
    "average_precision": (m.average_precision, weighted.average_precision),
    "recall": (
        partial(m.recall_at_precision, at_least=0.7),
        partial(weighted.recall_at_precision, at_least=0.7),
    ),
}


def _plain(name, scored, score, rows):
    """The metric on rows of the table, by repeating them."""
    place = np.searchsorted(scored.rows, rows)
    kept = place[(place < len(scored.rows)) & (scored.rows[place % len(scored.rows)] == rows)]
    if name == "auc":
        return m.within_source_auc(scored.positive[kept], score[kept], scored.source[kept])
    return RANKED[name][0](scored.positive[kept], score[kept])


@pytest.mark.parametrize("name", ["auc", *RANKED])
def test_draws_are_the_metric_on_the_rows_drawn(name):
    """Over all sources and in each, for every model; and the values are those without drawing."""
    scored, groups = _data()
    metric = within(scored) if name == "auc" else ranked(RANKED[name][1])(scored)
    ((values, draws),) = paired_draws([metric], groups, repeats=REPEATS, seed=5)
    assert draws.shape == (4, 3, REPEATS)
    for place, source in enumerate([None, *scored.sources]):
        part = scored.source == source if source else np.ones(len(scored.rows), bool)
        of = Scored(scored.rows[part], scored.positive[part], scored.source[part], scored.scores)
        for model, score in enumerate(scored.scores[:, part]):
            plain = partial(_plain, name, of, score)
            assert values[place, model] == pytest.approx(plain(np.arange(len(groups))), abs=1e-12)
            slow = resampled(plain, groups, repeats=REPEATS, seed=5)
            np.testing.assert_allclose(draws[place, model], slow, atol=1e-12)


def test_nothing_hangs_on_how_many_draws_are_made_at_once(monkeypatch):
    """Nor on which models and questions are beside."""
    scored, groups = _data()
    ((values, draws), _) = paired_draws([within(scored)] * 2, groups, repeats=REPEATS)
    monkeypatch.setattr(paired, "_AT_ONCE", 7)
    alone = Scored(scored.rows, scored.positive, scored.source, scored.scores[1:2])
    ((value, few),) = paired_draws([within(alone)], groups, repeats=REPEATS)
    np.testing.assert_array_equal(few[:, 0], draws[:, 1])
    np.testing.assert_array_equal(value[:, 0], values[:, 1])


def test_a_source_of_one_class_tells_nothing_and_takes_nothing_away():
    """NaN for itself; the whole is that of the others."""
    scored, groups = _data()
    positive = scored.positive | (scored.source == "b")
    mixed = scored.source != "b"
    one_class = Scored(scored.rows, positive, scored.source, scored.scores)
    without = Scored(
        scored.rows[mixed], positive[mixed], scored.source[mixed], scored.scores[:, mixed]
    )
    ((values, draws), (_, expected)) = paired_draws(
        [within(one_class), within(without)], groups, repeats=50
    )
    assert np.isnan(values[2]).all()
    assert np.isnan(draws[2]).all()
    np.testing.assert_array_equal(draws[0], expected[0])
