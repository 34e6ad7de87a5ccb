"""Replace the shipped models by those of completed runs on public data."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ...models.saved_model import ModelError, load_model
from ...models.shipped.folders import DEFAULT, SHIPPED
from ..recipe import read_recipe
from ..tracking.runs import named_run, run_model
from ..train import train

MAX_BYTES = 30_000_000
# Shipped name -> recipe it is trained by where no run is given.
SHIPPED_RECIPES = {DEFAULT: "student", "linear": "linear"}


def ship(name: str, run_id: str | None = None, target: Path | None = None) -> str:
    """Replace a shipped model; returns the run it comes from.

    Args:
        name: ``default`` or ``linear``.
        run_id: a completed run, or how its id begins; None trains on the public data first.
        target: the folder to replace, for tests.

    Raises:
        ValueError: no such shipped model, or no such run.
        ModelError: the run's model was not trained on public data, or is too large to ship.
    """
    if name not in SHIPPED:
        raise ValueError(f"no shipped model is called {name!r}: choose one of {', '.join(SHIPPED)}")
    if run_id is None:
        run_id = train(read_recipe(SHIPPED_RECIPES[name]), "public").run_id
    run_id = named_run(run_id).run_id
    folder = run_model(run_id)
    _, info = load_model(folder)
    if info.training.name != "public":
        raise ModelError(
            f"run {run_id} was trained on {info.training.name!r}: only a model of the public data "
            "is shipped"
        )
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > MAX_BYTES:
        raise ModelError(f"run {run_id}: {size / 1e6:.1f} MB is more than {MAX_BYTES / 1e6:.0f} MB")
    _replace(target or SHIPPED[name], folder)
    return run_id


def _replace(target: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        fresh = Path(shutil.copytree(folder, Path(scratch) / "new"))
        if target.exists():
            target.rename(Path(scratch) / "old")
        fresh.rename(target)
