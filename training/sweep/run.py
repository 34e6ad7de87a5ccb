"""A whole sweep: a search for each fold and one for all, what tuning is worth, the tuned recipe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ...data.cache import cache_folder
from ...data.dataset.build import fingerprint
from ...models.fingerprint import program
from ..evaluation.crossfit import Progress, no_progress
from ..held_out import Posts
from ..recipe import Recipe
from ..splits import Data, SplitsReader, data_name
from ..sweep_options import SweepOptions
from ..tracking import runs as tracking
from ..tracking.environment import library_versions
from ..tracking.nested_runs import (
    SWEEP_ID,
    SWEEPS,
    TrialRun,
    end_dead_sweeps,
    end_trial_runs,
    newest_sweep,
    open_sweep,
    sweep_folder,
    trial_run,
)
from .nested import Judge, run_search
from .records import records
from .results import Swept, swept
from .search import RUN_ID, Search, storage, study_name

if TYPE_CHECKING:
    import optuna

    from ...models.finetune.fit import OnStep

KEY = "sweep.key"
# A search within the other folds needs two of them: one to fit on, one to judge by.
MIN_FOLDS = 3


def sweep(
    recipe: Recipe,
    data: Data,
    *,
    trials: int | None = None,
    resume: bool = False,
    progress: Progress = no_progress,
    on_step: OnStep | None = None,
) -> Swept:
    """Tune a recipe on the training split; gold is not looked at.

    Args:
        recipe: with a table ``[sweep]``.
        data: what to tune it on.
        trials: of each search, in place of those of the recipe.
        resume: go on with the newest sweep of this recipe on this data, by this program; it ends
            as it would have without a stop.
        progress: wraps the loops.
        on_step: told how a long fit goes on.

    Raises:
        SourceError: public data cannot be had.
        OwnPostsError: a labelled file is at fault.
        ValueError: no space, too few posts or authors, or nothing to resume.
    """
    options = _options(recipe, trials)
    reader = SplitsReader(data)
    splits = reader.read(recipe)
    posts = Posts.of(splits)
    if len(posts.folds) < MIN_FOLDS:
        raise ValueError(
            f"sweep: the authors of these posts make {len(posts.folds)} folds, and nested "
            f"cross-validation needs {MIN_FOLDS}: label posts of more authors"
        )
    judge = Judge(reader, posts, options.metric, cache_folder(), on_step)
    digest = fingerprint(splits.dataset)
    tracking.create_store()
    end_dead_sweeps()
    key = _key(recipe, digest)
    name, run_id = _which(key, recipe, data, resume=resume)
    tags = {SWEEP_ID: name, KEY: key, "recipe": recipe.name, "data.name": data_name(data),
            "data.fingerprint": digest}  # fmt: skip
    with (
        open_sweep(name),
        tracking.started_run(SWEEPS, recipe.name, run_id, tags) as run,
        storage(sweep_folder() / f"{name}.db") as kept,
    ):
        done = _searched(run.run_id, name, kept, recipe.model_copy(update={"sweep": options}),
                         judge, progress)  # fmt: skip
        run.log(records(recipe, data_name(data), digest, len(posts.judged), done))
    return done


def _searched(
    run_id: str,
    name: str,
    kept: optuna.storages.RDBStorage,
    recipe: Recipe,
    judge: Judge,
    progress: Progress,
) -> Swept:
    """Make all searches, or what is left of them."""
    options = _options(recipe, None)
    searches = {
        fold: Search.opened(kept, study_name(fold), recipe, options)
        for fold in (*judge.posts.folds, None)
    }
    end_trial_runs(name, dict(_ended(searches.values())))

    def on_trial(
        what: str, number: int, params: Mapping[str, Any]
    ) -> AbstractContextManager[TrialRun]:
        shown = {key: str(value) for key, value in params.items()}
        return trial_run(run_id, name, f"{what}: {number}", shown, {"search": what})

    for fold, search in searches.items():
        run_search(search, judge, fold, on_trial, progress)
    return swept(run_id, recipe, judge, searches)


def _options(recipe: Recipe, trials: int | None) -> SweepOptions:
    if recipe.sweep is None:
        raise ValueError(
            f"recipe {recipe.name} has no table [sweep], which says what may be changed; "
            "docs/how-to/tune-a-recipe.md shows one"
        )
    return recipe.sweep if trials is None else recipe.sweep.model_copy(update={"trials": trials})


def _key(recipe: Recipe, digest: str) -> str:
    """What a sweep hangs on, but for the number of its trials: more may be asked for later."""
    described = recipe.model_dump(mode="json", exclude={"sweep": {"trials"}})
    parts = [described, digest, dict(program()), library_versions()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _which(key: str, recipe: Recipe, data: Data, *, resume: bool) -> tuple[str, str | None]:
    """Name of the sweep, and its run where it is to go on."""
    if not resume:
        return uuid4().hex, None
    found = newest_sweep({KEY: key})
    if found is None:
        raise ValueError(
            f"no sweep of this recipe {recipe.name} on {data_name(data)} to resume: recipe, data "
            "or program may have changed since; start one without --resume"
        )
    name = str(found.data.tags[SWEEP_ID])
    if not (sweep_folder() / f"{name}.db").is_file():
        raise ValueError(
            f"the search of run {found.info.run_id} is no longer in {sweep_folder()}: start one "
            "without --resume"
        )
    return name, str(found.info.run_id)


def _ended(searches: Iterable[Search]) -> Iterator[tuple[str, str]]:
    for search in searches:
        for trial in search.ended():
            yield str(trial.user_attrs.get(RUN_ID)), trial.state.name.lower()
