"""Creators joined from posts: what they are made of, and what counts as found."""

from datetime import UTC, datetime

import numpy as np
import pytest
from joined_creators import BEFORE, CHANGING, CREATORS, Cell, Pool, found_in, joined, shuffled
from unpolished.inference.vetting.creators import Creator, Key, VettedPost
from unpolished.models.scored_post import ScoredPost


def _post(number, style="raw", paid="unlikely", *, reason=None):
    row = ScoredPost(id=f"p{number}", style=style, paid=paid, disclosure="none",
                     reason_code=reason)  # fmt: skip
    return VettedPost(f"p{number}", None, f"text {number}", None, None, None, None, row)


@pytest.fixture(scope="module")
def pool():
    """Posts that the model calls what they are labelled."""
    return Pool([_post(i, "polished") for i in range(90)],
                [_post(i) for i in range(100, 200)])  # fmt: skip


def _polished(creator):
    return np.array([post.row.style == "polished" for post in creator.posts])


def test_shares_are_as_asked_on_both_sides_of_a_change(pool):
    """On average; no post twice in a creator, one a day, and the change in the middle half."""
    before, after, others = [], [], []
    for number in range(20):
        cell = Cell("here", "polished", 40, 0.6, False)
        made = joined(pool, cell, np.random.default_rng(number), str(number))
        assert len(made) == CREATORS
        assert [place > 0 for _, place in made] == [i < CHANGING for i in range(CREATORS)]
        for creator, place in made:
            assert len({post.id for post in creator.posts}) == len(creator.posts) == 40
            days = np.diff([post.posted_at.timestamp() for post in creator.posts])
            assert set(days) == {24 * 3600.0}
            flags = _polished(creator)
            if place:
                assert 10 <= place <= 30
                before += flags[:place].tolist()
                after += flags[place:].tolist()
            else:
                others += flags.tolist()
    assert np.mean(before) == pytest.approx(BEFORE, abs=0.02)
    assert np.mean(others) == pytest.approx(BEFORE, abs=0.02)
    assert np.mean(after) == pytest.approx(BEFORE + 0.6, abs=0.02)


def test_by_label_posts_are_flagged_as_they_are_labelled():
    """Whatever the model says of them; of the other flag nothing is changed."""
    wrong = Pool([_post(i, "raw", "likely") for i in range(90)],
                 [_post(i, "polished", "likely") for i in range(100, 200)])  # fmt: skip
    for by_label in (True, False):
        cell = Cell("here", "polished", 40, 0.6, by_label)
        ((creator, _), *_) = joined(wrong, cell, np.random.default_rng(0), "a")
        told = np.array([int(post.id[1:]) < 100 for post in creator.posts])
        assert (_polished(creator) == (told if by_label else ~told)).all()
        assert all(post.is_paid for post in creator.posts)


def test_claims_are_true_false_or_neither():
    """True of the share that changes, false of one who does not change, with the error in posts."""
    moments = [datetime(2024, 1 + i // 28, 1 + i % 28, tzinfo=UTC) for i in range(60)]

    def creator(name, polished, paid):
        posts = [
            _post(i, "polished" if a else "raw", "likely" if b else "unlikely")._replace(
                posted_at=moments[i]
            )
            for i, (a, b) in enumerate(zip(polished, paid, strict=True))
        ]
        return Creator(Key("", name), tuple(posts), 0, {})

    late, never = [i >= 33 for i in range(60)], [i % 7 == 0 for i in range(60)]
    found = found_in(
        [(creator("found", late, late), 30), (creator("missed", never, never), 30),
         (creator("false", late, never), 0), (creator("still", never, never), 0)],
        "polished",
    )  # fmt: skip
    assert found == (1, 1, (3,))


def test_shuffling_moves_posts_and_leaves_moments():
    """Posts that could not be judged, or have no date, take no part."""
    posts = [_post(i)._replace(posted_at=datetime(2024, 1, 1 + i, tzinfo=UTC)) for i in range(20)]
    posts += [_post(30), _post(31, reason="language")._replace(posted_at=posts[0].posted_at)]
    creator = Creator(Key("x", "ana"), tuple(posts), 0, {})
    (moved,) = shuffled([creator], np.random.default_rng(0), "a")
    assert [post.posted_at for post in moved.posts] == [post.posted_at for post in posts[:20]]
    ids = [post.id for post in moved.posts]
    assert sorted(ids) == sorted(post.id for post in posts[:20])
    assert ids != [post.id for post in posts[:20]]
    (again,) = shuffled([creator], np.random.default_rng(1), "b")
    assert again.key != moved.key
    assert [post.id for post in again.posts] != ids
