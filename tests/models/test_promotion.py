"""Whose product a post promotes, in the rows of a model that was trained on it or not."""

import itertools

import numpy as np
import pytest
from unpolished.data.posts import Post
from unpolished.models.base import FIRST_FOUR, PROBABILITIES
from unpolished.models.decision.calibration import Calibration
from unpolished.models.decision.threshold import Threshold
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.pipeline import Pipeline

PLAIN = "so tired today, the bus was late again and my shoes are wet"
# What is disclosed: nothing, a deal, one's own brand, both.
POSTS = {
    "none": PLAIN,
    "paid": f"#ad {PLAIN}",
    "own": f"I own this brand. {PLAIN}",
    "both": f"#ad I own this brand. {PLAIN}",
}


class Says:
    """The same of every post."""

    def __init__(self, paid, own):
        self._said = np.array([0.5, paid, 0.1, 0.1, own], np.float32)

    def predict_proba(self, texts):
        """Whatever they say."""
        return np.tile(self._said, (len(texts), 1))


@pytest.fixture
def scored(tiny_info, tiny_train):
    """A function that scores texts with a model that says so much of paid and of one's own."""
    from unpolished.models.families.linear import Linear

    info = tiny_info(Linear().fit(tiny_train))

    def score(texts, paid, own, told=PROBABILITIES):
        cuts = Thresholds(**dict.fromkeys(told, Threshold(flag=0.6, opposite=0.3)))
        five = told == PROBABILITIES
        calibration = Calibration(own=(1.0, 0.0) if five else None)
        update = {"thresholds": cuts, "calibration": calibration, "probabilities": told}
        posts = [Post(text=text) for text in texts]
        model = Says(paid, own if five else np.nan)
        return Pipeline(model, info.model_copy(update=update)).score(posts, errors="raise")

    return score


def test_third_party_exactly_where_a_post_is_paid(scored):
    """By its words or by the model; and paid hangs on nothing that is said of one's own."""
    seen = set()
    for paid, own in itertools.product((0.1, 0.45, 0.9), (0.0, 0.1, 0.45, 0.9)):
        if paid + own > 1:
            continue
        rows = scored(POSTS.values(), paid, own)
        for row, before in zip(rows, scored(POSTS.values(), paid, own, FIRST_FOUR), strict=True):
            assert (row.promotion == "third_party") == (row.paid in ("likely", "disclosed"))
            assert row.p_paid + row.p_self <= 1
            left = {"promotion", "p_self", "model"}
            assert row.model_dump(exclude=left) == before.model_dump(exclude=left)
            seen.add(row.promotion)
    assert seen == {"none", "self", "third_party", "unsure"}


def test_what_words_say_of_ones_own_brand_counts(scored):
    """Whatever the model says, where they are clear; words of a deal beside them say more."""
    for own in (0.0, 0.45, 0.85):
        rows = dict(zip(POSTS, scored(POSTS.values(), 0.1, own), strict=True))
        assert rows["own"].disclosed_kinds == ("own_brand",)
        assert rows["own"].promotion == "self"
        (unclear,) = scored([f"#myownbrand {PLAIN}"], 0.1, own)
        assert (unclear.disclosure, unclear.promotion) == ("ambiguous", rows["none"].promotion)
        assert rows["paid"].promotion == rows["both"].promotion == "third_party"


@pytest.mark.parametrize(
    ("paid", "own", "promotion"),
    [
        (0.9, 0.05, "third_party"),
        (0.1, 0.8, "self"),
        (0.45, 0.1, "unsure"),
        (0.1, 0.45, "unsure"),
        (0.1, 0.1, "none"),
    ],
)
def test_without_words_the_model_decides(scored, paid, own, promotion):
    """And says nothing of a post that it cannot read."""
    row, unread = scored([PLAIN, "nope"], paid, own)
    assert row.promotion == promotion
    assert row.p_self == pytest.approx(own, abs=1e-6)
    assert (unread.reason_code, unread.promotion) == ("too_short", "unsure")


def test_a_model_of_four_columns_says_neither(scored):
    """Null, not unsure: it was not asked; no row has an error for it."""
    for row in scored(POSTS.values(), 0.4, 0.4, FIRST_FOUR):
        assert (row.promotion, row.p_self, row.error) == (None, None, None)
        assert row.p_paid == pytest.approx(0.4, abs=1e-6)
