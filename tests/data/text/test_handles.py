"""Handles lose their names; that they are echoed, and that they are a trade's, stays visible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.handles import is_trade
from unpolished.data.text.masking import mask

WORDS = [
    "@glow.skin", "#glowskin", "@bob", "#bob", "#user1", "@user2", "@nike", "#nike", "<trade>",
    "#ad", "love",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("@glow.skin loves you #glowskin", "@user1<trade> loves you #user1"),
        ("run with @adidaswomen #adidas", "run with @user1<trade> #user1"),
        ("@jo_the_baker bakes #JoTheBaker", "@user1 bakes #user1"),
        ("hi @bob and @ann #annsbakery #ann", "hi @user1 and @user2 #annsbakery #user2"),
        ("two of them @annabel @glow #annabelandco", "two of them @user1 @user2 #user1"),
        ("@bob #user", "@user1 #user"),
        ("@x_y #xy", "@user1 #user1"),
        ("pic by @lensandlight_photo", "pic by @user1"),
        ("@nightshop", "@user1<trade>"),
        ("no handle here #nike", "no handle here #nike"),
    ],
)
def test_by_example(text, masked):
    """A hashtag shares its name with a handle as a whole, or over four letters."""
    assert mask(text).text == masked
    assert mask(masked).text == masked


def test_a_term_that_echoes_a_handle_is_deleted_first():
    """A disclosure leaves no trace, whatever the handles are called."""
    plain = mask("lovely box from @giftedbox today").text
    assert mask("lovely box from @giftedbox today #gifted").text == plain
    assert mask("lovely box from @giftedbox #gifted today").text == plain


@pytest.mark.parametrize("name", ["nightshop", "mooncosmetics", "adidasoriginals", "hotelsol"])
def test_names_of_trades_and_brands(name):
    """Words of trades anywhere in the name; brands by the list."""
    assert is_trade(name)


@pytest.mark.parametrize("name", ["maria82", "streetstylephotography", "fashionmag", "tom"])
def test_other_names(name):
    """People, and pages that are credited."""
    assert not is_trade(name)


@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_no_name_is_left_and_nothing_changes_twice(words):
    """Whatever is mixed."""
    once = mask(" ".join(words)).text
    assert mask(once).text == once
    for word in words:
        name = word.lstrip("@").replace(".", "")
        if word.startswith("@") and not name.startswith("user"):
            assert f"@{name}" not in once
            assert f"#{name} " not in f"{once} "


def test_a_trade_mark_keeps_its_place():
    """A span of the mark is the handle in the post."""
    text = "so good @glow.skin #glowskin"
    masked = mask(text)
    start, end = masked.span(masked.text.index("<trade>"), masked.text.index("<trade>") + 7)
    assert text[start:end] == "@glow.skin"
    start = masked.text.index("user1", masked.text.index("#"))
    assert text[slice(*masked.span(start, start + 5))] == "glowskin"
