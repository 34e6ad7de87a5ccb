"""A change is found where there is one, and not where posts were shuffled."""

import numpy as np
import pytest
from unpolished.inference.vetting.drift import (
    ENOUGH,
    LEVEL,
    adjusted,
    largest_change,
    seed_of,
)


def test_a_planted_change_is_found_where_it_is():
    """And told by the shares on both sides."""
    flags = [False] * 30 + [True] * 20
    found = largest_change(flags, 1)
    assert (found.place, found.before, found.after) == (30, 0.0, 1.0)
    assert found.p <= 0.002


@pytest.mark.parametrize("flags", [[True] * 40, [False] * 40, [True, False] * 20])
def test_nothing_that_repeats_is_a_change(flags):
    """All, none, or every other post."""
    assert largest_change(flags, 1).p > 0.5


def test_of_too_few_posts_none_is_looked_for():
    """However clear it looks."""
    half = (ENOUGH - 1) // 2
    assert largest_change([False] * half + [True] * (ENOUGH - 1 - half), 1) is None


def test_false_alarms_keep_to_the_level():
    """P-values of posts in any order are no smaller than they say."""
    generator = np.random.default_rng(3)
    found = [largest_change(generator.random(40) < 0.3, n).p for n in range(200)]
    for level in (0.05, 0.1, 0.3):
        assert np.mean(np.array(found) <= level) <= level + 0.05


def test_changes_among_many_creators_are_found_at_the_rate_that_is_promised():
    """Of what is found, at most one in ten is none, on the average; and most of what is there."""
    generator = np.random.default_rng(5)
    p_values, truth = {}, {}
    for n in range(150):
        changed = n % 5 == 0
        share = np.where(np.arange(60) < 30, 0.1, 0.7 if changed else 0.1)
        name = f"creator-{n}"
        p_values[name] = largest_change(generator.random(60) < share, seed_of(name)).p
        truth[name] = changed
    found = {name for name, p in adjusted(p_values).items() if p <= LEVEL}
    false = sum(not truth[name] for name in found)
    assert false / max(len(found), 1) <= 0.2
    assert sum(truth[name] for name in found) / sum(truth.values()) > 0.9


def test_no_creator_is_adjusted_to_nothing():
    """A file without anybody to test."""
    assert adjusted({}) == {}
    assert seed_of("ana") == seed_of("ana") != seed_of("bo")
