"""Conformal quantiles over authors: cuts beyond which at most a given share of new posts lies.

Posts of one author are alike, so what is exchangeable is authors: together the posts of each weigh
1, and the author of a new post, who may lie beyond all others, weighs as much as they do on average
(hierarchical conformal prediction: Lee, Barber and Willett 2023, arXiv:2306.06342). With n authors,
the outermost of them is passed with a probability of 1 / (n + 1): a lower rate is a promise that n
cannot keep.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# Rounding of sums of fractions must not decide on which side of a cut a post is.
_ROUNDING = 1e-9


def authors_needed(rate: float) -> int:
    """Fewest authors of a class by whom a share of at most ``rate`` can be promised."""
    return math.ceil(1 / rate - 1 - _ROUNDING)


def author_weights(authors: NDArray[np.str_]) -> NDArray[np.float64]:
    """1 / posts of the author, so that a prolific account sets no cut: shape (n,)."""
    _, inverse, counts = np.unique(authors, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[inverse])


class ByAuthor:
    """Probabilities of the posts of one class, ascending, with the weights of their authors.

    Attributes:
        p: shape (n,).
        n_authors: how many authors they have.
    """

    def __init__(
        self, p: NDArray[np.float64], weight: NDArray[np.float64], authors: NDArray[np.str_]
    ) -> None:
        # One order, so that sums do not hang on that of the rows.
        order = np.lexsort((weight, p))
        self.p, self._weight = p[order], weight[order]
        self.n_authors = len(np.unique(authors))

    def can_hold(self, rate: float) -> bool:
        """Whether so many authors can promise that at most ``rate`` lies beyond a cut."""
        return self.n_authors >= authors_needed(rate)

    def share(self, chosen: NDArray[np.bool_]) -> float:
        """Weighted share of the posts chosen."""
        return float(np.average(chosen, weights=self._weight))

    def upper_cut(self, rate: float) -> float:
        """Smallest cut with at most ``rate`` of the authors above, a new one counted in."""
        return self._cut(self.p, self._weight, rate)

    def lower_cut(self, rate: float) -> float:
        """Largest cut with at most ``rate`` of the authors below, a new one counted in."""
        return -self._cut(-self.p[::-1], self._weight[::-1], rate)

    def _cut(self, p: NDArray[np.float64], weight: NDArray[np.float64], rate: float) -> float:
        # The conformal correction: the new author may lie above all others.
        of_author = weight.sum() / self.n_authors
        allowed = max(rate * (self.n_authors + 1) - 1, 0.0) * of_author
        above = np.cumsum(weight[::-1])[::-1]
        # The last post that must stay below; ties stay below with it.
        last = p[np.flatnonzero(above > allowed + _ROUNDING)[-1]]
        return float(np.nextafter(last, np.inf))
