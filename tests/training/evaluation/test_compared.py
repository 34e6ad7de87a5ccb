"""Models side by side, question by question, each beside the first."""

import numpy as np
import pytest
from unpolished.training.evaluation.compared import ALL, PAIRED_METRICS, compare_tables
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.evaluation.judged import JUDGED_NAMES
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.reports.metric_names import METRIC_NAMES

from .oof import invented_table


def _tables(n=3):
    """The invented table, with ever more noise in its scores."""
    table = invented_table()
    table = table[table["split"] == "train"]
    rng = np.random.default_rng(0)
    tables = []
    for i in range(n):
        noisy = table.copy()
        for column in [c for c in table if c.startswith(("p_", "loso_"))]:
            noisy[column] = table[column] + rng.normal(0, 0.1 * i, len(table))
        tables.append(noisy)
    return tables


def _compared(tables, metric="auc_within", axes=JUDGED_NAMES):
    return compare_tables(tables, metric, axes, repeats=200)


@pytest.fixture(scope="module")
def told():
    """What evaluate says of each table."""
    return [
        evaluate(table, "train").query("slice == 'all'").set_index(["axis", "metric"])["value"]
        for table in _tables()
    ]


@pytest.mark.parametrize("metric", PAIRED_METRICS)
def test_values_are_those_that_evaluate_tells(metric, told):
    """Of each model on every axis; and metrics are called as there."""
    tables = _tables()
    rows = [row for row in _compared(tables, metric) if row.source == ALL]
    assert metric in METRIC_NAMES
    assert {row.axis for row in rows} == set(JUDGED_NAMES)
    for row in rows:
        assert row.value == pytest.approx(told[row.model][row.axis, metric], abs=1e-12)
        assert row.against == pytest.approx(told[0][row.axis, metric], abs=1e-12)
        assert row.tested.difference == row.value - row.against


def test_sources_are_compared_alone():
    """Each on its posts."""
    tables = _tables(2)
    rows = [row for row in _compared(tables) if row.axis == "paid" and row.source != ALL]
    assert [row.source for row in rows] == ["a/x", "b/y", "c/z"]
    for row in rows:
        part = tables[1].query("source == @row.source and paid == paid")
        positive = part["paid"].to_numpy() == 1
        assert (row.posts, row.positives) == (len(part), positive.sum())
        score, source = part["p_paid"].to_numpy(float), part["source"].to_numpy(str)
        assert row.value == within_source_auc(positive, score, source)


def test_a_difference_hangs_on_no_other_run():
    """Nor on the order of the others; only the adjustment does."""
    tables = _tables(4)
    found = {(row.axis, row.source, row.model): row for row in _compared(tables)}
    turned = [tables[0], tables[3], tables[2], tables[1]]
    for row in _compared(turned):
        same = found[row.axis, row.source, (0, 3, 2, 1)[row.model]]
        assert (row.tested, row.adjusted) == (same.tested, same.adjusted)
    for row in _compared([tables[0], tables[2]]):
        same = found[row.axis, row.source, 2]
        assert row.tested == same.tested
        assert row.adjusted <= same.adjusted


def test_turned_round_a_difference_changes_its_sign():
    """And nothing else."""
    first, second = _tables(2)
    for row, turned in zip(_compared([first, second]), _compared([second, first]), strict=True):
        assert row.tested.difference == -turned.tested.difference
        assert row.tested.p == pytest.approx(turned.tested.p)
        np.testing.assert_allclose(row.tested.low, -turned.tested.high)
        verdicts = {"better": "worse", "worse": "better"}
        assert verdicts.get(row.verdict, row.verdict) == turned.verdict


def test_what_is_asked_of_sources_moves_no_verdict_on_the_whole():
    """Two families; the fewer axes are asked, the smaller the adjusted p-values."""
    tables = _tables(3)
    rows = _compared(tables)
    whole = [row for row in rows if row.source == ALL]
    smallest = min(whole, key=lambda row: row.tested.p)
    assert smallest.adjusted == pytest.approx(min(1, smallest.tested.p * len(whole)))
    few = [row for row in _compared(tables, axes=["paid"]) if row.source == ALL]
    assert len(few) == 2
    assert all(
        row.adjusted <= other.adjusted
        for row, other in zip(few, [r for r in whole if r.axis == "paid"], strict=True)
    )


def test_verdicts():
    """Real differences are called so; the same scores are the same; noise shows nothing."""
    first = _tables(1)[0]
    rng = np.random.default_rng(1)
    guessed = first.assign(p_polished=rng.random(len(first)))
    rows = _compared([guessed, first, guessed], axes=["style"])
    assert [row.verdict for row in rows if row.source == ALL] == ["better", "the same"]
    guessed_again = first.assign(p_polished=rng.random(len(first)))
    (row, *_) = _compared([guessed, guessed_again], axes=["style"])
    assert row.verdict == "not shown"


def test_what_a_model_does_not_tell_is_left_out():
    """That model on that axis; the axis, if it is the first; posts that one has no score of."""
    first, second, third = _tables(3)
    silent = second.assign(p_self=np.nan)
    rows = _compared([first, silent, third])
    assert {row.model for row in rows if row.axis == "self"} == {2}
    assert {row.model for row in rows if row.axis == "style"} == {1, 2}
    assert not [row for row in _compared([silent, first]) if row.axis == "self"]
    older = second.drop(columns="p_self")
    assert {row.model for row in _compared([first, older, third]) if row.axis == "self"} == {2}
    partly = second["p_paid"].where(np.arange(len(second)) % 2 == 0)
    (row, *_) = _compared([first, second.assign(p_paid=partly)], axes=["paid"])
    assert row.posts == (partly.notna() & second["paid"].notna()).sum()
