"""Model families, calibration, thresholds and the saved format."""

from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
    from .runtime import Runtime
    from .saved_model import ModelError, ModelInfo
    from .scored_post import ScoredPost

__all__ = ["ModelError", "ModelInfo", "Runtime", "ScoredPost"]
__getattr__ = lazy_names(
    __name__,
    {
        "ModelError": "saved_model",
        "ModelInfo": "saved_model",
        "Runtime": "runtime",
        "ScoredPost": "scored_post",
    },
)
