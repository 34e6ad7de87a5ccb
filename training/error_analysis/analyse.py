"""The posts that a run is most wrong about, with their texts, and the kinds it does worse on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.posts import Post
from ...data.text.repair.repair import repair
from ...models.decision.threshold import FLAGGED, UNSURE
from ...models.fold_models.pipeline import FoldPipeline
from ...models.pipeline import Pipeline
from ...models.saved_model import ModelError
from ..evaluation.crossfit import Progress, no_progress
from ..tracking.recorded_data import recorded_data
from ..tracking.runs import PREDICTIONS, FinishedRun, load_table, named_run, tag_run
from .features import features
from .local_posts import with_posts
from .losses import AXES, Losses, losses
from .slices import Candidates, Kind, Slice, WorseSlice, candidates, figures, worse_slices

if TYPE_CHECKING:
    from ...models.scored_post import Reason

_LOOKS = "gold-looks.errors"
_AT_ONCE = 16


class ErrorsError(ValueError):
    """Errors that cannot be shown; the message says why."""


@dataclass(frozen=True)
class WrongPost:
    """A post and what a run says about it.

    Attributes:
        source: of the post.
        source_id: in it.
        text: as models were shown it before masking; None where it is not here.
        label: that people gave.
        p: calibrated probability of the positive class, out of fold.
        said: the label that the thresholds gave.
        loss: logarithmic.
        contested: whether voters disagreed.
        kinds: of the post, by feature.
    """

    source: str
    source_id: str
    text: str | None
    label: str
    p: float
    said: str
    loss: float
    contested: bool
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class AxisErrors:
    """Errors of one question.

    Attributes:
        name: of the question.
        classes: what posts are that are not positive, and those that are.
        n: posts.
        positives: of these.
        loss: mean.
        wrong: share that is given the opposite label.
        tried: kinds of posts that were tested.
        worse: those that a run does worse on, with the posts most wrong of each.
        slices: figures of every kind of one feature that is large enough.
        most_wrong: posts of the whole split.
        by_kind: posts most wrong of each value of each feature.
    """

    name: str
    classes: tuple[str, str]
    n: int
    positives: int
    loss: float
    wrong: float
    tried: int
    worse: list[tuple[WorseSlice, list[WrongPost]]]
    slices: list[Slice]
    most_wrong: list[WrongPost]
    by_kind: dict[Kind, list[WrongPost]] = field(default_factory=dict)

    def shown(self) -> Iterator[WrongPost]:
        """All posts that are shown, some of them several times."""
        yield from self.most_wrong
        for posts in (*(posts for _, posts in self.worse), *self.by_kind.values()):
            yield from posts


@dataclass(frozen=True)
class RunErrors:
    """Errors of a run.

    Attributes:
        run: whose.
        split: of the posts.
        axes: the questions that the run tells of.
        notes: what to know of them.
        reasons: by the text of a post, the stretches that spoke for each flag.
    """

    run: FinishedRun
    split: str
    axes: list[AxisErrors]
    notes: list[str]
    reasons: dict[str, tuple[Reason, ...]] = field(default_factory=dict)

    def reasons_of(self, axis: str, post: WrongPost) -> list[Reason]:
        """Stretches of a post that spoke for the positive class of a question."""
        flag = AXES[axis].flag
        return [one for one in self.reasons.get(post.text or "", ()) if one.flag == flag]


def run_errors(
    name: str,
    axes: Sequence[str] = (),
    *,
    split: str = "train",
    most: int = 5,
    by: Sequence[str] | None = (),
    data: Path | None = None,
    reasons: bool = True,
    progress: Progress = no_progress,
) -> RunErrors:
    """Read a run's out-of-fold predictions, and the posts from where they lie.

    Args:
        name: of a completed run: its id, or how it begins.
        axes: names of ``losses.AXES``; none for all.
        split: ``train``; or ``gold``, which is a look at it, and counted at the run.
        most: posts to show of each part.
        by: features to show posts by, too; None for all of them.
        data: where one's own posts lie now; None where they lay.
        reasons: whether to have the run's model tell what spoke for each post that is shown.
        progress: wraps the loops.

    Raises:
        ErrorsError: the run has no such split, or tells of none of these questions.
        ValueError: no such run.
        SourceError: public data cannot be had.
    """
    if unknown := sorted({*axes} - {*AXES}):
        raise ErrorsError(f"axis {unknown[0]!r}: choose one of {', '.join(AXES)}")
    run = named_run(name)
    chosen = recorded_data(run, data)
    table = load_table(run.run_id, PREDICTIONS)
    table = table[table["split"] == split].reset_index(drop=True)
    if table.empty:
        raise ErrorsError(f"run {run.run_id} was not scored on {split}")
    (table,) = (with_posts(table, chosen) for _ in progress([0], "posts of the run", 1))
    kinds = features(table)
    if by and (strange := sorted({*by} - {*kinds})):
        raise ErrorsError(f"feature {strange[0]!r}: choose one of {', '.join(map(str, kinds))}")
    found = [losses(table, AXES[axis]) for axis in axes or AXES]
    told = [one for one in found if one is not None]
    if not told:
        raise ErrorsError(f"run {run.run_id} tells of none of these questions on {split}")
    notes = list(_notes(run, table, split))
    groups = table["group"].to_numpy(np.str_)
    tried = [(one, candidates(kinds.iloc[one.rows], groups[one.rows]), groups[one.rows])
             for one in told]  # fmt: skip
    (worse,) = (worse_slices(tried) for _ in progress([0], "kinds of posts", 1))
    shown = [*kinds] if by is None else list(by)
    parts = [
        _axis_errors(table, kinds, *of, one, most, shown)
        for of, one in zip(tried, worse, strict=True)
    ]
    why: dict[str, tuple[Reason, ...]] = {}
    if reasons:
        why, said = _reasons(run, parts, progress)
        notes.append(said)
    return RunErrors(run, split, parts, notes, why)


def _notes(run: FinishedRun, table: pd.DataFrame, split: str) -> Iterator[str]:
    if n := int(table["text"].isna().sum()):
        yield (
            f"{n:,} of {len(table):,} posts are not here, or have another text than the run was "
            "trained on: they are shown without text"
        )
    if split == "gold":
        times = int(run.tags.get(_LOOKS, "0")) + 1
        tag_run(run.run_id, {_LOOKS: str(times)})
        yield (
            f"this is look {times} at the errors on gold through this run: what is changed because "
            "of it cannot be measured on gold any more"
        )


def _axis_errors(
    table: pd.DataFrame,
    kinds: pd.DataFrame,
    of: Losses,
    tried: Candidates,
    groups: NDArray[np.str_],
    worse: list[WorseSlice],
    most: int,
    shown: Sequence[str],
) -> AxisErrors:
    def posts(rows: NDArray[np.intp]) -> list[WrongPost]:
        ordered = rows[np.argsort(-of.loss[rows], kind="stable")][:most]
        return [_post(table, kinds, of, int(row)) for row in ordered]

    single = [
        (kind, rows) for kind, rows in zip(tried.kinds, tried.members, strict=True)
        if len(kind) == 1
    ]  # fmt: skip
    everything = np.arange(len(of.rows))
    here = kinds.iloc[of.rows]
    return AxisErrors(
        name=of.axis.name, classes=of.axis.classes, n=len(of.rows),
        positives=int(of.positive.sum()), loss=float(of.loss.mean()), wrong=float(of.wrong.mean()),
        tried=len(tried.kinds), worse=[(one, posts(one.rows)) for one in worse],
        slices=[figures(of, kind, rows, groups) for kind, rows in single],
        most_wrong=posts(everything),
        by_kind={
            ((name, value),): posts(np.flatnonzero((here[name] == value).to_numpy(bool)))
            for name in shown
            for value in sorted(set(here[name]) - {None})
        },
    )  # fmt: skip


def _post(table: pd.DataFrame, kinds: pd.DataFrame, of: Losses, row: int) -> WrongPost:
    place = int(of.rows[row])
    one, axis = table.iloc[place], of.axis
    flag = int(one[f"flag_{axis.flag}"])
    said = "unsure" if flag == UNSURE else axis.classes[flag == FLAGGED]
    return WrongPost(
        source=str(one["source"]), source_id=str(one["source_id"]),
        text=None if one["text"] is None else repair(str(one["text"])).text,
        label=axis.classes[bool(of.positive[row])], p=float(of.p[row]), said=said,
        loss=float(of.loss[row]), contested=bool(one[axis.contested]),
        kinds={str(name): value for name, value in kinds.iloc[place].items() if value is not None},
    )  # fmt: skip


def _reasons(
    run: FinishedRun, parts: Sequence[AxisErrors], progress: Progress
) -> tuple[dict[str, tuple[Reason, ...]], str]:
    """Reasons by text, and whose they are.

    They come from the fold models where the run has kept them, which have not seen the posts, else
    from the model that was fitted on all posts.
    """
    try:
        pipeline, note = _pipeline(run.run_id)
    except ModelError as error:
        return {}, f"no reasons: {error}"
    texts = list(dict.fromkeys(post.text for part in parts for post in part.shown() if post.text))
    portions = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    found: dict[str, tuple[Reason, ...]] = {}
    for i in progress(range(len(portions)), "reasons", len(portions)):
        rows = pipeline.score([Post(text=text) for text in portions[i]], reasons="all")
        found |= {text: row.reasons for text, row in zip(portions[i], rows, strict=True)}
    return found, note


def _pipeline(run_id: str) -> tuple[Pipeline, str]:
    try:
        return FoldPipeline.open(run_id), (
            "reasons come from the fold models of the run, which had not seen the posts"
        )
    except ModelError:
        return Pipeline.load(f"runs:/{run_id}/model"), (
            "reasons come from the run's model, which was fitted on these posts, too: what it sees "
            "in them may differ from what the scores were made by, which had not seen them "
            "(train --keep-folds keeps the models of the scores)"
        )
