"""What an author's other posts tell of a post."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import numpy as np
import pytest
from unpolished.data.text.mentioned import mentioned
from unpolished.data.text.signals.signal import Signal
from unpolished.models.author_context import FEATURES, KnownPost, features, recurring

START = datetime(2024, 1, 1, tzinfo=UTC)


def _post(text, *, paid=0.3, own=0.3, day=None, code=None, author="ana"):
    signals = [Signal("code", code, 0, len(code), ())] if code else []
    when = None if day is None else START + timedelta(days=day)
    return KnownPost(mentioned(text, author, signals), paid, own, when)


def _column(posts, name):
    return features(posts)[:, FEATURES.index(name)]


def _standing(posts, place=0):
    return recurring(posts)[place][0]


def test_a_name_in_most_posts_is_told_with_its_first_and_last():
    """In half of them or more, and in three at least."""
    posts = [_post("out with @glow.skin", day=day) for day in (40, 0, 80)]
    posts += [_post("late bus", day=5)] * 3
    found = _standing(posts)
    assert found[:4] == ("@glow.skin", "in_most_posts", 3, 6)
    assert ((found.last - found.first).days, found.code) == (80, None)
    assert _standing([*posts, _post("rain")]).standing == "again"
    assert _standing(posts[1:3]).standing == "again"
    assert _standing(posts[:1]).standing == "once"


@pytest.mark.parametrize(
    ("days", "standing"),
    [((3,), "once_with_code"), ((3, 30), "once_with_code"), ((3, 90), "again"),
     ((3, None), "again")],
)  # fmt: skip
def test_a_name_of_one_month_beside_a_code_is_told_so(days, standing):
    """Of a post without a date nobody knows which month it is of."""
    posts = [_post("try @glow.skin", day=day, code="ANA15") for day in days]
    posts += [_post("late bus", day=day) for day in range(9)]
    found = _standing(posts)
    assert (found.standing, found.code) == (standing, "ANA15" if "code" in standing else None)


def test_without_a_code_a_name_that_comes_once_is_no_more_than_that():
    """A code in another post is not beside it."""
    posts = [_post("try @glow.skin", day=1), _post("late bus", day=2, code="ANA15")]
    assert _standing(posts).standing == "once"


def test_the_authors_own_name_comes_first():
    """With how many posts say it."""
    posts = [_post("@ana.k at @glow.skin", author="ana.k"), _post("by ana.k", author="ana.k")]
    own, other = recurring(posts)[0]
    assert (own.said, own.standing, own.posts) == ("@ana.k", "own_name", 2)
    assert other.said == "@glow.skin"
    assert list(_column(posts, "names_author")) == [1, 1]


def test_a_post_is_none_of_its_own_context():
    """Its own scores move its odds, and nothing that others tell of it."""
    others = [_post("more from @glow.skin. Shop it here now", paid=0.1, own=0.8)] * 4
    low, high = (
        features([_post("out with @glow.skin", paid=paid, own=1 - paid), *others])[0]
        for paid in (0.1, 0.9)
    )
    np.testing.assert_allclose(low[1:], high[1:])
    assert low[0] < high[0]


def test_others_that_sell_their_own_speak_for_own_promotion():
    """Those with a name of the post more than the rest; those that promote little hardly."""

    def told(**scores):
        return features([_post("see @glow.skin"), *[_post("@glow.skin", **scores)] * 5])[0]

    own, deals, neither = told(paid=0, own=0.9), told(paid=0.9, own=0), told(paid=0.01, own=0.01)
    for name in ("others_third_party_to_own", "same_names_third_party_to_own"):
        place = FEATURES.index(name)
        assert own[place] < neither[place] < deals[place]
        assert neither[place] == pytest.approx(0)
    without = features([_post("see @velmora"), *[_post("@glow.skin", paid=0, own=0.9)] * 5])[0]
    assert without[FEATURES.index("same_names_third_party_to_own")] == 0


def test_a_sentence_counts_by_the_others_that_say_it_again():
    """A share of the others."""
    posts = [_post("new bags. Shop the link in bio"), _post("shop the link in BIO!"), _post("rain")]
    assert list(_column(posts, "repeated_sentence")) == [0.5, 0.5, 0]


def test_nothing_depends_on_the_order_of_the_posts():
    """Up to rounding."""
    posts = [
        _post("see @glow.skin", paid=0.2, day=1),
        _post("@glow.skin @velmora", own=0.9, day=9),
        _post("late bus again today", paid=0.01),
        _post("by @velmora", code="ANA15", day=3),
    ]
    at_first, names = features(posts), recurring(posts)
    for order in permutations(range(4)):
        again = [posts[i] for i in order]
        np.testing.assert_allclose(features(again), at_first[list(order)])
        assert recurring(again) == [names[i] for i in order]


def test_a_post_alone_has_its_own_odds_and_nothing_else():
    """No other post tells anything."""
    (alone,) = features([_post("see @glow.skin", paid=0.6, own=0.2)])
    assert alone[0] == pytest.approx(np.log(3))
    np.testing.assert_allclose(alone[1:], 0)


def test_scores_of_nought_are_finite():
    """So is a creator with many posts of one brand, in a moment."""
    posts = [_post(f"@glow.skin @n{n % 900}", paid=0, own=0, day=n) for n in range(4000)]
    assert np.isfinite(features(posts)).all()
    assert recurring(posts)[0][0].posts == 4000
