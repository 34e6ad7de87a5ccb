"""Kinds of posts that are judged worse: one that was planted is found, chance is not."""

import numpy as np
import pandas as pd
import pytest
from unpolished.training.error_analysis.losses import AXES, losses
from unpolished.training.error_analysis.slices import (
    LEVEL,
    MIN_GROUPS,
    MIN_POSTS,
    candidates,
    figures,
    worse_slices,
)

N, AUTHORS = 1200, 300


def _table(seed, *, by_author=0.0):
    """Posts whose scores follow their labels; authors differ in how hard they are to judge."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, AUTHORS, N)
    paid = (rng.random(N) < 0.3).astype(float)
    hard = rng.normal(0, by_author, AUTHORS)[group]
    odds = (2 * paid - 1) * (1.5 - hard) + rng.normal(0, 1, N) - 0.3
    p = 1 / (1 + np.exp(-odds))
    flag = np.select([p > 0.7, p < 0.3], [1, 0], -1)
    table = pd.DataFrame(
        {"paid": paid, "p_paid": p, "flag_paid": flag, "group": [f"g{i}" for i in group]}
    )
    kinds = pd.DataFrame(
        {
            # Of the post, of its author, and one that is most of another.
            "hashtags": rng.choice(["none", "1 to 3", "4 or more"], N, p=[0.5, 0.3, 0.2]),
            "link": rng.choice(["none", "1 or more"], N),
            "source": np.array(["a", "b", "c"])[rng.integers(0, 3, AUTHORS)][group],
            "length": rng.choice(["short", "long"], N),
        },
        dtype=object,
    )
    return table, kinds


def _worse(table, kinds, seed=0):
    of = losses(table, AXES["paid"])
    groups = table["group"].to_numpy(np.str_)[of.rows]
    (found,) = worse_slices([(of, candidates(kinds.iloc[of.rows], groups), groups)], seed=seed)
    return found


def _spoil(table, rows):
    """Answer the other way around."""
    changed = table.copy()
    changed.loc[rows, "p_paid"] = 1 - changed.loc[rows, "p_paid"]
    return changed


@pytest.mark.parametrize(
    "kind", [(("hashtags", "4 or more"),), (("hashtags", "4 or more"), ("link", "none"))]
)
def test_a_planted_kind_is_found_first(kind):
    """Of one feature and of two, with its size and a difference whose interval is above nothing."""
    table, kinds = _table(0)
    rows = np.logical_and.reduce([kinds[name] == value for name, value in kind])
    chosen = rows & (np.random.default_rng(1).random(N) < 0.5)
    first, *others = _worse(_spoil(table, chosen), kinds)
    assert first.found.kind == kind
    assert first.found.n == rows.sum()
    assert first.p <= 0.001
    assert 0 < first.interval[0] <= first.found.difference <= first.interval[1]
    assert first.found.loss > first.loss_elsewhere
    np.testing.assert_array_equal(first.rows, np.flatnonzero(rows))
    for other in others:
        assert set(kind) & set(other.found.kind)


@pytest.mark.parametrize("by_author", [0.0, 2.0])
def test_chance_is_hardly_ever_taken_for_a_kind(by_author):
    """In at most one of twenty data sets, whether or not posts of an author are alike."""
    found = sum(bool(_worse(*_table(seed, by_author=by_author))) for seed in range(100, 140))
    # 2 of 40 are expected at most; 6 or more would come about in 1 of 70.
    assert found <= 5


def test_a_kind_is_not_worse_for_holding_more_of_the_rarer_label():
    """The loss of a label is held against that of the same label elsewhere."""
    table, kinds = _table(3)
    kinds["promotes"] = np.where(table["paid"] == 1, "a third party's", "nothing")
    of = losses(table, AXES["paid"])
    assert of.loss[of.positive].mean() > 1.2 * of.loss[~of.positive].mean()
    assert not [one for one in _worse(table, kinds) if dict(one.found.kind).get("promotes")]


def test_authors_count_and_not_their_posts():
    """Thirty posts that one author of many wrote, all judged wrong, tell of that author."""
    table, kinds = _table(4)
    rows = np.arange(200)
    table.loc[rows, "group"] = np.where(rows < 170, "one", [f"few{i % 12}" for i in rows])
    kinds["length"] = "short"
    kinds.loc[rows, "length"] = "long"
    kinds["hashtags"] = kinds["link"] = "none"
    spoiled = _spoil(table, rows[:170])
    assert not _worse(spoiled, kinds)
    each = spoiled.assign(group=[f"g{i}" for i in range(N)])
    assert _worse(each, kinds)[0].found.kind == (("length", "long"),)


def test_too_few_posts_or_authors_are_not_tried():
    """At both sides of either limit; posts of no known kind are of none."""
    groups = np.array([f"g{i}" for i in range(200)])

    def tried(n, groups=groups):
        kinds = pd.DataFrame({"a": ["x"] * n + [None] * (200 - n)}, dtype=object)
        return [kind for (kind,) in candidates(kinds, groups).kinds]

    assert tried(MIN_POSTS) == [("a", "x")]
    assert tried(MIN_POSTS - 1) == []
    assert tried(200 - MIN_POSTS) == [("a", "x")]
    assert tried(200 - MIN_POSTS + 1) == []
    few = np.array([f"g{i % MIN_GROUPS}" for i in range(200)])
    assert tried(100, few) == [("a", "x")]
    assert tried(100, np.array([f"g{i % (MIN_GROUPS - 1)}" for i in range(200)])) == []


def test_the_same_posts_are_tried_once():
    """Under the name that has fewer features."""
    kinds = pd.DataFrame(
        {"source": ["a"] * 50 + ["b"] * 50, "platform": ["x"] * 50 + ["y"] * 50}, dtype=object
    )
    found = candidates(kinds, np.array([f"g{i}" for i in range(100)]))
    assert found.kinds == [(("source", "a"),), (("source", "b"),)]


def test_figures_of_a_kind_are_means_over_its_posts():
    """By hand."""
    table = pd.DataFrame(
        {
            "paid": [1.0, 1.0, 0.0, 0.0, np.nan],
            "p_paid": [0.5, 0.25, 0.2, 0.1, 0.9],
            "flag_paid": [-1, 0, 0, 1, 1],
        }
    )
    of = losses(table, AXES["paid"])
    np.testing.assert_allclose(of.loss, -np.log([0.5, 0.25, 0.8, 0.9]))
    assert of.wrong.tolist() == [False, True, False, True]
    rows = np.array([True, False, True, False])
    found = figures(of, (("a", "x"),), rows, np.array(["g", "g", "h", "h"]))
    assert (found.n, found.groups, found.wrong) == (2, 2, 0.0)
    assert found.loss == pytest.approx(-np.log([0.5, 0.8]).mean())
    excess = (np.log(0.25) - np.log(0.5)) / 2, (np.log(0.9) - np.log(0.8)) / 2
    assert found.difference == pytest.approx(2 * sum(excess) / 2)
    assert losses(table.assign(paid=1.0), AXES["paid"]) is None
    assert losses(table.assign(p_paid=np.nan), AXES["paid"]) is None


def test_the_corrected_level_is_of_all_questions_together():
    """What is barely sure alone is not beside many others."""
    table, kinds = _table(6)
    rows = (kinds["hashtags"] == "4 or more").to_numpy()
    of = losses(_spoil(table, rows & (np.random.default_rng(2).random(N) < 0.06)), AXES["paid"])
    groups = table["group"].to_numpy(np.str_)
    one = of, candidates(kinds[["hashtags"]], groups), groups
    rng = np.random.default_rng(7)
    noise = pd.DataFrame({f"n{i}": rng.choice(["x", "y"], N) for i in range(12)}, dtype=object)
    alone = worse_slices([one])[0]
    beside = worse_slices([one, (of, candidates(noise, groups), groups)])[0]
    assert alone[0].p <= LEVEL / 10
    assert not beside
