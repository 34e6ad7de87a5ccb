"""What a comparison leaves in MLflow: a run of an experiment of its own."""

from __future__ import annotations

from collections.abc import Iterator

from ..reports.comparison import Comparison
from ..reports.comparison_formats import csv_text, json_text, latex, markdown
from ..reports.forest_plot import forest_plot
from ..tracking import runs as tracking
from ..tracking.records import DatasetInput, Figure, Metric, Params, Record, Tags, Text

# Not among the runs of models, which ``evaluate``, ``compare`` and ``promote`` choose from.
EXPERIMENT = "unpolished.comparisons"


def track(comparison: Comparison, evaluation_sha256: str, *, by_source: bool = False) -> str:
    """Write a comparison to MLflow; returns the id of its run."""
    first, *others = comparison.names
    compared = others[0] if len(others) == 1 else f"{len(others)} runs"
    with tracking.started_run(EXPERIMENT, f"{compared} against {first}") as run:
        run.log(comparison_records(comparison, evaluation_sha256, by_source=by_source))
    return run.run_id


def comparison_records(
    comparison: Comparison, evaluation_sha256: str, *, by_source: bool = False
) -> Iterator[Record]:
    """Tables, plot, and which runs were compared on what.

    Args:
        comparison: what was found.
        evaluation_sha256: of the posts and labels that were compared on.
        by_source: also each source in the tables for people and in the plot.
    """
    yield Params(
        {
            "metric": comparison.metric,
            "split": comparison.split,
            "posts": "common" if comparison.common else "all",
            "draws": str(comparison.repeats),
            "seed": str(comparison.seed),
        }
    )
    yield Tags(
        {
            "kind": "comparison",
            "compared.against": comparison.run_ids[0],
            **{f"compared.{i}": run for i, run in enumerate(comparison.run_ids[1:], 1)},
            "data.name": comparison.data,
            "evaluation.split": comparison.split,
            "evaluation.sha256": evaluation_sha256,
            "gold-look": str(comparison.split == "gold").lower(),
        }
    )
    yield DatasetInput(
        f"{comparison.data}-{comparison.split}", evaluation_sha256,
        {"posts": comparison.posts, "groups": comparison.groups}, "evaluation",
    )  # fmt: skip
    yield Metric("comparisons", comparison.tests(whole=True))
    yield Metric("better_or_worse", comparison.better_or_worse())
    yield Text("comparison.md", markdown(comparison, by_source=by_source))
    yield Text("comparison.csv", csv_text(comparison))
    yield Text("comparison.tex", latex(comparison, by_source=by_source))
    yield Text("comparison.json", json_text(comparison))
    yield Figure("forest_plot.png", forest_plot(comparison, by_source=by_source))
