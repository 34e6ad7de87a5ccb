"""A rejected record as a line of JSON."""

from __future__ import annotations

import json

from ...data.errors import Reject


def reject_line(file: str, reject: Reject) -> str:
    """Where it stands and why it is no post; never its text."""
    line = {"file": file, "line": reject.line, "id": reject.id, "field": reject.field,
            "code": reject.code, "message": reject.message}  # fmt: skip
    return json.dumps(line) + "\n"
