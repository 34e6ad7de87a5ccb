"""Runs in MLflow: start them, log records, read completed ones back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ...data.axes import CAUSES, KINDS, PAID, STYLES
from ...models.registry.download import download_model
from ...models.registry.mlflow_settings import settle_mlflow, tracking_uri
from .effort import Effort, log_system_metrics, machine
from .held_signals import held_signals
from .mlflow_log import Logged, log_record, tag_version
from .mlflow_store import (
    EXPERIMENT_PREFIX,
    client,
    create_store,
    experiment_id,
    pointed_at,
)
from .nested_runs import end_dead_sweeps
from .records import Metric, Record, Tags

__all__ = [
    "FinishedRun", "Run", "create_store", "finished_runs", "load_table", "load_text",
    "log_later", "predictions", "started_run", "tag_run", "tracking_uri",
]  # fmt: skip

STATUS = "status"
PREDICTIONS = "predictions.parquet"
_METRICS_PER_CALL = 1000
_LABEL_NAMES: dict[str, dict[float, str]] = {
    "style": {value: name for name, value in STYLES.items()},
    "paid": dict(enumerate(PAID)),
    "kind": dict(enumerate(KINDS)),
    "cause": dict(enumerate(CAUSES)),
}


@dataclass(frozen=True)
class FinishedRun:
    """A run read back.

    Attributes:
        tags: without MLflow's own.
        metrics: the headlines, by the names under which MLflow shows them.
        metrics_table: reads the long table of all metrics, which ``figures`` is made of.
    """

    run_id: str
    name: str
    experiment: str
    started: datetime
    tags: dict[str, str]
    params: dict[str, str]
    metrics: dict[str, float]
    metrics_table: Callable[[], pd.DataFrame] = field(repr=False, compare=False)

    @cached_property
    def figures(self) -> dict[tuple[str, str, str], tuple[float, float, float]]:
        """Value and bounds over all posts by split, axis and metric; NaN where there is none.

        Raises:
            ValueError: the table cannot be read.
        """
        table = self.metrics_table()
        whole = table[table["slice"] == "all"]
        keys = zip(whole["split"], whole["axis"], whole["metric"], strict=True)
        values = zip(whole["value"], whole["low"], whole["high"], strict=True)
        return dict(zip(keys, values, strict=True))


class Run:
    """A run in progress; see ``started_run``."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.versions: list[Logged] = []

    def log(self, records: Iterable[Record]) -> None:
        """Log records in order; metrics go together, for one by one they take seconds."""
        metrics: list[Metric] = []
        for record in records:
            if isinstance(record, Metric):
                metrics.append(record)
                continue
            self._flush(metrics)
            version = log_record(self.run_id, record)
            if version is not None:
                self.versions.append(version)
        self._flush(metrics)

    def _flush(self, metrics: list[Metric]) -> None:
        from mlflow.entities import Metric as Entity

        now = int(datetime.now(UTC).timestamp() * 1000)
        entities = [Entity(metric.name, metric.value, now, 0) for metric in metrics]
        for start in range(0, len(entities), _METRICS_PER_CALL):
            client().log_batch(self.run_id, metrics=entities[start : start + _METRICS_PER_CALL])
        metrics.clear()


