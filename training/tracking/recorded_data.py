"""Where the posts of a run are, for what reads them again."""

from __future__ import annotations

from pathlib import Path

from ..splits import Data
from .runs import FinishedRun


def recorded_data(run: FinishedRun, given: Path | None = None) -> Data:
    """The data of a run as ``splits.read_splits`` takes it.

    Args:
        run: completed.
        given: where the labelled posts lie now; None where they lay.

    Raises:
        ValueError: there is no such file, or the run is on none.
    """
    name = run.tags.get("data.name", "")
    if name in ("public", "corpus"):
        if given is not None:
            raise ValueError(
                f"run {run.run_id} is on the {name} data: --data is for runs on one's own posts"
            )
        return "public" if name == "public" else "corpus"
    if given is None and "data.path" not in run.tags:
        raise ValueError(
            f"run {run.run_id} does not say where its posts {name} lay: name the file by --data"
        )
    path = given or Path(run.tags["data.path"]).expanduser()
    if not path.is_file():
        raise ValueError(f"{path}: there are no posts of run {run.run_id}: name the file by --data")
    return path
