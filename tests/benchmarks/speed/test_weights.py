"""Weights of a graph under the names of transformers."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from speed.weights import body


@pytest.mark.parametrize("place", ["", "probable."])
def test_matrices_of_a_graph_are_named_by_their_bias(place):
    """And turned back."""
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    nodes = [helper.make_node("MatMul", ["x", "val_1"], ["y"]),
             helper.make_node("Add", ["y", f"{place}net.body.layer.bias"], ["z"])]  # fmt: skip
    arrays = {"val_1": matrix, f"{place}net.body.layer.bias": np.ones(3, np.float32),
              f"{place}net.heads.style.bias": np.ones(1, np.float32)}  # fmt: skip
    value = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in "xz"]
    weights = [numpy_helper.from_array(a, n) for n, a in arrays.items()]
    graph = helper.make_graph(nodes, "g", value[:1], value[1:], weights)
    found = body(graph, "net.body.")
    assert set(found) == {"layer.bias", "layer.weight"}
    np.testing.assert_array_equal(found["layer.weight"], matrix.T)
