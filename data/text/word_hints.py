"""Which of many rules may find something in a text, told in one pass by pieces of text.

The pass is an Aho-Corasick automaton of ``ahocorasick_rs``, whose time does not depend on how many
there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import ahocorasick_rs

# Begins a piece that counts only as a whole word: "=ad" is in "(ad)" and not in "had".
WHOLE = "="


class WordHints:
    """Pieces of text of some rules, of which one is in every text that the rule matches.

    Args:
        pieces: of each rule, in small letters.

    Examples:
        >>> find = WordHints([["sponsor"], ["=ad", "advert"]])
        >>> find("a sponsored walk with dad"), find("(ad) a walk")
        ([0], [1])
    """

    def __init__(self, pieces: Sequence[Collection[str]]) -> None:
        rules: dict[str, set[int]] = {}
        for number, its in enumerate(pieces):
            for piece in its:
                rules.setdefault(piece, set()).add(number)
        self._rules = [frozenset(numbers) for numbers in rules.values()]
        self._whole = frozenset(i for i, piece in enumerate(rules) if piece[:1] == WHOLE)
        self._automaton = ahocorasick_rs.AhoCorasick(
            [piece.removeprefix(WHOLE) for piece in rules],
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def __call__(self, lowered: str) -> list[int]:
        """The numbers of all rules with a piece in a lower-cased text, in order."""
        found: set[int] = set()
        for piece, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
            if piece not in self._whole or _is_whole(lowered, start, end):
                found |= self._rules[piece]
        return sorted(found)


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
