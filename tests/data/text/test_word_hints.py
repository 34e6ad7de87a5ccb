"""One pass tells which rules have a piece in a text."""

from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.word_hints import WordHints

_PIECES = st.text("ab #", min_size=1, max_size=3)


@given(
    st.lists(st.lists(_PIECES, max_size=3), min_size=1, max_size=6), st.text("abc# ", max_size=30)
)
def test_it_tells_what_looking_for_each_piece_tells(pieces, text):
    """Whatever pieces overlap, hold one another, or stand in several rules."""
    expected = [n for n, its in enumerate(pieces) if any(piece in text for piece in its)]
    assert WordHints(pieces)(text) == expected


def test_a_whole_word_has_no_letter_or_digit_beside_it():
    """Signs and the ends of the text are none."""
    find = WordHints([["=ad"], ["ad"]])
    for text in ("ad", "(ad)", "an ad: x", "#ad", "ad_x", "dad, ad"):
        assert find(text) == [0, 1], text
    for text in ("had", "ads", "ad1", "made", "2ad", "éad"):
        assert find(text) == [1], text
    assert find("none") == []


def test_pieces_may_hold_white_space_and_any_script():
    """Positions are those of characters."""
    find = WordHints([["s p"], ["=広告"], ["😀x"]])
    assert find("a s p o n") == [0]
    assert find("「広告」 😀x") == [1, 2]
    assert find("広告主") == []
