"""Spread groups over folds so that every stratum is as evenly spread as its groups allow.

scikit-learn's StratifiedGroupKFold balances one label; here a post has several strata at once
(its split, its source, and each of its labels within the source), so the same greedy idea is
applied to all of them together: large groups first, each to the fold where it evens out most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

N_FOLDS = 5


def assign_folds(
    groups: Sequence[str], strata: Sequence[Iterable[str]], n_folds: int = N_FOLDS, seed: int = 0
) -> dict[str, int]:
    """Give each group a fold from 0 to ``n_folds - 1``.

    Args:
        groups: the group of each post.
        strata: names of the strata each post belongs to.
        n_folds: number of folds.
        seed: breaks ties between groups of one size.

    Raises:
        ValueError: fewer groups than folds.
    """
    names = sorted(set(groups))
    if len(names) < n_folds:
        raise ValueError(f"{n_folds} folds need at least {n_folds} groups, got {len(names)}")
    counts = _counts(names, groups, strata)
    # Every stratum weighs the same in all, so that a rare label is not drowned by a large source.
    share = counts / counts.sum(axis=0)
    filled = np.zeros((n_folds, counts.shape[1]))
    folds = {}
    for index in _largest_first(names, counts[:, 0], seed):
        # Growth of the sum of squares if the group went to a fold: least where there is most room.
        cost = (share[index] * (2 * filled + share[index])).sum(axis=1)
        fold = int(cost.round(12).argmin())  # rounded: ties stay ties on every machine
        filled[fold] += share[index]
        folds[names[index]] = fold
    return folds


def _counts(
    names: Sequence[str], groups: Sequence[str], strata: Sequence[Iterable[str]]
) -> NDArray[np.float64]:
    # Column 0 counts posts. Sorted, so that sums are added up in the same order every time.
    listed = [set(of_post) for of_post in strata]
    columns = {stratum: n for n, stratum in enumerate(sorted(set().union(*listed)), start=1)}
    rows = {name: row for row, name in enumerate(names)}
    cells = []
    for group, of_post in zip(groups, listed, strict=True):
        row = rows[group]
        cells += [(row, 0), *((row, columns[stratum]) for stratum in of_post)]
    counts = np.zeros((len(names), len(columns) + 1))
    np.add.at(counts, tuple(np.array(cells).T), 1)
    return counts


def _largest_first(names: Sequence[str], sizes: NDArray[np.float64], seed: int) -> list[int]:
    # Ties are broken by name, so that a new group leaves the order of the others as it was.
    def rank(index: int) -> tuple[float, bytes]:
        return -sizes[index], hashlib.sha256(f"{seed} {names[index]}".encode()).digest()

    return sorted(range(len(names)), key=rank)
