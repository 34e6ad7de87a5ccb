"""Captions that come again, in one creator's posts or in those of several: a brief copied out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ...data.folds.near_duplicates import near_duplicates
from ...data.text.masked_cache import masked_texts
from .creators import Creator, Key


def repeated(creators: Sequence[Creator]) -> dict[Key, tuple[int, int]]:
    """How many posts of each creator repeat one of their own, and one of another's, or nearly.

    Near-duplicates are told by MinHash, and by the Jaccard similarity of masked texts; see
    ``data.folds.near_duplicates``.

    Raises:
        ImportError: the extra ``vet`` is not installed.
    """
    owners = [creator.key for creator in creators for _ in creator.posts]
    texts = [post.text for creator in creators for post in creator.posts]
    within: set[int] = set()
    across: set[int] = set()
    try:
        groups = _groups(near_duplicates(masked_texts(texts, keep=False)))
    except ImportError as error:
        raise ImportError(f"{error}: pip install 'unpolished[vet]'") from error
    for group in groups:
        names = {owners[place] for place in group}
        seen: set[Key] = set()
        for place in sorted(group):
            if owners[place] in seen:
                within.add(place)
            seen.add(owners[place])
        if len(names) > 1:
            across |= group
    found = dict.fromkeys(owners, (0, 0))
    for place, key in enumerate(owners):
        n_within, n_across = found[key]
        found[key] = (n_within + (place in within), n_across + (place in across))
    return found


def _groups(links: Iterable[tuple[int, int]]) -> list[set[int]]:
    """What is connected, by links one by one: of captions that are alike there can be very many."""
    above: dict[int, int] = {}

    def top(place: int) -> int:
        while (up := above.setdefault(place, place)) != place:
            above[place] = place = above[up]
        return place

    for left, right in links:
        above[top(left)] = top(right)
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for place in list(above):
        groups[top(place)].add(place)
    return list(groups.values())
