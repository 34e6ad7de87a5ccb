"""Two models pooled."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.models.families.embed import Embed
from unpolished.models.families.encoder import GRAPH, FinetunedEncoder
from unpolished.models.families.linear import Linear
from unpolished.models.families.stack import DESCRIPTION, FrozenEmbedding, Stack, Weights, pooled
from unpolished.models.finetune.export import exported_encoder
from unpolished.models.finetune.options import EncoderOptions
from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.onnx.int8_weights import read_graph
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.saved_model import load_model, save_model

UNIT = st.floats(0, 1, width=32)
SHARE = st.floats(0.01, 0.99)


def _rows(values):
    style, paid, cause, share, own = values
    return [style, paid, cause * share, cause * (1 - share), (1 - paid) * own]


SCORES = st.lists(st.tuples(UNIT, UNIT, UNIT, UNIT, UNIT).map(_rows), min_size=1, max_size=5).map(
    lambda rows: np.array(rows, np.float32)
)


WEIGHTS = st.builds(Weights, style=SHARE, paid=SHARE, cause=SHARE)


@given(SCORES, WEIGHTS)
def test_a_model_pooled_with_itself_is_itself(scores, weight):
    """And what comes out are probabilities."""
    np.testing.assert_allclose(pooled(scores, scores, weight), scores, atol=3e-6)


@given(SCORES, WEIGHTS)
def test_what_comes_out_are_probabilities(scores, weight):
    """Low and high, and paid and one's own, sum to at most 1, whatever the other model says."""
    mixed = pooled(scores, scores[::-1], weight)
    assert mixed.dtype == np.float32
    assert ((mixed >= 0) & (mixed <= 1)).all()
    assert (mixed[:, 2] + mixed[:, 3] <= 1 + 1e-6).all()
    assert (mixed[:, 1] + mixed[:, 4] <= 1 + 1e-6).all()


@given(SCORES, WEIGHTS)
def test_what_one_of_two_does_not_tell_the_pool_does_not(scores, weight):
    """And what both tell is not moved by it."""
    four = scores.copy()
    four[:, 4] = np.nan
    mixed = pooled(four, scores[::-1], weight)
    assert np.isnan(mixed[:, 4]).all()
    np.testing.assert_array_equal(mixed[:, :4], pooled(scores, scores[::-1], weight)[:, :4])


def test_the_pool_is_the_mean_of_log_odds():
    """By hand, each axis by its own weight."""
    first = np.array([[0.9, 0.9, 0.1, 0.1, 0.09]], np.float32)
    second = np.array([[0.5, 0.5, 0.1, 0.1, 0.25]], np.float32)
    mixed = pooled(first, second, Weights(style=0.5, paid=0.999, cause=0.5))
    assert mixed[0, 0] == pytest.approx(0.75, abs=1e-6)
    assert mixed[0, 1] == pytest.approx(0.5, abs=1e-2)
    # Of what is not paid, by the weight of paid.
    assert mixed[0, 4] / (1 - mixed[0, 1]) == pytest.approx(0.5, abs=1e-2)


@pytest.fixture(scope="module")
def stack(tiny_train):
    """A pass over the tiny training set."""
    options = EncoderOptions(trainable_layers=5, epochs=1, batch_size=8, max_tokens=32)
    encoder = FinetunedEncoder(options, pinned_encoder(), embeds=True)
    return Stack(Embed(FrozenEmbedding(encoder)), encoder, Weights(paid=0.4)).fit(tiny_train)


@pytest.mark.slow
def test_a_saved_stack_is_self_contained_and_bit_equal(stack, tiny_train, tiny_info, tmp_path):
    """Both members and their weights from one folder."""
    save_model(tmp_path / "model", stack, tiny_info(stack), "# card\n")
    model, info = load_model(tmp_path / "model")
    assert (info.family, model.encoder_weight) == ("stack", Weights(paid=0.4))
    texts = tiny_train.texts[:9]
    np.testing.assert_array_equal(model.predict_proba(texts), stack.predict_proba(texts))
    assert stack.diagnostics(()).figures["export.relative_difference"] <= 0.05


@pytest.mark.slow
def test_the_embedding_is_that_of_the_layers_before_they_were_tuned(stack, tiny_train, tmp_path):
    """Of the layer left as it is and of the one tuned above it; eight bits turn it a little."""
    texts = tiny_train.texts[:20]
    found = FrozenEmbedding(stack.encoder).encode(texts)
    assert found.shape == (20, 2 * 384)
    before = SentenceEncoder(exported_encoder(tmp_path, layers=2)).encode(texts)
    alike = (found * before).reshape(20, 2, 384).sum(2)
    assert 0.999 < alike.min() <= alike.max() < 1.0001
    options = EncoderOptions(epochs=1, batch_size=8, max_tokens=32, dropout=0.5)
    other = FinetunedEncoder(options, pinned_encoder(), seed=1, embeds=True).fit(tiny_train)
    np.testing.assert_array_equal(FrozenEmbedding(other).encode(texts), found)


@pytest.mark.slow
def test_an_encoder_alone_says_the_same_without_the_embedding(stack, tiny_train, tmp_path):
    """Nor is computed what only the embedding needs."""
    stack.encoder.save(tmp_path)
    alone = FinetunedEncoder.load(tmp_path)
    texts = tiny_train.texts[:9]
    output = stack.encoder.read(texts).output
    np.testing.assert_array_equal(alone.read(texts).output, output[:, :5])
    graphs = [onnx.load_from_string(read_graph(tmp_path / GRAPH, kept)).graph for kept in (None, 1)]
    assert [len(graph.output) for graph in graphs] == [2, 1]
    assert len(graphs[1].node) < 0.9 * len(graphs[0].node)
    with pytest.raises(ValueError, match="made with embeds"):
        FrozenEmbedding(alone)


@pytest.mark.slow
def test_a_stack_saved_with_a_linear_member_still_scores(tiny_train, tiny_info, tmp_path):
    """As versions before ``embed`` was a member wrote it: one weight for all axes."""
    options = EncoderOptions(epochs=1, batch_size=8, max_tokens=32)
    encoder = FinetunedEncoder(options, pinned_encoder())
    earlier = Stack(Linear(), encoder, Weights(style=0.3, paid=0.3, cause=0.3)).fit(tiny_train)
    folder = tmp_path / "model"
    folder.mkdir()
    earlier.save(folder)
    (folder / DESCRIPTION).write_text('{"encoder_weight": 0.3}')
    texts = tiny_train.texts[:9]
    np.testing.assert_array_equal(
        Stack.load(folder).predict_proba(texts), earlier.predict_proba(texts)
    )
    (folder / DESCRIPTION).write_text('{"encoder_weight": 1.5}')
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        Stack.load(folder)
