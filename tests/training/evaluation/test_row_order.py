"""No number hangs on the order of rows, ties included: the same posts, the same number."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unpolished.training.evaluation import metrics as m
from unpolished.training.evaluation.bootstrap import auc_draws, group_weights
from unpolished.training.evaluation.cascade_curve import curve
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.reports.plots import plots
from unpolished.training.selection.promotion_evidence import differences

from .oof import AXES, invented_table

# Whether positive, tenths of a probability (so that most are tied), source, flag.
ROWS = st.lists(
    st.tuples(st.booleans(), st.integers(1, 9), st.sampled_from("abc"), st.booleans()),
    min_size=1, max_size=60,
)  # fmt: skip
SEED = st.integers(0, 2**32 - 1)
METRICS = {
    "within_source_auc": lambda y, p, s, f: m.within_source_auc(y, p, s),
    "pooled_auc": lambda y, p, s, f: m.pooled_auc(y, p),
    "average_precision": lambda y, p, s, f: m.average_precision(y, p),
    "precision": lambda y, p, s, f: m.precision(y, f),
    "recall": lambda y, p, s, f: m.recall(y, f),
    "f1": lambda y, p, s, f: m.f1(y, f),
    "precision_at_prevalence": lambda y, p, s, f: m.precision_at_prevalence(y, f, 0.15),
    "f1_at_prevalence": lambda y, p, s, f: m.f1_at_prevalence(y, f, 0.15),
    "recall_at_precision": lambda y, p, s, f: m.recall_at_precision(y, p, 0.7),
    "spearman": lambda y, p, s, f: m.spearman(p * 0.7 + y, p),
    "calibration_error": lambda y, p, s, f: m.calibration_error(y, p),
    "perfect_calibration_error": lambda y, p, s, f: m.perfect_calibration_error(p, repeats=20),
}


def test_every_metric_is_named_here():
    """A new metric comes under the law below."""
    helpers = {"wins", "equal_mass_bins"}
    public = {n for n, f in vars(m).items() if getattr(f, "__module__", "") == m.__name__}
    assert {n for n in public if not n.startswith("_")} - helpers == set(METRICS)


@pytest.mark.parametrize("name", METRICS)
@given(rows=ROWS, seed=SEED)
def test_no_metric_moves_when_rows_are_shuffled(name, rows, seed):
    """To the last bit."""
    y, tenths, s, f = map(np.array, zip(*rows, strict=True))
    columns = (y, tenths / 10, s, f)
    order = np.random.default_rng(seed).permutation(len(y))
    shuffled = METRICS[name](*(column[order] for column in columns))
    np.testing.assert_array_equal(shuffled, METRICS[name](*columns))


@given(rows=ROWS)
def test_posts_of_equal_probability_share_a_bin(rows):
    """Bins rise with the probability; none but those with ties pass their mass."""
    p = np.array([tenths for _, tenths, *_ in rows]) / 10
    bins = m.equal_mass_bins(p)
    for value in np.unique(p):
        assert len(np.unique(bins[p == value])) == 1
    assert (np.diff(bins[np.argsort(p)]) >= 0).all()
    assert bins.max(initial=0) < m.N_BINS


@given(st.integers(0, 70))
def test_without_ties_the_bins_are_ten_of_equal_mass(n):
    """None differs from another by more than a post."""
    p = np.random.default_rng(n).permutation(np.linspace(0, 1, n))
    sizes = np.bincount(m.equal_mass_bins(p), minlength=min(n, 10))
    assert len(sizes) == min(n, 10)
    assert not n or sizes.max() - sizes.min() <= 1


def test_a_model_right_about_each_of_four_probabilities_has_no_calibration_error():
    """Whatever the order; split in row order its bins would show up to .22."""
    p = np.repeat([0.1, 0.2, 0.3, 0.6], [70, 50, 50, 40])
    true = [np.arange(n) < k for n, k in ((70, 7), (50, 10), (50, 15), (40, 24))]
    positive = np.concatenate(true)
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(p))
        assert m.calibration_error(positive[order], p[order]) == pytest.approx(0, abs=1e-12)
    assert m.calibration_error(positive, p) == pytest.approx(0, abs=1e-12)


def _tied(seed):
    """A table most of whose scores are tied, with those of a cascade."""
    table = invented_table(160, seed)
    rng = np.random.default_rng(seed)
    for prefix in ("raw", "p", "loso", "base"):
        for axis in AXES:
            table[f"{prefix}_{axis}"] = np.ceil(table[f"{prefix}_{axis}"] * 4) / 8
            table[f"second_{axis}"], table[f"first_{axis}"] = (
                rng.integers(1, 5, (2, len(table))) / 8
            )
    return table.assign(distance=rng.integers(0, 6, len(table)) / 2)


def _shuffled(table, seed):
    return table.sample(frac=1, random_state=seed, ignore_index=True)


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 1000))
def test_no_evaluation_moves_when_rows_are_shuffled(seed):
    """Values and both ends of their intervals, of every axis and slice, to the last bit."""
    table = _tied(seed)
    pd.testing.assert_frame_equal(
        evaluate(_shuffled(table, seed), "gold"), evaluate(table, "gold"), check_exact=True
    )


@given(seed=SEED)
def test_no_draw_moves_when_rows_are_shuffled(seed):
    """Groups are drawn by name."""
    table = _tied(seed % 10)
    order = np.random.default_rng(seed).permutation(len(table))
    groups = table["group"].to_numpy(dtype=np.str_)
    weights = group_weights(groups, repeats=5)
    np.testing.assert_array_equal(group_weights(groups[order], repeats=5), weights[:, order])
    positive, score = table["style"].to_numpy() == 1, table["p_polished"].to_numpy(np.float64)
    source = table["source"].to_numpy(dtype=np.str_)
    np.testing.assert_allclose(
        auc_draws(positive[order], score[order], source[order], weights[:, order]),
        auc_draws(positive, score, source, weights), rtol=1e-6,
    )  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(seed=SEED)
def test_no_comparison_moves_when_rows_are_shuffled(seed):
    """Neither of the two tables' orders counts."""
    one, other = _tied(1), _tied(2)
    other = one.assign(**{f"p_{axis}": other[f"p_{axis}"] for axis in AXES})
    mixed = differences(_shuffled(one, seed), _shuffled(other, seed % 7))
    assert repr(mixed) == repr(differences(one, other))


@settings(max_examples=3, deadline=None)
@given(seed=SEED)
def test_no_curve_of_a_cascade_moves_when_rows_are_shuffled(seed):
    """Posts equally near a cut are sent on together."""
    table = _tied(3)
    pd.testing.assert_frame_equal(curve(_shuffled(table, seed)), curve(table), check_exact=True)


@settings(max_examples=5, deadline=None)
@given(seed=SEED)
def test_no_reliability_plot_moves_when_rows_are_shuffled(seed):
    """Its points are those of the bins of the calibration error."""
    table = _tied(4)

    def points(rows):
        figure = dict(plots(rows, "gold"))["reliability"]
        return [line.get_xydata() for axes in figure.axes for line in axes.lines]

    for found, expected in zip(points(_shuffled(table, seed)), points(table), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
