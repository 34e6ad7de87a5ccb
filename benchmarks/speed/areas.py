"""Areas under the curve of the light model and of its peer, out of the same folds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from unpolished.data.cache import cache_folder
from unpolished.models.base import Model
from unpolished.models.features.version import FEATURES_VERSION
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.crossfit import crossfit
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.evaluation.oof_table import oof_table
from unpolished.training.recipe import read_recipe
from unpolished.training.splits import Splits, read_splits

from .static import C, StaticLogistic, distilled


class Area(NamedTuple):
    """Of one question, within sources.

    Attributes:
        axis: the question.
        ours: of the light model.
        peer: of static embeddings with logistic regressions.
    """

    axis: str
    ours: float
    peer: float


def areas() -> list[Area]:
    """Both, fitted anew for each fold of the training split; gold is not looked at.

    It takes minutes, so what was found is kept in the cache, by recipe, posts and code of features.
    """
    recipe = read_recipe("linear")
    splits = read_splits(recipe, "public")
    folder = distilled()
    kept = folder.with_name(f"areas-{_key(splits, recipe.model_dump_json(), folder.name)}.json")
    if kept.is_file():
        return [Area(*one) for one in json.loads(kept.read_text("utf-8"))]
    alpha, beta = recipe.decision.alpha, recipe.decision.beta
    ours = _of(splits, partial(new_model, recipe, cache_folder()), alpha, beta)
    peer = _of(splits, lambda: StaticLogistic(folder), alpha, beta)
    found = [Area(axis, ours[axis], peer[axis]) for axis in ours]
    kept.write_text(json.dumps(found), "utf-8")
    return found


def _key(splits: Splits, *others: str) -> str:
    digest = hashlib.sha256(f"{FEATURES_VERSION} {C} {others}".encode())
    for posts in (splits.train, splits.extra):
        if posts is not None:
            digest.update("\n".join(posts.texts).encode("utf-8", "replace"))
            for array in (posts.folds, posts.style, posts.kinds, posts.cause, posts.weight):
                digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def _of(splits: Splits, fresh: Callable[[], Any], alpha: float, beta: float) -> dict[str, float]:
    new: Callable[[], Model] = fresh
    found, _ = crossfit(
        new, splits.train, None, splits.extra, leave_one_source_out=False, alpha=alpha, beta=beta
    )
    metrics = evaluate(oof_table(splits.dataset["train"], "train", found), "train")
    whole = metrics[(metrics["slice"] == "all") & (metrics["metric"] == "auc_within")]
    return dict(zip(whole["axis"], whole["value"], strict=True))
