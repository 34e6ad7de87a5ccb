"""Ablate a recipe: one table, in which every line is the recipe with one thing taken away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...data.cache import cache_folder
from ...data.dataset.build import fingerprint
from ...models.base import Probabilities
from ..evaluation.crossfit import Progress, no_progress
from ..evaluation.fold_aucs import Auc, Estimate, aucs, change
from ..held_out import Posts, out_of_fold
from ..recipe import Recipe
from ..splits import Data, SplitsReader, data_name
from ..tracking import runs as tracking
from .altered import altered
from .options import Ablation, ablations
from .table import records

if TYPE_CHECKING:
    from ...models.finetune.fit import OnStep

# Not among the runs of models, which ``evaluate``, ``compare`` and ``promote`` choose from.
EXPERIMENT = "unpolished.ablations"


@dataclass(frozen=True)
class Line:
    """One ablation.

    Attributes:
        group: its heading.
        name: what was taken away.
        fitted: posts that models are fitted on, in all.
        judged: posts that are judged.
        changes: by axis, and of the mean: AUC within sources less that of the whole recipe.
    """

    group: str
    name: str
    fitted: int
    judged: int
    changes: dict[str, Estimate]


@dataclass(frozen=True)
class Ablated:
    """The table.

    Attributes:
        run_id: of the tracked run.
        recipe: the whole.
        data: name of the data set.
        fingerprint: of the data set.
        fitted: posts that the whole is fitted on.
        judged: posts that are judged.
        whole: its AUC within sources, by axis and in the mean.
        lines: an ablation each.
    """

    run_id: str
    recipe: Recipe
    data: str
    fingerprint: str
    fitted: int
    judged: int
    whole: dict[str, Estimate]
    lines: list[Line]


def ablate(
    recipe: Recipe,
    data: Data,
    *,
    listed: Path | None = None,
    only: Collection[str] = (),
    progress: Progress = no_progress,
    on_step: OnStep | None = None,
) -> Ablated:
    """Judge a recipe and its ablations out of fold on the training split; gold is not looked at.

    Scores are kept in the cache: a second call computes nothing, a call after a stop what is left.

    Args:
        recipe: the whole.
        data: what to fit it on.
        listed: a file of ablations in place of the shipped ones.
        only: names or groups of the ablations that are asked for; none for all.
        progress: wraps the loop.
        on_step: told how a long fit goes on.

    Raises:
        SourceError: public data cannot be had.
        OwnPostsError: a labelled file is at fault.
        RecipeError: a file of ablations is at fault.
        ValueError: no such ablation, or too few posts to train on.
    """
    cache, reader = cache_folder(), SplitsReader(data)
    posts = Posts.of(reader.read(recipe))
    asked = _asked(recipe, data, posts, listed, only)
    whole = out_of_fold(recipe, posts, cache, on_step)
    before = aucs(posts.judged, whole, posts.judged.sources)
    lines = []
    for number in progress(range(len(asked)), "ablations", len(asked)):
        without, fewer, counted = altered(asked[number], recipe, reader)
        scores = out_of_fold(without, fewer, cache, on_step)
        # Judged by the labels of the whole, whatever the ablation learns from.
        of = before if counted.all() else _counted(posts, whole, counted)
        after = _counted(posts, scores, counted)
        changes = {axis: change(of[axis], after[axis]) for axis in before if axis in after}
        one = asked[number]
        n = int(counted.sum())
        lines.append(Line(one.group, one.name, len(fewer.fitted), n, changes))
    shown = {axis: auc.estimate() for axis, auc in before.items()}
    digest = fingerprint(reader.read(recipe).dataset)
    with tracking.started_run(EXPERIMENT, recipe.name) as run:
        done = Ablated(
            run.run_id, recipe, data_name(data), digest, len(posts.fitted), len(posts.judged),
            shown, lines,
        )  # fmt: skip
        run.log(records(done))
    return done


def _asked(
    recipe: Recipe, data: Data, posts: Posts, listed: Path | None, only: Collection[str]
) -> list[Ablation]:
    sources = np.unique(posts.fitted.sources).tolist()
    known = [
        ablation
        for entry in ablations(recipe, data_name(data), listed)
        # Without the only source there would be nothing to fit on.
        if not (entry.each_source and len(sources) < 2)
        for ablation in entry.expanded(sources)
    ]
    if unknown := set(only) - {name for a in known for name in (a.name, a.group)}:
        names = ", ".join(dict.fromkeys(name for a in known for name in (a.group, a.name)))
        raise ValueError(f"no such ablation: {', '.join(sorted(unknown))}; there are {names}")
    return [a for a in known if not only or {a.name, a.group} & set(only)]


def _counted(posts: Posts, scores: Probabilities, counted: np.ndarray) -> dict[str, Auc]:
    judged = posts.judged.take(counted)
    return aucs(judged, scores[counted], judged.sources)
