"""An interval holds its own estimate, or there is none: over all metrics, on few posts and many."""

import math

import numpy as np
import pandas as pd
import pytest
from unpolished.training.evaluation.evaluate import evaluate, headline
from unpolished.training.evaluation.fairness import _mean
from unpolished.training.selection.promotion_evidence import Difference, differences

from .oof import AXES, invented_table


def _all(axis, metrics, name):
    chosen = (metrics["axis"] == axis) & (metrics["metric"] == name) & (metrics["slice"] == "all")
    return metrics[chosen].iloc[0]


@pytest.mark.parametrize(("n", "n_groups"), [(12, 1), (12, 2), (16, 5), (40, 40), (120, 30)])
def test_no_interval_excludes_its_estimate_or_has_no_width(n, n_groups):
    """Whatever the metric; few posts leave draws of one class, and metrics at their bounds."""
    table = invented_table(2 * n, seed=n)
    table["group"] = [f"g{i % n_groups}" for i in range(2 * n)]
    metrics = evaluate(table, "gold")
    known = metrics[metrics["low"].notna() | metrics["high"].notna()]
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    assert (known["low"] < known["high"]).all()
    assert bool(len(known)) == (n_groups > 1)


def test_a_calibration_error_has_no_interval_but_a_perfect_model_beside_it():
    """Draws of calibrated probabilities lie above the error itself: [.048, .120] around .030."""
    metrics = evaluate(invented_table(), "gold")
    errors = metrics[metrics["metric"] == "calibration_error"]
    assert len(errors) == len(AXES)
    assert errors["low"].isna().all()
    assert errors["high"].isna().all()
    for axis in errors["axis"]:
        mean = _all(axis, metrics, "calibration_error_perfect")["value"]
        assert 0 < mean < _all(axis, metrics, "calibration_error_perfect_95")["value"]
    value, low, high = headline(metrics)["paid"]["calibration_error"]
    assert value > 0
    assert low is None
    assert high is None


def test_one_author_alone_gives_no_interval():
    """All draws are the same posts: None in what is saved, no brackets of no width."""
    metrics = headline(evaluate(invented_table().assign(group="one"), "gold"))
    assert metrics["paid"]["auc_within"][0] is not None
    assert {bounds for axis in metrics.values() for _, *bounds in map(tuple, axis.values())
            for bounds in [tuple(bounds)]} == {(None, None)}  # fmt: skip


def test_a_change_that_every_pair_shows_has_no_interval():
    """As with nobody's answers changed by a swapped name."""
    value, low, high = _mean(np.zeros(40))
    assert value == 0
    assert math.isnan(low)
    assert math.isnan(high)


@pytest.mark.parametrize(("value", "worse"), [(-0.1, True), (0.0, False), (0.1, False)])
def test_without_an_interval_a_lower_value_is_worse_and_no_value_better(value, worse):
    """The champion stays where nothing can be told."""
    difference = Difference("paid", value, (math.nan, math.nan))
    assert difference.worse is worse
    assert difference.better is False
    assert str(difference) == f"paid {value:+.3f}"


def test_a_run_that_ranks_all_posts_wrong_is_worse_though_no_draw_varies():
    """1 against 0 in every draw has no interval, and is no draw."""
    table = pd.concat([invented_table(80)] * 2, ignore_index=True)
    table["source_id"] = [str(i) for i in range(len(table))]
    right = table.assign(p_polished=table["style"])
    found = {d.axis: d for d in differences(right.assign(p_polished=1 - table["style"]), right)}
    assert found["style"].value == -1
    assert found["style"].worse
