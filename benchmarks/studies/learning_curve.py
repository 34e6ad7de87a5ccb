"""What more labels would bring: ``python benchmarks/studies/learning_curve.py [recipe]``.

Out of fold on the training split; gold is not looked at. Models see a share of the groups of the
other folds, without and with the further labels; a few draws a point. Prints a table and writes
``docs/learning_curve.png``. Where the line still rises, labels are the bottleneck.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from page import Stretch
from unpolished.data.cache import cache_folder
from unpolished.data.dataset.build import build, labelled_texts
from unpolished.data.labelled_texts import LabelledTexts, truths
from unpolished.models.base import PROBABILITIES
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.metrics import within_source_auc
from unpolished.training.recipe import read_recipe

PICTURE = Path(__file__).parents[2] / "docs" / "learning_curve.png"
SHARES = (0.125, 0.25, 0.5, 1.0)
DRAWS = 3


def aucs(labelled: LabelledTexts, scores: np.ndarray) -> dict[str, float]:
    """Within-source AUC of each label."""
    found = {}
    for truth in truths(labelled):
        known = ~np.isnan(truth.positive)
        found[truth.name] = within_source_auc(
            truth.positive[known] == 1, scores[known, truth.column], labelled.sources[known]
        )
    return found


def some_groups(groups: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Rows of a random share of the groups."""
    names = np.unique(groups)
    chosen = np.random.default_rng(seed).permutation(names)[: max(1, round(share * len(names)))]
    return np.isin(groups, chosen)


def main() -> None:
    """Print the table, draw the picture."""
    recipe = read_recipe(sys.argv[1] if len(sys.argv) > 1 else "linear")
    dataset = build("public", further=True)
    train, further = labelled_texts(dataset["train"]), labelled_texts(dataset["further"])
    everything = train.joined(further)
    lines: dict[str, list[tuple[float, float, float, float]]] = {}
    page = Stretch("learning-curve")
    names = [truth.name for truth in truths(train)]
    page.add(f"| {recipe.name}: further labels | share of groups | posts a fit | "
             + " | ".join(names) + " |", "|---|---|---|" + "---|" * len(names))  # fmt: skip
    for name, labelled in (("without", train), ("with", everything)):
        for share in SHARES:
            draws, sizes = [], []
            for seed in range(DRAWS if share < 1 else 1):
                kept = some_groups(labelled.groups, share, seed)
                scores = np.zeros((len(train), len(PROBABILITIES)))
                for fold in np.unique(train.folds):
                    part = labelled.take((labelled.folds != fold) & kept)
                    sizes.append(len(part))
                    model = new_model(recipe, cache_folder()).fit(part)
                    rows = np.flatnonzero(train.folds == fold)
                    scores[rows] = model.predict_proba([train.texts[i] for i in rows])
                draws.append(aucs(train, scores))
            cells = []
            for truth in draws[0]:
                values = [draw[truth] for draw in draws]
                mean, spread = float(np.mean(values)), float(np.std(values))
                cells.append(f"{mean:.3f} ± {spread:.3f}" if len(values) > 1 else f"{mean:.3f}")
                point = (float(np.mean(sizes)), mean, spread, share)
                lines.setdefault(f"{truth}, {name}", []).append(point)
            shown = " | ".join(cells)
            page.add(f"| {name} | {share:.3g} | {np.mean(sizes):,.0f} | {shown} |")
    draw(lines, recipe.name)
    page.add("", f"![AUC over posts a fit]({PICTURE.name})")


def draw(lines: dict[str, list[tuple[float, float, float, float]]], recipe: str) -> None:
    """A panel a label, labels a fit on a logarithmic scale."""
    labels = list(dict.fromkeys(name.split(", ")[0] for name in lines))
    figure = Figure(figsize=(13, 3.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{recipe}: AUC within sources over posts a fit, out of fold on train.csv")
    for panel, label in zip(figure.subplots(1, len(labels)), labels, strict=True):
        for kind in ("without", "with"):
            n, mean, spread, _ = np.array(lines[f"{label}, {kind}"]).T
            panel.errorbar(n, mean, yerr=spread, fmt="o-", markersize=4, capsize=2,
                           label=f"{kind} further labels")  # fmt: skip
        panel.set(title=label, xscale="log", xlabel="posts a fit")
        panel.grid(color="#e6e6e6", linewidth=0.7)
    panel.legend(fontsize=8)
    figure.savefig(PICTURE)


if __name__ == "__main__":
    main()
