"""The network of the shipped model: batches, threads and numbers change how it runs."""

from itertools import pairwise

import numpy as np
import pytest
from unpolished.models.onnx import session
from unpolished.models.onnx.int8_matmul import in_int8
from unpolished.models.onnx.int8_weights import pack
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.runtime import Runtime
from unpolished.models.shipped.folders import SHIPPED

from ..stored import stored_posts

LONG = "so in love with this serum from @user1, use <code> " * 30


@pytest.fixture(scope="module")
def texts():
    """Forty of the stored posts and a long one, of all lengths."""
    return [*[text for _, text in stored_posts()][:40], LONG]


@pytest.fixture
def encoder():
    """Opened for each test, as tests change how it runs."""
    return SentenceEncoder(SHIPPED["default"])


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_batch_mates_do_not_change_an_embedding(encoder, texts, precision):
    """Alone, among others, backwards, in batches of seven: within 1e-5."""
    encoder.run_as(Runtime(precision=precision))
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(texts[::-1])[::-1], alone, atol=1e-5)
    encoder.run_as(Runtime(precision=precision, batch_size=7))
    np.testing.assert_allclose(encoder.encode(texts), alone, atol=1e-5)


def test_threads_change_nothing(encoder, texts):
    """Not even a last digit."""
    encoder.run_as(Runtime(threads=1))
    expected = encoder.encode(texts)
    for threads in (2, 3):
        encoder.run_as(Runtime(threads=threads))
        np.testing.assert_array_equal(encoder.encode(texts), expected)


def test_int8_is_near_and_not_the_same(encoder, texts):
    """And asked for, then no longer, everything is as before."""
    exact = encoder.encode(texts)
    encoder.run_as(Runtime(precision="int8"))
    near = encoder.encode(texts)
    assert np.abs(near - exact).max() > 1e-4
    assert (near * exact).sum(axis=1).min() > 0.95
    encoder.run_as(Runtime())
    np.testing.assert_array_equal(encoder.encode(texts), exact)


def test_a_precision_of_its_own(texts, monkeypatch):
    """Taken where none is asked for, and on no GPU, which int8 makes no faster."""
    exact = SentenceEncoder(SHIPPED["default"]).encode(texts)
    encoder = SentenceEncoder(SHIPPED["default"], "int8")
    near = encoder.encode(texts)
    assert np.abs(near - exact).max() > 1e-4
    encoder.run_as(Runtime(threads=1, precision="int8"))
    np.testing.assert_array_equal(encoder.encode(texts), near)
    encoder.run_as(Runtime(precision="float32"))
    np.testing.assert_array_equal(encoder.encode(texts), exact)
    gpu = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(session, "providers", lambda device: gpu if device == "auto" else gpu[1:])
    monkeypatch.setattr(session, "_session", lambda graph, found, precision: (found, precision))
    opened = {device: _opened_as(encoder, Runtime(device)) for device in ("auto", "cpu")}
    assert opened == {"auto": (gpu, "float32"), "cpu": (gpu[1:], "int8")}
    assert _opened_as(encoder, Runtime(precision="int8")) == (gpu, "int8")


def _opened_as(encoder, runtime):
    encoder.run_as(runtime)
    return encoder._network._session


def test_rows_of_a_table_in_int8(tmp_path):
    """Looked up in eight bits, they are to the bit those of the table in float32."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    table = np.random.default_rng(0).normal(size=(200, 32)).astype(np.float32)
    node = helper.make_node("Gather", ["t", "i"], ["y"])
    i = helper.make_tensor_value_info("i", TensorProto.INT64, [None, None])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, None, 32])
    graph = helper.make_graph([node], "g", [i], [y], [numpy_helper.from_array(table, "t")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, tmp_path / "float32.onnx")
    pack(tmp_path / "float32.onnx", tmp_path / "packed.onnx")
    packed = (tmp_path / "packed.onnx").read_bytes()
    changed = in_int8(packed)
    kinds = {n.op_type for n in onnx.load_model_from_string(changed).graph.node}
    assert "DequantizeLinear" not in kinds
    asked = {"i": np.array([[0, 199, 7], [3, 3, 100]])}
    (expected,), (found,) = (
        onnxruntime.InferenceSession(g, providers=["CPUExecutionProvider"]).run(None, asked)
        for g in (packed, changed)
    )
    np.testing.assert_array_equal(found, expected)


def test_a_product_in_int8(tmp_path):
    """By hand: a graph of one product, with weights and values that eight bits hold exactly."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    weights = np.random.default_rng(0).integers(-126, 127, (64, 64)).astype(np.float32)
    weights[0] = 127
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, 64]) for n in "xy")
    graph = helper.make_graph([node], "g", [x], [y], [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, tmp_path / "float32.onnx")
    pack(tmp_path / "float32.onnx", tmp_path / "packed.onnx")
    changed = in_int8((tmp_path / "packed.onnx").read_bytes())
    kinds = {n.op_type for n in onnx.load_model_from_string(changed).graph.node}
    assert "MatMulInteger" in kinds
    assert not kinds & {"MatMul", "DequantizeLinear"}
    session = onnxruntime.InferenceSession(changed, providers=["CPUExecutionProvider"])
    values = np.random.default_rng(1).integers(-62, 63, (3, 64)).astype(np.float32)
    values[:, 0] = 63
    # The largest products there are, all of one sign: what 16 bits must not be too small for.
    values[1], values[2] = 63, 0
    (found,) = session.run(None, {"x": values})
    np.testing.assert_allclose(found, values @ weights, rtol=1e-5, atol=0.05)


def test_what_is_longer_than_it_reads_is_told(encoder, texts):
    """By its own limit, or the one asked for; fewer tokens give other embeddings."""
    whole, truncated = encoder.read(texts)
    assert truncated.tolist() == [False] * 40 + [True]
    encoder.run_as(Runtime(max_length=8))
    short, truncated = encoder.read([*texts[:2], "nope"])
    assert truncated.tolist() == [True, True, False]
    assert np.abs(short[:2] - whole[:2]).max() > 1e-3
    encoder.run_as(Runtime(max_length=512))
    assert not encoder.read(texts).truncated.any()


def test_a_failure_in_a_thread_is_raised(encoder):
    """So that the post can be found."""
    encoder.run_as(Runtime(threads=2))
    with pytest.raises(TypeError):
        encoder.encode(["late bus"] * 600 + [None])
    assert encoder.encode(["late bus"]).shape == (1, 384)


def test_lengths_in_order(encoder):
    """Texts of every length come back in their own place."""
    counted = [" ".join(["bus"] * n) for n in range(1, 30)]
    forward = encoder.encode(counted)
    np.testing.assert_allclose(encoder.encode(counted[::-1])[::-1], forward, atol=1e-5)
    assert all(np.abs(a - b).max() > 1e-5 for a, b in pairwise(forward[:8]))
