"""Cross-fitting: every reported score comes from models that never saw the post's group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import LabelledTexts, truths
from ...models.base import PROBABILITIES, Model, Probabilities, diagnostics_of
from ...models.decision.calibration import Calibration
from ...models.decision.thresholds import Thresholds

NewModel = Callable[[], Model]
Progress = Callable[[Iterable[int], str, int], Iterable[int]]


def no_progress(steps: Iterable[int], name: str, total: int) -> Iterable[int]:
    """A progress bar that shows nothing."""
    del name, total
    return steps


@dataclass(frozen=True)
class OutOfFold:
    """Out-of-fold results of one split; every array has a row per post.

    Attributes:
        raw: uncalibrated, shape (n, 4).
        calibrated: by a calibrator fitted on the other folds of the training split.
        flags: by thresholds fitted on the other folds of the training split.
        left_out: by models trained without the post's source; NaN where there was no such model.
        base: what the source alone predicts, from the training folds.
        diagnostics: what the models tell beside their scores, ``models.base.Diagnostics.by_post``.
    """

    raw: Probabilities
    calibrated: Probabilities
    flags: NDArray[np.int8]
    left_out: Probabilities
    base: Probabilities
    diagnostics: Mapping[str, NDArray[np.floating[Any]]] = field(default_factory=dict)


def crossfit(
    new_model: NewModel,
    train: LabelledTexts,
    held_out: LabelledTexts | None = None,
    extra: LabelledTexts | None = None,
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
        alpha: share of true negatives that may be flagged, see ``models.decision.threshold``.
        beta: share of true positives that may get the opposite label.
        progress: wraps the loops.
    """
    targets = [train] if held_out is None else [train, held_out]
    raw = [_empty(len(t)) for t in targets]
    base = [_empty(len(t)) for t in targets]
    told: list[dict[str, NDArray[np.floating[Any]]]] = [{} for _ in targets]
    folds = np.unique(train.folds)
    for fold in progress(folds.tolist(), "folds", len(folds)):
        seen = train.folds != fold
        model = _fit(new_model, train, seen, extra, None if extra is None else extra.folds != fold)
        rates = _source_rates(train.take(seen))
        for target, scores, prior, kept in zip(targets, raw, base, told, strict=True):
            rows = np.flatnonzero(target.folds == fold)
            if len(rows):
                texts = [target.texts[i] for i in rows]
                scores[rows] = model.predict_proba(texts)
                _keep_diagnostics(kept, model, texts, rows, len(target))
                prior[rows] = [rates.get(s, rates[""]) for s in target.sources[rows].tolist()]
    left_out = [_empty(len(t)) for t in targets]
    if leave_one_source_out:
        _score_left_out_sources(new_model, train, targets, extra, left_out, progress)
    results = []
    for i, target in enumerate(targets):
        calibrated, flags = _cross_calibrate(raw[0], train, raw[i], target, alpha, beta)
        results.append(OutOfFold(raw[i], calibrated, flags, left_out[i], base[i], told[i]))
    return results[0], results[1] if held_out is not None else None


def _keep_diagnostics(
    kept: dict[str, NDArray[np.floating[Any]]],
    model: Model,
    texts: list[str],
    rows: NDArray[np.intp],
    n: int,
) -> None:
    for name, values in diagnostics_of(model, texts).by_post.items():
        whole = kept.setdefault(name, np.full((n, *values.shape[1:]), np.nan, values.dtype))
        whole[rows] = values


def _empty(n: int) -> Probabilities:
    return np.full((n, len(PROBABILITIES)), np.nan, dtype=np.float32)


def _fit(
    new_model: NewModel,
    train: LabelledTexts,
    seen: NDArray[np.bool_],
    extra: LabelledTexts | None,
    extra_seen: NDArray[np.bool_] | None,
) -> Model:
    part = train.take(seen)
    if extra is not None and extra_seen is not None:
        part = part.joined(extra.take(extra_seen))
    return new_model().fit(part)


def _score_left_out_sources(
    new_model: NewModel,
    train: LabelledTexts,
    targets: list[LabelledTexts],
    extra: LabelledTexts | None,
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
        groups = np.concatenate([t.groups[t.sources == source] for t in targets])
        seen = (train.sources != source) & ~np.isin(train.groups, groups)
        extra_seen = None
        if extra is not None:
            extra_seen = (extra.sources != source) & ~np.isin(extra.groups, groups)
        model = _fit(new_model, train, seen, extra, extra_seen)
        for target, scores in zip(targets, left_out, strict=True):
            rows = np.flatnonzero(target.sources == source)
            if len(rows):
                scores[rows] = model.predict_proba([target.texts[i] for i in rows])


def _cross_calibrate(
    raw: Probabilities,
    train: LabelledTexts,
    scores: Probabilities,
    target: LabelledTexts,
    alpha: float,
    beta: float,
) -> tuple[Probabilities, NDArray[np.int8]]:
    calibrated = _empty(len(scores))
    flags = np.zeros(scores.shape, dtype=np.int8)
    for fold in np.unique(train.folds):
        rows = target.folds == fold
        if rows.any():
            others = train.folds != fold
            calibration, thresholds = decide_on(raw[others], train.take(others), alpha, beta)
            calibrated[rows] = calibration.apply(scores[rows])
            flags[rows] = thresholds.decide(calibrated[rows])
    return calibrated, flags


def decide_on(
    raw: Probabilities, truth: LabelledTexts, alpha: float, beta: float
) -> tuple[Calibration, Thresholds]:
    """Fit calibrator and thresholds on out-of-fold scores."""
    calibration = Calibration.fit(raw, truth)
    return calibration, Thresholds.fit(calibration.apply(raw), truth, alpha, beta)


def _source_rates(labelled: LabelledTexts) -> dict[str, list[float]]:
    def rates(rows: NDArray[np.bool_]) -> list[float]:
        # A post between raw and polished is half polished.
        shares = [positive for _, _, positive in truths(labelled.take(rows), between=0.5)]
        known = [share[~np.isnan(share)] for share in shares]
        return [float(share.mean()) if len(share) else 0.5 for share in known]

    everything = {"": rates(np.ones(len(labelled), dtype=bool))}
    sources = labelled.sources
    return everything | {str(s): rates(sources == s) for s in np.unique(sources)}
