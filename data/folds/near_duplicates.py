"""Groups of posts that must never be split between folds: one author, or nearly one text.

Near-duplicate: Jaccard similarity of at least .6 between the sets of 5-character shingles of the
masked, lower-cased texts. MinHash and LSH only propose pairs; the exact similarity decides.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasketch import MinHash

THRESHOLD = 0.6
SHINGLE = 5
_PERMUTATIONS = 128
_SEED = 1
# 42 bands of 3 rows propose 99.99 % of the pairs at .6 (the library's own choice: about 90 %).
_BANDS = (42, 3)


def shingles(text: str) -> frozenset[str]:
    """The 5-character windows of a masked text; a shorter text is its own, an empty one has none.

    Placeholders weigh like one character, so that two short posts are not alike by their links.
    """
    flat = " ".join(
        re.sub(r"<(url|contact|code)>|@user\d+(?:<trade>)?", "\u00a4", text).lower().split()
    )
    if len(flat) <= SHINGLE:
        return frozenset([flat] if flat.strip("\u00a4 ") else [])
    return frozenset(flat[i : i + SHINGLE] for i in range(len(flat) - SHINGLE + 1))


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of positions whose texts are near-duplicates, enough of them to connect all.

    Equal texts are linked to their first occurrence only.
    """
    from datasketch import MinHashLSH

    first: dict[frozenset[str], int] = {}
    lsh = MinHashLSH(num_perm=_PERMUTATIONS, params=_BANDS)
    sets: dict[int, frozenset[str]] = {}
    for position, text in enumerate(texts):
        grams = shingles(text)
        if not grams:
            continue
        if grams in first:
            yield first[grams], position
            continue
        first[grams] = position
        signature = _min_hash(grams)
        for other in sorted(lsh.query(signature)):
            if jaccard(sets[other], grams) >= THRESHOLD:
                yield other, position
        sets[position] = grams
        lsh.insert(position, signature)


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared part of two sets."""
    if min(len(left), len(right)) < THRESHOLD * max(len(left), len(right)):
        return 0.0  # cannot reach the threshold: save the intersection
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


def connected(n: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Number of the connected component that each of the positions 0 to ``n - 1`` belongs to."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.array([*links], np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs), np.int8), pairs.T), shape=(n, n))
    return list(connected_components(graph, directed=False)[1].tolist())


def group_posts(
    keys: Sequence[str], author_keys: Sequence[str], texts: Sequence[str]
) -> tuple[str, ...]:
    """Merge posts of one author and near-duplicates into groups.

    Args:
        keys: unique name of each post.
        author_keys: equal for posts of one author, across sources.
        texts: masked texts.

    Returns:
        The group of each post: a short hash of the group's smallest key, so that it depends
        neither on the order nor on the machine.
    """
    components = connected(len(keys), (*_same_author(author_keys), *near_duplicates(texts)))
    names = {part: group_name(key) for part, key in smallest_keys(components, keys).items()}
    return tuple(names[part] for part in components)


def smallest_keys(components: Sequence[int], keys: Sequence[str]) -> dict[int, str]:
    """The smallest key of each component."""
    smallest: dict[int, str] = {}
    for part, key in zip(components, keys, strict=True):
        smallest[part] = min(key, smallest.get(part, key))
    return smallest


def group_name(key: str) -> str:
    """The name of the group whose smallest key this is."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _same_author(author_keys: Iterable[str]) -> Iterator[tuple[int, int]]:
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, key in enumerate(author_keys):
        positions[key].append(position)
    for same in positions.values():
        yield from ((same[0], other) for other in same[1:])


@lru_cache(maxsize=1 << 18)
def _hash(gram: str) -> int:
    # 32 bits: datasketch's permutations expect no more.
    return int.from_bytes(hashlib.blake2b(gram.encode("utf-8", "replace"), digest_size=4).digest())


@lru_cache(maxsize=1)
def _empty() -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=_hash)


def _min_hash(grams: frozenset[str]) -> MinHash:
    # A copy shares the permutations, which take longer to make than a post to hash.
    signature = _empty().copy()
    signature.update_batch(sorted(grams))
    return signature
