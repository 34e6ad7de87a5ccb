"""Where downloaded and converted data is kept, and how files get there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


def cache_folder() -> Path:
    """``UNPOLISHED_CACHE``, else ``~/.cache/unpolished``."""
    named = os.environ.get("UNPOLISHED_CACHE")
    return Path(named).expanduser() if named else Path.home() / ".cache" / "unpolished"


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that becomes ``path`` only if the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile: what others may read should stay readable to them.
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.partial")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
