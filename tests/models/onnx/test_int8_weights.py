"""Weights in eight bits, and back."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from unpolished.models.onnx.int8_weights import pack, unpacked


@pytest.fixture
def graph(tmp_path):
    """Ids -> rows of an embedding -> a projection, with scales that differ by channel."""
    rng = np.random.default_rng(0)
    table = (rng.normal(size=(200, 64)) * np.logspace(-3, 1, 200)[:, None]).astype(np.float32)
    table[7] = 0
    weight = (rng.normal(size=(64, 80)) * np.logspace(-2, 2, 80)[None, :]).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weight"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["out"]),
    ]
    initializers = [
        numpy_helper.from_array(table, "table"), numpy_helper.from_array(weight, "weight"),
        numpy_helper.from_array(np.ones(80, np.float32), "bias"),
    ]  # fmt: skip
    nodes[0].metadata_props.add(key="stack_trace", value="somewhere/on/a/disk.py")
    body = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 80])],
        initializers,
    )  # fmt: skip
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "whole.onnx")
    return tmp_path / "whole.onnx"


def _run(model, ids):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, {"ids": ids})[0]


def test_a_quarter_of_the_size_and_close_by_channel(graph, tmp_path):
    """Each channel is off by at most half a step of its own scale, however small it is."""
    skeleton, weights = tmp_path / "s.onnx", tmp_path / "w.safetensors"
    pack(graph, skeleton, weights)
    sizes = [path.stat().st_size for path in (graph, skeleton, weights)]
    assert sizes[1] + sizes[2] < 0.4 * sizes[0]
    assert b"disk.py" not in skeleton.read_bytes()
    whole = {i.name: numpy_helper.to_array(i) for i in onnx.load(graph).graph.initializer}
    again = onnx.load_from_string(unpacked(skeleton, weights))
    for initializer in again.graph.initializer:
        was, now = whole[initializer.name], numpy_helper.to_array(initializer)
        axis = {"table": 1, "weight": 0}.get(initializer.name)
        if axis is None:
            np.testing.assert_array_equal(now, was)
        else:
            step = np.abs(was).max(axis=axis, keepdims=True) / 127
            assert (np.abs(now - was) <= step / 2 + 1e-7).all()
    ids = np.arange(200)
    was, now = _run(str(graph), ids), _run(unpacked(skeleton, weights), ids)
    assert np.corrcoef(was.ravel(), now.ravel())[0, 1] > 0.999


def test_batch_mates_do_not_change_a_row(graph, tmp_path):
    """Arithmetic is that of float32."""
    skeleton, weights = tmp_path / "s.onnx", tmp_path / "w.safetensors"
    pack(graph, skeleton, weights)
    model = unpacked(skeleton, weights)
    together = _run(model, np.arange(200))
    np.testing.assert_allclose(_run(model, np.array([5])), together[5:6], rtol=1e-6)


def test_weights_of_another_graph_are_refused(graph, tmp_path):
    """Missing, foreign, or of another shape."""
    from unpolished.models.tensors import load_tensors, save_tensors

    skeleton, weights = tmp_path / "s.onnx", tmp_path / "w.safetensors"
    pack(graph, skeleton, weights)
    good = load_tensors(weights)
    for changed, message in (
        ({k: v for k, v in good.items() if not k.startswith("table")}, "table is missing"),
        (good | {"other": good["weight"]}, "other is no weight"),
        (good | {"weight": good["weight"][:3]}, "wrong shape"),
    ):
        save_tensors(weights, changed)
        with pytest.raises(ValueError, match=message):
            unpacked(skeleton, weights)
