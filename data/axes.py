"""The one table of the axes: what is asked, how its truth is read from votes, what it is called.

Whatever fits, decides, measures, shows or writes reads names, order and positive class from here.

- A *target* is what votes say of a post, as a number: ``style``, ``paid``, ``kind``, ``cause``.
- A *column* is one probability of ``predict_proba``, with the target values that make it true.
- An *axis* is a label of the output row, decided on one or two columns.

What out-of-fold scores are measured on is ``training.evaluation.judged``, made of the same truths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

# Of a target that is an index; a target that is a float is NaN where it is missing.
MISSING = -1

Style = Literal["raw", "polished", "unsure"]
Likely = Literal["likely", "unlikely", "unsure"]
Paid = Literal["disclosed", "likely", "unlikely", "unsure"]
# What people say of their own posts.
OwnPaid = Literal["yes", "no", "unsure"]
Promotion = Literal["none", "self", "third_party", "unsure"]
Cause = Literal["none", "low", "high", "unsure"]

# Names of target values, in order. Style is the probability of polished, the others are indices.
STYLES = {"raw": 0.0, "mixed": 0.5, "polished": 1.0}
PAID = ("no", "yes")
KINDS = ("none", "self", "paid")
CAUSES = ("none", "low", "high")

# Targets that people label, and a number for each label.
Target = Literal["style", "paid", "cause"]
TARGETS: dict[Target, dict[str, float]] = {
    "style": STYLES,
    "paid": {name: float(index) for index, name in enumerate(PAID)},
    "cause": {name: float(index) for index, name in enumerate(CAUSES)},
}


class Named(Protocol):
    """Arrays of shape (n,) by name: a mapping of them, or a data frame."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401
        """One of them."""
        ...


@dataclass(frozen=True)
class Truth:
    """Which values of a target are positive, and which are negative.

    Attributes:
        target: name of the target.
        positive: the value that makes it true.
        negative: the values that make it false; any other has no truth.
    """

    target: str
    positive: float
    negative: tuple[float, ...]

    def __call__(self, targets: Named, between: float = np.nan) -> NDArray[Any]:
        """1 where it is true, 0 where it is false, NaN where the target is missing.

        Args:
            targets: at least the one that it is read from.
            between: where the target is known, and neither positive nor negative.
        """
        values = np.asarray(targets[self.target])
        if values.dtype.kind != "f":
            values = values.astype(np.float64)
        found = np.full_like(values, between)
        found[np.isnan(values) | (values == MISSING)] = np.nan
        found[np.isin(values, self.negative)] = 0
        found[values == self.positive] = 1
        return found


def _one_of(target: str, names: tuple[str, ...], positive: str) -> Truth:
    """One class of a target that is an index against all others."""
    others = tuple(float(i) for i, name in enumerate(names) if name != positive)
    return Truth(target, float(names.index(positive)), others)


POLISHED = Truth("style", STYLES["polished"], (STYLES["raw"],))
IS_PAID = _one_of("paid", PAID, "yes")
OWN_PROMOTION = _one_of("kind", KINDS, "self")
LOW, HIGH = _one_of("cause", CAUSES, "low"), _one_of("cause", CAUSES, "high")
UNDISCLOSED = Truth("undisclosed", 1.0, (0.0,))
# A post that sells is easily told from one that does not; hard is whose product it sells.
PAID_NOT_NONE = Truth("kind", float(KINDS.index("paid")), (float(KINDS.index("none")),))
PAID_NOT_SELF = Truth("kind", float(KINDS.index("paid")), (float(KINDS.index("self")),))
LOW_NOT_HIGH = Truth("cause", LOW.positive, (HIGH.positive,))


@dataclass(frozen=True)
class Column:
    """One probability.

    Attributes:
        probability: its column in the output.
        flag: what is flagged; how columns of an out-of-fold table end.
        name: of its truth, for people.
        said: the labels that a flag gives, for the model card.
        truth: when it is true.
        prevalence: the axis under which its prevalence can be set, if it can.
    """

    probability: str
    flag: str
    name: str
    said: str
    truth: Truth
    prevalence: str | None = None


# In the order of ``predict_proba``.
COLUMNS = (
    Column("p_polished", "polished", "polished", "`polished` (style)", POLISHED, "style"),
    Column("p_paid", "paid", "paid", "`likely` (paid)", IS_PAID, "paid"),
    Column("p_performative", "performative", "cause low",
           "`likely` (performative), `low` (cause)", LOW, "performative"),
    Column("p_committed", "committed", "cause high", "`high` (cause)", HIGH),
    Column("p_self", "self", "own promotion", "`self` (promotion)", OWN_PROMOTION),
)  # fmt: skip
FLAGS = tuple(column.flag for column in COLUMNS)
PREVALENCE_AXES = tuple(column.prevalence for column in COLUMNS if column.prevalence)


@dataclass(frozen=True)
class Axis:
    """A label of the output row.

    Attributes:
        name: its column.
        question: that it answers.
        labels: all it can say.
        probabilities: the columns that it is decided on.
    """

    name: str
    question: str
    labels: tuple[str, ...]
    probabilities: tuple[str, ...]


# In the order of the output row.
AXES = (
    Axis("style", "raw and personal, or polished and promotional?", get_args(Style),
         ("p_polished",)),
    Axis("paid", "made in return for something from a third party?", get_args(Paid), ("p_paid",)),
    Axis("promotion", "does the post promote, and whose product?", get_args(Promotion),
         ("p_paid", "p_self")),
    Axis("performative", "is a cause supported with nothing in the text that costs or helps?",
         get_args(Likely), ("p_performative",)),
    Axis("cause", "how much commitment to a cause does the text show?", get_args(Cause),
         ("p_performative", "p_committed")),
)  # fmt: skip
LABELS = tuple(axis.name for axis in AXES)
