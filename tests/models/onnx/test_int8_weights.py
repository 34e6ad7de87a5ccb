"""Weights in 8 bits."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from unpolished.models.onnx.int8_weights import int8_weights, pack, read_graph
from unpolished.models.tensors import load_tensors, save_tensors


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
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"ids": ids})[0]


def _as_version_0_1(packed, folder):
    """A packed graph as version 0.1 saved it: empty weights, and these in a file beside it."""
    model = onnx.load(packed)
    tensors = {}
    for name, weight in int8_weights(model.graph).items():
        tensors[name] = weight.values
        tensors[f"{name}.scale"] = np.expand_dims(weight.scale, 1 - weight.axis)
        empty = model.graph.initializer.add(name=name, data_type=TensorProto.FLOAT)
        empty.dims.extend(weight.values.shape)
    nodes = [node for node in model.graph.node if node.op_type != "DequantizeLinear"]
    kept = [i for i in model.graph.initializer if not i.name.endswith((".int8", ".scale"))]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept)
    folder.mkdir()
    onnx.save(model, folder / "encoder.onnx")
    save_tensors(folder / "encoder.safetensors", tensors)
    return folder / "encoder.onnx"


def test_a_quarter_of_the_size_and_close_by_channel(graph, tmp_path):
    """Each channel is off by at most half a step of its own scale, however small it is."""
    packed = tmp_path / "packed.onnx"
    pack(graph, packed)
    assert packed.stat().st_size < 0.4 * graph.stat().st_size
    assert b"disk.py" not in packed.read_bytes()
    was = {i.name: numpy_helper.to_array(i) for i in onnx.load(graph).graph.initializer}
    now = int8_weights(onnx.load(packed).graph)
    assert {name: weight.axis for name, weight in now.items()} == {"table": 0, "weight": 1}
    for name, weight in now.items():
        float32 = weight.values * np.expand_dims(weight.scale, 1 - weight.axis)
        step = np.abs(was[name]).max(axis=1 - weight.axis, keepdims=True) / 127
        assert (np.abs(float32 - was[name]) <= step / 2 + 1e-7).all()
    ids = np.arange(200)
    before, after = _run(str(graph), ids), _run(read_graph(packed), ids)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.999


def test_batch_mates_do_not_change_a_row(graph, tmp_path):
    """Arithmetic is that of float32."""
    pack(graph, tmp_path / "packed.onnx")
    model = read_graph(tmp_path / "packed.onnx")
    together = _run(model, np.arange(200))
    np.testing.assert_allclose(_run(model, np.array([5])), together[5:6], rtol=1e-6)


def test_a_graph_of_version_0_1_gives_the_same(graph, tmp_path):
    """To the bit, whole or with its outputs chosen."""
    pack(graph, tmp_path / "packed.onnx")
    old = _as_version_0_1(tmp_path / "packed.onnx", tmp_path / "old")
    expected = _run(read_graph(tmp_path / "packed.onnx"), np.arange(200))
    for outputs in (None, 1):
        np.testing.assert_array_equal(_run(read_graph(old, outputs), np.arange(200)), expected)


def test_weights_of_another_graph_are_refused(graph, tmp_path):
    """Where a file beside the graph holds them: missing, foreign, or of another shape."""
    pack(graph, tmp_path / "packed.onnx")
    old = _as_version_0_1(tmp_path / "packed.onnx", tmp_path / "old")
    weights = old.with_suffix(".safetensors")
    good = load_tensors(weights)
    for changed, message in (
        ({k: v for k, v in good.items() if not k.startswith("table")}, "table is missing"),
        (good | {"other": good["weight"]}, "other is not a weight"),
        (good | {"weight": good["weight"][:3]}, "wrong shape"),
    ):
        save_tensors(weights, changed)
        with pytest.raises(ValueError, match=message):
            read_graph(old)
