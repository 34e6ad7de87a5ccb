"""What the project asks of speed, and whether it was met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .areas import Area
from .measure import Measured, ratio
from .rows import OTHER
from .starts import STARTS, Start, ratios
from .tables import told


class Goal(NamedTuple):
    """Asked of a ratio of two rows of the same rounds.

    Attributes:
        row: that is asked.
        against: the row it is divided by.
        limit: of the ratio.
        field: of ``Sample``; of memory at most so much, of a rate at least.
    """

    row: str
    against: str
    limit: float
    field: str = "rate"

    def met(self, value: float) -> bool:
        """Whether a ratio is good enough."""
        return value >= self.limit if self.field == "rate" else value <= self.limit


GOALS = (
    Goal("default", OTHER + "default", 2.5),
    Goal("linear-1", OTHER + "linear-1", 2.0),
    Goal("linear-2", OTHER + "linear-2", 2.0),
    Goal("linear-1", "static-1", 1.0),
    Goal("linear-2", "static-2", 1.0),
    Goal("default", "pipeline", 4.0),
    Goal("default", OTHER + "default", 0.6, "together_mb"),
    Goal("linear-2", OTHER + "linear-2", 0.6, "together_mb"),
)
# Of the other build's time, at most.
START_GOALS = {"default": 0.6, "linear": 0.7, "help": 1.1}
WORDS = {"rate": "times the posts/s of", "together_mb": "of the memory of"}


def verdicts(rows: Mapping[str, Measured]) -> Iterable[str]:
    """Each goal whose rows were measured, and whether it was met."""
    for goal in GOALS:
        if not all(name in rows and rows[name].samples for name in (goal.row, goal.against)):
            continue
        ours, theirs = rows[goal.row], rows[goal.against]
        value = ratio(ours, theirs, goal.field)
        asked = "at least" if goal.field == "rate" else "at most"
        met = "not told" if math.isnan(value) else _word(goal.met(value))
        yield (f"{ours.row.label}: {told(value, '.2f')} {WORDS[goal.field]} {theirs.row.label}, "
               f"asked {asked} {goal.limit:g}: **{met}**")  # fmt: skip


def start_verdicts(starts: Sequence[Start]) -> Iterable[str]:
    """Each start of this build beside that of the other one, the first and second of each name."""
    for name, limit in START_GOALS.items():
        pair = [start for start in starts if start.name == name and start.seconds]
        if len(pair) == 2:
            wall, cpu = ratios(*pair)
            yield (f"{STARTS[name]}: {wall:.2f} of the time of {pair[1].build.name} ({cpu:.2f} of "
                   f"its processor time), asked at most {limit:g}: **{_word(wall <= limit)}**"
                   )  # fmt: skip


def area_verdict(areas: Sequence[Area]) -> Iterable[str]:
    """Whether ours ranks every question better than its peer."""
    if areas:
        lower = [area.axis for area in areas if not area.ours > area.peer]
        said = f"not on {', '.join(lower)}" if lower else "on every axis"
        yield (f"linear: a higher AUC than model2vec with logistic regression, out of the same "
               f"folds: {said}: **{_word(not lower)}**")  # fmt: skip


def _word(met: bool) -> str:
    return "met" if met else "MISSED"
