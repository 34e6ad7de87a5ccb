"""Cross-fitting: every reported score comes from models that never saw the post's group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import LabelledTexts, truths
from ...models.base import PROBABILITIES, Model, Probabilities, diagnostics_of
from ...models.decision.calibration import Calibration
from ...models.decision.threshold import UNSURE
from ...models.decision.thresholds import Thresholds

NewModel = Callable[[], Model]
Progress = Callable[[Iterable[int], str, int], Iterable[int]]
# Told the fold, its fitted model, and the posts that it was fitted on.
OnFold = Callable[[int, Model, LabelledTexts], None]


def no_progress(steps: Iterable[int], name: str, total: int) -> Iterable[int]:
    """A progress bar that shows nothing."""
    del name, total
    return steps


class WithAuthor(NamedTuple):
    """Scores of the views made with the author, see ``OutOfFold``."""

    raw: Probabilities
    calibrated: Probabilities
    flags: NDArray[np.int8]
    left_out: Probabilities


class _Views(NamedTuple):
    """Scores of the views without and with the author, each of shape (n, 5)."""

    without: Probabilities
    named: Probabilities

    def fill(self, model: Model, posts: LabelledTexts, rows: NDArray[np.intp]) -> None:
        """Score some rows; a view that is the same is scored once."""
        texts = [posts.texts[i] for i in rows]
        named = [posts.with_author[i] for i in rows]
        self.without[rows] = self.named[rows] = model.predict_proba(texts)
        other = [i for i, (a, b) in enumerate(zip(texts, named, strict=True)) if a != b]
        if other:
            self.named[rows[other]] = model.predict_proba([named[i] for i in other])


class _Flags(NamedTuple):
    """Flags of the views without and with the author."""

    without: NDArray[np.int8]
    named: NDArray[np.int8]


@dataclass(frozen=True)
class OutOfFold:
    """Out-of-fold results of one split; every array has a row per post.

    Attributes:
        raw: uncalibrated, shape (n, 4).
        calibrated: by a calibrator fitted on the other folds of the training split.
        flags: by thresholds fitted on the other folds of the training split.
        left_out: by models trained without the post's source; NaN where there was no such model.
        left_out_flags: of these, calibrated and cut as the posts of the other sources say; unsure
            where there is no score.
        with_author: the same of the masked views that are made with the author; calibrator and
            thresholds are those of the views without.
        base: what the source alone predicts, from the training folds.
        diagnostics: what the models tell beside their scores, ``models.base.Diagnostics.by_post``.
    """

    raw: Probabilities
    calibrated: Probabilities
    flags: NDArray[np.int8]
    left_out: Probabilities
    left_out_flags: NDArray[np.int8]
    base: Probabilities
    with_author: WithAuthor
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
    on_fold: OnFold | None = None,
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
        on_fold: told each fold's model once it is fitted.
    """
    targets = [train] if held_out is None else [train, held_out]
    raw = [_Views(_empty(len(t)), _empty(len(t))) for t in targets]
    base = [_empty(len(t)) for t in targets]
    told: list[dict[str, NDArray[np.floating[Any]]]] = [{} for _ in targets]
    folds = np.unique(train.folds)
    for fold in progress(folds.tolist(), "folds", len(folds)):
        seen = train.folds != fold
        part = _part(train, seen, extra, None if extra is None else extra.folds != fold)
        model = new_model().fit(part.both_views())
        if on_fold is not None:
            on_fold(fold, model, part)
        rates = _source_rates(train.take(seen))
        for target, scores, prior, kept in zip(targets, raw, base, told, strict=True):
            rows = np.flatnonzero(target.folds == fold)
            if len(rows):
                scores.fill(model, target, rows)
                texts = [target.texts[i] for i in rows]
                _keep_diagnostics(kept, model, texts, rows, len(target))
                prior[rows] = [rates.get(s, rates[""]) for s in target.sources[rows].tolist()]
    left_out = [_Views(_empty(len(t)), _empty(len(t))) for t in targets]
    if leave_one_source_out:
        _score_left_out_sources(new_model, train, targets, extra, left_out, progress)
    of_train, results = (raw[0].without, left_out[0].without), []
    for i, target in enumerate(targets):
        calibrated, flags = _cross_calibrate(of_train, train, raw[i], target, alpha, beta)
        with_author = WithAuthor(raw[i].named, calibrated.named, flags.named, left_out[i].named)
        elsewhere = left_out[i].without
        cut = _left_out_flags(of_train, train, elsewhere, target, alpha, beta)
        without = raw[i].without, calibrated.without, flags.without, elsewhere, cut
        results.append(OutOfFold(*without, base[i], with_author, told[i]))
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


