"""Brands in words, hashtags and longer names."""

import pytest
from unpolished.data.text.brands import brand_names, count_brands, holds_brand


def test_names_are_plain_and_no_short_words():
    """As they are looked for."""
    names = brand_names()
    assert len(names) > 300
    assert all(name.isalnum() and name == name.lower() and len(name) >= 4 for name in names)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("my new Adidas shoes", 1),
        ("McDonald's again", 1),
        ("a Daniel Wellington watch, adidas socks", 2),
        ("#SephoraHaul #love", 1),
        ("@adidas and <url>", 0),
        ("the ad is as bad as this", 0),
        ("", 0),
    ],
)
def test_counted_in_text(text, count):
    """Handles are counted elsewhere."""
    assert count_brands(text) == count


def test_a_part_of_a_name_needs_five_letters():
    """Short names stand in too many words."""
    assert holds_brand("ikea")
    assert not holds_brand("xikeax")
    assert holds_brand("mysephorahaul")
    assert not holds_brand("")
