"""Words of a list found in the letters of many texts."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.letters import WORD, Letters
from unpolished.data.text.word_table import MAX_LETTERS, Words, WordTable

LIST = ["a", "bus", "buses", "eightlet", "ninelette", "sixteenletterwor", "seventeenletterwo",
        "x" * MAX_LETTERS]  # fmt: skip
NEAR = ["", " ", "b", "bu", "Bus", "busę", "eightletA", "eightlez", "ninelettf", "sixteenletterwos",
        "seventeenletterwp", "x" * (MAX_LETTERS - 1), "x" * (MAX_LETTERS + 1), "x" * 300, "\0",
        "\ud800"]  # fmt: skip
texts = st.lists(st.sampled_from(LIST + NEAR + ["bus "]), max_size=6).map(" ".join)


def _words(some):
    letters = Letters(some)
    return letters, Words(letters, *letters.runs(letters.are(WORD)))


@given(st.lists(texts, min_size=1, max_size=5))
def test_just_the_words_of_the_list_are_found(some):
    """Each as its place there; none that only begins like it, is longer or has other letters."""
    letters, words = _words(some)
    found = WordTable(LIST).find(words).tolist()
    plain = [word for text in some for word in re.findall(r"\w+", text)]
    assert [
        letters.joined[a : a + n] for a, n in zip(words.begin, words.length, strict=True)
    ] == plain
    assert found == [LIST.index(word) if word in LIST else -1 for word in plain]


def test_words_that_share_a_slot_are_told_apart():
    """Many more words than there is room for in one round, and as many that are not in the list."""
    listed = [f"w{n}" for n in range(0, 6_000, 2)]
    _, words = _words([" ".join(f"w{n}" for n in range(6_000))])
    found = WordTable(listed).find(words)
    assert np.array_equal(found[::2], np.arange(3_000))
    assert (found[1::2] == -1).all()


def test_a_list_without_words_and_one_too_long():
    """Nothing is in the one; the other is refused."""
    assert WordTable([]).find(_words(["a bus"])[1]).tolist() == [-1, -1]
    with pytest.raises(ValueError, match=f"longer than {MAX_LETTERS} letters: y"):
        WordTable(["bus", "y" * (MAX_LETTERS + 1)])


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_letters_are_of_the_kinds_that_patterns_know(some):
    """Of words, digits, white space and capitals, letter by letter, and counted for each text."""
    letters = Letters(some)
    for bit, pattern in enumerate((r"\w", r"\d", r"\s")):
        member = letters.are(1 << bit)
        assert letters.count_each(member).tolist() == [len(re.findall(pattern, t)) for t in some]
        assert letters.count(np.flatnonzero(member)).tolist() == letters.count_each(member).tolist()
    upper = [sum(map(str.isupper, text)) for text in some]
    assert letters.count_each(letters.are(1 << 3)).tolist() == upper
