"""Values that arrive in another type than they had: numpy's, and lists and objects as text."""

from __future__ import annotations

import ast
import json
from typing import Any

_MAX_CHARS = 10_000


def to_python(value: Any) -> Any:  # noqa: ANN401
    """A scalar or an array of numpy as Python's own; anything else as it is."""
    return value.tolist() if type(value).__module__ == "numpy" else value


def from_text(text: str) -> Any:  # noqa: ANN401
    """The list or object that a cell holds as JSON, or as Python prints it; else the text."""
    stripped = text.strip()
    if len(stripped) > _MAX_CHARS or (stripped[:1] + stripped[-1:]) not in ("[]", "{}"):
        return text
    for read in (json.loads, ast.literal_eval):
        try:
            return read(stripped)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return text
