"""The strictness all options share: frozen, typed, no unknown key."""

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """Base of what a recipe can set."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
