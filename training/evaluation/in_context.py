"""What a post's context adds: paid against own promotion, before the stage and after it.

Everything is out of fold: the single-post scores, those of the author's other posts, and the stage,
all over the same folds, which no author crosses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...data.axes import KINDS
from ...models.author_context import FEATURES
from ...models.author_stage import ENOUGH, THRESHOLD, Measured
from .bootstrap import auc_draws, group_weights, interval
from .metrics import Bools, Floats, within_source_auc

ALONE = FEATURES[:1]
# Numbers of known posts of an author, from which a part of the table begins.
_SIZES = (2, ENOUGH, 10, 20, 50)
_FITTED_ON = ("train", "further")


class Regression:
    """Logistic regression on standardised features, its parameters those of the plain ones."""

    def __init__(self, x: Floats, positive: Bools) -> None:
        """Fit; args: features of shape (n, k), and which rows are a third party's."""
        from sklearn.linear_model import LogisticRegression

        spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
        fitted = LogisticRegression(max_iter=1000).fit((x - x.mean(axis=0)) / spread, positive)
        self.coefficients = np.asarray(fitted.coef_[0] / spread, np.float64)
        self.intercept = float(fitted.intercept_[0] - self.coefficients @ x.mean(axis=0))

    def __call__(self, x: Floats) -> Floats:
        """Probabilities, shape (n,)."""
        return np.asarray(1 / (1 + np.exp(-(x @ self.coefficients + self.intercept))))


def promoting(table: pd.DataFrame, enough: int = ENOUGH) -> pd.DataFrame:
    """Labelled posts that promote something, of authors of whom enough posts are known."""
    kinds = [KINDS.index("self"), KINDS.index("paid")]
    return table[table["kind"].isin(kinds) & (table["known_posts"] >= enough)]


def is_third_party(table: pd.DataFrame) -> Bools:
    """Whether a post promotes a third party's product, shape (n,)."""
    return np.asarray(table["kind"].to_numpy() == KINDS.index("paid"))


def crossfit_stage(
    table: pd.DataFrame, columns: Sequence[str], by: str = "fold", enough: int = ENOUGH
) -> Floats:
    """Probability of each post by a stage that was fitted without its part, shape (n,).

    NaN where the other parts have no posts of both kinds.

    Args:
        table: of ``training.author_stage.context_table``.
        columns: features.
        by: what divides the posts: ``fold``, or ``source`` to leave sources out.
        enough: posts of an author that is fitted on.
    """
    fit_on = promoting(table[table["split"].isin(_FITTED_ON)], enough)
    found = np.full(len(table), np.nan)
    for part in table[by].unique():
        others = fit_on[fit_on[by] != part]
        if others["kind"].nunique() < 2:
            continue
        rows = (table[by] == part).to_numpy()
        fitted = Regression(_matrix(others, columns), is_third_party(others))
        found[rows] = fitted(_matrix(table[rows], columns))
    return found


def fit_stage(table: pd.DataFrame) -> tuple[Regression, pd.DataFrame]:
    """The stage fitted on all posts that it may be fitted on, and these."""
    used = promoting(table[table["split"].isin(_FITTED_ON)])
    return Regression(_matrix(used, FEATURES), is_third_party(used)), used


def measured(part: pd.DataFrame) -> Measured | None:
    """Figures over labelled posts with columns ``alone`` and ``stage``; None of one class alone."""
    truth = is_third_party(part)
    if truth.all() or not truth.any():
        return None
    source, before = part["source"].to_numpy(np.str_), part[ALONE[0]].to_numpy(np.float64)
    after = part["stage"].to_numpy(np.float64)
    weights = group_weights(part["group"].to_numpy(np.str_))
    aucs = [within_source_auc(truth, score, source) for score in (before, after)]
    if np.isnan(aucs).any():
        return None
    draws = [auc_draws(truth, score, source, weights) for score in (before, after)]
    low, high = interval(draws[1] - draws[0], aucs[1] - aucs[0])
    right = [
        float(((part[name].to_numpy() >= THRESHOLD) == truth).mean()) for name in ("alone", "stage")
    ]
    return Measured(
        posts=len(part), authors=part["author"].nunique(),
        auc_before=_rounded(aucs[0]), auc_after=_rounded(aucs[1]),
        gain=_rounded(aucs[1] - aucs[0]),
        gain_low=None if np.isnan(low) else _rounded(low),
        gain_high=None if np.isnan(high) else _rounded(high),
        right_before=_rounded(right[0]), right_after=_rounded(right[1]),
    )  # fmt: skip


def slices(table: pd.DataFrame, split: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Parts of a split that are measured: all, each source, and by how many posts are known."""
    every = promoting(table[table["split"] == split], 2)
    whole = promoting(every)
    yield "all", whole
    for source in sorted(whole["source"].unique()):
        yield f"source: {source}", whole[whole["source"] == source]
    for low, high in zip(_SIZES, (*_SIZES[1:], np.inf), strict=True):
        n = every["known_posts"]
        shown = f"{low} to {high - 1:.0f}" if np.isfinite(high) else f"{low} or more"
        yield f"known posts: {shown}", every[(n >= low) & (n < high)]


def metrics_table(table: pd.DataFrame, split: str) -> pd.DataFrame:
    """Figures of all parts of a split, a row each."""
    rows = [
        {"split": split, "slice": name, **found.model_dump()}
        for name, part in slices(table, split)
        if len(part) and (found := measured(part)) is not None
    ]
    return pd.DataFrame(rows)


def within_author_auc(part: pd.DataFrame, score: str) -> tuple[float, int]:
    """AUC over pairs of posts of one author, and how many authors have such a pair."""
    author, truth = part["author"].to_numpy(np.str_), is_third_party(part)
    both = sum(len(np.unique(truth[author == one])) > 1 for one in np.unique(author))
    return within_source_auc(truth, part[score].to_numpy(np.float64), author), both


def _matrix(table: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
    return table[list(columns)].to_numpy(np.float64)


def _rounded(value: float) -> float:
    return round(float(value), 4)
