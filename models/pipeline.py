"""A saved model at work: the one way from posts to rows, whoever asks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from ..data.values.choices import check_choice
from .base import PROBABILITIES, Model
from .disclosed import Asked
from .fingerprint import changed, program
from .isolate import score_each
from .registry.download import download_model, is_address
from .rows import Content, ReasonsFor, make_rows
from .runtime import Runtime, tuned
from .saved_model import ModelError, ModelInfo, load_model
from .scored_post import ScoredPost
from .shipped.folders import model_folder, shipped_name

__all__ = ["Content", "ModelError", "Pipeline", "ReasonsFor"]

# Families in which the row of a post does not depend, not even in its last digit, on what it is
# scored beside.
_INDEPENDENT = ("rules", "linear")


@dataclass(frozen=True)
class Pipeline:
    """A model with the calibration, thresholds and facts saved beside it.

    Attributes:
        model: opened.
        info: what is known about it.
        folder: where other processes find it; None where it is in none.
        runtime: as which it runs.
    """

    model: Model
    info: ModelInfo
    folder: Path | None = None
    runtime: Runtime = field(default_factory=Runtime)

    @classmethod
    def load(cls, address: str | Path | None = None, runtime: Runtime | None = None) -> Self:
        """Open a model.

        Args:
            address: a saved folder, ``models:/name@alias``, ``models:/name/3`` or
                ``runs:/id/model``; ``linear`` for the light shipped model, None for the default.
            runtime: device, batch size and so on; default: as the model has it.

        Raises:
            ModelError: not found, damaged, foreign, or from a newer version.
            ValueError: a runtime that this model cannot have.
        """
        if isinstance(address, str) and is_address(address):
            address = download_model(address)
        folder, runtime = model_folder(address), runtime or Runtime()
        model, info = load_model(folder)
        return cls(tuned(model, runtime), info, folder, runtime)

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process goes the address of the model, and what has to be the same there.

        So a hash of a function that uses a model, such as ``datasets`` makes, is another one where
        the model or the rules are.

        Raises:
            TypeError: the model was not opened from a folder.
        """
        if self.folder is None:
            raise TypeError("a model goes elsewhere by its folder: open it with Scorer.load")
        address = shipped_name(self.folder) or str(self.folder.absolute())
        return reopened, (address, self.runtime, self.digest, dict(program()))

    @property
    def digest(self) -> str:
        """SHA-256 over the model: its files, calibration and thresholds.

        What else decides about a row are the options, and ``models.fingerprint``.
        """
        return hashlib.sha256(self.info.model_dump_json().encode()).hexdigest()

    @property
    def independent_rows(self) -> bool:
        """Whether a row is the same, to the last digit, whatever it is scored beside."""
        return self.info.family in _INDEPENDENT

    def fold_of(self, post: Content) -> int | None:
        """The fold whose model scores a post; None where the model itself does."""
        del post
        return None

    def check_prevalence(self, prevalence: Mapping[str, float] | None) -> None:
        """Refuse a prevalence that this model cannot be set to, before any post is scored.

        Raises:
            ValueError: an unknown axis, a share outside (0, 1), or no reference in the model.
        """
        if prevalence:
            nothing = np.zeros((0, len(PROBABILITIES)), np.float32)
            self.info.calibration.shift_prevalence(nothing, prevalence)

    def score(
        self,
        posts: Sequence[Content],
        *,
        asked: Asked | None = None,
        prevalence: Mapping[str, float] | None = None,
        reasons: ReasonsFor = "none",
        errors: Literal["raise", "keep"] = "keep",
    ) -> list[ScoredPost]:
        """Score posts in order, one row each, under their ids.

        Args:
            posts: the posts.
            asked: whose disclosure rules apply; default: those of the United States of today.
            prevalence: axis to assumed share in the posts scored; moves probabilities, not labels.
            reasons: for no post, for flagged axes, or for all axes.
            errors: ``keep`` gives a post on which the model fails, and it alone, a row with its
                error, which begins with the reason code ``model``; ``raise`` lets the model's own
                error through.

        Raises:
            ValueError: a prevalence that cannot be set, or unknown reasons.
            MemoryError: no fault of a single post.
            ImportError: a missing package, which is no fault of a post either.
        """
        check_choice("reasons", reasons, ReasonsFor)
        self.check_prevalence(prevalence)
        score = partial(
            self._score_all, asked=asked or Asked(), prevalence=prevalence, reasons=reasons
        )
        return score(posts) if errors == "raise" else score_each(score, posts)

    def _score_all(
        self,
        posts: Sequence[Content],
        *,
        asked: Asked,
        prevalence: Mapping[str, float] | None,
        reasons: ReasonsFor,
    ) -> list[ScoredPost]:
        return make_rows(self.model, self.info, posts, asked, prevalence, reasons)


def reopened(address: str, runtime: Runtime, digest: str, made_of: Mapping[str, str]) -> Pipeline:
    """What ``Pipeline.__reduce__`` has sent, opened once in this process.

    Raises:
        ModelError: the model, or the program, is another one here.
    """
    # By process: what was opened before a fork has no threads after it.
    pipeline = _opened(os.getpid(), address, runtime)
    if pipeline.digest != digest:
        raise ModelError(f"{address}: the model was changed while it was in use")
    if what := changed(made_of, program()):
        raise ModelError(f"a scorer came from a process with another program: {what}")
    return pipeline


@cache
def _opened(process: int, address: str, runtime: Runtime) -> Pipeline:
    del process
    return Pipeline.load(address, runtime)
