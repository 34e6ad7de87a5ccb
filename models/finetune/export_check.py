"""Whether an exported network says what the fitted one says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...data.labelled_texts import LabelledTexts
from ..base import Probabilities
from .auc import axis_aucs

# 8-bit weights move scores by some 2 % of their spread, whether a network was fitted for one epoch
# or for many, and by 3 % after two steps. Noise of 5 % lowers no AUC by more than 0.0005.
MAX_RELATIVE_DIFFERENCE = 0.05
# Compared at least, for of a few posts nothing has a spread. None of them need be unseen.
_ENOUGH = 200
# A network that says the same of all posts is held to what one of little spread would be.
_LEAST_SPREAD = 0.1
# As far as float32 tells a probability from 0 and 1.
_EPSILON = 1e-6


class ExportError(ValueError):
    """The exported model does not say what the fitted one says."""


def rows_to_compare(held_out: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """The held-out rows, and others, evenly spread over all n, so that they are enough."""
    if len(held_out) >= _ENOUGH:
        return held_out
    return np.union1d(held_out, np.linspace(0, n - 1, min(n, _ENOUGH)).astype(np.intp))


def compared(
    network: Probabilities, exported: Probabilities, truth: LabelledTexts
) -> dict[str, float]:
    """How far two sets of scores of the same posts are apart.

    Returns:
        ``max_difference`` and ``mean_difference`` of the probabilities; ``relative_difference``,
        the largest over the columns of the root mean square difference of the log-odds, as a share
        of their standard deviation over the posts; and ``auc_difference``, the largest over the
        axes that have both classes.
    """
    difference = np.abs(network - exported)
    apart = np.abs(axis_aucs(network, truth) - axis_aucs(exported, truth))
    return {
        "max_difference": float(difference.max(initial=0)),
        "mean_difference": float(difference.mean()) if difference.size else 0.0,
        "relative_difference": _relative(network, exported),
        "auc_difference": float(apart[~np.isnan(apart)].max(initial=0)),
    }


def check(report: dict[str, float]) -> None:
    """Refuse an export that says something else.

    Told by the scores, not by their AUC: of the seventy posts that a fit on a thousand holds out,
    a pair or two of nearly equal scores that change places move an AUC by .003, whichever way, and
    of posts without labels an AUC says nothing.

    Args:
        report: see ``compared``.

    Raises:
        ExportError: scores are further apart than 8-bit weights explain.
    """
    if not report["relative_difference"] <= MAX_RELATIVE_DIFFERENCE:
        raise ExportError(
            f"scores of the exported model differ from those of the fitted one by "
            f"{report['relative_difference']:.1%} of their spread: more than "
            f"{MAX_RELATIVE_DIFFERENCE:.0%}. One that was fitted very briefly may score posts too "
            "alike for weights of 8 bits: give it more epochs, trained layers or posts. If it was "
            "not, the export is at fault: other versions of torch and onnx may do better"
        )


def _relative(network: Probabilities, exported: Probabilities) -> float:
    if not len(network):
        return 0.0
    a, b = (_log_odds(scores) for scores in (network, exported))
    spread = np.maximum(a.std(axis=0), _LEAST_SPREAD)
    return float((np.sqrt(np.mean((a - b) ** 2, axis=0)) / spread).max())


def _log_odds(scores: Probabilities) -> NDArray[np.float64]:
    p = np.clip(scores.astype(np.float64), _EPSILON, 1 - _EPSILON)
    return np.asarray(np.log(p) - np.log1p(-p))
