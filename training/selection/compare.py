"""Which completed runs may be ranked: those on the same folds and evaluation set; their figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..reports.metric_names import PERFECT, PERFECT_95, beside_perfect, number, with_interval
from ..tracking.runs import FinishedRun

# Two runs are comparable where these agree.
COMPARABLE = {"folds.sha256": "fold file", "evaluation.sha256": "evaluation set"}
HEADLINE = "auc_within"
WITH_INTERVAL = (HEADLINE, "auc_loso", "auc_within_both_splits", "recall_at_precision_70")


class ComparisonError(ValueError):
    """Runs that must not be ranked against each other."""


@dataclass(frozen=True)
class Group:
    """Runs that may be compared: same folds, same evaluation set; newest first.

    Attributes:
        runs: the runs.
        differs: tags in which the group differs from the first group shown.
    """

    runs: tuple[FinishedRun, ...]
    differs: tuple[str, ...] = ()

    @property
    def smoke_test(self) -> bool:
        """Whether the numbers are from the shipped corpus, and so no result."""
        return is_smoke_test(self.runs[0])


def comparison(runs: Iterable[FinishedRun], *, every_run: bool = False) -> list[Group]:
    """Group evaluated runs by what makes them comparable, smoke tests last.

    Args:
        runs: completed runs.
        every_run: not only the newest of those that were asked for the same, see ``repeated``.
    """
    evaluated = comparable_runs(runs)
    if not every_run:
        newest: dict[tuple[str, ...], FinishedRun] = {}
        for run in evaluated:
            newest.setdefault(repeated(run), run)
        evaluated = list(newest.values())
    grouped: dict[tuple[str, ...], list[FinishedRun]] = {}
    for run in evaluated:
        grouped.setdefault(tuple(run.tags[tag] for tag in COMPARABLE), []).append(run)
    found = sorted(grouped.values(), key=lambda group: is_smoke_test(group[0]))
    return [Group(tuple(group), tuple(differing([found[0][0], group[0]]))) for group in found]


def differing(runs: Sequence[FinishedRun]) -> list[str]:
    """Tags that forbid ranking these runs."""
    return [tag for tag in COMPARABLE if len({run.tags.get(tag) for run in runs}) > 1]


def check_comparable(runs: Sequence[FinishedRun]) -> None:
    """Refuse runs on different folds or evaluation sets.

    Raises:
        ComparisonError: naming the tag that differs, and its values.
    """
    for tag in differing(runs):
        values = ", ".join(f"{recipe(r)} {r.tags.get(tag, 'none')[:8]}" for r in runs)
        raise ComparisonError(
            f"these runs cannot be ranked: {tag} ({COMPARABLE[tag]}) differs: {values}. "
            "Train them again on the same data"
        )


def rank(runs: Sequence[FinishedRun], axis: str, metric: str = HEADLINE) -> list[FinishedRun]:
    """Best first, by one metric of one axis.

    Raises:
        ComparisonError: the runs are not comparable, or one has no such metric.
    """
    check_comparable(runs)
    for run in runs:
        if value(run, axis, metric) is None:
            raise ComparisonError(f"run {run.run_id} ({recipe(run)}) has no {axis} {metric}")
    return sorted(runs, key=lambda run: -(value(run, axis, metric) or 0.0))


def comparable_runs(runs: Iterable[FinishedRun]) -> list[FinishedRun]:
    """Runs that were evaluated, newest first."""
    evaluated = [run for run in runs if all(tag in run.tags for tag in COMPARABLE)]
    return sorted(evaluated, key=lambda run: run.started, reverse=True)


def recipe(run: FinishedRun) -> str:
    """Name of the recipe."""
    return run.tags.get("recipe", run.name)


def repeated(run: FinishedRun) -> tuple[str, ...]:
    """What a later run repeats if it has the same: recipe, what that changes, and data set.

    Not the name of the run, which may be cut short and which anybody may change.
    """
    tags = run.tags
    return recipe(run), tags.get("recipe.changes", "none"), tags.get("data.name", "")


def as_shipped(run: FinishedRun) -> bool:
    """Whether its recipe was the shipped one; runs of earlier versions do not say, and count."""
    return run.tags.get("recipe.changes", "none") == "none"


def is_public(run: FinishedRun) -> bool:
    """Whether a run is on the public data."""
    return run.tags.get("data.name") == "public"


def is_smoke_test(run: FinishedRun) -> bool:
    """Whether the run was scored on the shipped corpus."""
    return run.tags.get("smoke-test") == "true"


def value(run: FinishedRun, axis: str, metric: str) -> float | None:
    """A metric of the run's evaluation split; None where it has no such metric."""
    return interval(run, axis, metric)[0]


def interval(
    run: FinishedRun, axis: str, metric: str
) -> tuple[float | None, float | None, float | None]:
    """A metric with its bounds, each None where there is none."""
    split = run.tags.get("evaluation.split", "train")
    found = run.figures.get((split, axis, metric), (math.nan,) * 3)
    value, low, high = (None if math.isnan(part) else float(part) for part in found)
    return value, low, high


def cell(run: FinishedRun, axis: str, metric: str) -> str:
    """A metric as it is shown: those of which the headlines are made with their intervals."""
    found = value(run, axis, metric)
    if metric in WITH_INTERVAL:
        return with_interval(*interval(run, axis, metric))
    if metric == "calibration_error" and found is not None:
        return beside_perfect(found, *(value(run, axis, name) for name in (PERFECT, PERFECT_95)))
    return number(found)
