"""How numbers are written in tables and cards, and what metrics are called there."""

from __future__ import annotations

import math

METRIC_NAMES = {
    "auc_within": "AUC within sources",
    "auc_pooled": "AUC pooled",
    "auc_loso": "AUC, source left out",
    "auc_source_only": "AUC of the source alone",
    "auc_within_length": "AUC of the length alone",
    "auc_within_both_splits": "AUC within sources, train and gold together",
    "spearman": "Spearman with the mean vote",
    "average_precision": "average precision",
    "prevalence": "prevalence",
    "f1": "F1 at the threshold",
    "precision": "precision at the threshold",
    "recall": "recall at the threshold",
    "recall_at_precision_70": "recall at precision 0.7",
    "recall_at_precision_80": "recall at precision 0.8",
    **{
        f"{name}_at_prevalence_{share}": f"{shown} at {share} % prevalence"
        for share in (50, 15, 5)
        for name, shown in (("precision", "precision"), ("f1", "F1"))
    },
    "unsure": "share unsure",
    "negatives_flagged": "share of negatives flagged",
    "positives_missed": "share of positives given the opposite label",
    "unsure_loso": "share unsure, source left out",
    "negatives_flagged_loso": "share of negatives flagged, source left out",
    "positives_missed_loso": "share of positives given the opposite label, source left out",
    "calibration_error": "calibration error",
    "auc_within_with_author": "AUC within sources, author read",
    "auc_loso_with_author": "AUC, source left out, author read",
    "recall_at_precision_70_with_author": "recall at precision 0.7, author read",
    "calibration_error_with_author": "calibration error, author read",
}
# What a model that predicts true probabilities would show by chance, on average.
PERFECT = "calibration_error_perfect"
# And in one of twenty draws at most.
PERFECT_95 = "calibration_error_perfect_95"


NO_BRACKETS = "no brackets: resampling tells no interval"


def number(value: float | None, form: str = "{:.3f}") -> str:
    """Three decimals, or another form; a dash where there is no number."""
    return "–" if value is None or math.isnan(value) else form.format(value)


def with_interval(
    value: float | None, low: float | None, high: float | None, form: str = "{:.3f}"
) -> str:
    """``0.812 [0.770, 0.851]``; without an interval the number alone."""
    shown, *bounds = (number(part, form) for part in (value, low, high))
    return shown if "–" in (shown, *bounds) else f"{shown} [{bounds[0]}, {bounds[1]}]"


def beside_perfect(value: float | None, mean: float | None, highest: float | None) -> str:
    """A calibration error beside those of a perfect model: the mean, and the 19th of 20."""
    return f"{number(value)} (perfect model {number(mean)}, up to {number(highest)})"
