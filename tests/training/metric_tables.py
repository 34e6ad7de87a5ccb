"""Tables of metrics as runs store them, from a few figures."""

from math import nan

import pandas as pd


def metrics_table(*figures):
    """Each figure: axis, metric, value and, where it has them, the bounds; scored on gold."""
    rows = [(*figure, nan, nan)[:5] for figure in figures]
    table = pd.DataFrame(rows, columns=["axis", "metric", "value", "low", "high"])
    return table.assign(split="gold", slice="all")
