"""Whose product, in sources never seen: ``python benchmarks/studies/left_out_sources.py [--only]``.

Recipes, and recipes with one choice changed, on the training split; gold is not looked at. AUC
within sources of paid posts against those that promote nothing and those that promote their
author's own, out of fold and with each post's source left out, and of every source with enough of
both the latter for itself. Embeddings and what teachers say are kept in the cache.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import pandas as pd
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.models.families.embed import EmbedOptions
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.crossfit import crossfit
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.evaluation.oof_table import oof_table
from unpolished.training.recipe import Recipe, read_recipe
from unpolished.training.reports.metric_names import number
from unpolished.training.splits import read_splits

QUESTIONS = {"paid": "paid", "paid_against_none": "against none", "paid_against_self":
             "against self"}  # fmt: skip
# Fewer posts of one kind say nothing of a source.
ENOUGH = 10
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "linear": ("linear", {}),
    "linear, with readings": ("linear", {"readings_weight": 1.0}),
    "linear, votes alone": ("linear", {"extra_posts_weight": 0.0, "corpus_weight": 0.0}),
    "teacher, its embedding alone": ("teacher", {"model": EmbedOptions(ngrams=None, c=8.0)}),
    "teacher": ("teacher", {}),
    "teacher, with readings": ("teacher", {"readings_weight": 1.0}),
    "student": ("student", {}),
}


def judged(recipe: Recipe) -> pd.DataFrame:
    """Metrics of the training split, see ``evaluate``."""
    splits = read_splits(recipe, "public")
    fresh = partial(new_model, recipe, cache_folder())
    of_train, _ = crossfit(
        fresh, splits.train, None, splits.extra, alpha=recipe.decision.alpha,
        beta=recipe.decision.beta,
    )  # fmt: skip
    return evaluate(oof_table(splits.dataset["train"], "train", of_train), "train")


def main() -> None:
    """Print and keep two tables: over all sources, and source by source."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", help="a row; may be given several times")
    given = parser.parse_args()
    if unknown := set(given.only or ()) - set(VARIANTS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(VARIANTS)}")
    page, found = Stretch("left-out-sources"), {}
    heads = [f"{title}{where}" for where in ("", ", source left out") for title in
             QUESTIONS.values()]  # fmt: skip
    page.add("| | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads))
    for name in given.only or VARIANTS:
        base, changes = VARIANTS[name]
        found[name] = judged(read_recipe(base).model_copy(update=changes))
        whole = found[name][found[name]["slice"] == "all"].set_index(["axis", "metric"])["value"]
        cells = [number(whole.get((axis, metric))) for metric in ("auc_within", "auc_loso") for
                 axis in QUESTIONS]  # fmt: skip
        page.add(f"| {name} | " + " | ".join(cells) + " |")
    by_source = {name: _by_source(metrics) for name, metrics in found.items()}
    sources = sorted(set.intersection(*(set(values) for values in by_source.values())))
    page.add("", "Each source left out, against none and against self:", "")
    page.add("| | " + " | ".join(sources) + " |", "|---|" + "---|" * len(sources))
    for name, values in by_source.items():
        page.add(f"| {name} | " + " | ".join(values[source] for source in sources) + " |")


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
