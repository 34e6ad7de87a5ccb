"""Models of an MLflow registry, downloaded and opened in our own format, never by MLflow."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path

from ..saved_model import DESCRIPTION, ModelError
from .mlflow_settings import settle_mlflow, tracking_uri

_ADDRESS = re.compile(r"models:/[^/@]+(/\d+|@[^/@]+)|models:/m-\w+|runs:/\w+/\w+")


def is_address(name: str) -> bool:
    """Whether ``name`` points to a registry rather than to a folder."""
    return name.startswith(("models:/", "runs:/"))


def download_model(address: str) -> Path:
    """Download a registered or logged model; returns the folder that has ``model.json``.

    The folder lives as long as the process.

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
    settle_mlflow()
    try:
        from mlflow.artifacts import download_artifacts
        from mlflow.exceptions import MlflowException
    except ImportError as error:
        raise ModelError(
            f"opening {address} needs MLflow: pip install 'unpolished[track]'"
        ) from error
    scratch = tempfile.mkdtemp(prefix="unpolished-")
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    try:
        local = download_artifacts(
            artifact_uri=address, dst_path=scratch, tracking_uri=tracking_uri()
        )
    except (MlflowException, OSError) as error:
        raise ModelError(
            f"{address} was not found: check the name, and MLFLOW_TRACKING_URI if the registry "
            f"is elsewhere ({error})"
        ) from error
    found = sorted(Path(local).rglob(DESCRIPTION), key=lambda path: len(path.parts))
    if not found:
        raise ModelError(f"{address} holds no {DESCRIPTION}: it was not logged by unpolished")
    return found[0].parent
