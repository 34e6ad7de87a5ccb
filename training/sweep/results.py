"""What a sweep found: what tuning is worth, search by search, trial by trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...models.base import PROBABILITIES, Probabilities
from ..evaluation.fold_aucs import MEAN, Estimate, aucs, change, within_folds
from ..held_out import Posts
from ..recipe import Recipe
from ..sweep_options import SweepOptions
from .nested import Judge
from .search import Search, study_name, with_values


@dataclass(frozen=True)
class Gain:
    """What tuning is worth on an axis, or in the mean; AUC over pairs of one source and one fold.

    Attributes:
        axis: its name, or ``mean``.
        n: posts that are judged.
        untuned: the recipe as it is.
        nested: tuned, each fold by a search that has not seen it. This is to be reported.
        change: of the one to the other, paired.
        tuned: of the recipe that was chosen by these very posts: too good.
    """

    axis: str
    n: int
    untuned: Estimate
    nested: Estimate
    change: Estimate
    tuned: Estimate


@dataclass(frozen=True)
class FoldSearch:
    """What a search found.

    Attributes:
        fold: that it has not seen; None for the search on all.
        complete: trials that ran to their end.
        pruned: trials that were given up.
        value: the metric of the best, on the folds that the search has seen.
        held_out: of the best, on the fold that it has not; None without one.
        params: of the best.
    """

    fold: int | None
    complete: int
    pruned: int
    value: float
    held_out: float | None
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Swept:
    """What a sweep found.

    Attributes:
        run_id: of the tracked run.
        recipe: tuned on all folds.
        options: how it was searched.
        gains: the mean first, then each axis.
        searches: one for each fold, then that on all folds.
        trials: a row for each, of every search.
    """

    run_id: str
    recipe: Recipe
    options: SweepOptions
    gains: list[Gain]
    searches: list[FoldSearch]
    trials: pd.DataFrame


def swept(
    run_id: str, recipe: Recipe, judge: Judge, searches: Mapping[int | None, Search]
) -> Swept:
    """What the searches found, and what it is worth.

    Args:
        run_id: of the tracked run.
        recipe: as it was.
        judge: of recipes.
        searches: by the fold that each has not seen; under None that on all folds.
    """
    posts = judge.posts
    best = with_values(recipe, searches[None].best())
    tuned = best.model_copy(update={"name": f"{recipe.name}-tuned"})
    by_fold = {fold: with_values(recipe, s.best()) for fold, s in searches.items()}
    nested = _joined(judge, posts, by_fold)
    gains = _gains(
        posts,
        _joined(judge, posts, dict.fromkeys(posts.folds, recipe)),
        nested,
        _joined(judge, posts, dict.fromkeys(posts.folds, best)),
    )
    found = [_found(fold, search, judge, posts, nested) for fold, search in searches.items()]
    trials = pd.DataFrame([row for fold, s in searches.items() for row in _rows(fold, s)])
    return Swept(run_id, tuned, searches[None].options, gains, found, trials)


def _joined(judge: Judge, posts: Posts, recipes: Mapping[int | None, Recipe]) -> Probabilities:
    """Scores of every post, of each fold by the recipe for that fold."""
    found = np.full((len(posts.judged), len(PROBABILITIES)), np.nan, np.float32)
    for fold in posts.folds:
        rows = posts.judged.folds == fold
        found[rows] = judge.scores(recipes[fold], fold)[rows]
    return found


def _gains(
    posts: Posts, untuned: Probabilities, nested: Probabilities, tuned: Probabilities
) -> list[Gain]:
    places = within_folds(posts.judged)
    before, after, chosen = (aucs(posts.judged, s, places) for s in (untuned, nested, tuned))
    return [
        Gain(
            axis,
            before[axis].n,
            before[axis].estimate(),
            after[axis].estimate(),
            change(before[axis], after[axis]),
            chosen[axis].estimate(),
        )
        for axis in (MEAN, *(axis for axis in before if axis != MEAN))
    ]


def _found(
    fold: int | None, search: Search, judge: Judge, posts: Posts, nested: Probabilities
) -> FoldSearch:
    held_out = None
    if fold is not None:
        rows = (posts.judged.folds == fold)[:, None]
        held_out = judge.value(np.where(rows, nested, np.float32(np.nan)))
    states = [trial.state.name for trial in search.ended()]
    return FoldSearch(
        fold,
        states.count("COMPLETE"),
        states.count("PRUNED"),
        float(search.study.best_value),
        held_out,
        search.best(),
    )


def _rows(fold: int | None, search: Search) -> Iterator[dict[str, Any]]:
    for number, trial in enumerate(search.ended()):
        yield {
            "search": study_name(fold),
            "trial": number,
            "state": trial.state.name.lower(),
            "value": trial.value,
            "folds": len(trial.intermediate_values),
            **trial.params,
        }
