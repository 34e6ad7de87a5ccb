"""The results table of ``docs/results.md``, generated from tracked runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..evaluation.judged import JUDGED
from ..reports.markers import write_between
from ..shipped_recipes import shipped_recipes
from ..tracking.runs import FinishedRun
from .compare import as_shipped, cell, check_comparable, is_public, recipe, value

PAGE = Path("docs/results.md")  # in the checkout, which is the current folder
BEGIN, END = "<!-- results:begin -->", "<!-- results:end -->"
_COLUMNS = {
    "auc_within": "within sources",
    "auc_pooled": "pooled",
    "auc_loso": "source left out",
    "auc_source_only": "source alone",
    "recall_at_precision_70": "recall at precision .7",
    "calibration_error": "calibration error",
}
_BOTH = "auc_within_both_splits"


class ResultsError(ValueError):
    """Nothing to show."""


def results_markdown(runs: Iterable[FinishedRun]) -> str:
    """The newest public run of each recipe as shipped; never a number from the shipped corpus.

    Raises:
        ResultsError: no completed run on public data.
        ComparisonError: the runs have different folds or evaluation sets.
    """
    newest: dict[str, FinishedRun] = {}
    for run in sorted(runs, key=lambda run: run.started, reverse=True):
        if is_public(run) and as_shipped(run) and run.tags.get("status") == "completed":
            newest.setdefault(recipe(run), run)
    chosen = [newest[name] for name in shipped_recipes() if name in newest]
    if not chosen:
        raise ResultsError("no completed run on public data: make train RECIPE=linear DATA=public")
    check_comparable(chosen)
    lines = [
        "| axis | recipe | " + " | ".join(_COLUMNS.values()) + " |",
        "|---|---|" + "---|" * len(_COLUMNS),
    ]
    for axis in [axis for axis in JUDGED if axis.title]:
        for run in chosen:
            if all(value(run, axis.name, metric) is None for metric in _COLUMNS):
                # Not every model tells of every question.
                continue
            cells = [cell(run, axis.name, metric) for metric in _COLUMNS]
            lines.append(f"| {axis.title} | `{recipe(run)}` | " + " | ".join(cells) + " |")
    both = [f"`{recipe(run)}` {cell(run, 'commitment', _BOTH)}" for run in chosen]
    split = chosen[0].tags.get("evaluation.split", "train")
    ids = ", ".join(f"`{recipe(run)}` {run.run_id}" for run in chosen)
    return "\n".join(
        [
            *lines,
            "",
            f"AUC out of fold on {split}, with 95 % intervals.",
            "",
            f"Low against high over train and gold together: {', '.join(both)}.",
            "",
            f"Runs: {ids}.",
            "",
        ]
    )


def write_results(page: Path, markdown: str) -> None:
    """Replace the table of a page.

    Args:
        page: has the two markers once each.
        markdown: see ``results_markdown``.

    Raises:
        MarkerError: the page has no place for it.
    """
    write_between(page, BEGIN, END, markdown)
