"""Records of JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from .lines import MAX_LINE_BYTES, bounded_lines
from .posts import LabelledPost
from .rejects import Reject

Row = tuple[int, Mapping[str, Any] | Reject]


class _Twice(dict[str, Any]):
    """An object in which a key stood twice, so that nobody knows which value was meant."""

    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    ((twice.key, _),) = Counter(key for key, _ in pairs).most_common(1)
    return twice


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def jsonl_rows(stream: BinaryIO) -> Iterator[Row]:
    """Each line as a mapping or a reject; blank lines are skipped but counted."""
    for line, raw in enumerate(bounded_lines(stream), 1):
        if raw is None:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MB; an array must be written out in lines"
            yield line, Reject(line, None, None, "too_long", limit)
            continue
        content = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
        if content.strip():
            yield line, decoded(line, content)


def decoded(line: int, content: bytes) -> Mapping[str, Any] | Reject:
    """One line as a mapping, or why it is none."""
    try:
        record = _DECODER.decode(content.decode("utf-8").strip("\r\n\t "))
    except UnicodeDecodeError as error:
        return Reject(line, None, None, "encoding", f"not UTF-8 at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Reject(line, None, None, "json", f"not valid JSON: {_short(error)}")
    if not isinstance(record, dict):
        message = "a line must be one JSON object; an array can be unpacked with jq -c '.[]'"
        return Reject(line, None, None, "json", message)
    if isinstance(record, _Twice):
        # The key is the file's own and may be anything.
        key = record.key if record.key in LabelledPost.model_fields else None
        which = f"key {key!r}" if key else "a key"
        return Reject(line, None, key, "json", f"{which} stands there twice")
    return record


def _short(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error) if str(error).endswith("JSON number") else "a number with too many digits"
