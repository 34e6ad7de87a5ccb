"""A change is found where there is one, and not where posts were shuffled."""

import numpy as np
import pytest
from unpolished.inference.vetting.creators import Key, by_creator
from unpolished.inference.vetting.drift import (
    ENOUGH,
    LEVEL,
    adjusted,
    largest_change,
    seed_of,
)
from unpolished.inference.vetting.vet import with_changes


def test_a_planted_change_is_found_where_it_is():
    """And told by the shares on both sides."""
    flags = [False] * 30 + [True] * 20
    found = largest_change(flags, 1)
    assert (found.place, found.before, found.after) == (30, 0.0, 1.0)
    assert found.p <= 0.002


def test_nothing_that_repeats_is_a_change():
    """Every other post; of posts that are all alike there is nothing to test."""
    assert largest_change([True, False] * 20, 1).p > 0.5
    assert largest_change([True] * 40, 1) is None
    assert largest_change([False] * 40, 1) is None


def test_posts_of_one_moment_stand_on_one_side():
    """Their order is nobody's."""
    flags = [False] * 20 + [True] * 20
    assert largest_change(flags, 1, [0] * 40) is None
    days = [0] * 15 + [1] * 10 + [2] * 15
    found = largest_change(flags, 1, days)
    assert found.place in (15, 25)
    assert largest_change(flags, 1, list(range(40))).place == 20


def test_one_change_among_hundreds_of_creators_is_found():
    """With as many shuffles as it takes to tell it from what is only rare."""
    p_values = {f"other-{n}": 0.5 for n in range(1_000)}
    p_values["one"] = largest_change([False] * 60 + [True] * 60, 1).p
    assert adjusted(p_values)["one"] <= LEVEL


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


def test_only_changes_that_stand_out_over_all_creators_are_told(post):
    """With the p-value that is adjusted for how many were looked at."""
    generator = np.random.default_rng(4)

    def creator(name, flags):
        posts = [post(n, style=("raw", "polished")[flag]) for n, flag in enumerate(flags)]
        return [(Key("x", name), False, one) for one in posts]

    given = creator("changed", [0] * 20 + [1] * 20)
    for n in range(12):
        given += creator(f"other{n}", (generator.random(40) < 0.4).astype(int))
    found = {one.key.name: one.changes for one in with_changes(by_creator(given, {}))}
    assert found["changed"]["polished"].place == 20
    alone = largest_change([False] * 20 + [True] * 20, seed_of("x\tchanged\tpolished"))
    assert found["changed"]["polished"].p == pytest.approx(13 * alone.p)
    assert sum(bool(changes) for changes in found.values()) == 1
