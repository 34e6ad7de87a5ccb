"""The one place that gives votes and own labels a meaning on the three axes.

style     raw = 1, 2 (0); neither = 3 (.5); polished = 4, 5 (1)
paid      yes = disclosed, likely; no = self, none: promotion of one's own is not paid
cause     none, low (performative), high (committed)

A vote ``unsure`` is missing. Several votes become the value that more than half of them hold
after this mapping; without such a majority the target is missing. Votes that are not all the
same after the mapping, a missing one included, make a post contested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..axes import CAUSES, KINDS, MISSING, PAID, STYLES
from ..labelled_texts import one_hot
from ..posts import LabelledPost

_STYLE_VOTES = {"1": "raw", "2": "raw", "3": "mixed", "4": "polished", "5": "polished"}
# What a vote on commerce says of the kind of promotion.
KIND_VOTES = {"disclosed": "paid", "likely": "paid", "self": "self", "none": "none"}
_NAN = float("nan")
_PAID_OF = {"paid": "yes", "self": "no", "none": "no", None: None}
# What a vote may be, by field of the label files.
VOTES: dict[str, tuple[str, ...]] = {
    "style": tuple(_STYLE_VOTES),
    "commercial": (*KIND_VOTES, "unsure"),
    "cause": (*CAUSES, "unsure"),
}


class Targets(NamedTuple):
    """What one post is trained or judged on; missing is NaN of a float, ``MISSING`` of an index.

    Attributes:
        style: 0, .5 or 1.
        style_mean: of the votes from 1 to 5.
        style_contested: whether votes differ.
        paid: index into ``axes.PAID``.
        paid_contested: whether votes differ.
        kind: index into ``axes.KINDS``, finer than ``paid`` and never against it.
        kind_contested: whether votes differ.
        undisclosed: 1 for an advertisement that all voters call paid and not disclosed, 0 for a
            post that all call unpaid, else NaN.
        commercial: the votes themselves, joined by ``|``.
        cause: index into ``axes.CAUSES``.
        cause_contested: whether votes differ.
    """

    style: float
    style_mean: float
    style_contested: bool
    paid: int
    paid_contested: bool
    kind: int
    kind_contested: bool
    undisclosed: float
    commercial: str
    cause: int
    cause_contested: bool


def targets_from_votes(
    style: Sequence[str], commercial: Sequence[str], cause: Sequence[str]
) -> Targets:
    """Merge the votes of one post; one vote is the case of ``train.csv``, three that of gold."""
    styles = [_STYLE_VOTES[vote] for vote in style]
    kinds = [KIND_VOTES.get(vote) for vote in commercial]
    paids = [_PAID_OF[kind] for kind in kinds]
    causes = [None if vote == "unsure" else vote for vote in cause]
    paid = _index(PAID, _majority(paids))
    return Targets(
        style=_style(_majority(styles)),
        style_mean=sum(map(int, style)) / len(style),
        style_contested=_contested(styles),
        paid=paid,
        paid_contested=_contested(paids),
        kind=_kind(paid, _majority(kinds)),
        kind_contested=_contested(kinds),
        undisclosed=_undisclosed(set(commercial)),
        commercial="|".join(commercial),
        cause=_index(CAUSES, _majority(causes)),
        cause_contested=_contested(causes),
    )


def targets_from_post(post: LabelledPost) -> Targets:
    """Read one's own labels; an empty one and ``unsure`` are missing."""
    paid = _index(PAID, post.label_paid)
    return Targets(
        style=_style(post.label_style),
        style_mean=_NAN,
        style_contested=False,
        paid=paid,
        paid_contested=False,
        kind=_kind(paid, None),
        kind_contested=False,
        undisclosed=_NAN,
        commercial="",
        cause=_index(CAUSES, post.label_cause),
        cause_contested=False,
    )


def soft_kinds(
    kind: NDArray[np.int8], read: NDArray[np.float32], soft_label_weight: float
) -> NDArray[np.float32]:
    """Soft labels over ``axes.KINDS``, shape (n, 3), NaN where nothing tells.

    Args:
        kind: of each post, as ``Targets.kind``.
        read: shape (n, 2), shares that second readers give a post's being paid and its promoting
            one's own; NaN where it was not read again.
        soft_label_weight: of those shares; the votes have the rest. A post that was read and not
            voted on has the shares alone; with a weight of 0, none.
    """
    soft = one_hot(kind, len(KINDS))
    if not soft_label_weight:
        return soft
    again = np.stack([1 - read.sum(axis=1), read[:, 1], read[:, 0]], axis=1)
    known = ~np.isnan(again[:, 0])
    voted, alone = known & (kind != MISSING), known & (kind == MISSING)
    soft[voted] += soft_label_weight * (again[voted] - soft[voted])
    soft[alone] = again[alone]
    return soft


def _style(name: str | None) -> float:
    return STYLES.get(name or "", _NAN)


def _index(names: Sequence[str], name: str | None) -> int:
    return names.index(name) if name in names else MISSING


def _kind(paid: int, voted: str | None) -> int:
    """The finer label: own posts have no votes on it, but what is paid is paid."""
    return KINDS.index("paid") if paid == PAID.index("yes") else _index(KINDS, voted)


def _undisclosed(votes: set[str]) -> float:
    if votes == {"likely"}:
        return 1.0
    return 0.0 if votes <= {"self", "none"} else _NAN


def _majority(votes: Sequence[str | None]) -> str | None:
    value, count = Counter(votes).most_common(1)[0]
    return value if 2 * count > len(votes) else None


def _contested(votes: Sequence[str | None]) -> bool:
    return len(set(votes)) > 1
