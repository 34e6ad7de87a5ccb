"""Posts with labels: what kind each is, and both views of it."""

import numpy as np
import pytest
from unpolished.data.axes import KINDS, MISSING, PAID
from unpolished.data.labelled_texts import LabelledTexts

NAN = float("nan")


def _posts(with_author=()):
    names = np.array(["a", "b", "c", "d"])
    return LabelledTexts(
        texts=("new at @user1", "late bus", "so tired", "see <url>"),
        sources=names,
        authors=names,
        groups=names,
        folds=np.arange(4, dtype=np.int8),
        style=np.array([1, 0, NAN, 1], np.float32),
        paid=np.array([0, 0, MISSING, 1], np.int8),
        kinds=np.array([[0.1, 0.4, 0.5], [0.8, 0.1, 0.1], [NAN] * 3, [0.5, 0.4, 0.1]], np.float32),
        cause=np.zeros(4, np.int8),
        weight=np.array([1, 2, 0.5, 3], np.float32),
        with_author=with_author,
    )


OWN = ("new at @self", "late bus", "so tired", "see <url-self>")


def test_a_post_named_nowhere_has_one_view():
    """Left out, the views with the author are those without; another number of them is refused."""
    posts = _posts()
    assert posts.with_author == posts.texts
    both = posts.both_views()
    assert both.texts == posts.texts
    np.testing.assert_array_equal(both.weight, posts.weight)
    with pytest.raises(ValueError, match="as long as texts"):
        _posts(OWN[:3])


def test_both_views_share_the_weight_of_the_post():
    """Those that differ stand twice, at half the weight each, with all their labels."""
    posts = _posts(OWN)
    both = posts.both_views()
    assert both.texts == (*posts.texts, OWN[0], OWN[3])
    assert both.weight.dtype == np.float32
    assert both.weight.tolist() == [0.5, 2, 0.5, 1.5, 0.5, 1.5]
    assert both.weight.sum() == posts.weight.sum()
    for name in ("sources", "authors", "groups", "folds", "style", "paid", "kinds", "cause"):
        again = getattr(posts, name)[[0, 3]]
        np.testing.assert_array_equal(getattr(both, name)[4:], again)


def test_views_stay_with_their_posts():
    """Through selection and joining."""
    posts = _posts(OWN)
    taken = posts.take(np.array([3, 0]))
    assert taken.with_author == (OWN[3], OWN[0])
    joined = taken.joined(_posts())
    assert joined.with_author == (OWN[3], OWN[0], *_posts().texts)


def test_a_kind_never_speaks_against_paid():
    """A post that is not paid is what it likelier is of the rest; one that is paid is paid."""
    assert PAID[0] == "no"
    expected = [KINDS.index("self"), KINDS.index("none"), MISSING, KINDS.index("paid")]
    assert _posts().kind.tolist() == expected
