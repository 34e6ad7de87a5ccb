"""What each source adds: ``python benchmarks/studies/sources.py [recipe] [--only SOURCE ...]``.

Out of fold on the training split; gold is not looked at. For each source: the within-source AUC
over the posts of all other sources, by models that were fitted with it and without it, further
labels included. The change is what the source teaches about others.

For a recipe that is slow to fit: ``--only`` asks for some sources alone, ``--folds`` for the posts
of the first few folds.
"""

import argparse

import numpy as np
from numpy.typing import NDArray
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.data.labelled_texts import LabelledTexts, LabelTruth, truths
from unpolished.models.base import PROBABILITIES
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.bootstrap import Interval, auc_draws, group_weights, interval
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.recipe import Recipe, read_recipe
from unpolished.training.reports.metric_names import with_interval
from unpolished.training.splits import Splits, read_splits


def out_of_fold(
    recipe: Recipe,
    everything: LabelledTexts,
    n_scored: int,
    left_out: str | None,
    n_folds: int | None = None,
) -> NDArray[np.float64]:
    """Scores of the first posts by models that saw neither their fold nor the source.

    NaN for posts of further folds where only so many are asked for.
    """
    scores = np.full((n_scored, len(PROBABILITIES)), np.nan)
    folds = everything.folds
    for fold in np.unique(folds[:n_scored])[:n_folds]:
        seen = (folds != fold) & (everything.sources != left_out)
        model = new_model(recipe, cache_folder()).fit(everything.take(seen))
        rows = np.flatnonzero(folds[:n_scored] == fold)
        scores[rows] = model.predict_proba([everything.texts[i] for i in rows])
    return scores


def training_posts(splits: Splits) -> LabelledTexts:
    """All posts that models are fitted on, those of the training split first."""
    return splits.train if splits.extra is None else splits.train.joined(splits.extra)


def difference(
    truth: LabelTruth,
    labelled: LabelledTexts,
    rows: NDArray[np.bool_],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
) -> tuple[float, Interval]:
    """Within-source AUC of the first scores less that of the second, 95 % interval over groups."""
    known = ~np.isnan(truth.positive) & rows & ~np.isnan(first[:, truth.column])
    positive, places = truth.positive[known] == 1, labelled.sources[known]
    weights = group_weights(labelled.groups[known], repeats=300)
    of = [scores[known, truth.column] for scores in (first, second)]
    values = [within_source_auc(positive, score, places) for score in of]
    draws = [auc_draws(positive, score, places, weights) for score in of]
    value = values[0] - values[1]
    return value, interval(draws[0] - draws[1], value)


def main() -> None:
    """Print and keep a table: change of AUC with 95 % intervals, positive where it helps."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", nargs="?", default="linear")
    parser.add_argument("--only", action="append", help="a source; may be given several times")
    parser.add_argument("--folds", type=int, help="how many folds to score; all if not given")
    given = parser.parse_args()
    recipe = read_recipe(given.recipe)
    splits = read_splits(recipe, "public")
    labelled, everything = splits.train, training_posts(splits)
    whole = out_of_fold(recipe, everything, len(labelled), None, given.folds)
    names = [truth.name for truth in truths(labelled)]
    page = Stretch(f"sources-{recipe.name}")
    n_folds = len(np.unique(labelled.folds))
    some = "" if given.folds is None else f", {given.folds} of {n_folds} folds"
    page.add(f"| {recipe.name}{some}: with less without | posts | " + " | ".join(names) + " |",
             "|---|---|" + "---|" * len(names))  # fmt: skip
    for source in given.only or np.unique(everything.sources):
        without = out_of_fold(recipe, everything, len(labelled), source, given.folds)
        cells = []
        for truth in truths(labelled):
            others = labelled.sources != source
            change, bounds = difference(truth, labelled, others, whole, without)
            cells.append(with_interval(change, *bounds, form="{:+.3f}"))
        n = int((everything.sources == source).sum())
        page.add(f"| {source} | {n:,} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
