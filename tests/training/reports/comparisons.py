"""An invented comparison for the tests of what shows it."""

import math
from dataclasses import replace

from unpolished.training.evaluation.compared import ALL, Compared, adjusted_rows
from unpolished.training.evaluation.paired_differences import Tested
from unpolished.training.reports.comparison import Comparison

NAMES = ("rules", "linear c=0.2", "linear c=2.0")


def compared(axis="style", source=ALL, model=1, difference=0.1, error=0.01, p=0.001):
    """A difference with an interval of two standard errors."""
    low, high = difference - 2 * error, difference + 2 * error
    tested = Tested(difference, low, high, error, p, 2.8 * error)
    return Compared(axis, source, model, 0.6 + difference, 0.6, tested, p, 1200, 300, 90)


def comparison(**changes):
    """Two axes, two sources, two runs beside a third; one difference is not told."""
    untold = compared("paid", model=2, difference=-0.02)
    nan = math.nan
    untold = replace(untold, tested=Tested(-0.02, nan, nan, nan, nan, nan))
    rows = [
        compared(), compared(model=2, difference=0.004, p=0.7),
        compared(source="a/one", p=0.02), compared(source="b/two", difference=-0.1, p=0.4),
        compared("paid", difference=-0.05, p=0.0001), untold,
    ]  # fmt: skip
    found = Comparison(
        run_ids=("a" * 32, "b" * 32, "c" * 32), names=NAMES, metric="auc_within", data="public",
        split="train", posts=1300, groups=200, repeats=1000, seed=0,
        rows=tuple(adjusted_rows(rows)),
    )  # fmt: skip
    return replace(found, **changes)
