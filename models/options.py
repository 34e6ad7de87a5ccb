"""The strict base of all options: frozen, typed, no unknown keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

# Keys of version 0.1, which recipes and saved models may still have.
OLD_KEYS = {
    "auxiliary": "auxiliary_loss_weight",
    "cue_scale": "cue_weight",
    "further_weight": "extra_posts_weight",
    "reading_weight": "soft_label_weight",
    "sent_on": "deferral_rate",
    "tuned_layers": "trainable_layers",
    "validation": "validation_fraction",
    "weight_average": "ema_decay",
}


class ModelOptions(BaseModel):
    """Base of what a recipe can set. Keys of version 0.1 are read under their new names."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, given: Any) -> Any:  # noqa: ANN401
        if not isinstance(given, dict):
            return given
        old = {name: new for name, new in OLD_KEYS.items() if name in given}
        old = {name: new for name, new in old.items() if new in cls.model_fields}
        for name, new in old.items():
            if new in given:
                raise ValueError(f"{name} is the old name of {new}: give one of them")
        return {old.get(name, name): value for name, value in given.items()}


def old_keys(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """List the keys of version 0.1 in options as they were written, each with its new name."""
    for name, value in options.items():
        if name in OLD_KEYS:
            yield name, OLD_KEYS[name]
        if isinstance(value, dict):
            yield from old_keys(value)
