"""What MLflow shows in words: of an experiment, a run, a registered model and its versions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...models.saved_model import ModelInfo
from ..reports.metric_names import with_interval

# MLflow's tag for the text above a run or an experiment; Markdown.
NOTE = "mlflow.note.content"
# What MLflow's pages call experiments that train models, beside those of chat programs.
KIND = {"mlflow.experimentKind": "custom_model_development"}
_AXES = ("style", "paid", "self", "performative")
_METRIC = "auc_within"


def experiment_description(data: str) -> str:
    """Of all runs on a data set."""
    return (
        f"Classifiers of unpolished, trained on {_code(data)}. "
        "Metrics are called `oof.SPLIT.AXIS.METRIC`: out of fold on the split, by models that have "
        "not seen the post. Choose by `train`; `gold` is for the model that was chosen. "
        "Runs can be ranked where the tags `folds.sha256` and `evaluation.sha256` agree "
        "(`unpolished compare` sees to it)."
    )


def run_description(info: ModelInfo, metrics: Mapping[str, pd.DataFrame], split: str) -> str:
    """Of a run: what it was trained on, its headline metrics, and what it is for.

    Args:
        info: of its model.
        metrics: long tables by split.
        split: that it is judged on.
    """
    return f"{_trained_on(info)}\n\n{_figures(metrics, split)}\n\n{_purpose(info)}"


def version_description(
    info: ModelInfo, name: str, metrics: Mapping[str, pd.DataFrame], split: str
) -> str:
    """Of a version of a registered model: its run, its data, and how far the figures are its own.

    Args:
        info: of the model.
        name: of the run.
        metrics: long tables by split.
        split: that the run is judged on.
    """
    return (
        f"Of run {_code(name)} ({info.run_id}). {_trained_on(info)} "
        f"Fingerprint of the data {_code(info.training.fingerprint[:12])}.\n\n"
        f"{_figures(metrics, split)} These are figures of the models of the folds; this one was "
        "fitted on all posts, and is measured on none of them."
    )


def registered_description(recipe: str, data: str) -> str:
    """Of the model that every run of a recipe on a data set adds a version to."""
    return (
        f"Models of recipe {_code(recipe)} on {_code(data)}, a version for each run. "
        "Those that may be used are under the name of the data set alone, with the aliases "
        "champion, challenger and previous."
    )


def champions_description(data: str) -> str:
    """Of the model whose versions are champion, challenger and previous champion."""
    return (
        f"Champions of {_code(data)}, and what may become one. **champion** is better than the one "
        "before it on an axis and worse on none (`unpolished promote`); **previous** is the one "
        "before (`unpolished rollback`); **challenger** is of the newest completed "
        "`unpolished train`, until it is promoted or found worse."
    )


def _trained_on(info: ModelInfo) -> str:
    posts, authors = info.training.n_posts, info.training.n_authors
    return f"Trained on {_code(info.training.name)}: {posts:,} posts of {authors:,} authors."


def _figures(metrics: Mapping[str, pd.DataFrame], split: str) -> str:
    table = metrics[split]
    whole = table[(table["slice"] == "all") & (table["metric"] == _METRIC)].set_index("axis")
    found = [
        f"{axis} {with_interval(*whole.loc[axis, ['value', 'low', 'high']])}"
        for axis in _AXES
        if axis in whole.index
    ]
    return f"AUC within sources, out of fold on {split}: {', '.join(found) or 'none known'}."


def _purpose(info: ModelInfo) -> str:
    if info.training.name == "corpus":
        return "A smoke test on made-up posts: no result."
    return f"To make it champion if it is better: `unpolished promote --run {info.run_id}`"


def _code(text: str) -> str:
    # Names come from files and recipes: none of them may be read as Markdown.
    return f"`{text.replace('`', ' ')}`"
