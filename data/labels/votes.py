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
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..labelled_texts import CAUSES, COMMERCIAL, MISSING, one_hot
from ..posts import LabelledPost

STYLE_TARGET = {"raw": 0.0, "mixed": 0.5, "polished": 1.0}
PAID_INDEX = {"no": 0, "yes": 1}
CAUSE_INDEX = {name: index for index, name in enumerate(CAUSES)}

_STYLE_VOTES = {"1": "raw", "2": "raw", "3": "mixed", "4": "polished", "5": "polished"}
_COMMERCIAL_VOTES = {"disclosed": "paid", "likely": "paid", "self": "self", "none": "none"}
_PAID_OF = {"paid": "yes", "self": "no", "none": "no", None: None}
# What a vote may be, by field of the label files.
VOTES: dict[str, tuple[str, ...]] = {
    "style": tuple(_STYLE_VOTES),
    "commercial": (*_COMMERCIAL_VOTES, "unsure"),
    "cause": (*CAUSES, "unsure"),
}


class Targets(NamedTuple):
    """What one post is trained or judged on; missing is ``None`` for style, -1 elsewhere."""

    style: float | None
    style_mean: float | None
    style_contested: bool
    paid: int
    paid_contested: bool
    commercial: str
    cause: int
    cause_contested: bool


def targets_from_votes(
    style: Sequence[str], commercial: Sequence[str], cause: Sequence[str]
) -> Targets:
    """Merge the votes of one post; one vote is the case of ``train.csv``, three that of gold."""
    styles = [_STYLE_VOTES[vote] for vote in style]
    paids = [_PAID_OF[_COMMERCIAL_VOTES.get(vote)] for vote in commercial]
    causes = [None if vote == "unsure" else vote for vote in cause]
    style_name, paid_name, cause_name = _majority(styles), _majority(paids), _majority(causes)
    return Targets(
        style=None if style_name is None else STYLE_TARGET[style_name],
        style_mean=sum(map(int, style)) / len(style),
        style_contested=_contested(styles),
        paid=MISSING if paid_name is None else PAID_INDEX[paid_name],
        paid_contested=_contested(paids),
        commercial="|".join(commercial),
        cause=MISSING if cause_name is None else CAUSE_INDEX[cause_name],
        cause_contested=_contested(causes),
    )


def undisclosed(commercial: str) -> float:
    """Whether a post is an advertisement that does not say so, by its votes alone.

    Args:
        commercial: votes joined by ``|``.

    Returns:
        1 where all votes are ``likely``, 0 where all are ``self`` or ``none``, else NaN: a
        disclosed post, or one that the voters did not agree on.
    """
    votes = set(commercial.split("|"))
    if votes == {"likely"}:
        return 1.0
    return 0.0 if votes <= {"self", "none"} else float("nan")


def targets_from_post(post: LabelledPost) -> Targets:
    """Read one's own labels; an empty one and ``unsure`` are missing."""
    style, paid, cause = post.label_style, post.label_paid, post.label_cause
    return Targets(
        style=None if style is None else STYLE_TARGET.get(style),
        style_mean=None,
        style_contested=False,
        paid=MISSING if paid is None else PAID_INDEX.get(paid, MISSING),
        paid_contested=False,
        commercial="",
        cause=MISSING if cause is None else CAUSE_INDEX.get(cause, MISSING),
        cause_contested=False,
    )


def kinds(
    votes: Sequence[str],
    paid: NDArray[Any],
    read: NDArray[np.float32],
    soft_label_weight: float,
) -> NDArray[np.float32]:
    """Belief in each of ``COMMERCIAL``, shape (n, 3), NaN where the votes do not tell.

    Args:
        votes: of each post, joined by ``|`` as in ``Targets.commercial``; empty where nobody voted.
        paid: the posts' paid targets, which their votes never contradict.
        read: shape (n, 2), belief of second readers that a post is paid and that it promotes one's
            own; NaN where it was not read again.
        soft_label_weight: of that belief; the votes have the rest.
    """
    voted = [commercial_index(*pair) for pair in zip(votes, paid.tolist(), strict=True)]
    belief = one_hot(np.array(voted, np.int8), len(COMMERCIAL))
    if soft_label_weight:
        again = np.stack([1 - read.sum(axis=1), read[:, 1], read[:, 0]], axis=1)
        known = ~np.isnan(again[:, 0])
        belief[known] += soft_label_weight * (again[known] - belief[known])
    return belief


def commercial_index(votes: str, paid: int) -> int:
    """The finer label behind ``paid``, as an index into ``COMMERCIAL``, -1 where unknown.

    Args:
        votes: joined by ``|`` as in ``Targets.commercial``; empty where nobody voted.
        paid: the post's paid target, which the result never contradicts.
    """
    if paid == PAID_INDEX["yes"]:
        return COMMERCIAL.index("paid")
    if not votes or paid == MISSING:
        return MISSING
    name = _majority([_COMMERCIAL_VOTES.get(vote) for vote in votes.split("|")])
    return MISSING if name is None else COMMERCIAL.index(name)


def _majority(votes: Sequence[str | None]) -> str | None:
    value, count = Counter(votes).most_common(1)[0]
    return value if 2 * count > len(votes) else None


def _contested(votes: Sequence[str | None]) -> bool:
    return len(set(votes)) > 1
