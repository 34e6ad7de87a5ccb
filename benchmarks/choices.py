"""What single choices of a recipe are worth: ``python benchmarks/choices.py``.

``embed`` out of fold on the training split, as it is and with one choice changed; gold is not
looked at. Within-source AUC, and the change with a 95 % interval over groups.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sources import out_of_fold
from studies import Stretch
from unpolished.training.bootstrap import auc_draws, group_weights, interval
from unpolished.training.giveaways import truths
from unpolished.training.metrics import within_source_auc
from unpolished.training.recipe import Recipe, read_recipe
from unpolished.training.splits import Splits, read_splits

CHOICES: dict[str, dict[str, Any]] = {
    "the last layer's embedding alone": {"layers": None},
    "two layers": {"layers": 2},
    "all six layers": {"layers": 6},
    "votes alone, no second readings": {"reading_weight": 0.0},
    "second readings alone, where there are any": {"reading_weight": 1.0},
    "no further votes": {"further_weight": 0.0},
    "no corpus": {"corpus_weight": 0.0},
}


def scored(recipe: Recipe) -> tuple[Splits, np.ndarray]:
    """Posts, and scores of the training split by models that did not see their fold."""
    splits = read_splits(recipe, "public")
    everything, folds = splits.train.labelled, splits.train.folds
    if splits.extra is not None:
        everything = everything.joined(splits.extra.labelled)
        folds = np.concatenate([folds, splits.extra.folds])
    return splits, out_of_fold(recipe, everything, folds, len(splits.train.labelled), None)


def main() -> None:
    """Print and keep the table."""
    recipe = read_recipe("embed")
    splits, whole = scored(recipe)
    labelled = splits.train.labelled
    axes = list(truths(labelled))
    page = Stretch("choices")
    page.add("| embed, with | " + " | ".join(axis.name for axis in axes) + " |",
             "|---|" + "---|" * len(axes))  # fmt: skip

    def row(name: str, scores: np.ndarray) -> None:
        cells = []
        for axis in axes:
            known = ~np.isnan(axis.positive)
            positive, places = axis.positive[known] == 1, labelled.sources[known]
            score = scores[known, axis.column]
            cell = f"{within_source_auc(positive, score, places):.3f}"
            if scores is not whole:
                weights = group_weights(labelled.groups[known], repeats=300)
                draws = [
                    auc_draws(positive, one[known, axis.column], places, weights)
                    for one in (scores, whole)
                ]
                low, high = interval(draws[0] - draws[1])
                cell += f" [{low:+.3f}, {high:+.3f}]"
            cells.append(cell)
        page.add(f"| {name} | " + " | ".join(cells) + " |")

    row("nothing changed", whole)
    for name, changes in CHOICES.items():
        row(name, scored(recipe.model_copy(update=changes))[1])


if __name__ == "__main__":
    main()
