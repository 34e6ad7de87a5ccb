"""N-grams are met wherever they stand, however many there are."""

from itertools import product

import pytest
from unpolished.models.features.ngram_trie import LetterTree

LETTERS = [chr(code) for code in range(ord("a"), ord("a") + 26)] + [
    chr(0x430 + n) for n in range(16)
]


@pytest.mark.parametrize("letters", [LETTERS[:5], LETTERS])
def test_every_ngram_of_a_vocabulary_is_met_as_itself(letters):
    """Also one of more than the 65,536 that fit into two bytes: 42 letters have 74,088 threes."""
    known = {"".join(three): n for n, three in enumerate(product(letters, repeat=3))}
    tree = LetterTree(known, (3, 3))
    some = list(known)[:: max(1, len(known) // 500)] + list(known)[-3:]
    texts, columns = tree.met(some)
    assert texts.tolist() == list(range(len(some)))
    assert columns.tolist() == [known[gram] for gram in some]


def test_what_is_met_stands_in_its_own_text():
    """A text's n-grams, as often as they stand there, and none that two texts make together."""
    tree = LetterTree({"ab": 0, "aba": 1, " a": 2, "b ": 3, "ba": 4}, (2, 3))
    texts, columns = tree.met(["abab", "", "a", "b"])
    found = sorted(zip(texts.tolist(), columns.tolist(), strict=True))
    assert found == [(0, 0), (0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (2, 2), (3, 3)]


def test_ngrams_of_one_letter_are_left_to_others():
    """Walks begin behind two letters."""
    with pytest.raises(ValueError, match="one letter"):
        LetterTree({"ab": 0, "b": 1}, (1, 2))
