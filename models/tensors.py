"""Named arrays in safetensors files: the only binary format a saved model uses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def tensor_bytes(tensors: Mapping[str, NDArray[Any]]) -> bytes:
    """What a file of ``save_tensors`` holds."""
    from safetensors.numpy import save

    return bytes(save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}))


def save_tensors(path: Path, tensors: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays in name order, so that equal models give equal files."""
    from safetensors.numpy import save_file

    save_file({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}, path)
    # The library makes files that only their owner can read; a model is there to be shared.
    path.chmod(0o644)


def load_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Read every array of a file written by ``save_tensors``."""
    from safetensors.numpy import load_file

    tensors: dict[str, NDArray[Any]] = load_file(path)
    return tensors
