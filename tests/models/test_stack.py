"""Two models pooled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.models.encoder import FinetunedEncoder
from unpolished.models.encoder_export import pinned_encoder
from unpolished.models.encoder_options import EncoderOptions
from unpolished.models.linear import Linear
from unpolished.models.saved import load_model, save_model
from unpolished.models.stack import Stack, pooled

UNIT = st.floats(0, 1, width=32)


def _rows(values):
    style, paid, cause, share = values
    return [style, paid, cause * share, cause * (1 - share)]


SCORES = st.lists(st.tuples(UNIT, UNIT, UNIT, UNIT).map(_rows), min_size=1, max_size=5).map(
    lambda rows: np.array(rows, np.float32)
)


@given(SCORES, st.floats(0.01, 0.99))
def test_a_model_pooled_with_itself_is_itself(scores, weight):
    """And what comes out are probabilities."""
    np.testing.assert_allclose(pooled(scores, scores, weight), scores, atol=3e-6)


@given(SCORES, st.floats(0.01, 0.99))
def test_what_comes_out_are_probabilities(scores, weight):
    """Low and high sum to at most 1, whatever the other model says."""
    mixed = pooled(scores, scores[::-1], weight)
    assert mixed.dtype == np.float32
    assert ((mixed >= 0) & (mixed <= 1)).all()
    assert (mixed[:, 2] + mixed[:, 3] <= 1 + 1e-6).all()


def test_the_pool_is_the_mean_of_log_odds():
    """By hand."""
    first = np.array([[0.9, 0.5, 0.1, 0.1]], np.float32)
    second = np.array([[0.5, 0.5, 0.1, 0.1]], np.float32)
    assert pooled(first, second, 0.5)[0, 0] == pytest.approx(0.75, abs=1e-6)
    assert pooled(first, second, 0.999)[0, 0] == pytest.approx(0.5, abs=1e-2)


@pytest.mark.slow
def test_a_saved_stack_is_self_contained_and_bit_equal(tiny_train, tiny_info, tmp_path):
    """Both members from one folder."""
    options = EncoderOptions(epochs=1, batch_size=8, max_tokens=32)
    stack = Stack(Linear(), FinetunedEncoder(options, pinned_encoder()), 0.4).fit(tiny_train)
    save_model(tmp_path / "model", stack, tiny_info(stack), "# card\n")
    model, info = load_model(tmp_path / "model")
    assert (info.family, model.encoder_weight) == ("stack", 0.4)
    texts = tiny_train.texts[:9]
    np.testing.assert_array_equal(model.predict_proba(texts), stack.predict_proba(texts))
    assert stack.export_report["auc_difference"] <= 0.002
