"""Recording runs in MLflow and reading them back."""

from typing import TYPE_CHECKING

from ...lazy import lazy_names

if TYPE_CHECKING:
    from .runs import (
        FinishedRun,
        finished_runs,
        load_table,
        named_run,
        newest_run,
        predictions,
        run_model,
    )

__all__ = [
    "FinishedRun", "finished_runs", "load_table", "named_run", "newest_run", "predictions",
    "run_model",
]  # fmt: skip
__getattr__ = lazy_names(
    __name__,
    {
        "FinishedRun": "runs",
        "finished_runs": "runs",
        "load_table": "runs",
        "named_run": "runs",
        "newest_run": "runs",
        "predictions": "runs",
        "run_model": "runs",
    },
)
