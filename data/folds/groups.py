"""Groups of weakly labelled posts beside the labelled ones, whose groups and folds are fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .near_duplicates import connected, group_name, near_duplicates, smallest_keys

LEFT_OUT = ""


class Tied(NamedTuple):
    """The labelled posts: aligned author keys, masked texts and groups."""

    author_keys: Sequence[str]
    texts: Sequence[str]
    groups: Sequence[str]


def place_weak(
    keys: Sequence[str],
    author_keys: Sequence[str],
    texts: Sequence[str],
    labelled: Tied,
    folds: Mapping[str, int],
) -> tuple[str, ...]:
    """Give each weak post the labelled group it is tied to, or a group of its own kind.

    A post is tied to the group of its author and to the groups of its near-duplicates. Ties to
    groups of two folds leave it out (group ``""``): it must not bring one fold into another.
    """
    n = len(labelled.texts)
    links = []
    near: defaultdict[int, set[str]] = defaultdict(set)
    for left, right in near_duplicates([*labelled.texts, *texts]):
        if left >= n:
            links.append((left - n, right - n))
        elif right >= n:
            near[right - n].add(labelled.groups[left])
    of_author = dict(zip(labelled.author_keys, labelled.groups, strict=True))
    first_of: dict[str, int] = {}
    for position, author in enumerate(author_keys):
        # An author with labelled posts (an event, a company) ties each of its posts by itself:
        # merging them here would spread one tie to thousands.
        if author not in of_author:
            links.append((first_of.setdefault(author, position), position))
    components = connected(len(keys), links)
    smallest = smallest_keys(components, keys)
    ties: defaultdict[int, set[str]] = defaultdict(set)
    for position, part in enumerate(components):
        ties[part] |= near.get(position, set())
    groups = []
    for part, author in zip(components, author_keys, strict=True):
        tied = ties[part] | ({of_author[author]} if author in of_author else set())
        groups.append(_one(tied, folds) if tied else group_name(smallest[part]))
    return tuple(groups)


def _one(tied: set[str], folds: Mapping[str, int]) -> str:
    return min(tied) if len({folds[group] for group in tied}) == 1 else LEFT_OUT
