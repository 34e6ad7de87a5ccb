"""Which registered model is champion, moved only on evidence; and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..evaluation.judged import JUDGED
from ..tracking.runs import FinishedRun, finished_runs, named_run
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
from .promotion_evidence import (
    LEFT_OUT,
    WITHIN,
    PromotionError,
    differences,
    stored_predictions,
)

# The recipe of the light model, and what no champion may do worse than it.
_FLOOR = "linear"
_PAID = ("paid", "paid_against_none", "paid_against_self", "undisclosed")
_METRICS = ((WITHIN, ""), (LEFT_OUT, " with the source left out"))


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
    tables = stored_predictions(run), stored_predictions(against)
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
    tables = stored_predictions(run), stored_predictions(floor)
    for named, table in zip((run, floor), tables, strict=True):
        if table["loso_paid"].isna().all():
            raise PromotionError(
                f"run {named.run_id} ({recipe(named)}) left no source out: nothing tells how it "
                "does elsewhere. Train it again with leave_one_source_out = true"
            )
    paid = [axis for axis in JUDGED if axis.name in _PAID]
    found = [
        replace(difference, axis=f"{difference.axis}{where}")
        for metric, where in _METRICS
        for difference in differences(*tables, paid, metric)
    ]
    if worse := [str(d) for d in found if d.worse]:
        step_back(run.run_id, _data(run))
        against = f"{recipe(run)} {run.run_id[:8]} against {_FLOOR} {floor.run_id[:8]}"
        raise PromotionError(f"not promoted, worse than the light model: {against}: {worse[0]}")


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
