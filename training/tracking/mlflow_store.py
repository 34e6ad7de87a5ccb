"""The tracking store: SQLite in the current folder, or the one that the user names."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...models.registry.mlflow_settings import (
    SQLITE,
    TRACKING_VARIABLE,
    check_reachable,
    settle_mlflow,
    tracking_uri,
)
from .descriptions import KIND, NOTE, experiment_description

if TYPE_CHECKING:
    from mlflow import MlflowClient

# A server may be shared: only experiments of ours are read.
EXPERIMENT_PREFIX = "unpolished-"
_LOCK_SECONDS = 120


def create_store() -> None:
    """Create the SQLite store unless it exists; safe when several processes do so at once.

    A tracking server has its own store, so there is nothing to create.

    Raises:
        UnreachableError: the server does not answer.
    """
    store = _store_path()
    if store is None:
        check_reachable(tracking_uri())
        return
    store.parent.mkdir(parents=True, exist_ok=True)
    with _locked(store):
        client().search_experiments(max_results=1)


def client() -> MlflowClient:
    """A client of the store; reading and writing through it needs no global state."""
    settle_mlflow()
    from mlflow import MlflowClient

    # Says "creating initial tables" whatever the logging level of MLflow.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
    return MlflowClient(tracking_uri=tracking_uri())


def experiment_id(name: str) -> str:
    """Id of the experiment of this name, which is created if needed.

    Beside a SQLite store, artefacts go to ``mlartifacts``; a server decides for itself.
    """
    store = _store_path()
    if store is None:
        return _experiment_id(name, None)
    with _locked(store):
        return _experiment_id(name, (store.parent / "mlartifacts").as_uri())


@contextmanager
def pointed_at(uri: str) -> Iterator[None]:
    """Point MLflow's global functions at ``uri`` and back; they also set the environment."""
    settle_mlflow()
    import mlflow

    before = os.environ.get(TRACKING_VARIABLE)
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(None)
        if before is not None:
            os.environ[TRACKING_VARIABLE] = before


def _store_path() -> Path | None:
    uri = tracking_uri()
    return Path(uri.removeprefix(SQLITE)) if uri.startswith(SQLITE) else None


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(f"{store}.lock", timeout=_LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise TimeoutError(
            f"{store} is locked by another process: wait for it, or delete {store}.lock"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _experiment_id(name: str, artifacts: str | None) -> str:
    from mlflow.exceptions import MlflowException

    store = client()
    found = store.get_experiment_by_name(name)
    if found is None:
        try:
            tags = dict(KIND)
            if name.startswith(EXPERIMENT_PREFIX):
                tags[NOTE] = experiment_description(name.removeprefix(EXPERIMENT_PREFIX))
            return str(store.create_experiment(name, artifact_location=artifacts, tags=tags))
        except MlflowException:
            # On a server, another process may have been faster.
            found = store.get_experiment_by_name(name)
            if found is None:
                raise
    if found.lifecycle_stage == "deleted":
        raise ValueError(
            f"experiment {name} was deleted: restore it (mlflow experiments restore "
            f"--experiment-id {found.experiment_id}) or remove it for good (mlflow gc)"
        )
    return str(found.experiment_id)
