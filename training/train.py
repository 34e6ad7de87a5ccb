"""One run: data, cross-fitting, evaluation, refit, saved model, tracked."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..data.cache import cache_folder
from ..data.dataset.build import fingerprint
from ..data.dataset.fairness_pairs import read_pairs
from ..data.dataset.label_counts import counts
from ..data.folds.fold_file import NO_FOLD
from ..models.base import diagnostics_of
from ..models.pipeline import Pipeline
from ..models.registry.download import FOLD_MODELS
from ..models.saved_model import ModelInfo, TrainingData, save_model
from .build_model import new_model
from .evaluation.crossfit import OutOfFold, Progress, crossfit, decide_on, no_progress
from .evaluation.evaluate import evaluate, headline
from .evaluation.fairness import paired_changes
from .evaluation.oof_table import oof_table
from .kept_folds import KeptFolds
from .recipe import Recipe
from .reports.model_card import model_card
from .run_names import changes_text, run_name
from .splits import Data, Splits, data_name, read_splits, slug
from .tracking import runs as tracking
from .tracking.environment import CodeState, code_state, library_versions
from .tracking.records import RunFacts, records

if TYPE_CHECKING:
    from ..models.finetune.fit import OnStep

ROOT = Path(__file__).parents[1]
# Not among the runs that are evaluated, compared, promoted and shipped.
REPRODUCTIONS = "unpolished.reproductions"


@dataclass(frozen=True)
class Trained:
    """What a finished run left behind.

    Attributes:
        run_id: of the tracked run.
        model_name: registered name.
        metrics: long tables by split.
        titles: what each table says, by split.
        not_held: labels that the model never gives, and why.
        code: that was run.
        info: of the refit model.
    """

    run_id: str
    model_name: str
    metrics: dict[str, pd.DataFrame]
    titles: dict[str, str]
    not_held: list[str]
    code: CodeState
    info: ModelInfo


def data_argument(text: str) -> Data:
    """``public``, ``corpus``, or the path of a file.

    Raises:
        ValueError: neither a known name nor a file.
    """
    if text in ("public", "corpus"):
        return "public" if text == "public" else "corpus"
    if not Path(text).is_file():
        raise ValueError(f"data {text!r}: give public, corpus, or a file of labelled posts")
    return Path(text)


def train(
    recipe: Recipe,
    data: Data,
    progress: Progress = no_progress,
    on_step: OnStep | None = None,
    *,
    keep_folds: bool = False,
    splits: Splits | None = None,
    reproduces: str | None = None,
) -> Trained:
    """Cross-fit, evaluate, refit on everything and track.

    The refit model is saved and registered; it is never scored, for it saw every post. Calibrator
    and thresholds come from the out-of-fold scores of the training split. A run that repeats
    another registers nothing, and is kept apart from the runs that are compared and promoted.

    Args:
        recipe: what to fit.
        data: what to fit it on.
        progress: wraps the loops.
        on_step: told how a long fit goes on.
        keep_folds: also keep the model of each fold, so that posts of this run can be scored by one
            that has not seen them, see ``models.fold_models``.
        splits: the posts, where they were read before.
        reproduces: the run that is repeated.

    Raises:
        SourceError: public data cannot be had.
        OwnPostsError: a labelled file is at fault.
        ValueError: too few posts or authors to train on.
    """
    code = code_state(ROOT)
    splits = splits or read_splits(recipe, data)
    dataset, train_split, gold = splits.dataset, splits.train, splits.gold
    cache = cache_folder()
    spare, kept = splits.spare(), KeptFolds()
    with_spare = partial(new_model, recipe, cache, on_step)
    fresh = partial(with_spare, spare)
    name = data_name(data)
    experiment = f"unpolished-{name}" if reproduces is None else REPRODUCTIONS
    with tracking.started_run(experiment=experiment, name=run_name(recipe)) as run:
        results = crossfit(
            fresh,
            train_split,
            gold,
            splits.extra,
            leave_one_source_out=recipe.leave_one_source_out,
            alpha=recipe.decision.alpha,
            beta=recipe.decision.beta,
            progress=progress,
            on_fold=kept.add if keep_folds else None,
        )
        table = _table(dataset, results)
        metrics = {split: evaluate(table, split) for split in table["split"].unique()}
        calibration, thresholds = decide_on(
            results[0].raw,
            results[0].left_out,
            train_split,
            recipe.decision.alpha,
            recipe.decision.beta,
        )
        everything = splits.everything()
        evaluated = "gold" if gold is not None else "train"
        info = ModelInfo(
            name=registered_name(recipe.name, name),
            run_id=run.run_id,
            family=recipe.family,
            calibration=calibration,
            thresholds=thresholds,
            probabilities=thresholds.told,
            reads_author=True,
            training=TrainingData(
                name=name,
                fingerprint=fingerprint(dataset),
                folds_sha256=folds_sha256(data),
                n_posts=len(everything),
                n_authors=len(np.unique(everything.authors)),
            ),
            metrics=headline(metrics[evaluated]),
        )
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "model"
            model = fresh().fit(everything.both_views())
            fairness = paired_changes(Pipeline(model, info), read_pairs())
            card = model_card(info, metrics[evaluated], evaluated, fairness)
            info = save_model(folder, model, info, card)
            fold_models = Path(scratch) / FOLD_MODELS if keep_folds else None
            if fold_models is not None:
                for _ in progress([NO_FOLD], "model without the posts in no fold", 1):
                    kept.add_no_fold(everything, spare, with_spare)
                kept.save(fold_models, info, everything)
            facts = RunFacts(
                name=run_name(recipe),
                changes=changes_text(recipe),
                recipe=recipe.model_dump(mode="json", exclude={"sweep"}),
                data_path=None if isinstance(data, str) else Path(data),
                code=code,
                libraries=library_versions(),
                info=info,
                counts=counts(dataset),
                table=table,
                metrics=metrics,
                fairness=fairness,
                diagnostics=diagnostics_of(model).figures,
                card=card,
                folder=folder,
                fold_models=fold_models,
                reproduces=reproduces,
            )
            run.log(records(facts))
    titles = {split: _title(name, split) for split in metrics}
    return Trained(run.run_id, info.name, metrics, titles, thresholds.not_held(), code, info)


def _title(data: str, split: str) -> str:
    if data == "corpus":
        return "out of fold on the shipped corpus: a smoke test, no result"
    return f"out of fold on {data}, {split}"


def registered_name(recipe: str, data: str) -> str:
    """``unpolished-linear`` for the public data; other data never adds versions to that name."""
    if data == "public":
        return f"unpolished-{recipe}"
    return f"unpolished-{recipe}-{slug(data) or 'own'}"


def _table(dataset: Any, results: tuple[OutOfFold, OutOfFold | None]) -> pd.DataFrame:  # noqa: ANN401
    names = ("train", "gold")
    tables = [
        oof_table(dataset[name], name, result)
        for name, result in zip(names, results, strict=True)
        if result is not None
    ]
    return pd.concat(tables, ignore_index=True)


def folds_sha256(data: Data) -> str | None:
    """Hash of the fold file of the public data; other data has its folds made anew."""
    if data != "public":
        return None
    from ..data.folds.fold_file import folds

    return folds().sha256
