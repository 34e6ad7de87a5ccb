"""Whose product a post promotes, told once more beside its author's other posts.

A logistic regression over ``author_context.FEATURES``, for posts that promote something. Its
parameters are plain numbers in ``shipped/author_stage.json``, which ``make author-stage`` writes.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .author_context import FEATURES, Floats

SHIPPED_STAGE = Path(__file__).parent / "shipped" / "author_stage.json"
# Of fewer posts of an author, this one included, the others told nothing: docs/vetting.md.
ENOUGH = 5
# A post that is unsure promotes something, rather than nothing, from here on.
PROMOTES = 0.5
THRESHOLD = 0.5

Whose = Literal["third_party", "self"]


class StageError(ValueError):
    """A file that holds no stage; the message names it and says what is wrong."""


class Measured(BaseModel):
    """A figure before the stage and after it, over posts of one split.

    Attributes:
        posts: that were judged.
        authors: of them.
        auc_before: within sources, of ``p_paid`` to ``p_self`` of the post alone.
        auc_after: within sources, of the stage.
        gain: the difference.
        gain_low: lower end of its 95 % interval, over groups; None where there is none.
        gain_high: upper end.
        right_before: share told right by the odds of the post alone, put into the same regression.
        right_after: share told right by the stage.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    posts: int
    authors: int
    auc_before: float
    auc_after: float
    gain: float
    gain_low: float | None
    gain_high: float | None
    right_before: float
    right_after: float


class AuthorStage(BaseModel):
    """Fitted parameters, and what they were measured to do.

    Attributes:
        features: names, as ``author_context.FEATURES``.
        coefficients: one for each.
        intercept: of the regression.
        threshold: a third party's from this probability on.
        enough_posts: of an author, that it was fitted and measured on.
        recipe: whose single-post scores it was fitted on.
        posts: that it was fitted on.
        authors: of them.
        measured: out of fold, by split.
        libraries: versions that it was fitted with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float
    threshold: Annotated[float, Field(gt=0, lt=1)] = THRESHOLD
    enough_posts: Annotated[int, Field(ge=2)] = ENOUGH
    recipe: str
    posts: Annotated[int, Field(gt=0)]
    authors: Annotated[int, Field(gt=0)]
    measured: dict[str, Measured] = {}
    libraries: dict[str, str] = {}

    @model_validator(mode="after")
    def _fits_the_features(self) -> Self:
        if self.features != FEATURES or len(self.coefficients) != len(FEATURES):
            raise ValueError(f"features must be {', '.join(FEATURES)}, each with a coefficient")
        return self

    def third_party(self, features: Floats) -> Floats:
        """Probability that posts which promote something promote a third party's, shape (n,).

        Args:
            features: of ``author_context.features``, shape (n, 5).
        """
        odds = features @ np.array(self.coefficients) + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))

    def whose(self, probability: float) -> Whose:
        """The label that a probability gives."""
        return "third_party" if probability >= self.threshold else "self"


@cache
def shipped_stage() -> AuthorStage:
    """The stage that comes with the package."""
    return read_stage(SHIPPED_STAGE)


def read_stage(path: Path) -> AuthorStage:
    """Read a stage.

    Raises:
        StageError: no such file, not JSON, a number that is not finite, or a field at fault.
    """
    try:
        return AuthorStage.model_validate(json.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "features"
        raise StageError(f"{path}: field {where}: {first['msg']}; run make author-stage") from None
    except (OSError, ValueError) as error:
        raise StageError(f"{path}: {error}; run make author-stage") from None


def write_stage(stage: AuthorStage, path: Path = SHIPPED_STAGE) -> None:
    """Write a stage as ``read_stage`` reads it."""
    path.write_text(json.dumps(stage.model_dump(mode="json"), indent=1) + "\n", "utf-8")
