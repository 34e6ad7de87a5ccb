"""Who is in which tier."""

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.vetting.tiers import TIERS, median_of, parse_tiers, tier_of


@pytest.mark.parametrize(
    ("followers", "tier"),
    [(None, None), (0, "nano"), (9_999, "nano"), (10_000, "micro"), (2_000_000, "mega")],
)
def test_a_tier_begins_at_its_number(followers, tier):
    """And goes on to the next one."""
    assert tier_of(followers) == tier


def test_tiers_of_ones_own():
    """In any order; what is none is refused."""
    own = parse_tiers("large=1000, small=0")
    assert [tier_of(n, own) for n in (999, 1_000)] == ["small", "large"]
    assert parse_tiers(None) == TIERS
    for wrong in ("small", "small=x", "small=0,small=1", "=0", "small=10"):
        with pytest.raises(InputError, match="--tiers"):
            parse_tiers(wrong)


def test_of_few_posts_there_is_no_median():
    """What is unknown counts for none."""
    assert median_of([1, None, 2, 3, 4]) is None
    assert median_of([1, None, 2, 3, 4, 9]) == 3
