"""Which registered model is champion, moved only on evidence; and the way back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ...models.base import FIRST_FOUR
from ..evaluation.bootstrap import Interval, auc_draws, group_weights, interval
from ..evaluation.judged import JUDGED, Judged
from ..evaluation.metrics import within_source_auc
from ..reports.metric_names import with_interval
from ..tracking.runs import FinishedRun, finished_runs, load_table, named_run
from .aliases import (
    CHAMPION,
    PREVIOUS,
    alias,
    among_champions,
    champion_name,
    set_aliases,
    step_back,
    tell_reason,
)
from .compare import as_shipped, check_comparable, differing, is_public, is_smoke_test, recipe

_PREDICTIONS = "predictions.parquet"
# The recipe of the light model, and what no champion may do worse than it.
_FLOOR = "linear"
_PAID = ("paid", "paid_against_none", "paid_against_self", "undisclosed")
Scores = Literal["p", "loso"]
SCORES: tuple[tuple[Scores, str], ...] = (("p", ""), ("loso", " with the source left out"))
_LATER = ("undisclosed", "kind", "p_self")


class PromotionError(ValueError):
    """A run that does not become champion; the message says why."""


@dataclass(frozen=True)
class Difference:
    """Within-source AUC of a run less that of the champion, on the same posts.

    Attributes:
        axis: name.
        value: positive where the run is better.
        interval: 95 %, resampling groups, both models on the same draws; NaN where there is none.
    """

    axis: str
    value: float
    interval: Interval

    @property
    def worse(self) -> bool:
        """The whole interval lies below nothing; where there is none, the value does."""
        return self.interval[1] < 0 or (math.isnan(self.interval[1]) and self.value < 0)

    @property
    def better(self) -> bool:
        """The whole interval lies above nothing."""
        return self.interval[0] > 0

    def __str__(self) -> str:
        return f"{self.axis} {with_interval(self.value, *self.interval, form='{:+.3f}')}"


@dataclass(frozen=True)
class Promotion:
    """What was done, and why.

    Attributes:
        run_id: of the champion.
        registered: name of the registered model.
        version: of it.
        reason: a sentence.
    """

    run_id: str
    registered: str
    version: str
    reason: str


def promote(run_id: str | None = None) -> Promotion:
    """Make a run's model champion of its data if it is better on an axis and worse on none.

    Out-of-fold predictions are compared, as both runs stored them: those on gold where the public
    data was trained on, else those on the user's own posts. The refit models are never scored.
    Where the champion was trained on other posts, a run of its recipe on these stands in for it.

    Whoever the champion of the public data is, no model may be worse than the light one at telling
    paid posts, and these from either kind of other posts, in the same source and with it left out.

    Args:
        run_id: a completed run, or how its id begins; None takes the newest.

    Raises:
        PromotionError: no such run, it is the champion already, predictions are missing, or the
            evidence does not carry it.
        ComparisonError: the champion was trained on other posts, and so was every run of its
            recipe.
    """
    run = _chosen(run_id)
    champion = champion_run(_data(run))
    if champion is not None and champion.run_id == run.run_id:
        raise PromotionError(f"run {run.run_id} is the champion already")
    if is_public(run):
        _check_floor(run)
    if champion is None:
        return _move(run, "the first champion: there was none to compare with")
    against, stands_in = _opponent(run, champion)
    tables = _predictions(run), _predictions(against)
    found = differences(*tables)
    what = (
        f"{recipe(run)} {run.run_id[:8]} against {recipe(against)} {against.run_id[:8]}{stands_in}"
        f", out of fold on {len(tables[0]):,} posts of {_judged_on(run)}"
    )
    shown = f"{what}: {'; '.join(map(str, found))}"
    if worse := [d.axis for d in found if d.worse]:
        step_back(run.run_id, _data(run))
        raise PromotionError(f"not promoted, worse on {', '.join(worse)}: {shown}")
    if not any(d.better for d in found):
        raise PromotionError(f"not promoted, better on no axis beyond chance: {shown}")
    return _move(run, f"better and nowhere worse: {shown}")


def rollback(data: str = "public") -> Promotion:
    """Make the champion before this one champion again.

    Args:
        data: name of the data set.

    Raises:
        PromotionError: there was none before.
    """
    registered = champion_name(data)
    now, before = alias(registered, CHAMPION), alias(registered, PREVIOUS)
    if now is None or before is None:
        raise PromotionError(f"{registered} has no earlier champion to go back to")
    set_aliases(registered, {CHAMPION: before.version, PREVIOUS: now.version})
    reason = f"rolled back from version {now.version}"
    tell_reason(before, reason)
    return Promotion(before.run_id, registered, before.version, reason)


def champion_run(data: str = "public") -> FinishedRun | None:
    """The run that the champion of a data set comes from.

    Raises:
        PromotionError: the run is gone.
    """
    version = alias(champion_name(data), CHAMPION)
    if version is None:
        return None
    found = next((run for run in finished_runs() if run.run_id == version.run_id), None)
    if found is None:
        raise PromotionError(
            f"the champion's run {version.run_id} is gone: nothing to compare with"
        )
    return found


def _data(run: FinishedRun) -> str:
    return run.tags.get("data.name", "")


def _judged_on(run: FinishedRun) -> str:
    return "gold" if is_public(run) else _data(run)


def _opponent(run: FinishedRun, champion: FinishedRun) -> tuple[FinishedRun, str]:
    """What a run is held against, and how to say so where it is not the champion itself."""
    if not differing([run, champion]):
        return champion, ""
    same = [
        other
        for other in finished_runs()
        if recipe(other) == recipe(champion)
        and other.run_id != run.run_id
        and _data(other) == _data(run)
        and not differing([run, other])
    ]
    if not same:
        check_comparable([run, champion])
    other = max(same, key=lambda other: other.started)
    return other, f" (for the champion {champion.run_id[:8]}, which other posts made)"


def _check_floor(run: FinishedRun) -> None:
    """Hold a run against the newest comparable run of the light model's recipe, as it is shipped.

    Raises:
        PromotionError: it is worse, or there is nothing to hold it against.
    """
    if recipe(run) == _FLOOR:
        return
    floors = [
        other
        for other in finished_runs()
        if recipe(other) == _FLOOR
        and as_shipped(other)
        and not differing([run, other])
        and is_public(other)
    ]
    if not floors:
        raise PromotionError(
            f"no run of {_FLOOR} on the same posts and folds to compare with, which no champion "
            f"may be worse than: make train RECIPE={_FLOOR} DATA=public"
        )
    floor = max(floors, key=lambda other: other.started)
    tables = _predictions(run), _predictions(floor)
    for named, table in zip((run, floor), tables, strict=True):
        if table["loso_paid"].isna().all():
            raise PromotionError(
                f"run {named.run_id} ({recipe(named)}) left no source out: nothing tells how it "
                "does elsewhere. Train it again with leave_one_source_out = true"
            )
    paid = [axis for axis in JUDGED if axis.name in _PAID]
    found = [
        replace(difference, axis=f"{difference.axis}{where}")
        for scores, where in SCORES
        for difference in differences(*tables, paid, scores)
    ]
    if worse := [str(d) for d in found if d.worse]:
        step_back(run.run_id, _data(run))
        against = f"{recipe(run)} {run.run_id[:8]} against {_FLOOR} {floor.run_id[:8]}"
        raise PromotionError(f"not promoted, worse than the light model: {against}: {worse[0]}")


def differences(
    run: pd.DataFrame,
    champion: pd.DataFrame,
    axes: Sequence[Judged] = JUDGED,
    scores: Scores = "p",
) -> list[Difference]:
    """Paired differences of two tables of predictions, axis by axis.

    Args:
        run: its table.
        champion: what it is compared with.
        axes: to compare.
        scores: ``p`` as in ``Judged.scores``, or ``loso``, where a run may have none.

    Raises:
        PromotionError: the tables hold other posts, or scores are missing.
    """
    key = ["source", "source_id"]
    run, champion = (table.sort_values(key, kind="stable") for table in (run, champion))
    if not np.array_equal(run[key].to_numpy(), champion[key].to_numpy()):
        raise PromotionError("the two runs scored different posts")
    found = [_difference(axis, run, champion, scores) for axis in axes]
    return [difference for difference in found if difference is not None]


def _difference(
    axis: Judged, run: pd.DataFrame, champion: pd.DataFrame, scores: Scores
) -> Difference | None:
    truth = axis.truth(run)
    known = ~np.isnan(truth)
    if not known.any():
        return None
    if f"p_{axis.flag}" not in FIRST_FOUR and np.isnan(axis.scores(champion, "p")).all():
        # The champion was not trained on it.
        return None
    if scores == "loso":
        # Not every source is left out in turn.
        known &= ~np.isnan(axis.scores(run, scores)) & ~np.isnan(axis.scores(champion, scores))
        if not known.any():
            return None
    positive = truth[known] == 1
    source = run.loc[known, "source"].to_numpy(dtype=np.str_)
    weights = group_weights(run.loc[known, "group"].to_numpy(dtype=np.str_))
    values, draws = [], []
    for table in (run, champion):
        score = axis.scores(table[known], scores)
        if np.isnan(score).any():
            raise PromotionError(
                f"a run has no score of {axis.name} for some posts: train it again"
            )
        values.append(within_source_auc(positive, score, source))
        draws.append(auc_draws(positive, score, source, weights))
    value = values[0] - values[1]
    return Difference(axis.name, value, interval(draws[0] - draws[1], value))


def _chosen(run_id: str | None) -> FinishedRun:
    if run_id is not None:
        try:
            run = named_run(run_id)
        except ValueError as error:
            raise PromotionError(str(error)) from error
        if is_smoke_test(run):
            raise PromotionError(
                f"run {run.run_id} was trained on the shipped corpus, a smoke test: train on the "
                "public data or on your own posts"
            )
        return run
    runs = [run for run in finished_runs() if not is_smoke_test(run) and _data(run)]
    if not runs:
        raise PromotionError(
            "no completed run on the public data or on your own posts: make train DATA=public"
        )
    return max(runs, key=lambda run: run.started)


def _predictions(run: FinishedRun) -> pd.DataFrame:
    try:
        table = load_table(run.run_id, _PREDICTIONS)
    except OSError as error:
        raise PromotionError(f"run {run.run_id} has no {_PREDICTIONS}: train it again") from error
    split = "gold" if is_public(run) else "train"
    judged = table[table["split"] == split]
    if judged.empty:
        raise PromotionError(f"run {run.run_id} was not scored on {split}")
    # Runs of earlier versions did not store them.
    return judged.assign(**{name: np.nan for name in _LATER if name not in judged})


def _move(run: FinishedRun, reason: str) -> Promotion:
    version = among_champions(run.run_id, _data(run))
    now = alias(version.name, CHAMPION)
    moved = {CHAMPION: version.version} | ({PREVIOUS: now.version} if now else {})
    set_aliases(version.name, moved)
    step_back(run.run_id, _data(run))
    tell_reason(version, reason)
    return Promotion(run.run_id, version.name, version.version, reason)


def shown(promotion: Promotion) -> str:
    """One line for a terminal."""
    return (
        f"models:/{promotion.registered}@{CHAMPION} is now version {promotion.version}, "
        f"run {promotion.run_id}: {promotion.reason}"
    )
