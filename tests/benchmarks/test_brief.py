"""The invented posts that ways of comparing with a brief are judged on."""

from collections import Counter

import numpy as np
from brief import KINDS, measured, read_posts


def test_each_cause_has_a_brief_of_each_kind_and_eight_posts():
    """And no text is there twice."""
    posts = read_posts()
    assert {len(briefs) for briefs in posts.briefs.values()} == {len(posts.causes)}
    assert tuple(posts.briefs) == KINDS
    assert Counter(posts.cause_of) == dict.fromkeys(posts.causes, 8) | {"other": 24}
    assert len(set(posts.texts)) == len(posts.texts)


def test_a_perfect_order_is_1_and_a_reversed_one_near_nothing():
    """Whatever the cause."""
    posts = read_posts()
    right = np.array([posts.cause_of == cause for cause in posts.causes], float)
    assert (measured(right, posts) == 1).all()
    assert measured(-right, posts)[:, 1:].max() == 0
