"""Where the label files are, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

LABEL_FOLDER = Path(__file__).parent


class LabelFileError(ValueError):
    """A label file that is not what it should be; names file, line and field."""
