"""The manifest of a run: one line of JSON for its settings, for each part and for the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...data.errors import InputError
from ...models.fingerprint import changed

FORMAT = 1


@dataclass
class Manifest:
    """The parsed lines of a manifest.

    Attributes:
        run: what was given: input, model, settings.
        parts: one entry for each part that is complete, in order.
        end: totals and hashes of the assembled output; None while there is work left.
        size: bytes of the complete lines; what is behind them was cut short.
    """

    run: dict[str, Any] | None = None
    parts: list[dict[str, Any]] = field(default_factory=list)
    end: dict[str, Any] | None = None
    size: int = 0


def run_entry(
    *,
    program: Mapping[str, str],
    model: Mapping[str, Any],
    settings: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    force: bool,
) -> dict[str, Any]:
    """Make the first line, with the settings of the run.

    Args:
        program: see ``models.fingerprint``.
        model: its name, version and digest.
        settings: what was asked for, under the command line's names.
        inputs: name, size and digest of each file.
        force: whether an older output may be replaced.
    """
    return {
        "kind": "run",
        "manifest": FORMAT,
        "program": program["unpolished"],
        "made_of": dict(program),
        "model": dict(model),
        "settings": dict(settings),
        "input": [dict(entry) for entry in inputs],
        "force": force,
    }


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Describe the first thing that changed since the run began; None if nothing did."""
    if before["manifest"] != now["manifest"] or before["program"] != now["program"]:
        return f"it was begun by unpolished {before['program']}, this is {now['program']}"
    if "made_of" not in before:
        return f"it was begun by an earlier state of unpolished {before['program']}"
    if what := changed(before["made_of"], now["made_of"]):
        return what
    if before["model"] != now["model"]:
        names = [
            f"{m['name']} {m['version'] or ''}".strip() for m in (before["model"], now["model"])
        ]
        same = " of the same name" if names[0] == names[1] else ""
        return f"the model is another one{same}: {names[0]} then, {names[1]} now"
    for name, value in now["settings"].items():
        if (old := before["settings"].get(name)) != value:
            return f"{name} was {_shown(old)}, now it is {_shown(value)}"
    return changes(before["input"], now["input"])


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; a last line that was cut short is ignored.

    Raises:
        InputError: no manifest of this program, or one of a newer version.
    """
    found = Manifest()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return found
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    for line in content.splitlines(keepends=True):
        entry = _entry(line)
        if entry is None:
            break
        found.size += len(line)
        if entry["kind"] == "run":
            found.run = entry
        elif entry["kind"] == "part":
            found.parts.append(entry)
        else:
            found.end = entry
    if found.run is not None and found.run.get("manifest") != FORMAT:
        raise InputError(f"{path}: written by another version of unpolished")
    return found


def line(entry: Mapping[str, Any]) -> bytes:
    """Encode an entry as a line."""
    return json.dumps(entry, ensure_ascii=True).encode() + b"\n"


def sha256(data: bytes) -> str:
    """SHA-256 as a hexadecimal string."""
    return hashlib.sha256(data).hexdigest()


def _entry(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    known = isinstance(entry, dict) and entry.get("kind") in ("run", "part", "end")
    return entry if known else None


def _shown(value: object) -> str:
    return "not given" if value in (None, [], {}, False) else json.dumps(value)


def changes(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> str | None:
    """Describe how the files changed since the run began: the first difference, or None."""
    old, new = ({entry["name"]: entry for entry in entries} for entries in (before, now))
    if gone := sorted(old.keys() - new.keys()):
        return f"{gone[0]} is no longer among the files"
    if added := sorted(new.keys() - old.keys()):
        return f"{added[0]} was added to the files"
    for name, entry in new.items():
        if entry != old[name]:
            return f"{name} was changed"
    return None
