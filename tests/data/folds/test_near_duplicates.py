"""Groups: one author, or nearly one text."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from unpolished.data.folds import near_duplicates as grouping
from unpolished.data.folds.groups import LEFT_OUT, Tied, place_weak
from unpolished.data.folds.near_duplicates import (
    THRESHOLD,
    group_posts,
    jaccard,
    near_duplicates,
    shingles,
)

POST = "Support Radio Music! Your donation is important to support this radio station"
NEARLY = POST.replace("important", "very important")
OTHER = "Frogged the whole yoke again and nobody in this house feels sorry for me"
THIRD = "Two years of tests, one letter, and now they want to move the bus stop"


def test_authors_and_near_duplicates_merge():
    """Groups follow both ties, and one tie leads to the next."""
    groups = group_posts(list("abcd"), ["x", "x", "y", "z"], [POST, OTHER, NEARLY, THIRD])
    assert groups[0] == groups[1] == groups[2] != groups[3]


def test_groups_do_not_depend_on_the_order():
    """Names come from the smallest key."""
    rows = list(zip("abcde", "vwxyz", [POST, OTHER, NEARLY, THIRD, POST], strict=True))
    expected = dict(zip("abcde", group_posts(*zip(*rows, strict=True)), strict=True))
    for seed in range(5):
        shuffled = [rows[n] for n in np.random.default_rng(seed).permutation(len(rows))]
        found = group_posts(*zip(*shuffled, strict=True))
        assert dict(zip((row[0] for row in shuffled), found, strict=True)) == expected


def test_empty_texts_are_not_alike():
    """Nothing left after masking is no text to share."""
    assert not list(near_duplicates(["", "  ", "<url> @user1", "<url>"]))


def test_links_and_names_do_not_make_posts_alike():
    """Short posts that share only their placeholders stay apart."""
    texts = ["good morning <url> @user1 @user2 @user3", "rainy day <url> @user1 @user2 @user3"]
    assert not list(near_duplicates(texts))


# Pieces of one text, so that pairs of any similarity are common, just below the threshold too.
CUTTINGS = st.builds(
    lambda start, length: POST[start : start + length], st.integers(0, 30), st.integers(0, 30)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CUTTINGS, min_size=2, max_size=12))
def test_all_near_duplicates_are_connected(texts):
    """LSH misses no pair above the threshold, and proposes none below it that stays.

    So groups are what pairs above it connect, one after the other, and nothing besides.
    """
    keys = [str(n) for n in range(len(texts))]
    groups = group_posts(keys, keys, texts)
    alike = _alike(texts)
    for pair in near_duplicates(texts):
        assert alike[pair]
    connected = np.linalg.matrix_power(alike.astype(int) + np.eye(len(texts), dtype=int), 12) > 0
    names = np.array(groups)
    np.testing.assert_array_equal(names[:, None] == names[None, :], connected)


def _alike(texts):
    sets = [shingles(text) for text in texts]
    return np.array(
        [[bool(left) and bool(right) and jaccard(left, right) >= THRESHOLD for right in sets]
         for left in sets]
    )  # fmt: skip


def place(texts, authors):
    """Place weak posts beside a labelled one in fold 0 (author x) and one in fold 1 (y)."""
    labelled = Tied(["x", "y"], [POST, OTHER], ["g0", "g1"])
    keys = [f"k{n}" for n in range(len(texts))]
    return place_weak(keys, authors, texts, labelled, {"g0": 0, "g1": 1})


def test_weak_posts_follow_labelled_ones():
    """A near-duplicate or an author with labelled posts decides the group."""
    assert place([NEARLY, THIRD], ["v", "y"]) == ("g0", "g1")


def test_weak_posts_tied_to_two_folds_are_left_out():
    """A near-duplicate of fold 0 by an author of fold 1 would carry one into the other."""
    assert place([NEARLY], ["y"]) == (LEFT_OUT,)


def test_untied_weak_posts_form_groups_of_their_own():
    """By author and near-duplicate, as labelled ones do."""
    first, second, third = place(
        [THIRD, THIRD + "!", "Something else was written here"], ["u", "v", "v"]
    )
    assert first == second == third
    assert first not in ("g0", "g1", LEFT_OUT)


def test_nearly_every_near_duplicate_is_proposed():
    """All hashes that fill a band are in use; fewer than one pair of ten thousand is missed."""
    bands, rows = grouping._BANDS
    assert bands * rows <= grouping._PERMUTATIONS < (bands + 1) * rows
    assert (1 - THRESHOLD**rows) ** bands < 1e-4


def test_a_pair_at_the_threshold_is_a_near_duplicate():
    """Three shingles of five in common are enough; two of six are not."""
    assert jaccard(shingles("abcdefgh"), shingles("abcdefgx")) == THRESHOLD
    assert list(near_duplicates(["abcdefgh", "abcdefgx"])) == [(0, 1)]
    assert jaccard(shingles("abcdefg"), shingles("abcdefghi")) == THRESHOLD
    assert jaccard(shingles("abcdefgh"), shingles("abcdefxy")) == 1 / 3
    assert not list(near_duplicates(["abcdefgh", "abcdefxy"]))
