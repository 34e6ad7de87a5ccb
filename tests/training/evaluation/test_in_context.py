"""What the author's other posts add is measured out of fold, and fitted on what it may be."""

import numpy as np
import pandas as pd
import pytest
from unpolished.models.author_context import FEATURES
from unpolished.training.evaluation.bootstrap import NO_INTERVAL
from unpolished.training.evaluation.in_context import (
    ALONE,
    Regression,
    crossfit_stage,
    fit_stage,
    measured,
    metrics_table,
    promoting,
    within_author_auc,
)

OTHERS = FEATURES.index("others_third_party_to_own")


def _table(n=600, seed=0, told=2.0):
    """Posts of 60 authors; the others tell more of a post than it does."""
    rng = np.random.default_rng(seed)
    author = rng.integers(0, 60, n)
    kind = rng.integers(1, 3, n)
    x = rng.normal(size=(n, len(FEATURES)))
    x[:, 0] += 0.5 * (kind == 2)
    x[:, OTHERS] += told * (kind == 2)
    table = pd.DataFrame(x, columns=list(FEATURES)).assign(
        source=np.where(author % 2 == 0, "blogs", "tweets"),
        author=[f"a{i}" for i in author],
        group=[f"g{i}" for i in author],
        fold=(author % 5).astype(np.int8),
        split=np.where(author % 3 == 0, "train", np.where(author % 3 == 1, "further", "gold")),
        kind=kind.astype(np.int8),
        known_posts=np.where(author < 6, 3, 8),
    )
    return table.assign(alone=crossfit_stage(table, ALONE), stage=crossfit_stage(table, FEATURES))


def test_plain_parameters_give_the_probabilities_of_the_standardised_fit():
    """A feature that never changes has no say."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(3, 9, 80), rng.normal(size=80), np.ones(80)])
    positive = x[:, 1] + rng.normal(size=80) > 0
    scaled = StandardScaler().fit_transform(x)
    peer = LogisticRegression(max_iter=1000).fit(scaled, positive).predict_proba(scaled)[:, 1]
    fitted = Regression(x, positive)
    np.testing.assert_allclose(fitted(x), peer)
    assert fitted.coefficients[2] == 0


def test_a_gain_is_found_where_there_is_one_and_none_where_there_is_not():
    """With an interval over groups."""
    found = measured(promoting(_table()))
    assert found.gain_low > 0.1
    assert found.gain == pytest.approx(found.auc_after - found.auc_before, abs=2e-4)
    assert found.right_after > found.right_before
    nothing = measured(promoting(_table(told=0.0)))
    assert nothing.gain_low < 0.02


def test_no_post_is_scored_by_a_stage_that_was_fitted_on_its_fold():
    """Nor by one fitted on gold, or on posts of authors of whom too few are known."""
    table = _table()
    other = np.array(table["kind"] != 2) + 1
    changed = table.assign(kind=np.where(table["fold"] == 1, other, table["kind"]))
    before, after = (crossfit_stage(one, FEATURES) for one in (table, changed))
    of_fold = table["fold"] == 1
    np.testing.assert_array_equal(before[of_fold], after[of_fold])
    assert not np.allclose(before[~of_fold], after[~of_fold])
    unused = (table["split"] == "gold") | (table["known_posts"] == 3)
    changed = table.assign(kind=np.where(unused, other, table["kind"]))
    np.testing.assert_array_equal(before, crossfit_stage(changed, FEATURES))
    fitted, used = fit_stage(table)
    again, _ = fit_stage(changed)
    np.testing.assert_array_equal(fitted.coefficients, again.coefficients)
    assert len(used) == (~unused).sum()


def test_the_table_has_a_row_for_each_part():
    """All, each source, and by how many posts are known."""
    found = metrics_table(_table(), "train")
    assert list(found["slice"]) == [
        "all", "source: blogs", "source: tweets", "known posts: 2 to 4", "known posts: 5 to 9",
    ]  # fmt: skip
    counts = found.set_index("slice")["posts"]
    assert counts["all"] == counts["source: blogs"] + counts["source: tweets"]
    assert counts["all"] == counts["known posts: 5 to 9"]


def test_of_one_class_alone_nothing_is_measured():
    """Nor is an interval made up for one group."""
    table = _table()
    assert measured(table[table["kind"] == 1]) is None
    found = measured(promoting(table).assign(group="g"))
    assert (found.gain_low, found.gain_high) == (None, None)
    assert all(np.isnan(NO_INTERVAL))


def test_pairs_of_one_author_are_told_apart_from_pairs_of_two():
    """What is the same in all posts of an author tells none of its own pairs."""
    table = _table()
    table = table.assign(same=table.groupby("author")["kind"].transform("mean"))
    found, authors = within_author_auc(table, "same")
    assert found == 0.5
    assert authors == (table.groupby("author")["kind"].nunique() > 1).sum()
