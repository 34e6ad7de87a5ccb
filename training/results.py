"""The results table of the README, generated from tracked runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .compare import cell, check_comparable, recipe
from .tracking import FinishedRun

BEGIN, END = "<!-- results:begin -->", "<!-- results:end -->"
_RECIPES = ("rules", "linear", "embed")
_AXES = {
    "style": "style",
    "paid": "paid",
    "performative": "performative",
    "commitment": "low against high commitment",
}
_COLUMNS = {
    "auc_within": "within sources",
    "auc_pooled": "pooled",
    "auc_loso": "source left out",
    "auc_source_only": "source alone",
}


class ResultsError(ValueError):
    """Nothing to show, or nowhere to put it."""


def results_markdown(runs: Iterable[FinishedRun]) -> str:
    """The newest public run of each shipped recipe; never a number from the shipped corpus.

    Raises:
        ResultsError: no completed run on public data.
        ComparisonError: the runs have different folds or evaluation sets.
    """
    newest: dict[str, FinishedRun] = {}
    for run in sorted(runs, key=lambda run: run.started, reverse=True):
        if run.tags.get("data.name") == "public" and run.tags.get("status") == "completed":
            newest.setdefault(recipe(run), run)
    chosen = [newest[name] for name in _RECIPES if name in newest]
    if not chosen:
        raise ResultsError("no completed run on public data: make train RECIPE=linear DATA=public")
    check_comparable(chosen)
    lines = [
        "| axis | recipe | " + " | ".join(_COLUMNS.values()) + " |",
        "|---|---|" + "---|" * len(_COLUMNS),
    ]
    for axis, shown in _AXES.items():
        for run in chosen:
            cells = [cell(run, axis, metric) for metric in _COLUMNS]
            lines.append(f"| {shown} | `{recipe(run)}` | " + " | ".join(cells) + " |")
    split = chosen[0].tags.get("evaluation.split", "train")
    ids = ", ".join(f"`{recipe(run)}` {run.run_id}" for run in chosen)
    return "\n".join([*lines, "", f"AUC out of fold on {split}. Runs: {ids}.", ""])


def write_results(readme: Path, markdown: str) -> None:
    """Replace what stands between the markers.

    Raises:
        ResultsError: a marker is missing, doubled or out of order; the file stays as it was.
    """
    text = readme.read_text("utf-8")
    for marker in (BEGIN, END):
        if text.count(marker) != 1:
            raise ResultsError(
                f"{readme} has {text.count(marker)} lines {marker}: put {BEGIN} and {END} "
                "once each around the place of the table"
            )
    before, rest = text.split(BEGIN)
    if END not in rest:
        raise ResultsError(f"{readme}: {END} stands before {BEGIN}; swap them")
    after = rest.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{markdown.strip()}\n{END}{after}", "utf-8")
