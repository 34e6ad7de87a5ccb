"""Which posts a model is fitted on, and which it is judged on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from unpolished.data.folds.assign import N_FOLDS, assign_folds
from unpolished.data.folds.fold_file import NO_FOLD

from .posts import Posts

# Posts that are neither fitted on nor judged.
LEFT_OUT = -2
Folds = NDArray[np.int8]


def grouped(posts: Posts, rows: NDArray[np.intp] | None = None) -> Folds:
    """This project's folds: no author and no near-duplicate in two; labels spread evenly.

    Args:
        posts: all posts.
        rows: those that get a fold, all if not given; the others are left out.
    """
    chosen = np.arange(len(posts)) if rows is None else rows
    groups = posts.groups[chosen].tolist()
    fold_of = assign_folds(groups, [[f"{value:.0f}"] for value in posts.target[chosen]])
    folds = np.full(len(posts), LEFT_OUT, np.int8)
    folds[chosen] = [fold_of[group] for group in groups]
    return folds


def random(posts: Posts) -> Folds:
    """Folds by post, whoever wrote it: what most papers do. Classes are spread evenly."""
    from sklearn.model_selection import KFold, StratifiedKFold

    binary = np.isin(posts.target, (0.0, 1.0)).all()
    kind = StratifiedKFold if binary else KFold
    folds = np.empty(len(posts), np.int8)
    parts = kind(N_FOLDS, shuffle=True, random_state=0).split(folds, posts.target)
    for fold, (_, rows) in enumerate(parts):
        folds[rows] = fold
    return folds


def fixed(posts: Posts, fitted: NDArray[np.bool_], judged: NDArray[np.intp]) -> Folds:
    """One part to fit on and one to be judged on; no group is in both.

    Args:
        posts: all posts.
        fitted: which may be fitted on, shape (n,); those whose group is judged are left out.
        judged: rows that are judged.
    """
    apart = ~np.isin(posts.groups, posts.groups[judged])
    folds = np.where(fitted & apart, NO_FOLD, LEFT_OUT).astype(np.int8)
    folds[judged] = 0
    return folds
