"""The model card, generated from the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ...data.axes import AXES, COLUMNS, LABELS
from ...models.base import PROBABILITIES
from ...models.saved_model import ModelInfo
from ..evaluation.fairness import MAX_CHANGE, MAX_SHARE
from ..evaluation.judged import JUDGED, Judged
from .metric_names import METRIC_NAMES, PERFECT, number, with_interval

_TEMPLATE = "model_card.md.jinja"
_LEFT_OUT = ("auc_loso", "unsure_loso", "negatives_flagged_loso", "positives_missed_loso")
_PAIR_KINDS = {
    "aae": "African American English",
    "indian": "Indian English",
    "non_native": "non-native English",
    "teen": "teen slang",
    "elderly": "formal elderly writing",
    "name": "names swapped",
    "place": "places swapped",
    "brand": "brands swapped",
}


def model_card(
    info: ModelInfo, metrics: pd.DataFrame, evaluated: str, fairness: pd.DataFrame
) -> str:
    """Write the card of a model.

    Args:
        info: of the model.
        metrics: long table of the split it was evaluated on.
        evaluated: name of that split.
        fairness: as ``fairness.paired_changes`` measured it.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Markdown, not HTML, and every value is ours: escaping would only garble it.
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = "`{}`".format
    whole = metrics[metrics["slice"] == "all"]
    return environment.get_template(_TEMPLATE).render(
        info=info,
        training=info.training,
        data=info.training.name if info.training.name in ("public", "corpus") else "own",
        evaluated=evaluated,
        says=[axis for axis in AXES if set(axis.probabilities) <= set(info.probabilities)],
        probabilities=info.probabilities,
        axes=[axis for axis in (_axis(whole, axis) for axis in JUDGED) if axis["rows"]],
        kinds=[_pair_kind(fairness, name) for name in fairness["kind"].unique()],
        max_change=MAX_CHANGE,
        max_share=MAX_SHARE,
        outside=int((~fairness["within"]).sum()),
        measured=len(fairness),
        thresholds=[
            _threshold(info, column.probability, column.said)
            for column in COLUMNS
            if getattr(info.thresholds, column.probability) is not None
        ],
        not_held=info.thresholds.not_held(),
        left_out=_left_out(metrics),
        held_elsewhere=[
            name
            for name, cut in info.thresholds
            if cut and None not in (cut.left_out_flagged, cut.left_out_missed)
        ],
    )


def _axis(metrics: pd.DataFrame, axis: Judged) -> dict[str, Any]:
    part = {row["metric"]: row for row in metrics[metrics["axis"] == axis.name].to_dict("records")}
    rows = []
    for metric, name in METRIC_NAMES.items():
        if metric not in part:
            continue
        row = part[metric]
        shown = with_interval(row["value"], row["low"], row["high"])
        if metric == "calibration_error":
            perfect = part[PERFECT]["value"] if PERFECT in part else None
            shown += f" (perfect model: {number(perfect)})"
        rows.append((name, shown))
    # Spearman is over more posts than the rest; the headline's n is the axis's.
    sized = part.get("auc_within")
    return {
        "name": axis.name,
        "note": axis.note,
        "rows": rows,
        "n": int(sized["n"]) if sized else 0,
        "positives": int(sized["positives"]) if sized else 0,
    }


def _left_out(metrics: pd.DataFrame) -> list[dict[str, Any]]:
    """What is said of whose product is promoted, source by source, each left out in turn."""
    found = []
    for axis in ("paid", "paid_against_none", "paid_against_self", "self"):
        part = metrics[(metrics["axis"] == axis) & metrics["slice"].str.startswith("source:")]
        if not part["metric"].isin(["auc_loso"]).any():
            continue
        for place, rows in part.groupby("slice"):
            values = dict(zip(rows["metric"], rows["value"], strict=True))
            if "auc_loso" in values:
                shown = {name: number(values.get(name)) for name in _LEFT_OUT}
                n = f"{int(rows['n'].iloc[0]):,} ({int(rows['positives'].iloc[0]):,})"
                source = str(place).removeprefix("source:")
                found.append({"axis": axis, "source": source, "n": n, **shown})
    return found


def _pair_kind(fairness: pd.DataFrame, kind: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = fairness[fairness["kind"] == kind].to_dict("records")  # type: ignore[assignment]
    part = {row["measure"]: row for row in rows}
    labels = [name for name in LABELS if f"{name}_flipped" in part]
    return {
        "name": _PAIR_KINDS[kind],
        "n": next(iter(part.values()))["n"],
        "changes": [_marked(part[name], "{:+.3f}") for name in PROBABILITIES if name in part],
        "flipped": [_marked(part[f"{name}_flipped"], "{:.1%}") for name in labels],
        "changed": [_marked(part[f"{name}_changed"], "{:.1%}") for name in labels],
    }


def _marked(row: dict[str, Any], form: str) -> str:
    shown = with_interval(row["value"], row["low"], row["high"], form)
    return shown if row["within"] else f"**{shown}**"


def _threshold(info: ModelInfo, name: str, flag: str) -> dict[str, str]:
    threshold = getattr(info.thresholds, name)
    return {
        "probability": name,
        "flag": flag,
        "above": number(threshold.flag) if threshold.alpha_held else "never",
        "below": number(threshold.opposite) if threshold.beta_held else "never",
        "alpha": f"{threshold.alpha:g}",
        "flagged": number(threshold.negatives_flagged),
        "n_negative": f"{threshold.n_negative:,}",
        "beta": f"{threshold.beta:g}",
        "missed": number(threshold.positives_missed),
        "n_positive": f"{threshold.n_positive:,}",
    }
