"""ONNX graphs with 8-bit weights, one scale per channel: a quarter of the size.

Symmetric per-channel quantisation of weights alone (Jacob et al. 2018, section 3), in standard
``DequantizeLinear`` nodes. onnxruntime turns them into float32 when it opens the graph, so
arithmetic is that of float32 and a post's score does not depend on its batch mates, as it would
with activations quantised on the fly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..tensors import load_tensors

_MIN_WEIGHTS = 4096
LIMIT = 127
_INT8, _SCALE = ".int8", ".scale"


class Int8Weight(NamedTuple):
    """A weight matrix in 8 bits.

    Attributes:
        values: shape (rows, columns), int8.
        scale: float32, one for each row (``axis`` 0) or column (1).
        axis: of the channels.
    """

    values: NDArray[np.int8]
    scale: NDArray[np.float32]
    axis: int


def quantise(weights: NDArray[np.float32], axis: int) -> Int8Weight:
    """Round a matrix to 8 bits, with the scale that the largest value of each channel needs."""
    scale = np.abs(weights).max(axis=1 - axis, keepdims=True) / LIMIT
    scale[scale == 0] = 1.0
    rounded = np.rint(weights / scale).astype(np.int8)
    return Int8Weight(rounded, scale.astype(np.float32).ravel(), axis)


def pack(graph: Path, target: Path) -> None:
    """Write a graph with its large weights in 8 bits.

    Args:
        graph: ONNX file with all weights inside, in float32.
        target: written.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(graph), load_external_data=False)
    gathered = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}
    packed = {}
    for initializer in model.graph.initializer:
        values = numpy_helper.to_array(initializer)
        if values.dtype == np.float32 and values.ndim == 2 and values.size >= _MIN_WEIGHTS:
            # A row of an embedding, a column of a projection: what one output is made from.
            packed[initializer.name] = quantise(values, 0 if initializer.name in gathered else 1)
    # The exporter's notes on where in the program a node came from: two thirds of the graph.
    for node in model.graph.node:
        node.ClearField("metadata_props")
    _dequantised(model.graph, packed)
    onnx.save(model, str(target))


def graph_for(path: Path, outputs: int | None = None) -> bytes | Path:
    """What onnxruntime opens: the file itself where it holds just what is asked for.

    Args and errors: see ``read_graph``.
    """
    as_it_is = outputs is None and not path.with_suffix(".safetensors").exists()
    return path if as_it_is else read_graph(path, outputs)


def read_graph(path: Path, outputs: int | None = None) -> bytes:
    """Read a packed graph as bytes for onnxruntime.

    Args:
        path: as ``pack`` wrote it, or as version 0.1 did, which kept the weights of
            ``encoder.onnx`` in ``encoder.safetensors``.
        outputs: how many outputs are kept, from the first, and what they are computed by; None
            keeps all.

    Raises:
        ValueError: the graph of version 0.1 and its weights do not belong together.
    """
    import onnx

    beside = path.with_suffix(".safetensors")
    model = onnx.load(str(path), load_external_data=False)
    if beside.exists():
        _dequantised(model.graph, dict(_of_two_files(model.graph, beside)))
    if outputs is not None:
        _keep(model.graph, outputs)
    return bytes(model.SerializeToString())


def int8_weights(graph: Any) -> dict[str, Int8Weight]:  # noqa: ANN401
    """The packed weights of a graph, by the name of the tensor they become."""
    from onnx import helper, numpy_helper

    stored = {i.name: i for i in graph.initializer}
    found = {}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and set(node.input) <= stored.keys():
            values, scale = (numpy_helper.to_array(stored[name]) for name in node.input)
            axis = next(helper.get_attribute_value(a) for a in node.attribute if a.name == "axis")
            found[node.output[0]] = Int8Weight(values, scale, axis)
    return found


def _dequantised(graph: Any, packed: Mapping[str, Int8Weight]) -> None:  # noqa: ANN401
    """Replace weights by 8-bit weights and the nodes that turn them into float32."""
    from onnx import helper, numpy_helper

    initializers = [i for i in graph.initializer if i.name not in packed]
    nodes = list(graph.node)
    first = []
    for name, weight in packed.items():
        inputs = [name + _INT8, name + _SCALE]
        initializers.append(numpy_helper.from_array(weight.values, inputs[0]))
        initializers.append(numpy_helper.from_array(weight.scale, inputs[1]))
        first.append(helper.make_node("DequantizeLinear", inputs, [name], axis=weight.axis))
    del graph.node[:], graph.initializer[:]
    graph.node.extend([*first, *nodes])
    graph.initializer.extend(initializers)


def _of_two_files(graph: Any, weights: Path) -> Iterator[tuple[str, Int8Weight]]:  # noqa: ANN401
    tensors = load_tensors(weights)
    known = {initializer.name: initializer for initializer in graph.initializer}
    for name in tensors:
        if name.removesuffix(_SCALE) not in known:
            raise ValueError(f"{weights.name}: {name} is not a weight of the graph beside it")
    for name, initializer in known.items():
        if name in tensors:
            values, scale = tensors[name], tensors[name + _SCALE]
            if list(values.shape) != list(initializer.dims):
                raise ValueError(f"{weights.name}: {name} has the wrong shape")
            yield name, Int8Weight(values, scale.ravel(), 0 if scale.shape[0] > 1 else 1)
        elif not (initializer.raw_data or initializer.float_data or initializer.int64_data
                  or initializer.int32_data or 0 in initializer.dims):  # fmt: skip
            raise ValueError(f"{weights.name}: the weight {name} is missing")


def _keep(graph: Any, outputs: int) -> None:  # noqa: ANN401
    """Remove the nodes that no requested output needs; they would be computed all the same."""
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
