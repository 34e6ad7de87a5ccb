"""The table of a recipe's ablations: as Markdown, as CSV, and as a run records it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..reports.metric_names import with_interval
from ..tracking.environment import code_state, library_versions
from ..tracking.records import DatasetInput, Metric, Params, Record, Table, Tags, Text

if TYPE_CHECKING:
    from .run import Ablated

ROOT = Path(__file__).parents[2]
CHANGE = "{:+.3f}"


def markdown(done: Ablated) -> str:
    """One table: the whole recipe's AUC, then what each ablation changes of it."""
    axes = list(done.whole)
    lines = [
        f"| `{done.recipe.name}` | fitted on | judged | " + " | ".join(axes) + " |",
        "|---|---|---|" + "---|" * len(axes),
    ]
    whole = [with_interval(*done.whole[axis]) for axis in axes]
    lines.append(_row("the whole recipe", done.fitted, done.judged, whole))
    for line in done.lines:
        cells = [
            with_interval(*line.changes[axis], form=CHANGE) if axis in line.changes else ""
            for axis in axes
        ]
        lines.append(_row(f"{line.group}: {line.name}", line.fitted, line.judged, cells))
    return "\n".join(lines) + "\n"


def long_table(done: Ablated) -> pd.DataFrame:
    """A row for each ablation and axis; the whole recipe's AUC has the group ``whole``."""
    rows = [("whole", "the whole recipe", done.fitted, done.judged, axis, *of)
            for axis, of in done.whole.items()]  # fmt: skip
    rows += [
        (line.group, line.name, line.fitted, line.judged, axis, *of)
        for line in done.lines
        for axis, of in line.changes.items()
    ]
    columns = ["group", "ablation", "fitted", "judged", "axis", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def records(done: Ablated) -> Iterator[Record]:
    """Everything the run of an ablation table logs."""
    code = code_state(ROOT)
    yield Params({"recipe": done.recipe.name, "family": done.recipe.family})
    yield Tags(
        {
            "recipe": done.recipe.name,
            "family": done.recipe.family,
            "data.name": done.data,
            "data.fingerprint": done.fingerprint,
            "git.commit": code.commit or "unknown",
            "git.clean": "unknown" if code.clean is None else str(code.clean).lower(),
            "gold-look": "false",
            "smoke-test": str(done.data == "corpus").lower(),
        }
        | {f"lib.{name}": version for name, version in library_versions().items()}
    )
    yield DatasetInput(f"{done.data}-train", done.fingerprint, {"posts": done.judged}, "training")
    for axis, of in done.whole.items():
        if math.isfinite(of.value):
            yield Metric(f"oof.train.{axis}.auc_within", of.value)
    yield Table("ablations.parquet", long_table(done))
    yield Text("ablations.md", markdown(done))
    yield Text("ablations.csv", long_table(done).to_csv(index=False))
    recipe = json.dumps(done.recipe.model_dump(mode="json"), indent=1, ensure_ascii=False)
    yield Text("recipe.json", recipe + "\n")


def _row(name: str, fitted: int, judged: int, cells: list[str]) -> str:
    # Names of sources are data: a bar would open another cell.
    shown = name.replace("|", "\\|")
    return f"| {shown} | {fitted:,} | {judged:,} | " + " | ".join(cells) + " |"
