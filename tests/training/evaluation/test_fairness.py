"""Pairs that say the same: what is measured, and how the shipped model does."""

import re

import numpy as np
import pytest
from unpolished.data.dataset.fairness_pairs import PAIR_KINDS, Pair, read_pairs
from unpolished.models.pipeline import Pipeline
from unpolished.models.saved_model import CARD
from unpolished.models.scored_post import ScoredPost
from unpolished.models.shipped.folders import DEFAULT, SHIPPED
from unpolished.training.evaluation.fairness import MAX_CHANGE, MAX_SHARE, paired_changes


class _Shouting:
    """A pipeline that takes capitals for polish."""

    def score(self, posts, *, errors):
        """Polished where a post is written in capitals, unsure where it ends in a dash."""
        return [self._row(post.text, post.row_id) for post in posts]

    def _row(self, text, post_id):
        loud = text.isupper()
        style = "unsure" if text.endswith("-") else "polished" if loud else "raw"
        return ScoredPost(
            id=post_id, style=style, p_polished=0.9 if loud else 0.2, paid="unlikely", p_paid=0.1,
            performative="unlikely", p_performative=0.1, cause="none", p_committed=0.0,
        )  # fmt: skip


def _value(table, register, measure):
    return table[(table["kind"] == register) & (table["measure"] == measure)].iloc[0]


def test_changes_flips_and_their_limits():
    """From plain to the register, per register; unsure is a change and no flip."""
    pairs = [
        Pair(kind="teen", text="LATE BUS", plain="late bus"),
        Pair(kind="teen", text="late bus", plain="late bus"),
        Pair(kind="teen", text="late bus-", plain="late bus"),
        Pair(kind="name", text="a", plain="b"),
    ]
    table = paired_changes(_Shouting(), pairs)
    change = _value(table, "teen", "p_polished")
    assert change["value"] == pytest.approx(0.7 / 3)
    assert change["low"] == pytest.approx(0)
    assert change["high"] <= 0.7
    assert (change["n"], change["within"]) == (3, False)
    assert _value(table, "teen", "style_flipped")["value"] == pytest.approx(1 / 3)
    assert _value(table, "teen", "style_changed")["value"] == pytest.approx(2 / 3)
    assert _value(table, "teen", "paid_changed")["value"] == 0
    assert table[table["kind"] == "name"]["within"].all()


def test_a_change_in_either_direction_counts_and_a_limit_may_be_reached():
    """Less polish is a change as well; one label of twenty may change, and not two."""
    whispered = [Pair(kind="name", text="late bus", plain="LATE BUS")]
    assert not _value(paired_changes(_Shouting(), whispered), "name", "p_polished")["within"]
    for n_changed, within in ((1, True), (2, False)):
        same = [Pair(kind="teen", text="late bus", plain="late bus")] * (20 - n_changed)
        other = [Pair(kind="teen", text="late bus-", plain="late bus")] * n_changed
        table = paired_changes(_Shouting(), same + other)
        assert _value(table, "teen", "style_changed")["within"] == within
        assert _value(table, "teen", "style_flipped")["within"]


def test_the_shipped_pairs():
    """At least forty of each kind, no two alike, the same signs on both sides."""
    pairs = read_pairs()
    for register in PAIR_KINDS:
        here = [pair for pair in pairs if pair.kind == register]
        assert len(here) >= 40, register
        for pair in here:
            assert pair.text != pair.plain
            assert _signs(pair.text) == _signs(pair.plain), pair.text
    assert len({pair.text for pair in pairs} | {pair.plain for pair in pairs}) == 2 * len(pairs)


def _signs(text):
    emoji = re.findall("[\U0001f300-\U0001faff\u2600-\u27bf]", text)
    return sorted(emoji), text.count("#"), text.count("@")


def test_a_line_that_is_no_pair_is_named(tmp_path):
    """By number, without its text."""
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"kind": "teen", "text": "a", "plain": "b"}\n{"text": "secret"}\n')
    with pytest.raises(ValueError, match=r"^pairs.jsonl, line 2: no pair") as error:
        read_pairs(path)
    assert "secret" not in str(error.value)


# What the shipped model fails, by measurement; its card says so too.
OUTSIDE = {
    ("aae", "cause_changed"),
    ("aae", "paid_changed"),
    ("aae", "promotion_changed"),
    ("brand", "cause_changed"),
    ("brand", "paid_changed"),
    ("elderly", "cause_changed"),
    ("elderly", "p_polished"),
    ("elderly", "paid_changed"),
    ("elderly", "performative_changed"),
    ("elderly", "promotion_changed"),
    ("indian", "cause_changed"),
    ("indian", "paid_changed"),
    ("name", "cause_changed"),
    ("name", "promotion_changed"),
    ("non_native", "cause_changed"),
    ("non_native", "promotion_changed"),
    ("place", "cause_changed"),
    ("teen", "cause_changed"),
    ("teen", "p_polished"),
    ("teen", "paid_changed"),
    ("teen", "promotion_changed"),
}


def test_the_shipped_model_keeps_the_limits_but_where_its_card_says_so():
    """Measured here, compared with what the card publishes."""
    table = paired_changes(Pipeline.load(), read_pairs())
    outside = table[~table["within"]]
    assert set(zip(outside["kind"], outside["measure"], strict=True)) == OUTSIDE
    limits = np.where(table["measure"].str.startswith("p_"), MAX_CHANGE, MAX_SHARE)
    assert ((table["value"].abs() <= limits) == table["within"]).all()
    card = (SHIPPED[DEFAULT] / CARD).read_text("utf-8")
    published = card[card.index("## Fairness pairs") : card.index("## Limits")]
    for row in table.itertuples():
        form = (
            "{:+.3f} [{:+.3f}, {:+.3f}]"
            if row.measure.startswith("p_")
            else "{:.1%} [{:.1%}, {:.1%}]"
        )
        shown = form.format(row.value, row.low, row.high)
        assert (shown if row.within else f"**{shown}**") in published
