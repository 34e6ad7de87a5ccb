"""Ours beside its peers, same rows, same folds: ``python benchmarks/quality.py [--quick]``.

Every model is cross-fitted on the public posts and judged on gold as ``unpolished train`` does it;
peers are fitted on the same posts as ours. ``--quick`` leaves SetFit and the encoder out.

- ``rules``: this project's floor.
- ``tfidf``: word TF-IDF and logistic regression, masked as ours are.
- ``tfidf, unmasked``: the method of InstaSynth (Bertaglia et al., ICWSM 2024): the same on the text
  as it was posted, disclosure words and handles included.
- ``frozen``: logistic regression on sentence embeddings that stay as they are.
- ``setfit``: SetFit (Tunstall et al. 2022) with a fixed number of steps, an encoder per axis.
- ``linear``, ``embed``, ``encoder``, ``stack``, ``cascade``: ours; fits of the encoder come from
  the cache, where ``make train`` left them. ``encoder, int8``: scored with ``--precision int8``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from unpolished.data.axes import CAUSES, MISSING
from unpolished.data.cache import cache_folder
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.base import Model, Probabilities, all_columns
from unpolished.models.decision.threshold import ALPHA, BETA
from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.runtime import Runtime
from unpolished.training.build_model import new_model
from unpolished.training.evaluation.crossfit import crossfit
from unpolished.training.evaluation.evaluate import evaluate
from unpolished.training.evaluation.oof_table import oof_table
from unpolished.training.recipe import read_recipe
from unpolished.training.reports.markers import write_between
from unpolished.training.reports.metric_names import with_interval
from unpolished.training.splits import Splits, read_splits

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- quality:begin -->", "<!-- quality:end -->"
STEPS, BATCH = 60, 16
COLUMNS = {
    "style": ("style", "auc_within"),
    "paid": ("paid", "auc_within"),
    "performative": ("performative", "auc_within"),
    "low against high": ("commitment", "auc_within"),
    "undisclosed": ("undisclosed", "auc_within"),
    "undisclosed, recall at precision .7": ("undisclosed", "recall_at_precision_70"),
}


class TfidfLogistic:
    """scikit-learn's defaults for text, an axis at a time; a missing label is left out."""

    family = "tfidf"

    def fit(self, train: LabelledTexts) -> TfidfLogistic:
        """Fit three pipelines; style posts in the middle are left out."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        self._axes = []
        for rows, target in targets(train):
            pipeline = make_pipeline(
                TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2)),
                LogisticRegression(C=10, max_iter=1_000),
            )
            self._axes.append(pipeline.fit([train.texts[i] for i in rows], target))
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """Shape (n_posts, 5); own promotion is not told."""
        return columns([axis.predict_proba(list(texts)) for axis in self._axes])


class SetFit:
    """The peer for few labels: contrastive pairs, then logistic regression."""

    family = "setfit"

    def fit(self, train: LabelledTexts) -> SetFit:
        """Fine-tune an encoder per axis for ``STEPS`` steps."""
        from datasets import Dataset
        from setfit import SetFitModel, Trainer, TrainingArguments

        self._axes = []
        for rows, target in targets(train):
            posts = Dataset.from_dict(
                {"text": [train.texts[i] for i in rows], "label": target.tolist()}
            )
            model = SetFitModel.from_pretrained(str(pinned_encoder()), local_files_only=True)
            model.model_body.max_seq_length = 128
            arguments = TrainingArguments(
                batch_size=BATCH, max_steps=STEPS, sampling_strategy="undersampling",
                seed=0, report_to="none", show_progress_bar=False, save_strategy="no",
                output_dir=str(cache_folder() / "setfit"),
            )  # fmt: skip
            with _bfloat16():
                Trainer(model=model, args=arguments, train_dataset=posts).train()
            self._axes.append(model)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """Shape (n_posts, 5); own promotion is not told."""
        with _bfloat16():
            found = [
                axis.predict_proba(list(texts), as_numpy=True, show_progress_bar=False)
                for axis in self._axes
            ]
        return columns([np.asarray(axis) for axis in found])


def _bfloat16() -> Any:  # noqa: ANN401
    """Mixed precision as our own fine-tuning has it, where the processor computes in it."""
    import torch
    from unpolished.models.finetune.fit import computes_bfloat16

    return torch.autocast("cpu", torch.bfloat16, enabled=computes_bfloat16(torch.device("cpu")))


def targets(train: LabelledTexts) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows with a label and the label, for style, paid and cause."""
    style = np.flatnonzero(np.isin(train.style, (0.0, 1.0)))
    paid, cause = np.flatnonzero(train.paid != MISSING), np.flatnonzero(train.cause != MISSING)
    yield style, train.style[style].astype(int)
    yield paid, train.paid[paid].astype(int)
    yield cause, train.cause[cause].astype(int)