@contextmanager
def started_run(
    experiment: str,
    name: str,
    run_id: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> Iterator[Run]:
    """Start a run; it counts as completed only if the block ends without an exception.

    Tag ``status`` is ``started`` meanwhile, then ``completed`` or ``failed``; model versions
    registered by the run carry the same as ``run.status``. A killed run stays ``started``. How long
    it took, and how much of the processors, are metrics of it however it ends.

    Args:
        experiment: created if there is none of this name.
        name: of the run.
        run_id: of a run of this experiment that is to go on; None for a new one.
        tags: that it has from its very start, whatever becomes of it.
    """
    create_store()
    with pointed_at(tracking_uri()):
        import mlflow

        of = experiment_id(experiment)
        # An interrupt while MLflow starts the run would leave it running for ever.
        with (
            held_signals() as release,
            mlflow.start_run(
                run_id=run_id,
                experiment_id=of,
                run_name=name,
                tags={STATUS: "started", "machine": machine(), **(tags or {})},
                log_system_metrics=log_system_metrics(),
            ) as active,
        ):
            run, effort = Run(active.info.run_id), Effort()
            try:
                release()
                yield run
            except BaseException:
                _conclude(run, effort, "failed")
                raise
            _conclude(run, effort, "completed")


def log_later(run_id: str, records: Iterable[Record]) -> None:
    """Log records that are known once a run is completed; none of them a model."""
    for record in records:
        log_record(run_id, record)


def tag_run(run_id: str, tags: dict[str, str]) -> None:
    """Set tags of a run that is completed."""
    log_later(run_id, [Tags(tags)])


def finished_runs(completed_only: bool = True) -> list[FinishedRun]:
    """Runs of our experiments, newest first; without ``completed_only`` also all others."""
    create_store()
    end_dead_sweeps()
    reader = client()
    found = reader.search_experiments(filter_string=f"name LIKE '{EXPERIMENT_PREFIX}%'")
    names = {experiment.experiment_id: experiment.name for experiment in found}
    runs: list[FinishedRun] = []
    token = None
    while names:
        page = reader.search_runs(
            list(names),
            filter_string=f"tags.{STATUS} = 'completed'" if completed_only else "",
            order_by=["attributes.start_time DESC"],
            page_token=token,
        )
        for run in page:
            tags = {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")}
            runs.append(
                FinishedRun(
                    run_id=run.info.run_id,
                    name=run.info.run_name,
                    experiment=names[run.info.experiment_id],
                    started=datetime.fromtimestamp(run.info.start_time / 1000, UTC),
                    tags=tags,
                    params=dict(run.data.params),
                    metrics=dict(run.data.metrics),
                    metrics_table=partial(load_table, run.info.run_id, "metrics.parquet"),
                )
            )
        token = page.token
        if not token:
            break
    return runs


def newest_run(recipe: str) -> str:
    """Id of the newest completed run of a recipe on the public data.

    Raises:
        ValueError: there is none.
    """
    for run in finished_runs():
        if run.tags.get("data.name") == "public" and run.tags.get("recipe") == recipe:
            return run.run_id
    raise ValueError(f"no completed run of {recipe} on public data: make train RECIPE={recipe}")


def named_run(name: str) -> FinishedRun:
    """The completed run with an id, or with one that begins so.

    Raises:
        ValueError: no run, or more than one, is called so.
    """
    found = [run for run in finished_runs() if run.run_id.startswith(name)]
    if len(found) != 1:
        raise ValueError(f"{name}: {len(found)} completed runs are called so")
    return found[0]


def load_table(run_id: str, path: str) -> pd.DataFrame:
    """Read a Parquet artefact of a run: ``predictions.parquet`` or ``metrics.parquet``.

    Raises:
        ValueError: the run has none, or it cannot be read.
    """
    with _artifact(run_id, path) as local:
        return pd.read_parquet(local)


def load_text(run_id: str, path: str) -> str:
    """Read a text among the artefacts of a run, such as ``recipe.json``.

    Raises:
        ValueError: the run has none, or it cannot be read.
    """
    with _artifact(run_id, path) as local:
        return local.read_text("utf-8")


def predictions(name: str) -> pd.DataFrame:
    """Out-of-fold predictions of a completed run beside the labels, a row for each labelled post.

    Args:
        name: id of the run, or how it begins.

    Returns:
        No text. Identity (``split``, ``source``, ``source_id``, ``group`` of authors, ``fold``),
        labels as numbers, and by name in ``label_style``, ``label_paid``, ``label_kind`` and
        ``label_cause`` (None where missing); for each of polished, paid, performative, committed
        and self: ``p_`` (calibrated probability, of a model that saw no post of the group),
        ``flag_`` (1 flagged, 0 the opposite, -1 unsure), ``raw_`` (before calibration), ``loso_``
        (of a model that saw no post of the source), ``base_`` (what the source alone tells).

    Raises:
        ValueError: no run, or more than one, is called so, or its predictions cannot be read.
    """
    table = load_table(named_run(name).run_id, PREDICTIONS)
    for target, names in _LABEL_NAMES.items():
        told = [names.get(value) for value in table[target].tolist()]
        table[f"label_{target}"] = pd.Series(told, index=table.index, dtype=object)
    return table


@contextmanager
def _artifact(run_id: str, path: str) -> Iterator[Path]:
    """A file of a run, on this machine while the block lasts."""
    settle_mlflow()
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    with tempfile.TemporaryDirectory() as scratch:
        try:
            local = download_artifacts(
                run_id=run_id, artifact_path=path, dst_path=scratch, tracking_uri=tracking_uri()
            )
            yield Path(local)
        except (MlflowException, OSError, UnicodeDecodeError, pa.ArrowInvalid) as e:
            raise ValueError(f"run {run_id}: its {path} cannot be read: {e}") from None


def run_model(run_id: str) -> Path:
    """The saved folder of a completed run's model, in a folder that lives with the process.

    Raises:
        ValueError: no such completed run.
        ModelError: the run has no model of ours.
    """
    if run_id not in {run.run_id for run in finished_runs()}:
        raise ValueError(f"run {run_id} is unknown or not completed")
    return download_model(f"runs:/{run_id}/model")


def _conclude(run: Run, effort: Effort, status: str) -> None:
    run.log(Metric(name, value) for name, value in effort.so_far().items())
    # The versions first: a run is never completed while its model still says otherwise.
    for version in run.versions:
        tag_version(version, {"run.status": status})
    client().set_tag(run.run_id, STATUS, status)
