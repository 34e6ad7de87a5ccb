"""One JSON object as a mapping, or why it is not one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ...errors import Reject
from ...posts import LabelledPost
from .utf8 import Utf8Check

_SHOWN_CHARS = 60
_ASIDE = b"\r\n\t "


class _Twice(dict[str, Any]):
    """An object in which a key appears twice, so that nobody knows which value was meant."""

    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    ((twice.key, _),) = Counter(key for key, _ in pairs).most_common(1)
    return twice


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def decoded(line: int, content: bytes) -> Mapping[str, Any] | Reject:
    """One line as a mapping, or why it is not one; a comma after it is ignored."""
    content = content.strip(_ASIDE)
    try:
        record = DECODER.decode(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Reject(line, None, None, "encoding", f"not UTF-8 at byte {error.start}")
    except (ValueError, RecursionError) as error:
        if content.endswith(b"},"):
            return decoded(line, content[:-1])
        return Reject(line, None, None, "json", f"not valid JSON: {_short(error)}")
    return as_record(line, record)


def strict_json(content: bytes) -> Any:  # noqa: ANN401
    """Any value, read as strictly as the records of a file.

    Raises:
        ValueError: not UTF-8, not JSON, a number that is none, or an object with a key twice.
    """
    try:
        value = DECODER.decode(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not valid JSON: {_short(error)}") from None
    if isinstance(value, _Twice):
        raise ValueError(f"not valid JSON: key {value.key[:_SHOWN_CHARS]!r} appears twice")
    return value


def not_utf8(line: int, source: str, utf8: Utf8Check) -> Reject | None:
    """The reject in the place of an object with bytes that are no UTF-8, which is counted.

    Args:
        line: where it begins.
        source: the object as it stands in the file; bad bytes are lone surrogates.
        utf8: told of it.
    """
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        utf8.bad(source.encode("utf-8", "surrogateescape"))
        return Reject(line, None, None, "encoding", f"not UTF-8 at character {error.start}")
    utf8.good()
    return None


def as_record(line: int, record: object) -> Mapping[str, Any] | Reject:
    """A JSON value as a mapping, or why it is not one."""
    if not isinstance(record, dict):
        message = "a line must be one JSON object; an array can be unpacked with jq -c '.[]'"
        return Reject(line, None, None, "json", message)
    if isinstance(record, _Twice):
        # The key is the file's own and may be anything.
        key = record.key if record.key in LabelledPost.model_fields else None
        which = f"key {key!r}" if key else "a key"
        return Reject(line, None, key, "json", f"{which} appears twice")
    return record


def from_array(line: bytes) -> bytes:
    """A line without what an array puts around the object in it; nothing if that is all of it."""
    bare = line.strip(_ASIDE + b"\x1e")
    if bare[:1] != b"[" and bare[-1:] not in (b",", b"]"):
        return bare
    inner = bare.removeprefix(b"[").rstrip(b",]" + _ASIDE).lstrip(_ASIDE)
    is_object = inner[:1] + inner[-1:] == b"{}"
    return inner if is_object or not inner else bare


def _short(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error) if str(error).endswith("JSON number") else "a number with too many digits"
