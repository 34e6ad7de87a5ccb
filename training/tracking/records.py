"""What a run records: a pure generator of small records, testable without MLflow."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ...data.axes import FLAGS, TARGETS
from ...data.dataset.label_counts import Count
from ...models.families.by_name import FAMILIES
from ...models.registry.download import FOLD_MODELS
from ...models.saved_model import CARD, ModelInfo
from ..run_names import flat
from .descriptions import NOTE, run_description, version_description
from .environment import CodeState
from .headlines import headlines

IDENTITY = ("split", "source", "source_id", "group", "fold", "n_chars")
LABELS = (
    "style", "style_mean", "style_contested", "paid", "paid_contested", "kind", "kind_contested",
    "undisclosed", "cause", "cause_contested",
)  # fmt: skip
_PREFIXES = (
    "raw", "p", "loso", "base", "flag", "loso_flag",
    "author_raw", "author_p", "author_loso", "author_flag",
)  # fmt: skip
_SCORES = tuple(f"{prefix}_{axis}" for prefix in _PREFIXES for axis in FLAGS)
# A column, or one for each probability.
_DIAGNOSTICS = tuple(
    column
    for family in FAMILIES.values()
    for name in family.by_post
    for column in (*(f"{name}_{axis}" for axis in FLAGS), name)
)
# An allow-list: whatever else a table may carry one day, text above all, is not logged.
PREDICTION_COLUMNS = (*IDENTITY, *LABELS, *_SCORES, *_DIAGNOSTICS)
# What a run stores of a working tree that was changed, and which run it repeats.
TREE_DIFF, REPRODUCES = "tree.diff", "reproduces"
# What makes two evaluation sets the same: the posts and their labels.
_EVALUATION = ("split", "source", "source_id", *TARGETS)


@dataclass(frozen=True)
class Params:
    """Flat settings of the run."""

    values: Mapping[str, str]


@dataclass(frozen=True)
class Tags:
    """What runs are searched and told apart by."""

    values: Mapping[str, str]


@dataclass(frozen=True)
class Metric:
    """One finite number."""

    name: str
    value: float


@dataclass(frozen=True)
class DatasetInput:
    """A split the run used; ``counts`` are posts by axis and label, never text."""

    name: str
    fingerprint: str
    counts: Mapping[str, int]
    context: str


@dataclass(frozen=True)
class Text:
    """A text file among the artefacts."""

    path: str
    text: str


@dataclass(frozen=True)
class Table:
    """A Parquet file among the artefacts."""

    path: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Figure:
    """A PNG among the artefacts; ``figure`` is a Matplotlib figure."""

    path: str
    figure: Any


@dataclass(frozen=True)
class SavedModel:
    """A model folder to log and register; what is said of the version beside it, in Markdown."""

    folder: Path
    info: ModelInfo
    registered_name: str
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Folder:
    """A folder among the artefacts."""

    path: str
    folder: Path


Record = Params | Tags | Metric | DatasetInput | Text | Table | Figure | Folder | SavedModel


@dataclass(frozen=True)
class RunFacts:
    """All that is known at the end of a run.

    Attributes:
        name: of the run.
        changes: what the recipe changes of the shipped one, see ``run_names``.
        recipe: as JSON values.
        data_path: of one's own posts, as it was given; None for shipped and public data.
        code: git state, and what was changed since the commit.
        libraries: name to version.
        info: of the saved model.
        counts: of the data set.
        table: out-of-fold table of all splits.
        metrics: long table by split.
        fairness: paired changes of the saved model.
        diagnostics: what the saved model tells about itself, metric by metric.
        card: the model card.
        folder: where the model was saved.
        fold_models: where those of the folds were; None where they are not kept.
        reproduces: the run that this one repeats, whose model is registered already; None of a run
            of its own.
    """

    name: str
    changes: str
    recipe: Mapping[str, Any]
    data_path: Path | None
    code: CodeState
    libraries: Mapping[str, str]
    info: ModelInfo
    counts: list[Count]
    table: pd.DataFrame
    metrics: Mapping[str, pd.DataFrame]
    fairness: pd.DataFrame
    diagnostics: Mapping[str, float]
    card: str
    folder: Path
    fold_models: Path | None = None
    reproduces: str | None = None


def records(facts: RunFacts) -> Iterator[Record]:
    """Everything a run logs, the model last: what is registered has its facts beside it."""
    from ..evaluation.cascade_curve import cascade_curve
    from ..reports.plots import plots

    split = evaluation_split(facts.table)
    yield Params(dict(flat(facts.recipe)))
    yield Tags(_tags(facts, split))
    yield from _inputs(facts)
    for name, metrics in facts.metrics.items():
        yield from (Metric(*figure) for figure in headlines(name, metrics))
    yield from (Metric(name, value) for name, value in facts.diagnostics.items())
    yield Table("predictions.parquet", predictions(facts.table))
    yield Table("metrics.parquet", _all_metrics(facts.metrics))
    yield Table("fairness.parquet", facts.fairness)
    yield Text("counts.csv", counts_csv(facts.counts))
    yield Text("recipe.json", json.dumps(facts.recipe, indent=1, ensure_ascii=False) + "\n")
    yield Text(CARD, without_front_matter(facts.card))
    if facts.code.diff is not None and facts.code.diff.text:
        yield Text(TREE_DIFF, facts.code.diff.text)
    for name, figure in plots(facts.table[facts.table["split"] == split], split):
        yield Figure(f"plots/{name}.png", figure)
    if found := cascade_curve(facts.table, split, facts.recipe):
        yield Table("cascade_curve.parquet", found[0])
        yield Figure("plots/cascade_curve.png", found[1])
    if facts.fold_models is not None:
        yield Folder(FOLD_MODELS, facts.fold_models)
    if facts.reproduces is None:
        described = version_description(facts.info, facts.name, facts.metrics, split)
        tags = {"run.name": facts.name, "recipe": str(facts.recipe["name"])}
        yield SavedModel(facts.folder, facts.info, facts.info.name, described, tags)


def evaluation_split(table: pd.DataFrame) -> str:
    """``gold`` where gold was scored, else ``train``."""
    return "gold" if (table["split"] == "gold").any() else "train"


def evaluation_sha256(table: pd.DataFrame, split: str) -> str:
    """Hash of the posts and labels of a split, whatever their order."""
    rows = table.loc[table["split"] == split, list(_EVALUATION)]
    lines = sorted(
        json.dumps([None if pd.isna(value) else value for value in row])
        for row in rows.astype(object).itertuples(index=False)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def predictions(table: pd.DataFrame) -> pd.DataFrame:
    """The out-of-fold table, its known columns only."""
    return table[[column for column in PREDICTION_COLUMNS if column in table]]


def _tags(facts: RunFacts, split: str) -> dict[str, str]:
    training = facts.info.training
    tags = {
        NOTE: run_description(facts.info, facts.metrics, split),
        "recipe": str(facts.recipe["name"]),
        "recipe.changes": facts.changes,
        "family": facts.info.family,
        "git.commit": facts.code.commit or "unknown",
        "git.clean": "unknown" if facts.code.clean is None else str(facts.code.clean).lower(),
        "git.diff": "unknown" if facts.code.diff is None else facts.code.diff.state,
        "code.sha256": facts.code.sha256 or "unknown",
        "data.name": training.name,
        "data.fingerprint": training.fingerprint,
        "folds.sha256": training.folds_sha256 or "none",
        "evaluation.split": split,
        "evaluation.sha256": evaluation_sha256(facts.table, split),
        "gold-look": str(split == "gold").lower(),
        "smoke-test": str(training.name == "corpus").lower(),
    }
    if facts.data_path is not None:
        tags["data.path"] = without_home(facts.data_path)
    if facts.reproduces is not None:
        tags[REPRODUCES] = facts.reproduces
    return tags | {f"lib.{name}": version for name, version in facts.libraries.items()}


def without_front_matter(card: str) -> str:
    """A model card without the YAML before its text, which MLflow would show as part of it."""
    return re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)


def without_home(path: Path) -> str:
    """A path as it was given, but for the user's own folder, which stores and servers may show."""
    home = Path.home()
    return (
        f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else path.as_posix()
    )


def _inputs(facts: RunFacts) -> Iterator[DatasetInput]:
    training = facts.info.training
    splits = dict.fromkeys(count.split for count in facts.counts)
    for split in splits:
        counts = {
            f"{line.axis}.{line.label}" if line.label else line.axis: line.total
            for line in facts.counts
            if line.split == split and line.source == "all"
        }
        context = "evaluation" if split == "gold" else "training"
        yield DatasetInput(f"{training.name}-{split}", training.fingerprint, counts, context)


def _all_metrics(metrics: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(
        [table.assign(split=split) for split, table in metrics.items()], ignore_index=True
    )


def counts_csv(counts: list[Count]) -> str:
    """Posts of a data set by split, source, axis, label and fold, as runs store them."""
    n_folds = max((len(line.folds) for line in counts), default=0)
    header = ["split", "source", "axis", "label", *(f"fold_{i}" for i in range(n_folds)), "total"]
    rows = [
        [line.split, line.source, line.axis, line.label, *line.folds, line.total] for line in counts
    ]
    return pd.DataFrame(rows, columns=header).to_csv(index=False)
