"""The shipped model: copied from a completed run on public data into ``models/default/``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ..models.bundle import DEFAULT_FOLDER
from ..models.saved import ModelError, load_model
from .recipe import read_recipe
from .tracking import run_model
from .train import train

MAX_BYTES = 10_000_000


def build_default(run_id: str | None = None, target: Path = DEFAULT_FOLDER) -> str:
    """Replace the shipped model; returns the run it comes from.

    Args:
        run_id: a completed run; None trains ``linear`` on the public data first.
        target: the folder to replace.

    Raises:
        ModelError: the run's model was not trained on public data, or is too large to ship.
    """
    run_id = run_id or train(read_recipe("linear"), "public").run_id
    folder = run_model(run_id)
    _, info = load_model(folder)
    if info.training.name != "public":
        raise ModelError(
            f"run {run_id} was trained on {info.training.name!r}: only a model of the public data "
            "becomes the default"
        )
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > MAX_BYTES:
        raise ModelError(f"run {run_id}: {size / 1e6:.1f} MB is more than {MAX_BYTES / 1e6:.0f} MB")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        fresh = Path(shutil.copytree(folder, Path(scratch) / "new"))
        if target.exists():
            target.rename(Path(scratch) / "old")
        fresh.rename(target)
    return run_id
