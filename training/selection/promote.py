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
from ..tracking.runs import FinishedRun, finished_runs, load_table
from .compare import check_comparable, differing, is_public, recipe

# One name whatever the recipe, so that ``models:/unpolished@champion`` outlives any of them.
REGISTERED = "unpolished"
CHAMPION, PREVIOUS = "champion", "previous"
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
    """What was done, and why."""

    run_id: str
    version: str
    reason: str


def promote(run_id: str | None = None) -> Promotion:
    """Make a run's model champion if it is better on an axis and worse on none.

    Out-of-fold predictions on gold are compared, as both runs stored them; the refit models are
    never scored. Whoever the champion is, no model may be worse than the light one at telling paid
    posts, and these from either kind of other posts, in the same source and with it left out.

    Args:
        run_id: a completed run on the public data; None takes the newest.

    Raises:
        PromotionError: no such run, it is the champion already, predictions are missing, or the
            evidence does not carry it.
        ComparisonError: the runs have other fold files or evaluation sets.
    """
    run = _chosen(run_id)
    champion = champion_run()
    if champion is not None and champion.run_id == run.run_id:
        raise PromotionError(f"run {run.run_id} is the champion already")
    _check_floor(run)
    if champion is None:
        return _move(run, "the first champion: there was none to compare with")
    check_comparable([run, champion])
    found = differences(_predictions(run), _predictions(champion))
    shown = "; ".join(map(str, found))
    against = f"{recipe(run)} {run.run_id[:8]} against {recipe(champion)} {champion.run_id[:8]}"
    if worse := [d.axis for d in found if d.worse]:
        raise PromotionError(f"not promoted, worse on {', '.join(worse)}: {against}: {shown}")
    if not any(d.better for d in found):
        raise PromotionError(f"not promoted, better on no axis beyond chance: {against}: {shown}")
    return _move(run, f"better and nowhere worse: {against}: {shown}")


def rollback() -> Promotion:
    """Make the champion before this one champion again.

    Raises:
        PromotionError: there was none before.
    """
    now, before = _alias(CHAMPION), _alias(PREVIOUS)
    if now is None or before is None:
        raise PromotionError("there is no earlier champion to go back to")
    _set_aliases(before.version, now.version)
    reason = f"rolled back from version {now.version}"
    _tag(before.version, reason)
    return Promotion(before.run_id, before.version, reason)


def champion_run() -> FinishedRun | None:
    """The run that the champion comes from.

    Raises:
        PromotionError: the run is gone.
    """
    version = _alias(CHAMPION)
    if version is None:
        return None
    found = next((run for run in finished_runs() if run.run_id == version.run_id), None)
    if found is None:
        raise PromotionError(
            f"the champion's run {version.run_id} is gone: nothing to compare with"
        )
    return found


def _check_floor(run: FinishedRun) -> None:
    """Hold a run against the newest comparable run of the light model's recipe.

    Raises:
        PromotionError: it is worse, or there is nothing to hold it against.
    """
    if recipe(run) == _FLOOR:
        return
    floors = [
        other
        for other in finished_runs()
        if recipe(other) == _FLOOR and not differing([run, other]) and is_public(other)
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
    runs = [run for run in finished_runs() if is_public(run)]
    chosen = [run for run in runs if run_id in (None, run.run_id)]
    if not chosen:
        raise PromotionError(
            "no such completed run on the public data: make train DATA=public, or check the run id"
        )
    return max(chosen, key=lambda run: run.started)


def _predictions(run: FinishedRun) -> pd.DataFrame:
    try:
        table = load_table(run.run_id, _PREDICTIONS)
    except OSError as error:
        raise PromotionError(f"run {run.run_id} has no {_PREDICTIONS}: train it again") from error
    gold = table[table["split"] == "gold"]
    if gold.empty:
        raise PromotionError(f"run {run.run_id} was not scored on gold")
    # Runs of earlier versions did not store them.
    return gold.assign(**{name: np.nan for name in _LATER if name not in gold})


def _move(run: FinishedRun, reason: str) -> Promotion:
    from ..tracking.mlflow_store import client

    (version,) = _logged_versions(run.run_id)[:1] or (None,)
    if version is None:
        raise PromotionError(f"run {run.run_id} registered no model: train it again")
    now = _alias(CHAMPION)
    copied = client().copy_model_version(f"models:/{version.name}/{version.version}", REGISTERED)
    _set_aliases(str(copied.version), now.version if now else None)
    _tag(str(copied.version), reason)
    return Promotion(run.run_id, str(copied.version), reason)


@dataclass(frozen=True)
class _Version:
    name: str
    version: str
    run_id: str


def _logged_versions(run_id: str) -> Sequence[_Version]:
    from ..tracking.mlflow_store import client

    found = client().search_model_versions(f"run_id = '{run_id}'")
    versions = [_Version(v.name, str(v.version), run_id) for v in found if v.name != REGISTERED]
    return sorted(versions, key=lambda version: -int(version.version))


def _alias(alias: str) -> _Version | None:
    from mlflow.exceptions import MlflowException

    from ..tracking.mlflow_store import client

    try:
        found = client().get_model_version_by_alias(REGISTERED, alias)
    except MlflowException:
        return None
    return _Version(REGISTERED, str(found.version), str(found.run_id))


def _set_aliases(champion: str, previous: str | None) -> None:
    from ..tracking.mlflow_store import client

    client().set_registered_model_alias(REGISTERED, CHAMPION, champion)
    if previous is not None:
        client().set_registered_model_alias(REGISTERED, PREVIOUS, previous)


def _tag(version: str, reason: str) -> None:
    from ..tracking.mlflow_store import client

    client().set_model_version_tag(REGISTERED, version, "promotion.reason", reason)
    client().update_model_version(REGISTERED, version, description=reason)


def shown(promotion: Promotion) -> str:
    """One line for a terminal."""
    return (
        f"models:/{REGISTERED}@{CHAMPION} is now version {promotion.version}, "
        f"run {promotion.run_id}: {promotion.reason}"
    )
