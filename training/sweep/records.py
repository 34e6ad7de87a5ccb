"""What the run of a sweep records at its end: the trials are runs of their own within it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..recipe import Recipe
from ..recipe_text import recipe_toml
from ..tracking.environment import code_state, library_versions
from ..tracking.records import DatasetInput, Figure, Metric, Params, Record, Table, Tags, Text
from .plots import history, slices

if TYPE_CHECKING:
    from .results import Gain, Swept

ROOT = Path(__file__).parents[2]
_COLUMNS = ("untuned", "nested", "change", "tuned")


def records(
    recipe: Recipe, data: str, fingerprint: str, n_posts: int, done: Swept
) -> Iterator[Record]:
    """Everything the run of a sweep logs.

    Args:
        recipe: as it was.
        data: name of the data set.
        fingerprint: of it.
        n_posts: that are judged.
        done: what the sweep found.
    """
    code = code_state(ROOT)
    # The number of trials is no parameter: a resumed sweep may have more of them.
    yield Params({"recipe": recipe.name, "metric": done.options.metric,
                  "pruner": done.options.pruner, "seed": str(done.options.seed)})  # fmt: skip
    yield Tags(
        {
            "family": recipe.family,
            "git.commit": code.commit or "unknown",
            "git.clean": "unknown" if code.clean is None else str(code.clean).lower(),
            "gold-look": "false",
            "smoke-test": str(data == "corpus").lower(),
            "trials": str(done.options.trials),
        }
        | {f"lib.{name}": version for name, version in library_versions().items()}
    )
    yield DatasetInput(f"{data}-train", fingerprint, {"posts": n_posts}, "training")
    for gain in done.gains:
        for column in _COLUMNS:
            value = getattr(gain, column).value
            if math.isfinite(value):
                yield Metric(f"{column}.train.{gain.axis}.auc_within", value)
    yield Table("gains.parquet", gains_table(done.gains))
    yield Text("trials.csv", done.trials.to_csv(index=False))
    tuned = json.dumps(done.recipe.model_dump(mode="json"), indent=1, ensure_ascii=False)
    yield Text("recipe.json", tuned + "\n")
    yield Text("recipe.toml", recipe_toml(done.recipe))
    yield Figure("plots/history.png", history(done))
    yield Figure("plots/slices.png", slices(done))


def gains_table(gains: list[Gain]) -> pd.DataFrame:
    """A row for each axis, with bounds."""
    return pd.DataFrame(
        [
            {"axis": gain.axis, "n": gain.n}
            | {
                f"{column}{end}": number
                for column in _COLUMNS
                for end, number in zip(("", "_low", "_high"), getattr(gain, column), strict=True)
            }
            for gain in gains
        ]
    )
