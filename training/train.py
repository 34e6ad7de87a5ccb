"""One run: data, cross-fitting, evaluation, refit, saved model, tracked."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ..data.cache import cache_folder
from ..data.counts import counts
from ..data.dataset import build, fingerprint, labelled_texts
from ..data.labelled_texts import LabelledTexts
from ..data.pairs import read_pairs
from ..models.bundle import Bundle
from ..models.saved import ModelInfo, TrainingData, save_model
from . import tracking
from .build import new_model
from .card import model_card
from .crossfit import OutOfFold, Progress, Split, crossfit, decide_on, no_progress
from .evaluate import evaluate, headline
from .facts import code_state, library_versions
from .fairness import paired_changes
from .oof_table import oof_table
from .recipe import Recipe
from .records import RunFacts, records

if TYPE_CHECKING:
    from ..models.encoder_training import OnStep

ROOT = Path(__file__).parents[1]
Data = Literal["public", "corpus"] | Path


@dataclass(frozen=True)
class Trained:
    """What a finished run left behind.

    Attributes:
        run_id: of the tracked run.
        model_name: registered name.
        metrics: long tables by split.
        titles: what each table says, by split.
    """

    run_id: str
    model_name: str
    metrics: dict[str, pd.DataFrame]
    titles: dict[str, str]


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
) -> Trained:
    """Cross-fit, evaluate, refit on everything and track.

    The refit model is saved and registered; it is never scored, for it saw every post. Calibrator
    and thresholds come from the out-of-fold scores of the training split.

    Raises:
        SourceError: public data cannot be had.
        OwnPostsError: a labelled file is at fault.
        ValueError: too few posts or authors to train on.
    """
    dataset = _built(recipe, data)
    splits = {str(name): _split(dataset[name]) for name in dataset}
    train_split, gold, extra = splits["train"], splits.get("gold"), _extra(splits, recipe)
    cache = cache_folder()
    fresh = partial(new_model, recipe, cache, on_step)
    name = data if isinstance(data, str) else Path(data).stem
    with tracking.started_run(experiment=f"unpolished-{name}", name=recipe.name) as run:
        results = crossfit(
            fresh,
            train_split,
            gold,
            extra,
            leave_one_source_out=recipe.leave_one_source_out,
            alpha=recipe.decision.alpha,
            beta=recipe.decision.beta,
            progress=progress,
        )
        table = _table(dataset, results)
        metrics = {split: evaluate(table, split) for split in table["split"].unique()}
        calibration, thresholds = decide_on(
            results[0].raw, train_split.labelled, recipe.decision.alpha, recipe.decision.beta
        )
        everything = _joined([s.labelled for s in (train_split, gold, extra) if s is not None])
        evaluated = "gold" if gold is not None else "train"
        info = ModelInfo(
            name=registered_name(recipe.name, name),
            run_id=run.run_id,
            family=recipe.family,
            calibration=calibration,
            thresholds=thresholds,
            training=TrainingData(
                name=name,
                fingerprint=fingerprint(dataset),
                folds_sha256=_folds_sha256(data),
                n_posts=len(everything),
                n_authors=len(np.unique(everything.authors)),
            ),
            metrics=headline(metrics[evaluated]),
        )
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "model"
            model = fresh().fit(everything)
            fairness = paired_changes(Bundle(model, info), read_pairs())
            card = model_card(info, metrics[evaluated], evaluated, fairness)
            info = save_model(folder, model, info, card)
            facts = RunFacts(
                recipe=recipe.model_dump(mode="json"),
                code=code_state(ROOT),
                libraries=library_versions(),
                info=info,
                counts=counts(dataset),
                table=table,
                metrics=metrics,
                fairness=fairness,
                export=getattr(model, "export_report", {}),
                card=card,
                folder=folder,
            )
            run.log(records(facts))
    titles = {split: _title(name, split) for split in metrics}
    return Trained(run.run_id, info.name, metrics, titles)


def _title(data: str, split: str) -> str:
    if data == "corpus":
        return "out of fold on the shipped corpus: a smoke test, no result"
    return f"out of fold on {data}, {split}"


def registered_name(recipe: str, data: str) -> str:
    """``unpolished-linear`` for the public data; other data never adds versions to that name."""
    if data == "public":
        return f"unpolished-{recipe}"
    return f"unpolished-{recipe}-{re.sub(r'[^a-z0-9]+', '-', data.lower()).strip('-') or 'own'}"


def _split(rows: Any) -> Split:  # noqa: ANN401
    table = rows.with_format(None).data.table
    return Split(
        labelled=labelled_texts(rows),
        sources=np.array(table["source"].to_pylist(), dtype=np.str_),
        folds=table["fold"].to_numpy().astype(np.int8),
    )


def _built(recipe: Recipe, data: Data) -> Any:  # noqa: ANN401
    if data != "public":
        return build(data)
    return build(data, further=recipe.further_weight > 0, weak=recipe.weak_weight > 0)


def _extra(splits: dict[str, Split], recipe: Recipe) -> Split | None:
    """Posts that are fitted on and never scored, weighted as the recipe says."""
    factors = {"further": recipe.further_weight, "weak": recipe.weak_weight}
    parts = [_weighted(splits[name], by) for name, by in factors.items() if name in splits]
    if not parts:
        return None
    return Split(
        labelled=_joined([part.labelled for part in parts]),
        sources=np.concatenate([part.sources for part in parts]),
        folds=np.concatenate([part.folds for part in parts]),
    )


def _weighted(split: Split, factor: float) -> Split:
    weight = (split.labelled.weight * factor).astype(np.float32)
    return replace(split, labelled=replace(split.labelled, weight=weight))


def _joined(parts: list[LabelledTexts]) -> LabelledTexts:
    first, *rest = parts
    for part in rest:
        first = first.joined(part)
    return first


def _table(dataset: Any, results: tuple[OutOfFold, OutOfFold | None]) -> pd.DataFrame:  # noqa: ANN401
    names = ("train", "gold")
    tables = [
        oof_table(dataset[name], name, result)
        for name, result in zip(names, results, strict=True)
        if result is not None
    ]
    return pd.concat(tables, ignore_index=True)


def _folds_sha256(data: Data) -> str | None:
    if data != "public":
        return None
    from ..data.folds import folds

    return folds().sha256
