"""A sweep in MLflow: a run for the sweep, and in it a run for each trial.

Whether the process of a sweep still lives is told by a lock on a file, which the operating system
takes back from a process that ends, however it ends. A mark beside it says that runs may be open.
Whoever lists runs, or starts a sweep, ends those of a process that is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...data.cache import cache_folder
from .held_signals import held_signals
from .mlflow_store import client, experiment_id

if TYPE_CHECKING:
    from mlflow.entities import Run as Entity

# Not among the runs of models, which ``evaluate``, ``compare`` and ``promote`` choose from.
SWEEPS = "unpolished.sweeps"
SWEEP_ID, TRIAL_STATE = "sweep.id", "trial.state"
_PARENT, _NAME = "mlflow.parentRunId", "mlflow.runName"
_RUNNING, _FINISHED, _FAILED, _KILLED = "RUNNING", "FINISHED", "FAILED", "KILLED"
_WAIT_SECONDS = 5


class TrialRun:
    """The run of a trial in progress."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._state = ""

    def step(self, value: float, step: int) -> None:
        """Log what the trial reached after so many folds."""
        client().log_metric(self.run_id, "value", value, step=step)

    def end_as(self, state: str) -> None:
        """How it ended: ``complete`` or ``pruned``."""
        self._state = state


def sweep_folder() -> Path:
    """Where the search of each sweep is kept, with its lock."""
    return cache_folder() / "sweeps"


@contextmanager
def open_sweep(sweep: str) -> Iterator[None]:
    """Hold the lock of a sweep; afterwards none of its runs is left running.

    Raises:
        ValueError: another process is at it.
    """
    sweep_folder().mkdir(parents=True, exist_ok=True)
    with _locked(sweep, _WAIT_SECONDS) as held:
        if not held:
            raise ValueError(f"sweep {sweep} is under way in another process: wait for its end")
        mark = _mark(sweep)
        mark.touch()
        try:
            yield
        finally:
            with held_signals():
                if _end_runs(sweep):
                    mark.unlink(missing_ok=True)


@contextmanager
def trial_run(
    parent: str, sweep: str, name: str, params: Mapping[str, str], tags: Mapping[str, str]
) -> Iterator[TrialRun]:
    """Start a run within that of a sweep; it is never left running, whatever ends the block."""
    from mlflow.entities import Param

    store = client()
    all_tags = {_PARENT: parent, _NAME: name, SWEEP_ID: sweep, **tags}
    # An interrupt between its start and here would leave it running.
    with held_signals() as release:
        of = store.create_run(experiment_id(SWEEPS), tags=all_tags, run_name=name)
        run = TrialRun(of.info.run_id)
        try:
            release()
            store.log_batch(run.run_id, params=[Param(k, v) for k, v in params.items()])
            yield run
        except Exception:
            _end(run.run_id, _FAILED, "failed")
            raise
        except BaseException:
            _end(run.run_id, _KILLED, "stopped")
            raise
        _end(run.run_id, _FINISHED, run._state)


def end_trial_runs(sweep: str, ended: Mapping[str, str]) -> None:
    """Bring the runs of a sweep's trials in line with what its search knows of them.

    Args:
        sweep: whose process is gone, or is this one.
        ended: ``complete`` or ``pruned``, by run id. A process may be killed after a trial was
            told and before its run was ended.
    """
    for run in _runs(sweep):
        if _PARENT not in run.data.tags:
            continue
        if state := ended.get(run.info.run_id):
            if run.info.status != _FINISHED:
                _end(run.info.run_id, _FINISHED, state)
        elif run.info.status == _RUNNING:
            _end(run.info.run_id, _KILLED, "stopped")


def end_dead_sweeps() -> None:
    """End the runs of sweeps whose process was killed; those of other stores stay as they are."""
    for mark in sorted(sweep_folder().glob("*.open")):
        with _locked(mark.stem, 0) as held:
            if held and _end_runs(mark.stem):
                mark.unlink(missing_ok=True)


def newest_sweep(tags: Mapping[str, str]) -> Entity | None:
    """The newest run of a sweep with these tags; None where there is none."""
    asked = " AND ".join(f"tags.`{name}` = '{value}'" for name, value in tags.items())
    found = client().search_runs(
        [experiment_id(SWEEPS)], filter_string=asked, order_by=["attributes.start_time DESC"]
    )
    return next((run for run in found if _PARENT not in run.data.tags), None)


def _end_runs(sweep: str) -> bool:
    """End what is still running; False where the store knows nothing of the sweep."""
    runs = _runs(sweep)
    for run in runs:
        if run.info.status == _RUNNING:
            child = _PARENT in run.data.tags
            _end(run.info.run_id, _KILLED, "stopped" if child else None)
            if not child:
                client().set_tag(run.info.run_id, "status", "failed")
    return bool(runs)


def _end(run_id: str, status: str, state: str | None) -> None:
    # A second interrupt would leave it running.
    with held_signals():
        if state is not None:
            client().set_tag(run_id, TRIAL_STATE, state)
        client().set_terminated(run_id, status)


def _runs(sweep: str) -> Collection[Entity]:
    found, token = [], None
    while True:
        page = client().search_runs(
            [experiment_id(SWEEPS)],
            filter_string=f"tags.`{SWEEP_ID}` = '{sweep}'",
            page_token=token,
        )
        found += page
        token = page.token
        if not token:
            return found


def _mark(sweep: str) -> Path:
    return sweep_folder() / f"{sweep}.open"


@contextmanager
def _locked(sweep: str, wait: float) -> Iterator[bool]:
    """Whether the lock was got."""
    from filelock import FileLock, Timeout

    lock = FileLock(sweep_folder() / f"{sweep}.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
