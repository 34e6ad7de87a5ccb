"""Whose product, in sources never seen: ``python benchmarks/studies/left_out_sources.py RUN ...``.

Tracked runs, named by their ids or by how these begin, and beside them recipes with one choice
changed (``--fit``, which may be given several times), on the training split; gold is not looked at.
AUC within sources of paid posts against those that promote nothing and those that promote their
author's own, out of fold and with each post's source left out, and of every source with enough of
both the latter for itself. Embeddings and what teachers say are kept in the cache.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.models.families.student import TaughtShares
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.crossfit import crossfit
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.evaluation.oof_table import oof_table
from unpolished.training.recipe import Recipe, read_recipe
from unpolished.training.reports.metric_names import number
from unpolished.training.splits import read_splits
from unpolished.training.tracking.runs import load_table, named_run

QUESTIONS = {"paid": "paid", "paid_against_none": "against none", "paid_against_self":
             "against self"}  # fmt: skip
# Fewer posts of one kind say nothing of a source.
ENOUGH = 10
# Recipe, and what is changed: keys of its own, or of its table [model], named ``model.KEY``.
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "linear, with readings": ("linear", {"readings_weight": 1.0}),
    "linear, votes alone": ("linear", {"extra_posts_weight": 0.0, "corpus_weight": 0.0}),
    "teacher, its embedding alone": ("teacher", {"model.ngrams": None, "model.c": 8.0}),
    "teacher, with readings": ("teacher", {"readings_weight": 1.0}),
    "student of six layers": ("student", {"model.layers": 6}),
    "student whose encoder was not taught": ("student", {"model.distil": None}),
    "student that hears no teacher": (
        "student",
        {"model.taught_shares": TaughtShares(style=0, paid=0, cause=0)},
    ),
}


def changed(variant: str) -> Recipe:
    """The recipe of a variant."""
    base, changes = VARIANTS[variant]
    recipe = read_recipe(base)
    of_model = {key[6:]: value for key, value in changes.items() if key.startswith("model.")}
    of_recipe = {key: value for key, value in changes.items() if not key.startswith("model.")}
    if of_model:
        model = getattr(recipe, "model")  # noqa: B009  (of the family's class alone)
        of_recipe["model"] = model.model_copy(update=of_model)
    return recipe.model_copy(update=of_recipe)


def tracked(run_id: str) -> pd.DataFrame:
    """Metrics of the training split that a run has logged."""
    metrics = load_table(run_id, "metrics.parquet")
    return metrics[metrics["split"] == "train"]


def judged(variant: str) -> pd.DataFrame:
    """Metrics of the training split of a variant, see ``evaluate``."""
    recipe = changed(variant)
    splits = read_splits(recipe, "public")
    fresh = partial(new_model, recipe, cache_folder(), None, splits.spare())
    of_train, _ = crossfit(
        fresh, splits.train, None, splits.extra, alpha=recipe.decision.alpha,
        beta=recipe.decision.beta,
    )  # fmt: skip
    return evaluate(oof_table(splits.dataset["train"], "train", of_train), "train")


def main() -> None:
    """Print and keep two tables: over all sources, and source by source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", help="completed runs")
    parser.add_argument("--fit", action="append", choices=VARIANTS, default=[], help="also this")
    given = parser.parse_args()
    if not given.runs and not given.fit:
        parser.error("name completed runs, or a variant with --fit")
    try:
        runs = [named_run(name) for name in given.runs]
    except ValueError as error:
        parser.error(str(error))
    page, found = Stretch("left-out-sources"), {}
    heads = [f"{title}{where}" for where in ("", ", source left out") for title in
             QUESTIONS.values()]  # fmt: skip
    page.add("| | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads))
    rows: list[tuple[str, Callable[[], pd.DataFrame]]] = [
        *((run.name, partial(tracked, run.run_id)) for run in runs),
        *((name, partial(judged, name)) for name in given.fit),
    ]
    for name, metrics in rows:
        found[name] = metrics()
        whole = found[name][found[name]["slice"] == "all"].set_index(["axis", "metric"])["value"]
        cells = [number(whole.get((axis, metric))) for metric in ("auc_within", "auc_loso") for
                 axis in QUESTIONS]  # fmt: skip
        page.add(f"| {name} | " + " | ".join(cells) + " |")
    by_source = {name: _by_source(metrics) for name, metrics in found.items()}
    sources = sorted(set.intersection(*(set(values) for values in by_source.values())))
    page.add("", "Each source left out, against none and against self:", "")
    page.add("| | " + " | ".join(by_source) + " |", "|---|" + "---|" * len(by_source))
    for source in sources:
        cells = [values[source] for values in by_source.values()]
        page.add(f"| {source} | " + " | ".join(cells) + " |")


def _by_source(metrics: pd.DataFrame) -> dict[str, str]:
    part = metrics[(metrics["metric"] == "auc_loso") & metrics["slice"].str.startswith("source:")]
    enough = (part["positives"] >= ENOUGH) & (part["n"] - part["positives"] >= ENOUGH)
    of_axis = {
        axis: part[enough & (part["axis"] == axis)].set_index("slice")["value"]
        for axis in ("paid_against_none", "paid_against_self")
    }
    none, own = of_axis.values()
    return {
        str(place).removeprefix("source:"): f"{number(none[place])}, {number(own[place])}"
        for place in none.index.intersection(own.index)
    }


if __name__ == "__main__":
    main()
