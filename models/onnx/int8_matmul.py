"""A graph whose large products are computed in 8-bit whole numbers, about twice as fast.

Each token's values get a scale of their own (Yao et al. 2022, ZeroQuant, section 4.1), each column
of the weights too. So what a post is scored does not depend on its batch mates, as it does where a
scale is taken over the whole batch. Only operators of the ONNX standard are used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MIN_WEIGHTS = 4096
_LIMIT = 127
# Half the range that eight bits have: x86 processors without VNNI add two products in 16 bits,
# which hold 2 * 127 * 127 but no more. So every processor computes the same.
_HALF = 63
_ZERO = 64


def in_whole_numbers(graph: bytes) -> bytes:
    """The graph with the products of its large weights replaced.

    Args:
        graph: ONNX, all weights inside, in float32.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load_model_from_string(graph)
    weights = {i.name: i for i in model.graph.initializer}
    built = _Built()
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            values = numpy_helper.to_array(weights[node.input[1]])
            if values.ndim == 2 and values.size >= _MIN_WEIGHTS:
                built.product(node.input[0], values, node.output[0])
                continue
        built.nodes.append(node)
    used = {name for node in built.nodes for name in node.input}
    kept = [i for i in model.graph.initializer if i.name in used]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(built.nodes)
    model.graph.initializer.extend([*kept, *built.initializers])
    return bytes(model.SerializeToString())


class _Built:
    """Nodes and weights of the new graph."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._scaled: dict[str, tuple[str, str]] = {}
        constants: dict[str, NDArray[Any]] = {
            "half": np.array(_HALF, np.float32),
            "least": np.array(1e-20, np.float32),
            "zero": np.array(_ZERO, np.float32),
            "zero_point": np.array(_ZERO, np.uint8),
            "last_axis": np.array([-1], np.int64),
        }
        for name, value in constants.items():
            self._initializer(f"whole.{name}", value)

    def product(self, inputs: str, weights: NDArray[np.float32], output: str) -> None:
        """Inputs of shape (..., k) times weights of shape (k, n)."""
        scale = np.abs(weights).max(axis=0, keepdims=True) / _LIMIT
        scale[scale == 0] = 1.0
        self._initializer(f"{output}.weights", np.rint(weights / scale).astype(np.int8))
        self._initializer(f"{output}.scale", scale.astype(np.float32))
        whole, token_scale = self._tokens(inputs)
        self._node("MatMulInteger", [whole, f"{output}.weights", "whole.zero_point"],
                   f"{output}.whole")  # fmt: skip
        self._node("Cast", [f"{output}.whole"], f"{output}.float", to=_onnx_type("FLOAT"))
        self._node("Mul", [f"{output}.float", f"{output}.scale"], f"{output}.scaled")
        self._node("Mul", [f"{output}.scaled", token_scale], output)

    def _tokens(self, name: str) -> tuple[str, str]:
        """Names of a tensor in whole numbers and of its scales; made once for all products."""
        if name not in self._scaled:
            self._node("Abs", [name], f"{name}.abs")
            self._node("ReduceMax", [f"{name}.abs", "whole.last_axis"], f"{name}.max", keepdims=1)
            self._node("Max", [f"{name}.max", "whole.least"], f"{name}.range")
            self._node("Div", ["whole.half", f"{name}.range"], f"{name}.factor")
            self._node("Mul", [name, f"{name}.factor"], f"{name}.wide")
            self._node("Add", [f"{name}.wide", "whole.zero"], f"{name}.moved")
            self._node("Round", [f"{name}.moved"], f"{name}.rounded")
            self._node("Cast", [f"{name}.rounded"], f"{name}.whole", to=_onnx_type("UINT8"))
            self._node("Div", [f"{name}.range", "whole.half"], f"{name}.scale")
            self._scaled[name] = f"{name}.whole", f"{name}.scale"
        return self._scaled[name]

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: int) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    def _initializer(self, name: str, value: NDArray[Any]) -> None:
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(value, name))


def _onnx_type(name: str) -> int:
    from onnx import TensorProto

    return int(TensorProto.DataType.Value(name))
