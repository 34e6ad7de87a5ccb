"""A post inside what its export wrapped around it: JSON of Google Takeout, literals of Python.

Undone only where the whole text is such a wrapping and one text is in it.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from typing import Any

# Longer ones are no cells of an export; deeper ones none that holds one post.
MAX_CHARS = 200_000
_MAX_DEPTH = 12
_MAX_WRAPPINGS = 4
_ENDS = {"{": "}", "[": "]", '"': '"', "b": "'\""}
# In this order: an object that has several of them holds the whole text in the first.
_TEXT_KEYS = ("full_text", "fullText", "text", "caption", "content", "message", "body", "desc",
              "description", "title")  # fmt: skip
_LIST_KEYS = ("takeoutSegments", "segments", "runs", "edges")
_INSIDE_KEYS = ("node", "snippet", "record", "tweet", "legacy", "note_tweet", "data")
_BYTES = re.compile(
    r"""\Ab(?:'(?P<single>(?:[^'\\]|\\.)*+)'|"(?P<double>(?:[^"\\]|\\.)*+)")\Z""", re.DOTALL
)
_JSON = json.JSONDecoder(strict=False)


def unwrap(text: str) -> str:
    """The one text inside of all wrappings, or the text as it is. Never raises; linear time."""
    for _ in range(_MAX_WRAPPINGS):
        inside = _unwrapped(text)
        if inside is text:
            break
        text = inside
    return text


def _unwrapped(text: str) -> str:
    bare = text.strip()
    end = _ENDS.get(bare[:1])
    if end is None or len(bare) < 3 or bare[-1] not in end or len(bare) > MAX_CHARS:
        return text
    if bare[0] == "b":
        literal = _BYTES.match(bare)
        return (literal["single"] or literal["double"] or "") if literal else text
    if bare[0] == '"':
        # A quotation is no wrapping; what has escapes is.
        found = parsed(bare) if "\\" in bare else None
        return found if isinstance(found, str) else text
    found = parsed(bare)
    if found is None:
        found = parsed(f"[{bare}]")
        found = found if _are_segments(found) else None
    inside = _text_of(found)
    return text if inside is None else inside


def parsed(literal: str) -> Any:  # noqa: ANN401
    """The value of a JSON or Python literal; None if it is not one, or nested too deeply."""
    if max(literal.count("["), literal.count("{")) > 1_000:
        return None
    try:
        return _JSON.decode(literal)
    except (ValueError, RecursionError):
        pass
    if "'" not in literal:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(literal)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def _are_segments(found: Any) -> bool:  # noqa: ANN401
    """Whether these are stretches of one text, as YouTube and Telegram give them."""
    if not isinstance(found, list) or not any(isinstance(item, dict) for item in found):
        return False
    return all(
        isinstance(item, str) or (isinstance(item, dict) and isinstance(item.get("text"), str))
        for item in found
    )


def _text_of(found: Any, depth: int = 0) -> str | None:  # noqa: ANN401
    """The text in parsed JSON; None if there is no text, or more than one candidate."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(found, str):
        return found if depth else None
    if isinstance(found, list):
        if len(found) > 1 and _are_segments(found):
            return "".join(item if isinstance(item, str) else item["text"] for item in found)
        return _text_of(found[0], depth + 1) if len(found) == 1 else None
    if not isinstance(found, dict):
        return None
    for keys in (_TEXT_KEYS, _LIST_KEYS, _INSIDE_KEYS):
        for key in keys:
            inside = _text_of(found[key], depth + 1) if key in found else None
            if inside is not None and inside.strip():
                return inside
    return None
