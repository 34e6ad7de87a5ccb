"""``cascade``: ``linear`` scores every post, the stack only those that it is unsure about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...data.folds.assign import N_FOLDS, assign_folds
from ...data.labelled_texts import LabelledTexts
from ..base import FIRST_FOUR, PROBABILITIES, Diagnostics, Probabilities, Scores, diagnostics_of
from ..decision.thresholds import Thresholds
from ..runtime import Runtime
from .building import EncoderSource, Setup
from .linear import Linear, LinearOptions
from .stack import Stack, StackOptions
from .stack import build as build_stack

DESCRIPTION = "cascade.json"
_EPSILON = 1e-6
# In log-odds: farther than any score is from any cut.
_FAR = 1e6


class CascadeOptions(StackOptions):
    """Options of ``cascade``.

    Attributes:
        linear: of the model that is asked first.
        deferral_rate: share of posts like those it was fitted on that go to the stack.
    """

    linear: LinearOptions = LinearOptions()
    deferral_rate: float = Field(0.3, gt=0, lt=1)


class Band(NamedTuple):
    """Where the linear model is unsure.

    Attributes:
        opposite: log-odds below which it gives the opposite label, shape (5,), or (4,) of a model
            of an earlier version, which did not tell promotion of one's own.
        flag: log-odds at which it flags, as many.
        widened: how far outside a post may lie, in log-odds; negative makes the bands narrower.
    """

    opposite: NDArray[np.float64]
    flag: NDArray[np.float64]
    widened: float

    @classmethod
    def of(cls, thresholds: Thresholds, widened: float = 0.0) -> Self:
        """The unsure bands of thresholds."""
        low, high = (
            np.array([np.nan if cut is None else getattr(cut, side) for cut in thresholds.cuts()])
            for side in ("opposite", "flag")
        )
        # Of what a model was not trained on, no score is near a cut.
        opposite = np.nan_to_num(_log_odds(low), nan=_FAR)
        return cls(opposite, np.nan_to_num(_log_odds(high), nan=-_FAR), widened)

    def distance(self, scores: Probabilities) -> NDArray[np.float64]:
        """How far a post lies outside the nearest band, shape (n_posts,); negative inside."""
        odds = _log_odds(scores[:, : len(self.flag)].astype(np.float64))
        outside = np.maximum(self.opposite - odds, odds - self.flag)
        return np.asarray(np.nan_to_num(outside, nan=_FAR).min(axis=1))

    def holds(self, scores: Probabilities) -> NDArray[np.bool_]:
        """Which posts are sent on."""
        return np.asarray(self.distance(scores) <= self.widened)


class Cascade:
    """A stack that is asked only where it can change a label (Viola and Jones 2001).

    What is near a label's cut is told by the linear model's out-of-fold scores of the training
    posts: its scores of posts it was fitted on are surer than it is.
    """

    family: ClassVar[str] = "cascade"

    def __init__(self, linear: Linear, stack: Stack, deferral_rate: float) -> None:
        self.linear, self.stack, self.deferral_rate = linear, stack, deferral_rate
        self.band: Band

    def fit(self, train: LabelledTexts) -> Self:
        """Find the band, then fit both members on the same posts."""
        scores = _out_of_fold(self.linear, train)
        band = Band.of(Thresholds.fit(scores, train))
        widened = float(np.quantile(band.distance(scores), self.deferral_rate))
        self.band = band._replace(widened=widened)
        self.linear.fit(train)
        self.stack.fit(train)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Probabilities:
        """See ``models.base.Model.predict_proba``."""
        return self.scores(texts).probabilities

    def scores(self, texts: Sequence[str]) -> Scores:
        """See ``models.base.Truncating.scores``; what is not sent on was read whole."""
        scores = self.linear.predict_proba(texts)
        truncated = np.zeros(len(texts), bool)
        rows = np.flatnonzero(self.band.holds(scores))
        if len(rows):
            deferred = [texts[i] for i in rows.tolist()]
            scores[rows], truncated[rows] = self.stack.scores(deferred)
        return Scores(scores, truncated)

    def run_as(self, runtime: Runtime) -> None:
        """See ``models.runtime.Tunable.run_as``."""
        self.stack.run_as(runtime)

    def diagnostics(self, texts: Sequence[str]) -> Diagnostics:
        """What every operating point is made of, and the stack's.

        By post: ``first``, what the linear model says; ``second``, what the stack says, asked of
        every post; ``distance``, how far the post is from being sent on.
        """
        figures = diagnostics_of(self.stack, texts).figures
        if not texts:
            return Diagnostics(figures=figures)
        first, second = self.linear.predict_proba(texts), self.stack.predict_proba(texts)
        distance = self.band.distance(first)
        return Diagnostics({"first": first, "second": second, "distance": distance}, figures)

    def save(self, folder: Path) -> None:
        """Write the members and ``cascade.json``."""
        self.linear.save(folder)
        self.stack.save(folder)
        described = {
            "deferral_rate": self.deferral_rate,
            "opposite": self.band.opposite.tolist(),
            "flag": self.band.flag.tolist(),
            "widened": self.band.widened,
        }
        (folder / DESCRIPTION).write_text(json.dumps(described) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Rebuild what ``save`` wrote.

        Raises:
            ValueError: a member cannot be rebuilt, or the band is not valid.
        """
        described = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        # Version 0.1 called it otherwise.
        rate = described["sent_on"] if "sent_on" in described else described["deferral_rate"]
        model = cls(Linear.load(folder), Stack.load(folder), float(rate))
        opposite, flag = (np.array(described[side], np.float64) for side in ("opposite", "flag"))
        band = Band(opposite, flag, float(described["widened"]))
        sizes = {len(FIRST_FOUR), len(PROBABILITIES)}
        if (
            len(opposite) not in sizes
            or flag.shape != opposite.shape
            or not np.isfinite([*opposite, *flag]).all()
        ):
            raise ValueError(f"{DESCRIPTION}: opposite and flag must be 4 or 5 numbers each")
        model.band = band
        return model


def build(setup: Setup, model: CascadeOptions, encoder: EncoderSource | None) -> Cascade:
    """Unfitted, see ``by_name.Family``.

    Raises:
        ImportError: the extra ``train`` is not installed.
    """
    second = build_stack(setup, model, encoder)
    return Cascade(Linear(model.linear), second, model.deferral_rate)


def _out_of_fold(linear: Linear, train: LabelledTexts) -> Probabilities:
    fold_of = assign_folds(train.groups.tolist(), [[str(s)] for s in train.sources], N_FOLDS)
    folds = np.array([fold_of[group] for group in train.groups.tolist()])
    scores = np.zeros((len(train), len(PROBABILITIES)), np.float32)
    for fold in range(N_FOLDS):
        rows = np.flatnonzero(folds == fold)
        model = Linear(linear.options).fit(train.take(folds != fold))
        scores[rows] = model.predict_proba([train.texts[i] for i in rows])
    return scores


def _log_odds(p: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(p, _EPSILON, 1 - _EPSILON)
    return np.asarray(np.log(clipped / (1 - clipped)))
