"""The language of a text."""

from typing import TYPE_CHECKING

from ....lazy import lazy_names

if TYPE_CHECKING:
    from .detect import Language, detect_language, detect_languages

__all__ = ["Language", "detect_language", "detect_languages"]
__getattr__ = lazy_names(
    __name__,
    {
        "Language": "detect",
        "detect_language": "detect",
        "detect_languages": "detect",
    },
)
