"""Fit, measure, track and write the stage that reads a post beside its author's other posts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..data.cache import cache_folder
from ..data.dataset.author_posts import as_texts, author_posts
from ..data.dataset.build import fingerprint
from ..data.text.disclosure.find import find_terms
from ..data.text.mentioned import mentioned
from ..data.text.signals.find import find_signals
from ..models.author_context import FEATURES, KnownPost, features
from ..models.author_stage import SHIPPED_STAGE, AuthorStage, Measured, write_stage
from ..models.base import SELF, THIRD_PARTY
from ..models.decision.thresholds import promotion_label
from .build_model import new_model
from .evaluation.crossfit import Progress, crossfit, no_progress
from .evaluation.in_context import ALONE, crossfit_stage, fit_stage, measured, metrics_table, slices
from .recipe import Recipe
from .run_names import run_name
from .splits import read_splits
from .tracking import runs as tracking
from .tracking.environment import code_state, library_versions
from .tracking.records import DatasetInput, Metric, Params, Record, Table, Tags, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# Not among the runs of models, which ``evaluate``, ``compare`` and ``promote`` choose from.
EXPERIMENT = "unpolished.author-stage"
_LIBRARIES = ("python", "numpy", "scikit-learn", "unpolished")
_LOGGED = (
    "source", "source_id", "group", "fold", "split", "kind", "known_posts", "promotion",
    "p_paid", "p_self", *FEATURES, "alone", "stage", "stage_source_left_out",
)  # fmt: skip


@dataclass(frozen=True)
class FittedStage:
    """What a run left behind.

    Attributes:
        run_id: of the tracked run.
        stage: as it was written.
        metrics: a row for each part of each split.
    """

    run_id: str
    stage: AuthorStage
    metrics: pd.DataFrame


def train_author_stage(
    recipe: Recipe,
    *,
    gold: bool = False,
    output: Path = SHIPPED_STAGE,
    progress: Progress = no_progress,
) -> FittedStage:
    """Fit the stage on the public data, measure it out of fold, track it and write it.

    Args:
        recipe: of the model whose single-post scores are read.
        gold: measure it on gold, too: once, when all is chosen.
        output: the file to write.
        progress: wraps the loops.

    Raises:
        SourceError: public data cannot be had.
        ValueError: the file cannot be written there.
    """
    if not output.parent.is_dir():
        raise ValueError(f"{output}: there is no folder {output.parent}: make it, or name another")
    with tracking.started_run(experiment=EXPERIMENT, name=run_name(recipe)) as run:
        table, digest = context_table(recipe, progress)
        splits = ["train", "further", *(["gold"] if gold else [])]
        metrics = pd.concat([metrics_table(table, split) for split in splits], ignore_index=True)
        fitted, used = fit_stage(table)
        versions = library_versions()
        stage = AuthorStage(
            features=FEATURES,
            coefficients=tuple(round(float(value), 6) for value in fitted.coefficients),
            intercept=round(fitted.intercept, 6),
            recipe=recipe.name,
            posts=len(used),
            authors=used["author"].nunique(),
            measured={split: found for split in splits if (found := _whole(table, split))},
            libraries={name: versions[name] for name in _LIBRARIES if name in versions},
        )
        write_stage(stage, output)
        shown = table if gold else table[table["split"] != "gold"]
        run.log(_records(recipe, stage, metrics, shown, digest, gold=gold))
    return FittedStage(run.run_id, stage, metrics)


def context_table(recipe: Recipe, progress: Progress = no_progress) -> tuple[pd.DataFrame, str]:
    """All posts of the authors, with features, labels, and the stage's word out of fold.

    Returns:
        The table, with columns ``p_paid`` and ``p_self`` (of the post alone, out of fold, made
        with the author), ``promotion`` (the label of the post alone), ``known_posts``, those of
        ``FEATURES``, ``alone`` (a regression on the odds of the post alone), ``stage`` and
        ``stage_source_left_out``; and the fingerprint of the data set.

    Raises:
        SourceError: public data cannot be had.
    """
    splits = read_splits(recipe, "public")
    # One step, so that what takes a minute is seen to be under way.
    (posts,) = (author_posts(splits.dataset) for _ in progress(range(1), "authors' posts", 1))
    _, scored = crossfit(
        partial(new_model, recipe, cache_folder(), None, splits.spare()),
        splits.train,
        as_texts(posts),
        splits.extra,
        leave_one_source_out=False,
        alpha=recipe.decision.alpha,
        beta=recipe.decision.beta,
        progress=progress,
    )
    if scored is None:
        raise ValueError("no author of whom several posts are known")
    scores, flags = scored.with_author.calibrated, scored.with_author.flags
    paid_and_own = flags[:, THIRD_PARTY].tolist(), flags[:, SELF].tolist()
    table = posts.assign(
        p_paid=scores[:, THIRD_PARTY],
        p_self=scores[:, SELF],
        promotion=list(map(promotion_label, *paid_and_own)),
    )
    table = _with_features(table)
    table = table.assign(
        alone=crossfit_stage(table, ALONE),
        stage=crossfit_stage(table, FEATURES),
        stage_source_left_out=crossfit_stage(table, FEATURES, by="source"),
    )
    return table, fingerprint(splits.dataset)


def _with_features(table: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for _, posts in table.groupby("author", sort=True):
        known = [
            KnownPost(
                mentioned(text, name, find_signals(find_terms(text), name)),
                float(paid),
                float(own),
            )
            for text, name, paid, own in zip(
                posts["text"], posts["name"], posts["p_paid"], posts["p_self"], strict=True
            )
        ]
        columns = pd.DataFrame(features(known), columns=list(FEATURES), index=posts.index)
        parts.append(posts.assign(known_posts=len(posts)).join(columns))
    return pd.concat(parts).sort_index()


def _whole(table: pd.DataFrame, split: str) -> Measured | None:
    return measured(dict(slices(table, split))["all"])


def _records(
    recipe: Recipe,
    stage: AuthorStage,
    metrics: pd.DataFrame,
    table: pd.DataFrame,
    digest: str,
    *,
    gold: bool,
) -> Iterator[Record]:
    code = code_state(ROOT)
    yield Params({"recipe": recipe.name, "features": ", ".join(FEATURES)})
    yield Tags(
        {
            "recipe": recipe.name,
            "data.name": "public",
            "data.fingerprint": digest,
            "git.commit": code.commit or "unknown",
            "git.clean": "unknown" if code.clean is None else str(code.clean).lower(),
            "gold-look": str(gold).lower(),
        }
        | {f"lib.{name}": version for name, version in stage.libraries.items()}
    )
    counts = table["split"].replace("", "unlabelled").value_counts()
    yield DatasetInput("public-authors", digest, {str(k): int(v) for k, v in counts.items()},
                       "training")  # fmt: skip
    for split, found in stage.measured.items():
        for name, value in found.model_dump().items():
            if value is not None:
                yield Metric(f"oof.{split}.paid_against_self.{name}", float(value))
    # An allow-list: no text, no name.
    yield Table("predictions.parquet", table[list(_LOGGED)].astype({"fold": np.int8}))
    yield Table("author_stage_metrics.parquet", metrics)
    yield Text("author_stage.json", json.dumps(stage.model_dump(mode="json"), indent=1) + "\n")
    yield Text("recipe.json", json.dumps(recipe.model_dump(mode="json"), indent=1) + "\n")
