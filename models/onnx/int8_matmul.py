"""Dynamic int8 quantisation of MatMul, per token: two to three times as fast as float32.

Each token's values get a scale of their own (Yao et al. 2022, ZeroQuant, section 4.1), each column
of the weights too. So what a post is scored does not depend on its batch mates, as it does where a
scale is taken over the whole batch. Only operators of the ONNX standard are used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .int8_weights import Int8Weight, int8_weights

# onnxruntime joins a sum and the normalisation after it into an operator that takes three times as
# long as both, which is a fifth of all that remains once products are those of integers.
SLOW_FUSIONS = ("SkipLayerNormFusion",)

# Half the range that eight bits have: x86 processors without VNNI add two products in 16 bits,
# which hold 2 * 127 * 127 but no more. So every processor computes the same.
_HALF = 63
_ZERO = 64


def in_int8(graph: bytes) -> bytes:
    """Replace the matrix products of a graph's large weights by quantised ones.

    Rows that are looked up become float32 one by one, not their whole table.

    Args:
        graph: ONNX, its large weights in 8 bits as ``int8_weights.pack`` writes them.
    """
    import onnx

    model = onnx.load_model_from_string(graph)
    weights = int8_weights(model.graph)
    built = _Built()
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            weight = weights[node.input[1]]
            if weight.axis == 1:
                built.product(node.input[0], weight, node.output[0])
                continue
        if node.op_type == "Gather" and node.input[0] in weights:
            weight = weights[node.input[0]]
            if weight.axis == 0 and not any(a.name == "axis" and a.i for a in node.attribute):
                built.rows(weight, node.input[0], node.input[1], node.output[0])
                continue
        built.nodes.append(node)
    # Weights that no other node reads need not become float32.
    used = {name for node in built.nodes for name in node.input}
    used |= {output.name for output in model.graph.output}
    built.nodes = [
        node for node in built.nodes if node.op_type != "DequantizeLinear" or node.output[0] in used
    ]
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
            "one": np.array(1, np.float32),
            "zero_point": np.array(_ZERO, np.uint8),
            "last_axis": np.array([-1], np.int64),
        }
        for name, value in constants.items():
            self._initializer(f"whole.{name}", value)

    def product(self, inputs: str, weight: Int8Weight, output: str) -> None:
        """Inputs of shape (..., k) times weights of shape (k, n)."""
        self._initializer(f"{output}.weights", weight.values)
        self._initializer(f"{output}.scale", weight.scale)
        whole, token_scale = self._tokens(inputs)
        self._node("MatMulInteger", [whole, f"{output}.weights", "whole.zero_point"],
                   f"{output}.whole")  # fmt: skip
        self._node("Cast", [f"{output}.whole"], f"{output}.float", to=_onnx_type("FLOAT"))
        self._node("Mul", [f"{output}.float", f"{output}.scale"], f"{output}.scaled")
        self._node("Mul", [f"{output}.scaled", token_scale], output)

    def rows(self, weight: Int8Weight, name: str, indices: str, output: str) -> None:
        """Rows of a table, as float32: to the bit those of the table in float32."""
        self._initializer(f"{name}.rows", weight.values)
        self._initializer(f"{name}.scales", weight.scale[:, None])
        self._node("Gather", [f"{name}.rows", indices], f"{output}.whole")
        self._node("Gather", [f"{name}.scales", indices], f"{output}.scale")
        self._node("Cast", [f"{output}.whole"], f"{output}.float", to=_onnx_type("FLOAT"))
        self._node("Mul", [f"{output}.float", f"{output}.scale"], output)

    def _tokens(self, name: str) -> tuple[str, str]:
        """Names of a quantised tensor and of its scales; made once for all products."""
        if name not in self._scaled:
            for kind in ("ReduceMax", "ReduceMin"):
                self._node(kind, [name, "whole.last_axis"], f"{name}.{kind}", keepdims=1)
            self._node("Neg", [f"{name}.ReduceMin"], f"{name}.below")
            self._node("Max", [f"{name}.ReduceMax", f"{name}.below", "whole.least"],
                       f"{name}.range")  # fmt: skip
            self._node("Div", ["whole.half", f"{name}.range"], f"{name}.factor")
            self._node("Mul", [name, f"{name}.factor"], f"{name}.wide")
            # Rounds, moves and turns into integers in one pass.
            self._node("QuantizeLinear", [f"{name}.wide", "whole.one", "whole.zero_point"],
                       f"{name}.whole")  # fmt: skip
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
