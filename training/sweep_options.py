"""The table ``[sweep]`` of a recipe: which of its values may be changed, and how to search."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from ..models.options import ModelOptions
from .recipe_changes import changed, value_at

Number = int | float
Choice = bool | int | float | str
# Of names in ``evaluation.judged``, those that are asked of one probability each, and their mean.
Metric = Literal["mean", "style", "paid", "performative", "committed", "self"]
_RANGE_KEYS = {"low", "high", "log", "choices"}


class Range(ModelOptions):
    """Values that a sweep may try: from ``low`` to ``high``, or ``choices``.

    Attributes:
        low: least value.
        high: greatest value; whole numbers alone are tried where the recipe has one.
        log: tried evenly on a logarithmic scale.
        choices: the only values tried, in place of ``low`` and ``high``.
    """

    low: Number | None = None
    high: Number | None = None
    log: bool = False
    # TOML and JSON have lists alone, which strict options take for no tuple.
    choices: Annotated[tuple[Choice, ...], Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        bounds = (self.low, self.high)
        if self.choices is not None:
            if bounds != (None, None) or self.log:
                raise ValueError("give choices alone, or low and high")
            if len({repr(choice) for choice in self.choices}) < 2:
                raise ValueError("choices must be two different values or more")
            return self
        if self.low is None or self.high is None:
            raise ValueError("give low and high, or choices")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"low must be less than high: {self.low} to {self.high}")
        if self.log and self.low <= 0:
            raise ValueError("low must be above 0 on a logarithmic scale")
        return self

    def ends(self) -> tuple[Choice, ...]:
        """Values that must all be possible: every choice, or the least and the greatest value."""
        if self.choices is not None:
            return self.choices
        return tuple(end for end in (self.low, self.high) if end is not None)


class SweepOptions(ModelOptions):
    """How ``unpolished sweep`` searches; training itself does not read it.

    Attributes:
        space: values to try, by the dotted key of this recipe that they stand at.
        trials: tried in each search; a search is made for each fold, and one for all of them.
        metric: AUC within sources that is to be raised, of one axis or the mean of all.
        pruner: median gives a trial up that is below the median of the earlier ones after as many
            folds; none never does.
        startup_trials: drawn at random before earlier trials say where to look.
        seed: of the search.
    """

    space: dict[str, Range] = Field(min_length=1)
    trials: int = Field(12, ge=1)
    metric: Metric = "mean"
    pruner: Literal["median", "none"] = "median"
    startup_trials: int = Field(6, ge=1)
    seed: int = Field(0, ge=0)

    @field_validator("space", mode="before")
    @classmethod
    def _dotted(cls, given: Any) -> Any:  # noqa: ANN401
        """``model.c`` without quotes is a table within a table in TOML: read it as meant."""
        return dict(_flat(given, "")) if isinstance(given, dict) else given


def _flat(given: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, dict) and value and not set(value) & _RANGE_KEYS:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def check_space(recipe: BaseModel, options: SweepOptions) -> None:
    """Try the ends of every range in the recipe, so that no sweep fails hours after its start.

    Raises:
        ValueError: a key that the recipe does not have, or a value that it cannot have.
    """
    for key, tried in options.space.items():
        if key.split(".")[0] in ("sweep", "name", "family", "decision"):
            raise ValueError(f"{key}: a sweep can change what moves a score, not this")
        if tried.choices is None and isinstance(value_at(recipe, key), bool | str | BaseModel):
            raise ValueError(f"{key}: give choices: it is no number")
        for value in tried.ends():
            changed(recipe, {key: value})
