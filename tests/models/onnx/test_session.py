"""The network of the shipped model: batches, threads and numbers change how it runs."""

from itertools import pairwise

import numpy as np
import pytest
from unpolished.models.families.cascade import Band, Cascade
from unpolished.models.families.encoder import FinetunedEncoder
from unpolished.models.families.stack import Stack, Weights
from unpolished.models.onnx.int8_matmul import in_int8
from unpolished.models.onnx.int8_weights import pack
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
    return FinetunedEncoder.load(SHIPPED["default"])


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_batch_mates_do_not_change_a_score(encoder, texts, precision):
    """Alone, among others, backwards, in batches of seven: within 1e-5."""
    encoder.run_as(Runtime(precision=precision))
    together = encoder.predict_proba(texts)
    alone = np.concatenate([encoder.predict_proba([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(encoder.predict_proba(texts[::-1])[::-1], alone, atol=1e-5)
    encoder.run_as(Runtime(precision=precision, batch_size=7))
    np.testing.assert_allclose(encoder.predict_proba(texts), alone, atol=1e-5)


def test_threads_change_nothing(encoder, texts):
    """Not even a last digit."""
    encoder.run_as(Runtime(threads=1))
    expected = encoder.predict_proba(texts)
    for threads in (2, 3):
        encoder.run_as(Runtime(threads=threads))
        np.testing.assert_array_equal(encoder.predict_proba(texts), expected)


def test_int8_is_near_and_not_the_same(encoder, texts):
    """And asked for, then no longer, everything is as before."""
    exact = encoder.predict_proba(texts)
    encoder.run_as(Runtime(precision="int8"))
    near = encoder.predict_proba(texts)
    # The shipped encoder tells the first four.
    assert np.isnan(exact[:, 4]).all()
    assert np.isnan(near[:, 4]).all()
    near, exact = near[:, :4], exact[:, :4]
    assert 1e-4 < np.abs(near - exact).max() < 0.15
    assert np.abs(near - exact).mean() < 0.02
    encoder.run_as(Runtime())
    np.testing.assert_array_equal(encoder.predict_proba(texts)[:, :4], exact)


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
    """By its own limit, or the one asked for; fewer tokens give other scores."""
    whole, truncated = encoder.scores(texts)
    assert truncated.tolist() == [False] * 40 + [True]
    encoder.run_as(Runtime(max_length=8))
    short, truncated = encoder.scores([*texts[:2], "nope"])
    assert truncated.tolist() == [True, True, False]
    assert np.abs(short[:2] - whole[:2])[:, :4].max() > 1e-4
    encoder.run_as(Runtime(max_length=512))
    assert not encoder.scores(texts).truncated.any()


def test_a_failure_in_a_thread_is_raised(encoder):
    """So that the post can be found."""
    encoder.run_as(Runtime(threads=2))
    with pytest.raises(TypeError):
        encoder.predict_proba(["late bus"] * 600 + [None])
    assert encoder.predict_proba(["late bus"]).shape == (1, 5)


class Told:
    """Stands for a linear model that says what it is told."""

    def predict_proba(self, texts):
        """Unsure about texts with a question mark."""
        rows = [[0.5 if "?" in t else 0.99, 0.01, 0.01, 0.01, 0.01] for t in texts]
        return np.array(rows, np.float32)


def test_a_cascade_tells_only_of_what_it_sends_on(encoder):
    """A long post that the linear model is sure about was read whole."""
    cascade = Cascade(Told(), Stack(Told(), encoder, Weights()), 0.3)
    odds = np.array([3.0, 3.0, 3.0, 3.0])
    cascade.band = Band(-odds, odds, 0.0)
    scores, truncated = cascade.scores([LONG, LONG + "?", "late bus", "late bus?"])
    assert truncated.tolist() == [False, True, False, False]
    assert [p == pytest.approx(0.99) for p in scores[:, 0]] == [True, False, True, False]
    cascade.run_as(Runtime(max_length=512))
    assert not cascade.scores([LONG + "?"]).truncated.any()


def test_lengths_in_order():
    """Texts of every length come back in their own place."""
    encoder = FinetunedEncoder.load(SHIPPED["default"])
    counted = [" ".join(["bus"] * n) for n in range(1, 30)]
    forward = encoder.predict_proba(counted)
    np.testing.assert_allclose(encoder.predict_proba(counted[::-1])[::-1], forward, atol=1e-5)
    assert all(np.abs(a - b)[:4].max() > 1e-5 for a, b in pairwise(forward[:8]))
