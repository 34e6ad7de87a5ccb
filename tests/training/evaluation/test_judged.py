"""What is measured, axis by axis."""

import numpy as np
import pytest
from unpolished.data.axes import FLAGS, KINDS
from unpolished.training.evaluation.evaluate import with_truth
from unpolished.training.evaluation.judged import JUDGED, JUDGED_NAMES

from .oof import invented_table

# By axis: which posts of the table have a truth.
SCORED = {
    "style": lambda table: table["style"] != 0.5,
    "paid": lambda table: table["paid"].notna(),
    "paid_against_none": lambda table: table["kind"].isin([0, 2]),
    "paid_against_self": lambda table: table["kind"].isin([1, 2]),
    "self": lambda table: table["kind"].notna(),
    "undisclosed": lambda table: table["undisclosed"].notna(),
    "performative": lambda table: table["cause"].notna(),
    "committed": lambda table: table["cause"].notna(),
    "commitment": lambda table: table["cause"] > 0,
}


@pytest.mark.parametrize("axis", JUDGED, ids=JUDGED_NAMES)
def test_posts_without_a_truth_are_not_scored(axis):
    """They are neither positive nor negative."""
    table = invented_table()
    part, positive = with_truth(axis, table)
    assert part.index.tolist() == table.index[SCORED[axis.name](table)].tolist()
    assert 0 < positive.sum() < len(positive)
    assert axis.flag in FLAGS
    assert axis.contested in table


def test_paid_is_also_held_against_each_of_the_rest():
    """The same posts are positive; own promotion stands against paid alone, and not with none."""
    table = invented_table()
    found = {axis.name: with_truth(axis, table) for axis in JUDGED}
    whole, paid = found["paid"]
    left = []
    for name, kind in (("paid_against_none", "none"), ("paid_against_self", "self")):
        part, positive = found[name]
        assert part.index[positive].tolist() == whole.index[paid].tolist()
        assert set(part["kind"][~positive]) == {KINDS.index(kind)}
        left += part.index[~positive].tolist()
    assert sorted(left) == whole.index[~paid].tolist()


def test_the_ratio_is_of_low_to_any_commitment():
    """Half where neither is likely at all, and unknown where a score is."""
    (axis,) = [axis for axis in JUDGED if axis.ratio]
    table = {
        "p_performative": np.array([0.3, 0.0, np.nan, 0.2]),
        "p_committed": np.array([0.1, 0.0, 0.5, 0.0]),
    }
    np.testing.assert_allclose(axis.scores(table, "p"), [0.75, 0.5, np.nan, 1.0])
