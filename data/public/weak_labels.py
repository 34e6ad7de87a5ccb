"""Labels that a source's own columns stand for, by the rules of ``sources.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..axes import TARGETS, Target
from .sources import Source, WeakRule

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def weak_targets(source: Source, rows: pd.DataFrame) -> dict[Target, NDArray[np.float32]]:
    """One float array per axis, NaN where no rule matches; the first match decides."""
    targets: dict[Target, NDArray[np.float32]] = {
        axis: np.full(len(rows), np.nan, np.float32) for axis in TARGETS
    }
    for rule in source.weak:
        free = np.isnan(targets[rule.axis])
        targets[rule.axis][free & _matches(rule, rows)] = TARGETS[rule.axis][rule.label]
    return targets


def _matches(rule: WeakRule, rows: pd.DataFrame) -> NDArray[np.bool_]:
    column = rows[rule.column]
    if rule.values:
        found = column.astype(str).str.strip().isin(rule.values)
    else:
        low = -np.inf if rule.min is None else rule.min
        high = np.inf if rule.max is None else rule.max
        found = column.astype(float).between(low, high)
    if rule.where:
        found &= rows[rule.where.column].astype(str).str.strip().isin(rule.where.values)
    return found.to_numpy(dtype=np.bool_)
