"""Cross-fitting: every reported score comes from models that never saw the post's group."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import CAUSES, MISSING, LabelledTexts
from ...models.base import PROBABILITIES, Model, Probabilities
from ...models.decision.calibration import Calibration
from ...models.decision.thresholds import Thresholds

NewModel = Callable[[], Model]
Progress = Callable[[Iterable[int], str, int], Iterable[int]]


def no_progress(steps: Iterable[int], name: str, total: int) -> Iterable[int]:
    """A progress bar that shows nothing."""
    del name, total
    return steps


@dataclass(frozen=True)
class Split:
    """Labelled posts with what evaluation needs to know about them, aligned by row."""

    labelled: LabelledTexts
    sources: NDArray[np.str_]
    folds: NDArray[np.int8]


@dataclass(frozen=True)
class OutOfFold:
    """Out-of-fold results of one split; every array has a row per post.

    Attributes:
        raw: uncalibrated, shape (n, 4).
        calibrated: by a calibrator fitted on the other folds of the training split.
        flags: by thresholds fitted on the other folds of the training split.
        left_out: by models trained without the post's source; NaN where there was no such model.
        base: what the source alone predicts, from the training folds.
        first: what the first says, for a model that asks a second where it is unsure; else None.
        second: what both say together, asked of every post.
        distance: how far a post is from being sent on, shape (n,).
    """

    raw: Probabilities
    calibrated: Probabilities
    flags: NDArray[np.int8]
    left_out: Probabilities
    base: Probabilities
    first: Probabilities | None = None
    second: Probabilities | None = None
    distance: NDArray[np.float64] | None = None


def crossfit(
    new_model: NewModel,
    train: Split,
    held_out: Split | None = None,
    extra: Split | None = None,
    *,
    leave_one_source_out: bool = True,
    alpha: float,
    beta: float,
    progress: Progress = no_progress,
) -> tuple[OutOfFold, OutOfFold | None]:
    """Score ``train`` and ``held_out`` out of fold.

    Args:
        new_model: makes an unfitted model.
        train: the posts models, calibrators and thresholds are fitted on.
        held_out: posts that are scored but never fitted on (gold), folds shared with ``train``.
        extra: further training posts, never scored and never used for calibration.
        leave_one_source_out: fit once more per source of ``held_out`` (of ``train`` without one).
        alpha: see ``models.decisions``.
        beta: likewise.
        progress: wraps the loops.
    """
    targets = [train] if held_out is None else [train, held_out]
    raw = [_empty(len(t.labelled)) for t in targets]
    base = [_empty(len(t.labelled)) for t in targets]
    stages = [_Stages(len(t.labelled)) for t in targets]
    folds = np.unique(train.folds)
    for fold in progress(folds.tolist(), "folds", len(folds)):
        seen = train.folds != fold
        model = _fit(new_model, train, seen, extra, None if extra is None else extra.folds != fold)
        rates = _source_rates(train.labelled.take(seen), train.sources[seen])
        for target, scores, prior, staged in zip(targets, raw, base, stages, strict=True):
            rows = np.flatnonzero(target.folds == fold)
            if len(rows):
                texts = [target.labelled.texts[i] for i in rows]
                scores[rows] = model.predict_proba(texts)
                staged.take(model, rows, texts)
                prior[rows] = [rates.get(s, rates[""]) for s in target.sources[rows].tolist()]
    left_out = [_empty(len(t.labelled)) for t in targets]
    if leave_one_source_out:
        _score_left_out_sources(new_model, train, targets, extra, left_out, progress)
    results = []
    for i, target in enumerate(targets):
        calibrated, flags = _cross_calibrate(raw[0], train, raw[i], target, alpha, beta)
        results.append(
            OutOfFold(raw[i], calibrated, flags, left_out[i], base[i], **stages[i].found)
        )
    return results[0], results[1] if held_out is not None else None


class _Stages:
    """What the parts of a cascade say, where the model is one."""

    def __init__(self, n: int) -> None:
        self._n = n
        self.found: dict[str, Any] = {}

    def take(self, model: Model, rows: NDArray[np.intp], texts: list[str]) -> None:
        if not hasattr(model, "stages"):
            return
        if not self.found:
            self.found = {"first": _empty(self._n), "second": _empty(self._n),
                          "distance": np.full(self._n, np.nan)}  # fmt: skip
        for name, values in model.stages(texts)._asdict().items():
            self.found[name][rows] = values


def _empty(n: int) -> Probabilities:
    return np.full((n, len(PROBABILITIES)), np.nan, dtype=np.float32)


def _fit(
    new_model: NewModel,
    train: Split,
    seen: NDArray[np.bool_],
    extra: Split | None,
    extra_seen: NDArray[np.bool_] | None,
) -> Model:
    part = train.labelled.take(seen)
    if extra is not None and extra_seen is not None:
        part = part.joined(extra.labelled.take(extra_seen))
    return new_model().fit(part)


def _score_left_out_sources(
    new_model: NewModel,
    train: Split,
    targets: list[Split],
    extra: Split | None,
    left_out: list[Probabilities],
    progress: Progress,
) -> None:
    if len(np.unique(train.sources)) < 2:
        return
    # The last target is what is reported; a source it has no posts of would cost a fit for nothing.
    sources = np.intersect1d(train.sources, targets[-1].sources)
    for number in progress(range(len(sources)), "sources left out", len(sources)):
        source = sources[number]
        # A near-duplicate in another source would give the left-out post away.
        groups = np.concatenate([t.labelled.groups[t.sources == source] for t in targets])
        seen = (train.sources != source) & ~np.isin(train.labelled.groups, groups)
        extra_seen = None
        if extra is not None:
            extra_seen = (extra.sources != source) & ~np.isin(extra.labelled.groups, groups)
        model = _fit(new_model, train, seen, extra, extra_seen)
        for target, scores in zip(targets, left_out, strict=True):
            rows = np.flatnonzero(target.sources == source)
            if len(rows):
                scores[rows] = model.predict_proba([target.labelled.texts[i] for i in rows])


def _cross_calibrate(
    raw: Probabilities,
    train: Split,
    scores: Probabilities,
    target: Split,
    alpha: float,
    beta: float,
) -> tuple[Probabilities, NDArray[np.int8]]:
    calibrated = _empty(len(scores))
    flags = np.zeros(scores.shape, dtype=np.int8)
    for fold in np.unique(train.folds):
        rows = target.folds == fold
        if rows.any():
            others = train.folds != fold
            calibration, thresholds = decide_on(
                raw[others], train.labelled.take(others), alpha, beta
            )
            calibrated[rows] = calibration.apply(scores[rows])
            flags[rows] = thresholds.decide(calibrated[rows])
    return calibrated, flags


def decide_on(
    raw: Probabilities, truth: LabelledTexts, alpha: float, beta: float
) -> tuple[Calibration, Thresholds]:
    """Fit calibrator and thresholds on out-of-fold scores."""
    calibration = Calibration.fit(raw, truth)
    return calibration, Thresholds.fit(calibration.apply(raw), truth, alpha, beta)


def _source_rates(
    labelled: LabelledTexts, sources: NDArray[np.str_]
) -> dict[str, tuple[float, float, float, float]]:
    def rates(rows: NDArray[np.bool_]) -> tuple[float, float, float, float]:
        part = labelled.take(rows)
        style = part.style[~np.isnan(part.style)]
        paid = part.paid[part.paid != MISSING]
        cause = part.cause[part.cause != MISSING]
        shares = (style, paid, cause == CAUSES.index("low"), cause == CAUSES.index("high"))
        polished, paid_share, low, high = (float(s.mean()) if len(s) else 0.5 for s in shares)
        return polished, paid_share, low, high

    everything = {"": rates(np.ones(len(labelled), dtype=bool))}
    return everything | {str(s): rates(sources == s) for s in np.unique(sources)}
