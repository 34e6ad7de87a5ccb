"""What single choices of a recipe are worth: ``python benchmarks/choices.py``.

``embed`` out of fold on the training split, as it is and with one choice changed; gold is not
looked at. Within-source AUC, and the change with a 95 % interval over groups.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from learning_curve import aucs
from sources import difference, out_of_fold, training_posts
from studies import Stretch
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.training.giveaways import truths
from unpolished.training.recipe import Recipe, read_recipe
from unpolished.training.splits import read_splits

CHOICES: dict[str, dict[str, Any]] = {
    "the last layer's embedding alone": {"layers": None},
    "two layers": {"layers": 2},
    "all six layers": {"layers": 6},
    "votes alone, no second readings": {"reading_weight": 0.0},
    "second readings alone, where there are any": {"reading_weight": 1.0},
    "no further votes": {"further_weight": 0.0},
    "no corpus": {"corpus_weight": 0.0},
}


def scored(recipe: Recipe) -> tuple[LabelledTexts, np.ndarray]:
    """Posts of the training split, and scores by models that did not see their fold."""
    splits = read_splits(recipe, "public")
    labelled = splits.train.labelled
    return labelled, out_of_fold(recipe, *training_posts(splits), len(labelled), None)


def main() -> None:
    """Print and keep the table."""
    recipe = read_recipe("embed")
    labelled, whole = scored(recipe)
    axes, everywhere = list(truths(labelled)), np.ones(len(labelled), bool)
    page = Stretch("choices")
    page.add("| embed, with | " + " | ".join(axis.name for axis in axes) + " |",
             "|---|" + "---|" * len(axes))  # fmt: skip
    found = aucs(labelled, whole).values()
    page.add("| nothing changed | " + " | ".join(f"{auc:.3f}" for auc in found) + " |")
    for name, changes in CHOICES.items():
        scores = scored(recipe.model_copy(update=changes))[1]
        cells = []
        for axis, auc in zip(axes, aucs(labelled, scores).values(), strict=True):
            _, (low, high) = difference(axis, labelled, everywhere, scores, whole)
            cells.append(f"{auc:.3f} [{low:+.3f}, {high:+.3f}]")
        page.add(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
