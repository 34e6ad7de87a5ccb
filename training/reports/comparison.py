"""What a comparison of runs found, and the sentences that belong to its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..evaluation.compared import ALL, Compared
from ..evaluation.paired_differences import detectable_among
from .metric_names import METRIC_NAMES


@dataclass(frozen=True)
class Comparison:
    """Runs beside the first of them.

    Attributes:
        run_ids: the first is what the others are compared with.
        names: of the runs, in the same order.
        metric: a key of ``PAIRED_METRICS``.
        data: name of the data set, or names.
        split: ``train`` or ``gold``.
        posts: that all runs hold, labelled on whatever question.
        groups: of these posts.
        repeats: number of draws.
        seed: of the draws.
        rows: question by question, over all posts first.
        common: sentences on what differs, where only the posts that all runs hold were compared.
        notes: what else is to be known.
    """

    run_ids: tuple[str, ...]
    names: tuple[str, ...]
    metric: str
    data: str
    split: str
    posts: int
    groups: int
    repeats: int
    seed: int
    rows: tuple[Compared, ...]
    common: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What is compared with what, and on what."""
        on = f"data {self.data}, out of fold on {self.split}"
        return f"{METRIC_NAMES[self.metric]}, differences to {self.names[0]} ({on})"

    def shown(self, *, by_source: bool) -> list[Compared]:
        """Rows over all posts, and with ``by_source`` those of single sources."""
        return [row for row in self.rows if by_source or row.source == ALL]

    def tests(self, *, whole: bool) -> int:
        """How many comparisons the p-values were adjusted for."""
        return sum((row.source == ALL) == whole and row.adjusted >= 0 for row in self.rows)

    def sentences(self, *, by_source: bool) -> Iterator[str]:
        """What a reader of the table has to know, a sentence each."""
        if self.common:
            yield (
                "The runs were not measured on the same posts and folds: only the posts that all "
                "of them hold are compared, and the models were trained on other posts."
            )
            yield from (f"Differs: {sentence}." for sentence in self.common)
        if self.split == "gold":
            yield "A look at gold, recorded as one: choose by train."
        yield (
            f"{self.posts:,} posts of {self.groups:,} groups of authors; intervals of 95 % from "
            f"{self.repeats:,} bootstrap draws of groups, the same for all runs (seed {self.seed})."
        )
        tests = self.tests(whole=True)
        among = f"the {tests:,} difference{'s' * (tests != 1)} over all posts"
        if by_source:
            among += f", and among the {self.tests(whole=False):,} of single sources"
        yield f"Better and worse: p < .05 after Holm's adjustment among {among}."
        yield (
            "Could show: the smallest true difference that the comparison alone would show with "
            "80 % power at the 5 % level; smaller ones may be there and go unseen."
            f"{self._power_among()}"
        )
        yield from self.notes

    def _power_among(self) -> str:
        tests = self.tests(whole=True)
        if tests < 2:
            return ""
        return (
            f" To be shown among all {tests:,}, a difference that stands alone must be "
            f"{detectable_among(tests):.1f} times as large."
        )

    def run_rows(self, row: Compared) -> tuple[str, str]:
        """Id and name of the run of a row."""
        return self.run_ids[row.model], self.names[row.model]

    def better_or_worse(self) -> int:
        """How many differences over all posts are beyond chance."""
        found = [row.verdict for row in self.shown(by_source=False)]
        return int(np.isin(found, ("better", "worse")).sum())