def _part(
    train: LabelledTexts,
    seen: NDArray[np.bool_],
    extra: LabelledTexts | None,
    extra_seen: NDArray[np.bool_] | None,
) -> LabelledTexts:
    """The posts that a model is fitted on."""
    part = train.take(seen)
    if extra is not None and extra_seen is not None:
        part = part.joined(extra.take(extra_seen))
    return part


def _score_left_out_sources(
    new_model: NewModel,
    train: LabelledTexts,
    targets: list[LabelledTexts],
    extra: LabelledTexts | None,
    left_out: list[_Views],
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
        model = new_model().fit(_part(train, seen, extra, extra_seen).both_views())
        for target, scores in zip(targets, left_out, strict=True):
            rows = np.flatnonzero(target.sources == source)
            if len(rows):
                scores.fill(model, target, rows)


def _left_out_flags(
    of_train: tuple[Probabilities, Probabilities],
    train: LabelledTexts,
    left_out: Probabilities,
    target: LabelledTexts,
    alpha: float,
    beta: float,
) -> NDArray[np.int8]:
    """What would be said of posts of a source that nothing was fitted on, no threshold either."""
    raw, elsewhere = of_train
    flags = np.full(left_out.shape, UNSURE, np.int8)
    for source in np.unique(target.sources):
        rows = np.flatnonzero(target.sources == source)
        if np.isnan(left_out[rows]).all():
            continue
        others = train.sources != source
        calibration, thresholds = decide_on(
            raw[others], elsewhere[others], train.take(others), alpha, beta
        )
        flags[rows] = thresholds.decide(calibration.apply(left_out[rows]))
    return flags


def _cross_calibrate(
    of_train: tuple[Probabilities, Probabilities],
    train: LabelledTexts,
    scores: _Views,
    target: LabelledTexts,
    alpha: float,
    beta: float,
) -> tuple[_Views, _Flags]:
    raw, elsewhere = of_train
    calibrated = _Views(*(_empty(len(target)) for _ in scores))
    flags = _Flags(*(np.zeros(view.shape, dtype=np.int8) for view in scores))
    for fold in np.unique(train.folds):
        rows = target.folds == fold
        if rows.any():
            others = train.folds != fold
            calibration, thresholds = decide_on(
                raw[others], elsewhere[others], train.take(others), alpha, beta
            )
            for raw_view, view, flagged in zip(scores, calibrated, flags, strict=True):
                view[rows] = calibration.apply(raw_view[rows])
                flagged[rows] = thresholds.decide(view[rows])
    return calibrated, flags


def decide_on(
    raw: Probabilities, left_out: Probabilities, truth: LabelledTexts, alpha: float, beta: float
) -> tuple[Calibration, Thresholds]:
    """Fit calibrator and thresholds on out-of-fold scores, thresholds on left-out sources, too."""
    calibration = Calibration.fit(raw, truth)
    elsewhere = calibration.apply(left_out)
    return calibration, Thresholds.fit(calibration.apply(raw), truth, alpha, beta, elsewhere)


def _source_rates(labelled: LabelledTexts) -> dict[str, list[float]]:
    def rates(rows: NDArray[np.bool_]) -> list[float]:
        # A post between raw and polished is half polished.
        shares = [positive for _, _, positive in truths(labelled.take(rows), between=0.5)]
        known = [share[~np.isnan(share)] for share in shares]
        return [float(share.mean()) if len(share) else 0.5 for share in known]

    everything = {"": rates(np.ones(len(labelled), dtype=bool))}
    sources = labelled.sources
    return everything | {str(s): rates(sources == s) for s in np.unique(sources)}
