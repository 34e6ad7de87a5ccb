"""What the peers are made of: the weights of the shipped models in their forms."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.shipped.folders import model_folder

from .builds import this_build


class Models(NamedTuple):
    """Folders and files.

    Attributes:
        default: the shipped default model.
        linear: the shipped light model.
        torch: the network of the default model, for transformers.
        pinned: the sentence encoder that the default model's came from.
        static: of ``static.distilled``, with regressions beside it.
        row: a post scored by the default model, as JSON: what a row of output is like.
    """

    default: Path
    linear: Path
    torch: Path
    pinned: Path
    static: Path
    row: Path


def prepare(scratch: Path, rows: set[str]) -> Models:
    """Make what some rows need.

    Args:
        scratch: an empty folder.
        rows: names of rows that will be run.
    """
    models = Models(model_folder(None), model_folder("linear"), scratch / "torch", pinned_encoder(),
                    scratch / "static", scratch / "row.jsonl")  # fmt: skip
    # Bars of the libraries.
    with redirect_stderr(StringIO()):
        if "pipeline" in rows:
            from .weights import default_for_transformers

            default_for_transformers(models.default, models.pinned, models.torch)
        if any(name.startswith("static") for name in rows):
            _static(models.static)
    if "io" in rows:
        _row(models.row)
    return models


def _static(folder: Path) -> None:
    from unpolished.training.recipe import read_recipe
    from unpolished.training.splits import read_splits

    from .static import StaticLogistic, distilled, save_heads

    shutil.copytree(distilled(), folder)
    splits = read_splits(read_recipe("linear"), "public")
    train = splits.train if splits.extra is None else splits.train.joined(splits.extra)
    save_heads(folder, StaticLogistic(folder).fit(train).heads)


def _row(path: Path) -> None:
    one = path.with_name("one-post.jsonl")
    one.write_text('{"id": "0", "text": "late bus again, and the driver knows my name by now"}\n')
    command = [this_build().command, "score", one, "-o", path, "--quiet"]
    subprocess.run(command, check=True)
