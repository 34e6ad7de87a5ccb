"""Which script a text is in: that of most of its letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.language.scripts import latin_only, other_script


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("καλημέρα", ("el",)),
        ("ქართული ena", ("ka",)),
        ("ok 今日", ("ja", "zh", "yue", "wuu")),
        ("ᎣᏏᏲ", ()),
        ("coffee with Νίκος", None),
        ("", None),
        ("123 😀 ¿?", None),
        ("café naïve ẹ̀dínwó ışık", None),
    ],
)
def test_most_letters_decide(text, languages):
    """Chinese characters and syllables count thrice; no language stands for an unknown script."""
    assert other_script(text) == languages


def test_vowel_marks_count():
    """A syllable of Devanagari is two signs, as it is two letters in Latin."""
    assert other_script("दोस्तों इस विडियो में subscribe share") is not None


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=40))
def test_only_letters_of_other_scripts_are_taken_out(text):
    """What is left is Latin, and all that is Latin is left."""
    left = latin_only(text)
    assert other_script(left) is None
    assert [c for c in text if "LATIN" in unicodedata.name(c, "")] == [
        c for c in left if "LATIN" in unicodedata.name(c, "")
    ]
