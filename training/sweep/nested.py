"""Nested cross-validation: what tuning is worth, told by posts that no choice was made on.

For each fold a search of its own, which sees the other folds alone (Varma and Simon 2006; Cawley
and Talbot 2010). The posts of the fold are then scored by what that search chose. Folds keep the
posts of one author, and near-duplicates, together: within a search, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.base import PROBABILITIES, Probabilities
from ..evaluation.crossfit import Progress
from ..evaluation.fold_aucs import MEAN, values, within_folds
from ..held_out import Posts, without_folds
from ..recipe import Recipe
from ..splits import SplitsReader
from ..sweep_options import Metric
from ..tracking.held_signals import held_signals
from ..tracking.nested_runs import TrialRun
from .search import RUN_ID, Search, study_name

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import optuna

    from ...models.finetune.fit import OnStep

# Named and numbered, with its values: a run that tracks it.
OnTrial = Callable[[str, int, Mapping[str, Any]], "AbstractContextManager[TrialRun]"]


@dataclass(frozen=True)
class Judge:
    """Scores recipes by posts of some folds, each by a model that saw neither.

    Attributes:
        reader: of what a recipe is fitted on; values of a space may weigh posts, or leave some out.
        posts: whose labels judge, whatever is fitted on.
        metric: that is to be raised.
        cache: folder of the cache.
        on_step: told how a long fit goes on.
    """

    reader: SplitsReader
    posts: Posts
    metric: Metric
    cache: Path
    on_step: OnStep | None = None

    def scores(self, recipe: Recipe, fold: int, outer: int | None = None) -> Probabilities:
        """Scores of the posts of a fold, shape (n, 5), NaN elsewhere.

        Args:
            recipe: what to fit.
            fold: that is scored.
            outer: another fold that must not be seen.
        """
        posts = Posts.of(self.reader.read(recipe))
        hidden = {fold} if outer is None else {fold, outer}
        found = without_folds(recipe, posts, hidden, self.cache, self.on_step)
        # One fit serves two searches; each reads what is its own.
        found[posts.judged.folds != fold] = np.nan
        return found

    def value(self, scores: Probabilities) -> float:
        """The metric over all posts that are scored; NaN where they tell nothing."""
        found = values(self.posts.judged, scores, within_folds(self.posts.judged))
        if self.metric == MEAN:
            return float(np.mean(list(found.values()))) if found else float("nan")
        return found.get(self.metric, float("nan"))


def run_search(
    search: Search, judge: Judge, outer: int | None, on_trial: OnTrial, progress: Progress
) -> None:
    """Try until as many trials have ended as were asked for.

    Args:
        search: see ``search.Search``.
        judge: of recipes.
        outer: the fold that the search must not see; None for none.
        on_trial: tracks a trial.
        progress: wraps the loop.
    """
    what = f"trials {study_name(outer)}"
    total = search.options.trials
    for number in progress(range(total), what, total):
        if number >= len(search.ended()):
            _run_trial(search, judge, outer, partial(on_trial, what), number)


def _run_trial(
    search: Search,
    judge: Judge,
    outer: int | None,
    on_trial: Callable[[int, Mapping[str, Any]], AbstractContextManager[TrialRun]],
    number: int,
) -> None:
    from optuna.trial import TrialState

    # From here on a stop leaves a trial that has failed, and a run that was ended.
    trial = search.ask()
    try:
        with on_trial(number, trial.params) as run:
            trial.set_user_attr(RUN_ID, run.run_id)
            value, pruned = _tried(search, judge, outer, trial, run)
            with held_signals():
                if pruned:
                    search.study.tell(trial, state=TrialState.PRUNED)
                else:
                    search.study.tell(trial, value)
                run.end_as("pruned" if pruned else "complete")
    except BaseException:
        search.study.tell(trial, state=TrialState.FAIL, skip_if_finished=True)
        raise


def _tried(
    search: Search, judge: Judge, outer: int | None, trial: optuna.trial.Trial, run: TrialRun
) -> tuple[float, bool]:
    """The metric, and whether the trial was given up."""
    recipe = search.tried(trial.params)
    posts = judge.posts
    inner = [fold for fold in posts.folds if fold != outer]
    found = np.full((len(posts.judged), len(PROBABILITIES)), np.nan, np.float32)
    value = float("nan")
    for step, fold in enumerate(inner):
        rows = posts.judged.folds == fold
        found[rows] = judge.scores(recipe, fold, outer)[rows]
        value = judge.value(found)
        if np.isnan(value):
            continue
        run.step(value, step)
        trial.report(value, step)
        if fold != inner[-1] and trial.should_prune():
            return value, True
    if np.isnan(value):
        raise ValueError(
            f"sweep: AUC within sources of {judge.metric} is undefined: no source has both a post "
            "that is so and one that is not; label more posts, or ask for another metric"
        )
    return value, False
