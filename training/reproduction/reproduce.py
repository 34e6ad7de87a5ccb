"""Train a run again from what it recorded, and compare what comes out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ...data.dataset.build import fingerprint
from ...data.dataset.label_counts import counts
from ...models.saved_model import CARD, ModelInfo, read_info
from ..evaluation.crossfit import Progress, no_progress
from ..evaluation.oof_table import labels_table
from ..recipe import Recipe, read_recipe
from ..splits import Data, Splits, read_splits
from ..tracking.environment import code_state, library_versions
from ..tracking.recorded_data import recorded_data
from ..tracking.records import Tags, Text, counts_csv
from ..tracking.runs import (
    PREDICTIONS,
    FinishedRun,
    load_table,
    load_text,
    log_later,
    named_run,
    run_model,
)
from ..train import ROOT, folds_sha256, train
from .checks import (
    Check,
    code_checks,
    data_checks,
    folds_check,
    passed_over,
    recipe_check,
    version_checks,
)
from .compared import EQUAL, Comparison, compared, tolerance_of

if TYPE_CHECKING:
    from ...models.finetune.fit import OnStep

_METRICS = "metrics.parquet"
Said = Callable[[list[Check]], None]


class RefusedError(ValueError):
    """A run that cannot be repeated here; the message says what differs and what to do."""


@dataclass(frozen=True)
class Reproduction:
    """A run and its repetition.

    Attributes:
        of: id of the run.
        run_id: of the repetition, which is tracked apart from other runs.
        checks: what was compared before.
        comparison: what came out.
    """

    of: str
    run_id: str
    checks: list[Check]
    comparison: Comparison


def reproduce(
    name: str,
    data: Path | None = None,
    progress: Progress = no_progress,
    on_step: OnStep | None = None,
    *,
    any_code: bool = False,
    any_versions: bool = False,
    on_checks: Said = lambda _: None,
) -> Reproduction:
    """Repeat a run with its recipe and seed on the posts that it was made on.

    Args:
        name: of a completed run: its id, or how it begins.
        data: where one's own posts lie now; None where they lay.
        progress: wraps the loops.
        on_step: told how a long fit goes on.
        any_code: repeat it with other code.
        any_versions: repeat it with other versions of libraries.
        on_checks: told what was checked, before anything is refused or trained.

    Raises:
        RefusedError: code, libraries, posts or folds are others, or the recipe reads otherwise.
        ValueError: no such run, or what it stored cannot be read.
        SourceError: public data cannot be had.
    """
    run = named_run(name)
    chosen = recorded_data(run, data)
    recipe, of_recipe = _recipe(run)
    before = load_table(run.run_id, PREDICTIONS), load_table(run.run_id, _METRICS)
    checks = passed_over([*code_checks(run.tags, code_state(ROOT)), of_recipe], any_code)
    checks += passed_over(
        [*version_checks(run.tags, library_versions(), recipe.family)], any_versions
    )
    # One step, so that what takes a while is seen to be under way.
    (splits,) = (read_splits(recipe, chosen) for _ in progress([0], "posts of the run", 1))
    checks += _data_checks(run, chosen, splits, before[0])
    on_checks(checks)
    _refuse(run, checks)
    done = train(recipe, chosen, progress, on_step, splits=splits, reproduces=run.run_id)
    after = load_table(done.run_id, PREDICTIONS), load_table(done.run_id, _METRICS)
    found = compared(before, after, tolerance_of(recipe.family))
    if found.tolerance == EQUAL:
        found = replace(found, faults=(*found.faults, *_model_faults(run.run_id, done.info)))
    result = Reproduction(run.run_id, done.run_id, checks, found)
    log_later(done.run_id, [
        Tags({"reproduction.matches": str(found.matches).lower()}),
        Text("reproduction.json", json.dumps(_json(result), indent=1) + "\n"),
    ])  # fmt: skip
    return result


def _model_faults(run_id: str, repeated: ModelInfo) -> Iterator[str]:
    """Where the model that was fitted on all posts is not that of the run, file by file."""
    info = read_info(run_model(run_id))
    for name in sorted({*info.files, *repeated.files} - {CARD}):
        if info.files.get(name) != repeated.files.get(name):
            yield f"the model's file {name} differs"
    for name in ("calibration", "thresholds"):
        if getattr(info, name) != getattr(repeated, name):
            yield f"the model's {name} differs"


def _recipe(run: FinishedRun) -> tuple[Recipe, Check]:
    """The recipe that a run stored, read as any other."""
    text = load_text(run.run_id, "recipe.json")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "recipe.json"
        path.write_text(text, "utf-8")
        recipe = read_recipe(path)
    return recipe, recipe_check(json.loads(text), recipe)


def _data_checks(
    run: FinishedRun, data: Data, splits: Splits, predictions: pd.DataFrame
) -> list[Check]:
    judged = [name for name in ("train", "gold") if name in splits.dataset]
    here = pd.concat(
        [labels_table(splits.dataset[name], name) for name in judged], ignore_index=True
    )
    then = sizes(load_text(run.run_id, "counts.csv"))
    now = sizes(counts_csv(counts(splits.dataset)))
    return [
        folds_check(run.tags.get("folds.sha256"), folds_sha256(data)),
        *data_checks(run.tags, fingerprint(splits.dataset), (predictions, here), (then, now)),
    ]


def sizes(recorded: str) -> dict[str, int]:
    """Posts in folds of each split, as the table of counts of a run has them."""
    lines = pd.read_csv(StringIO(recorded))
    whole = lines[(lines["axis"] == "posts") & (lines["source"] == "all")]
    return dict(zip(whole["split"].astype(str), whole["total"].astype(int), strict=True))


def _refuse(run: FinishedRun, checks: list[Check]) -> None:
    refused = [check for check in checks if check.state == "refused"]
    if not refused:
        return
    said = [
        f"{check.name}: {check.recorded} recorded, {check.here} here"
        + (f"; {check.remedy}" if check.remedy else "")
        for check in refused
    ]
    raise RefusedError("\n".join([f"run {run.run_id} cannot be repeated here:", *said]))


def _json(result: Reproduction) -> dict[str, object]:
    found = result.comparison
    return {
        "reproduces": result.of,
        "matches": found.matches,
        "faults": found.faults,
        "checks": [asdict(check) for check in result.checks],
        "tolerance": found.tolerance._asdict(),
        "posts": found.posts,
        "posts_off": found.posts_off,
        "largest": found.largest and found.largest._asdict(),
        "metrics": found.figures,
        "metrics_moved": found.figures_moved,
    }
