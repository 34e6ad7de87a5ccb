"""A graph kept without the large weights that another graph beside it holds, too."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

# For smaller ones it is not worth that one file cannot be read without the other.
_LEAST_BYTES = 100_000


def leave_out_shared(graph: Path, other: Path, target: Path) -> None:
    """Write a graph without its large weights that the other one has, under the same names.

    Args:
        graph: an ONNX file with all weights inside.
        other: another one.
        target: written; a weight that is left out stands there as the hash of its values.
    """
    import onnx

    model = onnx.load(str(graph), load_external_data=False)
    held = _weights(other)
    for weight in model.graph.initializer:
        if len(weight.raw_data) >= _LEAST_BYTES and weight == held.get(weight.name):
            weight.doc_string = _hash(weight)
            weight.ClearField("raw_data")
    onnx.save(model, str(target))


def with_shared(graph: Path, other: Path) -> bytes:
    """A graph that ``leave_out_shared`` wrote, whole again, for onnxruntime.

    Raises:
        ValueError: the other graph does not hold the weights that were left out.
    """
    import onnx

    model = onnx.load(str(graph), load_external_data=False)
    held = _weights(other)
    for weight in model.graph.initializer:
        if weight.doc_string and not weight.raw_data:
            found = held.get(weight.name)
            if found is None or _hash(found) != weight.doc_string:
                raise ValueError(f"{other} does not hold the weights {weight.name} of {graph}")
            weight.raw_data = found.raw_data
    return bytes(model.SerializeToString())


def _weights(graph: Path) -> dict[str, Any]:
    import onnx

    model = onnx.load(str(graph), load_external_data=False)
    return {weight.name: weight for weight in model.graph.initializer}


def _hash(weight: Any) -> str:  # noqa: ANN401
    return hashlib.sha256(weight.raw_data).hexdigest()
