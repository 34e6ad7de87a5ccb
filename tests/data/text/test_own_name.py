"""What bears the author's name says so, and the name itself is gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.language.detect import detect_language
from unpolished.data.text.masking import mask
from unpolished.data.text.own_name import MAX_CHARS, may_name, own_name

WORDS = [
    "@glow.skin", "#glowskin", "#teamglowskin", "@glowskin_uk", "@nike", "Glow Skin", "glowskin's",
    "https://glow-skin.com/new", "instagram.com/glow.skin", "https://example.org/a", "#ad",
    "@self", "#self", "<self>", "@user1", "gifted by", "love",
]  # fmt: skip
AUTHORS = ["glow.skin", "@Glow_Skin", "GlowSkin", "Glow Skin Official"]


@pytest.mark.parametrize("author", AUTHORS)
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("tag @glow.skin and @nike", "tag @self and @user1<trade>"),
        ("new #glowskin #skin", "new #self #skin"),
        ("all at https://www.glow-skin.com/new today", "all at <url-self> today"),
        ("or instagram.com/glow.skin and etsy.com/shop/glowskin", "or <url-self> and <url-self>"),
        ("and https://example.org/glow.skin-review", "and <url>"),
        ("this week at Glow Skin we made soap", "this week at <self> we made soap"),
        ("glow_skin's own soap", "<self>'s own soap"),
        ("@glowskin_uk is us too #teamglowskin", "@self is us too #self"),
        ("the skin has a glow", "the skin has a glow"),
    ],
)
def test_however_the_name_is_written(author, text, masked):
    """Case, dots, spaces and what accounts add to a name make no difference."""
    assert mask(text, author).text == masked
    assert mask(masked, author).text == masked


@pytest.mark.parametrize(
    ("author", "text", "masked"),
    [
        ("sam", "sam and @sam #sam", "sam and @self #self"),
        ("nature", "out in nature #nature", "out in nature #self"),
        ("Ana Ruiz", "Ana Ruiz here, ana says hi", "<self> here, ana says hi"),
        ("velmorawomen", "run #velmora with @velmora", "run #self with @self"),
        ("lovefashion", "#love #fashion", "#love #fashion"),
        ("anabel", "@anabelle_and_the_long_way", "@user1"),
        (
            "shein_haul",
            "all from @shein #shein https://shein.com/x",
            "all from @user1<trade> #user1 <url>",
        ),
        ("fentyface", "glow by @fenty", "glow by @user1<trade>"),
        ("marcus", "with @marc and @julia", "with @user1 and @user2"),
        ("julius", "with @marc and @julia", "with @user1 and @user2"),
        ("campus", "at #camp", "at #camp"),
        ("emily", "with @emilyrose", "with @user1"),
        ("thank_you", "Thank you all", "Thank you all"),
        ("Good Morning", "good morning everyone", "good morning everyone"),
    ],
)
def test_chance_is_no_name(author, text, masked):
    """Short names and common words stay in running text, and in longer names."""
    assert mask(text, author).text == masked


@pytest.mark.parametrize(
    "author",
    [None, "", "  ", "@", "4711", "12-34", "me@glowskin.com", "https://x.com/glowskin",
     "www.glowskin.com", "<b>", "x" * (MAX_CHARS + 1), "nan", "None", "[object Object]"],
)  # fmt: skip
def test_what_is_no_name(author):
    """An address, a number and what is too long count as no author; nor is the view another."""
    assert own_name(author) is None
    text = "see @glowskin, #glowskin, glowskin.com and 4711 12-34"
    assert mask(text, author).text == mask(text).text
    assert not may_name(text, author)


@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from(AUTHORS))
def test_no_name_is_left_and_nothing_changes_twice(words, author):
    """Whatever is mixed; and the spans lead back into the post."""
    text = " ".join(words)
    masked = mask(text, author)
    assert mask(masked.text, author).text == masked.text
    assert "glow" not in masked.text.lower()
    for at in range(len(masked.text)):
        start, end = masked.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from(["nobody", "Jo Lin"]))
def test_a_post_that_does_not_name_its_author_reads_as_without(words, author):
    """And the question whether it may is never answered no where it does."""
    text = " ".join(word for word in words if "self" not in word)
    assert mask(text, author).text == mask(text).text


@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from(AUTHORS))
def test_where_a_name_cannot_be_the_view_is_the_same(words, author):
    """What rows are remembered by."""
    text = " ".join(words)
    if not may_name(text, author):
        assert mask(text, author).text == mask(text).text


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("#ad", "ad"),
        ("gifted by @glow.skin", "gifted"),
        ("paid partnership with Glow Skin", "partnership"),
        ("thanks to @glow.skin for having me", "thanks"),
    ],
)
def test_disclosures_are_hidden_beside_the_name(term, word):
    """The model does not see them with the author either."""
    assert word not in mask(f"new soap at home, {term}", "glow.skin").text.split()


def test_marks_are_no_words_of_a_language():
    """Nor are they counted as words."""
    masked = mask("Glow Skin @glow.skin https://glowskin.com #glowskin", "glow.skin")
    assert masked.n_words == 0
    assert detect_language(masked.text).code == "und"
