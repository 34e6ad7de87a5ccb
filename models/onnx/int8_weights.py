"""An ONNX graph in a quarter of its size: weights as 8-bit whole numbers, one scale per channel.

Symmetric per-channel quantisation of weights alone (Jacob et al. 2018, section 3). They become
float32 again when the graph is opened, so arithmetic is that of float32 and a post's score does not
depend on its batch mates, as it would with activations quantised on the fly.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tensors import load_tensors, save_tensors

_MIN_WEIGHTS = 4096
_LIMIT = 127


def pack(graph: Path, skeleton: Path, weights: Path) -> None:
    """Split a graph into a skeleton without its large weights, and these in 8 bits.

    Args:
        graph: ONNX file with all weights inside.
        skeleton: written: the graph with empty weights.
        weights: written: safetensors with ``<name>`` (int8) and ``<name>.scale`` (float32).
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(graph), load_external_data=False)
    gathered = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}
    tensors: dict[str, NDArray[Any]] = {}
    for initializer in model.graph.initializer:
        values = numpy_helper.to_array(initializer)
        if values.dtype != np.float32 or values.ndim != 2 or values.size < _MIN_WEIGHTS:
            continue
        # A row of an embedding, a column of a projection: what one output is made from.
        axis = 1 if initializer.name in gathered else 0
        scale = np.abs(values).max(axis=axis, keepdims=True) / _LIMIT
        scale[scale == 0] = 1.0
        tensors[initializer.name] = np.rint(values / scale).astype(np.int8)
        tensors[f"{initializer.name}.scale"] = scale.astype(np.float32)
        initializer.ClearField("raw_data")
    # The exporter's notes on where in the program a node came from: two thirds of the graph.
    for node in model.graph.node:
        node.ClearField("metadata_props")
    onnx.save(model, str(skeleton))
    save_tensors(weights, tensors)


def unpacked(skeleton: Path, weights: Path, outputs: int | None = None) -> bytes:
    """The whole graph again, as bytes for onnxruntime.

    Args:
        skeleton: as ``pack`` wrote it.
        weights: likewise.
        outputs: how many outputs are kept, from the first, and what they are computed by; None
            keeps all.

    Raises:
        ValueError: skeleton and weights do not belong together.
    """
    import onnx

    model = onnx.load(str(skeleton), load_external_data=False)
    tensors = load_tensors(weights)
    known = {initializer.name: initializer for initializer in model.graph.initializer}
    for name in tensors:
        if name.removesuffix(".scale") not in known:
            raise ValueError(f"{weights.name}: {name} is no weight of {skeleton.name}")
    for name, initializer in known.items():
        if name in tensors:
            values = tensors[name].astype(np.float32) * tensors[f"{name}.scale"]
            if list(values.shape) != list(initializer.dims):
                raise ValueError(f"{weights.name}: {name} has the wrong shape")
            initializer.raw_data = values.tobytes()
        elif not (initializer.raw_data or initializer.float_data or initializer.int64_data
                  or initializer.int32_data or 0 in initializer.dims):  # fmt: skip
            raise ValueError(f"{weights.name}: the weight {name} is missing")
    if outputs is not None:
        _keep(model.graph, outputs)
    return bytes(model.SerializeToString())


def _keep(graph: Any, outputs: int) -> None:  # noqa: ANN401
    """Leave out what only further outputs are computed by, which would be computed all the same."""
    del graph.output[outputs:]
    needed = {output.name for output in graph.output}
    nodes = []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    kept = {"node": nodes[::-1], "initializer": [i for i in graph.initializer if i.name in needed]}
    for name, parts in kept.items():
        graph.ClearField(name)
        getattr(graph, name).extend(parts)
