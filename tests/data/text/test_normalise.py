"""Matching sees through disguises, and every place leads back to the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.normalise import normalise

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("so #ad!", "ad"),
        ("so #ａd!", "ａd"),
        ("so #\u0430d!", "\u0430d"),
        ("so #a\u200bd!", "a\u200bd"),
        ("so #a\u00add!", "a\u00add"),
        ("so #a\u0336d\u0336!", "a\u0336d\u0336"),
        ("so #𝗮𝗱!", "𝗮𝗱"),
        ("so #ⓐⓓ!", "ⓐⓓ"),
        ("so #ᴀᴅ!", "ᴀᴅ"),
        ("so #🅰🅓!", "🅰🅓"),
        ("😀😀 #\u202ead!", "ad"),
    ],
)
def test_disguises_fold_and_spans_cut_the_original(text, stretch):
    """Full width, Cyrillic, zero width, soft hyphen, strike-through, mathematical, circled."""
    folded = normalise(text)
    at = folded.text.index("#ad") + 1
    start, end = folded.span(at, at + 2)
    assert text[start:end] == stretch


@pytest.mark.parametrize("text", ["привет всем", "ΚΑΛΟ ΠΑΣΧΑ", "Ελένη in Athens", "été", "日本語"])
def test_honest_words_of_other_scripts_stay(text):
    """Only tokens that mix scripts are folded."""
    assert normalise(text).text == text


def test_combining_letters_are_composed():
    """However they were typed, and with something invisible between."""
    assert normalise("e\u0301te\u200b\u0301").text == "été"
    assert normalise("\u1100\u1161").text == "가"


def test_a_lone_surrogate_becomes_a_replacement_character():
    """Valid in JSON, and fatal to tokenisers."""
    assert normalise("a \ud83d b").text == "a \ufffd b"


def test_a_flood_of_marks_is_cut():
    """And takes no quadratic time: this would run for hours."""
    assert len(normalise("a" + "\u0301\u0323" * 200_000).text) < 12


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_more(text):
    """Any Unicode, surrogates included."""
    once = normalise(text).text
    assert normalise(once).text == once
    assert unicodedata.is_normalized("NFKC", once)


@given(ANY_TEXT)
def test_spans_are_in_order_and_in_bounds(text):
    """Every character of the result leads back to a stretch of the original."""
    folded = normalise(text)
    last = 0
    for i in range(len(folded.text)):
        start, end = folded.span(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last or end > last
        last = start
    if folded.text:
        assert folded.span(0, len(folded.text))[1] <= len(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_left_alone(text):
    """Places included."""
    folded = normalise(text)
    assert folded.text == text
    if text:
        assert folded.span(0, len(text)) == (0, len(text))
