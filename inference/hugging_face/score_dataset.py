"""Data sets of the ``datasets`` library in and out, with the right types and the right cache.

``Dataset.map`` keeps what it computed in a file that is named after a hash of the function, which
sees nothing of the rules a model is used with; and it takes types from the values of the first
batch, where a column may be all null. So both are given to it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from ...data.errors import InputError
from ...models.pipeline import Pipeline
from ..batch.parts import PART_ROWS
from ..options import Options
from .dataset_scores import DatasetScores

D = TypeVar("D")


def score_dataset(
    pipeline: Pipeline,
    dataset: D,
    options: Options | None = None,
    *,
    remove_columns: str | Sequence[str] = (),
    batch_size: int = PART_ROWS,
    num_proc: int | None = None,
) -> D:
    """Score a data set: its own columns stay, and the columns of the scores are added.

    Args:
        pipeline: a loaded model; with ``num_proc``, opened from a folder.
        dataset: ``Dataset``, ``IterableDataset``, or a dict of them by split.
        options: columns, jurisdiction, prevalence and reasons count here. With ``text`` among the
            columns to keep, a column of that name has the posts as they were scored.
        remove_columns: columns of the data set that are left out, also one that is read.
        batch_size: posts that are scored at once.
        num_proc: processes; not for a streamed data set.

    Returns:
        What was given, with the columns of ``scored_post.arrow_schema(errors=True)`` but ``id``, of
        these types whatever the first batch holds. ``error`` says why a row could not be scored,
        beginning with its reason code. A streamed data set is scored while it is read, and has
        features if it had some. What ``datasets`` has cached is used again only where the model,
        the options and all that ``models.fingerprint`` names are as they were.

    Raises:
        InputError: no column with the text, or a column with the name of one that is added.
        TypeError: no data set.
    """
    from datasets import Dataset, IterableDataset

    removed = (remove_columns,) if isinstance(remove_columns, str) else tuple(remove_columns)
    scores = DatasetScores(pipeline, options or Options(), removed)
    found: Any = dataset

    def scored(one: Any) -> Any:  # noqa: ANN401
        if isinstance(one, Dataset):
            return _mapped(scores, one, batch_size, num_proc)
        if not isinstance(one, IterableDataset):
            raise TypeError(f"give a data set of the datasets library, not {type(one).__name__}")
        if num_proc is not None:
            raise InputError("num_proc is for data sets that are not streamed: leave it out")
        return _streamed(scores, one, batch_size)

    if isinstance(found, dict):
        return type(found)({name: scored(split) for name, split in found.items()})  # type: ignore[return-value]
    return scored(found)  # type: ignore[no-any-return]


def _mapped(scores: DatasetScores, dataset: Any, batch_size: int, num_proc: int | None) -> Any:  # noqa: ANN401
    from datasets import Dataset
    from datasets.fingerprint import Hasher

    scores.check(dataset.column_names)
    features = scores.features(dataset.features)
    shown = _format_after(scores, dataset)
    if not len(dataset):
        # Mapped, it would stay without the new columns.
        nothing: dict[str, list[Any]] = {name: [] for name in features}
        return Dataset.from_dict(nothing, features, split=dataset.split).with_format(**shown)
    return (
        dataset.with_format("arrow")
        .map(
            scores.table,
            batched=True,
            batch_size=batch_size,
            features=features,
            num_proc=num_proc,
            new_fingerprint=Hasher.hash([dataset._fingerprint, scores.decided_by(), batch_size]),
            desc="Score",
        )
        .with_format(**shown)
    )


def _format_after(scores: DatasetScores, dataset: Any) -> dict[str, Any]:  # noqa: ANN401
    """The format of the data set; where it shows all columns, it shows the new ones too."""
    shown: dict[str, Any] = dict(dataset.format)
    shown |= shown.pop("format_kwargs")
    if set(shown["columns"]) == set(dataset.column_names):
        shown["columns"] = None
    else:
        shown["columns"] = [name for name in shown["columns"] if name not in scores.removed]
    return shown


def _streamed(scores: DatasetScores, dataset: Any, batch_size: int) -> Any:  # noqa: ANN401
    if dataset.column_names is not None:
        scores.check(dataset.column_names)
    return dataset.map(
        scores.columns,
        batched=True,
        batch_size=batch_size,
        features=None if dataset.features is None else scores.features(dataset.features),
        remove_columns=list(scores.removed),
    )
