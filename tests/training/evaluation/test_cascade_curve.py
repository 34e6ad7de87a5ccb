"""The curve of a cascade, from an invented out-of-fold table."""

import io

import numpy as np
import pytest
from unpolished.training.evaluation.cascade_curve import SHARES, curve, curve_figure
from unpolished.training.evaluation.judged import JUDGED
from unpolished.training.evaluation.metrics import within_source_auc

from .oof import invented_table

COLUMNS = ("polished", "paid", "performative", "committed", "self")


@pytest.fixture
def table():
    """The second model knows more than the first; what it is asked of first is random."""
    table = invented_table()
    rng = np.random.default_rng(1)
    for name in COLUMNS:
        table[f"second_{name}"] = table[f"raw_{name}"]
        noisy = table[f"raw_{name}"] + rng.normal(0, 0.3, len(table))
        table[f"first_{name}"] = np.clip(noisy, 0.01, 0.49)
    return table.assign(distance=rng.normal(size=len(table)))


def test_both_ends_are_the_two_models(table):
    """Nothing sent on is the first alone, everything sent on the second."""
    points = curve(table)
    style = JUDGED[0]
    truth = style.truth(table)
    part, positive = table[~np.isnan(truth)], truth[~np.isnan(truth)] == 1
    for share, prefix in ((0.0, "first"), (1.0, "second")):
        expected = within_source_auc(
            positive, style.scores(part, prefix), part["source"].to_numpy(dtype=np.str_)
        )
        found = points[
            (points["share"] == share)
            & (points["axis"] == "style")
            & (points["metric"] == "auc_within")
        ]
        assert found["value"].item() == pytest.approx(expected)


def test_every_share_has_every_axis(table):
    """One value for each measure."""
    points = curve(table)
    assert set(points["share"]) == set(SHARES)
    assert len(points) == len(SHARES) * len(JUDGED) * 2
    assert points["value"].between(0, 1).all()


def test_the_nearest_are_sent_on_first(table):
    """A share takes the posts of least distance."""
    nearest = table["distance"].nsmallest(len(table) // 2).index
    by_hand = table.copy()
    for name in COLUMNS:
        by_hand.loc[nearest, f"first_{name}"] = by_hand.loc[nearest, f"second_{name}"]
    assert curve(by_hand, [0.0])["value"].tolist() == curve(table, [0.5])["value"].tolist()


def test_the_figure_shows_each_axis_as_a_line_through_its_points(table):
    """Both measures, with the recipe's share marked."""
    points = curve(table, [0.0, 0.5, 1.0])
    figure = curve_figure(points, "train", 0.3)
    assert "train split, out of fold" in figure.get_suptitle()
    measures = ("auc_within", "recall_at_precision_70")
    for panel, metric in zip(figure.axes, measures, strict=True):
        lines = {line.get_label(): line.get_xydata() for line in panel.lines}
        assert panel.get_legend_handles_labels()[1] == [axis.name for axis in JUDGED] + ["recipe"]
        np.testing.assert_array_equal(lines["recipe"][:, 0], [0.3, 0.3])
        for axis in JUDGED:
            rows = points[(points["axis"] == axis.name) & (points["metric"] == metric)]
            np.testing.assert_array_equal(lines[axis.name], rows[["share", "value"]])
    assert [panel.get_ylabel() for panel in figure.axes] == [
        "AUC within sources", "recall at precision .7",
    ]  # fmt: skip
    file = io.BytesIO()
    figure.savefig(file)
    assert file.getvalue().startswith(b"\x89PNG")


def test_posts_equally_near_are_sent_on_together(table):
    """As the cascade does, whose band ends at a distance and not at a row."""
    tied = table.assign(distance=np.repeat([0.0, 1.0], [30, len(table) - 30]))
    points = curve(tied, [0.0, 10 / len(table), 30 / len(table)])
    none, some, all_tied = (
        points[points["share"] == s]["value"] for s in sorted(set(points["share"]))
    )
    assert some.tolist() == all_tied.tolist() != none.tolist()