def columns(axes: Sequence[Any]) -> Probabilities:
    """The project's first four probabilities from those of style, paid and cause."""
    style, paid, cause = axes
    low, high = CAUSES.index("low"), CAUSES.index("high")
    found = [style[:, 1], paid[:, 1], cause[:, low], cause[:, high]]
    return all_columns(np.stack(found, axis=1).astype(np.float32))


def judged(
    splits: Splits,
    fresh: Callable[[], Model],
) -> pd.DataFrame:
    """Metrics on gold of a cross-fitted model."""
    _, gold = crossfit(
        fresh, splits.train, splits.gold, splits.extra,
        leave_one_source_out=False, alpha=ALPHA, beta=BETA,
    )  # fmt: skip
    return evaluate(oof_table(splits.dataset["gold"], "gold", gold), "gold")


class InWholeNumbers:
    """Ours, its network computing in 8-bit whole numbers as ``--precision int8`` asks."""

    def __init__(self) -> None:
        self._model = new_model(read_recipe("encoder"), cache_folder())

    def fit(self, train: LabelledTexts) -> InWholeNumbers:
        """Fit, or take the fit from the cache."""
        self._model.fit(train)
        self._model.run_as(Runtime(precision="int8"))
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model``."""
        return self._model.predict_proba(texts)


def models(*, quick: bool) -> dict[str, tuple[Callable[[], Any], bool]]:
    """Name to a maker of unfitted models, and whether texts are as posted."""
    ours = {
        name: (partial(new_model, read_recipe(name), cache_folder()), False)
        for name in (
            "rules",
            "linear",
            "embed",
            *([] if quick else ["encoder", "cascade", "stack"]),
        )
    }
    frozen = read_recipe("embed")
    alone = frozen.model.model_copy(update={"ngrams": None})
    frozen = frozen.model_copy(update={"model": alone, "layers": None})
    peers: dict[str, tuple[Callable[[], Any], bool]] = {
        "tfidf": (TfidfLogistic, False),
        "tfidf, unmasked": (TfidfLogistic, True),
        "frozen": (partial(new_model, frozen, cache_folder()), False),
    }
    rules = {"rules": ours.pop("rules")}
    last: dict[str, tuple[Callable[[], Any], bool]] = {
        "encoder, int8": (InWholeNumbers, False), "setfit": (SetFit, False),
    }  # fmt: skip
    return rules | peers | ours | ({} if quick else last)


def main() -> None:
    """Print the table; without ``--quick`` also write it to its page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    recipe = read_recipe("linear")
    posts = {
        unmasked: read_splits(recipe, "public", unmasked=unmasked) for unmasked in (False, True)
    }
    lines = [
        "| model | " + " | ".join(COLUMNS) + " |",
        "|---|" + "---|" * len(COLUMNS),
    ]
    for name, (fresh, unmasked) in models(quick=quick).items():
        metrics = judged(posts[unmasked], fresh)
        whole = metrics[metrics["slice"] == "all"].set_index(["axis", "metric"])
        cells = [
            with_interval(*whole.loc[place, ["value", "low", "high"]]) for place in COLUMNS.values()
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
        if not quick:
            # Row by row: the whole takes long.
            write_between(PAGE, BEGIN, END, "\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
