"""Models of an MLflow registry, or of a run, downloaded and never opened by MLflow itself."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from ..saved_model import DESCRIPTION, ModelError, name_version
from .mlflow_settings import UnreachableError, check_reachable, settle_mlflow, tracking_uri

# Where a run keeps its fold models, among its artefacts.
FOLD_MODELS = "fold_models"
_REGISTERED = re.compile(r"models:/([^/@]+)(?:/(\d+)|@([^/@]+))")
_ADDRESS = re.compile(r"models:/[^/@]+(/\d+|@[^/@]+)|models:/m-\w+|runs:/\w+/\w+")


def is_address(name: str) -> bool:
    """Whether ``name`` points to a registry rather than to a folder."""
    return name.startswith(("models:/", "runs:/"))


def download_model(address: str) -> Path:
    """Download a registered or logged model; returns the folder that has ``model.json``.

    The folder lives as long as the process. Where the address is that of a registered model, its
    name and version are written into ``model.json``, so that every row tells them: what an alias
    points to today it may not tomorrow.

    Its hashes are checked by ``load_model``. MLflow's own loader would run code that
    comes with the model, so it is never called.

    Args:
        address: ``models:/name@alias``, ``models:/name/3`` or ``runs:/<run id>/model``.

    Raises:
        ModelError: MLflow is not installed, no such model, or not one of ours.
    """
    if not _ADDRESS.fullmatch(address):
        raise ModelError(
            f"{address} is not a model address: use models:/name@alias, models:/name/3 "
            "or runs:/<run id>/model"
        )
    _check_store(address)
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    scratch = _scratch()
    try:
        registered = _registered(address)
        # By number: the alias may be moved between the two calls.
        exact = f"models:/{registered.name}/{registered.version}" if registered else address
        local = download_artifacts(
            artifact_uri=exact, dst_path=scratch, tracking_uri=tracking_uri()
        )
    except (MlflowException, OSError) as error:
        raise ModelError(
            f"{address} was not found: check the name, and MLFLOW_TRACKING_URI if the registry "
            f"is elsewhere ({error})"
        ) from error
    found = sorted(Path(local).rglob(DESCRIPTION), key=lambda path: len(path.parts))
    if not found:
        raise ModelError(f"{address} holds no {DESCRIPTION}: it was not logged by unpolished")
    folder = found[0].parent
    if registered:
        name_version(folder, registered.name, registered.version)
    return folder


def download_fold_models(run_id: str) -> Path:
    """Download the fold models of a run; the folder lives as long as the process.

    Args:
        run_id: of a run that was trained with ``--keep-folds``.

    Raises:
        ModelError: MLflow is not installed, no such run, or it kept no fold models.
    """
    address = f"runs:/{run_id}/{FOLD_MODELS}"
    _check_store(address)
    from mlflow import MlflowClient
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    try:
        client = MlflowClient(tracking_uri=tracking_uri())
        if not client.list_artifacts(run_id, FOLD_MODELS):
            raise ModelError(
                f"run {run_id} kept no fold models: train it again, with unpolished train "
                "--keep-folds"
            )
        local = download_artifacts(
            artifact_uri=address, dst_path=_scratch(), tracking_uri=tracking_uri()
        )
    except (MlflowException, OSError) as error:
        raise ModelError(
            f"run {run_id} was not found: check its id, and MLFLOW_TRACKING_URI if the store is "
            f"elsewhere ({error})"
        ) from error
    return Path(local)


def _check_store(address: str) -> None:
    """Settle MLflow before it is imported.

    Raises:
        ModelError: the store does not answer, or MLflow is not installed.
    """
    settle_mlflow()
    try:
        check_reachable(tracking_uri())
    except UnreachableError as error:
        raise ModelError(f"{address} cannot be opened: {error}") from error
    try:
        import mlflow  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"opening {address} needs MLflow: pip install 'unpolished[track]'"
        ) from error


def _scratch() -> str:
    """A folder that lives as long as the process."""
    folder = tempfile.mkdtemp(prefix="unpolished-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class _Registered(NamedTuple):
    name: str
    version: str


def _registered(address: str) -> _Registered | None:
    """The registered model that an address points to; None for a logged one."""
    found = _REGISTERED.fullmatch(address)
    if found is None:
        return None
    name, number, alias = found.groups()
    if number:
        return _Registered(name, number)
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=tracking_uri())
    return _Registered(name, str(client.get_model_version_by_alias(name, alias).version))
