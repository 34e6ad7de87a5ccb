"""What single choices are worth: ``python benchmarks/studies/choices.py embed [--only NAME]``.

A recipe out of fold on the training split, as it is and with one choice changed; gold is not looked
at. Within-source AUC, and the change with a 95 % interval over groups. Fits of the encoder are kept
in the cache; five of them make a row, half an hour on two cores.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from learning_curve import aucs
from page import Stretch
from sources import difference, out_of_fold, training_posts
from unpolished.data.labelled_texts import LabelledTexts, truths
from unpolished.training.recipe import Recipe, read_recipe
from unpolished.training.reports.metric_names import number
from unpolished.training.splits import read_splits

CHOICES: dict[str, dict[str, dict[str, Any]]] = {
    "embed": {
        "the last layer's embedding alone": {"layers": None},
        "two layers": {"layers": 2},
        "all six layers": {"layers": 6},
        "votes alone, no second readings": {"soft_label_weight": 0.0},
        "second readings alone, where there are any": {"soft_label_weight": 1.0},
        "no further votes": {"extra_posts_weight": 0.0},
        "no corpus": {"corpus_weight": 0.0},
    },
    "encoder": {
        "another seed": {"seed": 1},
        "two layers tuned": {"model": {"trainable_layers": 2}},
        "four layers tuned": {"model": {"trainable_layers": 4}},
        "half the learning rate": {"model": {"learning_rate": 5e-5}},
        "twice the learning rate": {"model": {"learning_rate": 2e-4}},
        "five passes": {"model": {"epochs": 5}},
        "sources drawn alike": {"model": {"source_balance": 1.0}},
        "no auxiliary heads": {"model": {"auxiliary_loss_weight": 0.0}},
    },
}


def changed(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    """The recipe with other values; those of ``model`` are options of the model."""
    inner = changes.get("model")
    if inner is not None:
        changes = changes | {"model": recipe.model.model_copy(update=inner)}
    return recipe.model_copy(update=changes)


def scored(recipe: Recipe) -> tuple[LabelledTexts, np.ndarray]:
    """Posts of the training split, and scores by models that did not see their fold."""
    splits = read_splits(recipe, "public")
    labelled = splits.train
    return labelled, out_of_fold(recipe, training_posts(splits), len(labelled), None)


def main() -> None:
    """Print and keep the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", nargs="?", default="embed", choices=list(CHOICES))
    parser.add_argument("--only", action="append", help="a choice; may be given several times")
    given = parser.parse_args()
    recipe, choices = read_recipe(given.recipe), CHOICES[given.recipe]
    if unknown := set(given.only or ()) - set(choices):
        parser.error(
            f"no such choice: {', '.join(sorted(unknown))}; there are {', '.join(choices)}"
        )
    labelled, whole = scored(recipe)
    axes, everywhere = list(truths(labelled)), np.ones(len(labelled), bool)
    page = Stretch(f"choices-{recipe.name}")
    page.add(f"| {recipe.name}, with | " + " | ".join(axis.name for axis in axes) + " |",
             "|---|" + "---|" * len(axes))  # fmt: skip
    found = aucs(labelled, whole).values()
    page.add("| nothing changed | " + " | ".join(f"{auc:.3f}" for auc in found) + " |")
    for name in given.only or choices:
        scores = scored(changed(recipe, choices[name]))[1]
        cells = []
        for axis, auc in zip(axes, aucs(labelled, scores).values(), strict=True):
            _, bounds = difference(axis, labelled, everywhere, scores, whole)
            low, high = (number(bound, "{:+.3f}") for bound in bounds)
            cells.append(f"{auc:.3f} [{low}, {high}]")
        page.add(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
