"""Posts are compared with themselves, or not at all."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from unpolished.training.selection.same_posts import (
    common_posts,
    measured,
    same_posts,
    what_differs,
)
from unpolished.training.tracking.runs import FinishedRun

from ..evaluation.oof import invented_table


def _measured(table, name="a", split="train", **tags):
    run = FinishedRun(
        run_id=name * 8, name=name, experiment="unpolished-public",
        started=datetime(2026, 1, 1, tzinfo=UTC),
        tags={"data.name": "public", "folds.sha256": "f" * 64, "data.fingerprint": name * 64}
        | {key.replace("_", "."): value for key, value in tags.items()},
        params={}, metrics={}, metrics_table=lambda: None,
    )  # fmt: skip
    return measured(run, name, table, split)


@pytest.fixture
def table():
    """Two splits."""
    return invented_table()


def test_the_order_of_the_rows_is_no_difference(table):
    """Tables come back in one order, other splits left out."""
    turned = table.sample(frac=1, random_state=0)
    runs = [_measured(table), _measured(turned, "b")]
    assert list(what_differs(runs)) == []
    first, second = same_posts(runs)
    assert set(first["split"]) == {"train"}
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.iloc[3:], "117 posts in both, 3 only in a (data.fingerprint aaaaaaaa and bbb"),
        (lambda t: t.assign(style=t["style"].mask(t.index < 2, 0.5)), "other labels of 2 posts"),
        (lambda t: t.assign(cause=t["cause"].mask(t.index == 0)), "other labels of 1 posts"),
        (lambda t: t.assign(fold=np.where(t.index == 5, 9, t["fold"])), "other folds of 1 posts"),
    ],
)
def test_what_differs_is_told(table, change, said):
    """Posts, labels and folds, in numbers; against the first alone."""
    table.loc[:2, ["style", "cause"]] = 1.0
    runs = [_measured(table), _measured(table, "c"), _measured(change(table), "b")]
    (sentence,) = what_differs(runs)
    assert sentence.startswith("a and b: ")
    assert said in sentence


def test_another_fold_file_is_told(table):
    """Even where it places these posts alike: the others that a model saw may lie elsewhere."""
    (sentence,) = what_differs([_measured(table), _measured(table, "b", folds_sha256="e" * 64)])
    assert sentence == "a and b: fold file (folds.sha256) ffffffff and eeeeeeee"


def test_a_split_that_was_not_scored_is_told(table):
    """With those that were."""
    with pytest.raises(ValueError, match=r"\(a\) was not scored on gold: it has train"):
        _measured(table[table["split"] == "train"], split="gold")


def test_common_posts_are_those_that_all_hold_with_the_same_labels(table):
    """In one order; what is left out for its labels is counted."""
    train = table[table["split"] == "train"].reset_index(drop=True)
    train.loc[:, "style"] = 1.0
    other = train.iloc[10:].assign(style=np.where(train.index[10:] < 14, 0.0, 1.0))
    runs = [_measured(train), _measured(other.sample(frac=1, random_state=0), "b")]
    tables, notes = common_posts(runs)
    assert [len(t) for t in tables] == [106, 106]
    assert notes == ["4 posts whose labels differ are left out"]
    for column in ("source", "source_id", "style"):
        assert list(tables[0][column]) == list(tables[1][column])
    expected = set(train["source_id"].iloc[14:])
    assert set(tables[0]["source_id"]) == expected


def test_posts_known_by_their_line_or_by_a_shared_id_are_not_taken_for_the_same(table):
    """In another file, the third line is another post."""
    train = table[table["split"] == "train"].reset_index(drop=True)
    ids = train["source_id"].mask(train.index < 5, "row-" + train["source_id"])
    train = train.assign(source_id=ids.mask(train.index.isin([7, 8]), "twice"), source="public")
    tables, notes = common_posts([_measured(train), _measured(train.iloc[:-1], "b")])
    assert len(tables[0]) == 120 - 1 - 5 - 2
    assert notes == ["7 posts whose id is made of their line, or is not theirs alone, are left out"]
    assert list(what_differs([_measured(train), _measured(train, "b")])) == []


def test_posts_of_ones_own_are_the_same_in_a_file_of_another_name(table):
    """The name of a file is not the source of its posts."""
    first, second = (table.assign(source=name) for name in ("v1", "v2"))
    runs = [_measured(first, data_name="v1"), _measured(second, "b", data_name="v2")]
    assert list(what_differs(runs)) == []
    assert [set(t["source"]) for t in same_posts(runs)] == [{"v1"}, {"v1"}]
    other = _measured(second, "b", data_name="public")
    with pytest.raises(ValueError, match="no post is held by all"):
        common_posts([runs[0], other])


def test_posts_of_one_group_in_any_run_are_drawn_together(table):
    """A near-duplicate that ties two authors may be in one of the files alone."""
    train = table[table["split"] == "train"].reset_index(drop=True)
    apart = train.assign(group=[f"g{i:03d}" for i in train.index])
    tied = apart.assign(group=apart["group"].replace({"g001": "g000", "g004": "g003"}))
    other = apart.assign(group=apart["group"].replace({"g003": "g001"}))
    for runs in ([tied, other, apart], [other, apart, tied]):
        tables = same_posts([_measured(t, name) for t, name in zip(runs, "abc", strict=True)])
        groups = tables[0].set_index("source_id")["group"]
        assert groups.nunique() == len(train) - 3
        assert len({groups[i] for i in train["source_id"][[0, 1, 3, 4]]}) == 1
        assert all(list(t["group"]) == list(tables[0]["group"]) for t in tables)
