"""A graph without the weights that another one holds."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from unpolished.models.onnx.shared_weights import leave_out_shared, with_shared


def _graph(path, table, weight):
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weight"], ["out"]),
    ]
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 64])
    initializers = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(weight, "weight"),
    ]
    body = helper.make_graph(nodes, "g", [ids], [out], initializers)
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(body, opset_imports=opset, ir_version=9), str(path))
    return path


@pytest.fixture
def graphs(tmp_path):
    """Two graphs with one table, and other weights."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(1000, 64)).astype(np.float32)
    one, other = (rng.normal(size=(64, 64)).astype(np.float32) for _ in range(2))
    first, second = (tmp_path / name for name in ("one.onnx", "other.onnx"))
    return _graph(first, table, one), _graph(second, table, other), tmp_path / "small.onnx"


def test_whole_again_it_is_the_same_graph(graphs):
    """Smaller by the table, and to the last bit what it was."""
    one, other, small = graphs
    leave_out_shared(one, other, small)
    assert small.stat().st_size < one.stat().st_size - 250_000
    ids = {"ids": np.arange(9)}
    expected, found = (
        onnxruntime.InferenceSession(content).run(None, ids)[0]
        for content in (one.read_bytes(), with_shared(small, other))
    )
    np.testing.assert_array_equal(found, expected)


def test_other_weights_are_refused(graphs, tmp_path):
    """Nothing is computed by weights that are not those that were left out."""
    one, other, small = graphs
    leave_out_shared(one, other, small)
    changed = _graph(
        tmp_path / "x.onnx", np.ones((1000, 64), np.float32), np.ones((64, 64), np.float32)
    )
    with pytest.raises(ValueError, match=r"x\.onnx does not hold the weights table of .*small"):
        with_shared(small, changed)
