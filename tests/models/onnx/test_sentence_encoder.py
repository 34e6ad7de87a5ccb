"""The exported encoder says what the original says, alone or in any batch."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from unpolished.models.base import scores_of
from unpolished.models.families.embed import Embed
from unpolished.models.finetune.export import exported_encoder
from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.onnx.embedding_cache import CachedEncoder
from unpolished.models.onnx.sentence_encoder import GRAPH, SentenceEncoder, check_graph
from unpolished.models.saved_model import load_model, save_model

TEXTS = [
    "third night shift in a row and the vending machine ate my last coin",
    "Glow like never before! Our new serum is here. <url>",
    "nope 😂",
    "We stand with everyone affected. #awareness " * 30,
    "",
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The pinned encoder, exported into a fresh cache."""
    return exported_encoder(tmp_path_factory.mktemp("cache"))


@pytest.mark.slow
def test_export_equals_the_original(exported):
    """Against transformers and torch on the same weights."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = pinned_encoder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokens = tokenizer(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**tokens).last_hidden_state
    mask = tokens["attention_mask"][..., None]
    expected = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1)).numpy()
    np.testing.assert_allclose(SentenceEncoder(exported).encode(TEXTS), expected, atol=2e-6)


@pytest.mark.slow
def test_batch_mates_do_not_change_an_embedding(exported):
    """Alone, together and backwards."""
    encoder = SentenceEncoder(exported)
    together = encoder.encode(TEXTS * 20)
    alone = np.concatenate([encoder.encode([t]) for t in TEXTS])
    np.testing.assert_allclose(together[:5], alone, atol=1e-6)
    np.testing.assert_allclose(encoder.encode((TEXTS * 20)[::-1])[::-1], together, atol=1e-6)
    assert encoder.encode([]).shape == (0, together.shape[1])


@pytest.mark.slow
def test_a_saved_embed_model_is_self_contained_and_bit_equal(
    exported, tiny_train, tiny_info, tmp_path
):
    """Encoder, heads and vocabulary come back from the folder alone."""
    model = Embed(CachedEncoder(SentenceEncoder(exported), tmp_path, "key")).fit(tiny_train)
    save_model(tmp_path / "model", model, tiny_info(model), "card")
    again, info = load_model(tmp_path / "model")
    assert GRAPH in info.files
    fresh = Embed(SentenceEncoder(exported), model.options)
    fresh.ngrams, fresh.heads = model.ngrams, model.heads
    np.testing.assert_array_equal(
        again.predict_proba(tiny_train.texts), fresh.predict_proba(tiny_train.texts)
    )


def test_a_model_scores_before_it_is_saved(tmp_path, tiny_train):
    """As training does, whose encoder remembers embeddings and does not tell cuts."""
    model = Embed(CachedEncoder(Counting(tmp_path), tmp_path / "cache", "key")).fit(tiny_train)
    found = scores_of(model, tiny_train.texts)
    np.testing.assert_array_equal(found.probabilities, model.predict_proba(tiny_train.texts))
    assert not found.truncated.any()


class Counting:
    """A stand-in that counts what it is asked for."""

    def __init__(self, folder):
        self.folder = folder
        (folder / GRAPH).write_bytes(b"graph")
        self.asked = []

    def encode(self, texts):
        """One number a text."""
        self.asked += texts
        return np.array([[len(t)] for t in texts], np.float32).reshape(-1, 1)


def test_the_cache_computes_a_text_once(tmp_path):
    """Also in the next process, and in the order asked for."""
    encoder = Counting(tmp_path)
    first = CachedEncoder(encoder, tmp_path / "cache", "key")
    assert first.encode(["aa", "b", "aa"]).ravel().tolist() == [2, 1, 2]
    assert encoder.asked == ["aa", "b"]
    second = CachedEncoder(encoder, tmp_path / "cache", "key")
    assert second.encode(["ccc", "aa"]).ravel().tolist() == [3, 2]
    assert encoder.asked == ["aa", "b", "ccc"]
    stored = b"".join(p.read_bytes() for p in (tmp_path / "cache").rglob("*") if p.is_file())
    assert b"ccc" not in stored


def _graph(path, domain="", *, external=False, sparse=False):
    node = helper.make_node("Add", ["x", "w"], ["y"], domain=domain)
    weight = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    if external or sparse:
        weight.data_location = TensorProto.EXTERNAL
        entry = weight.external_data.add()
        entry.key, entry.value = "location", "../secret"
        weight.ClearField("float_data")
    value = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in "xy"]
    graph = helper.make_graph([node], "g", value[:1], value[1:], [] if sparse else [weight])
    if sparse:
        index = helper.make_tensor("i", TensorProto.INT64, [1], [0])
        graph.sparse_initializer.append(helper.make_sparse_tensor(weight, index, [1]))
    opsets = [helper.make_opsetid("", 18), *([helper.make_opsetid(domain, 1)] if domain else [])]
    path.write_bytes(helper.make_model(graph, opset_imports=opsets).SerializeToString())


def test_a_plain_graph_passes(tmp_path):
    """Standard operators, weights inside."""
    _graph(tmp_path / GRAPH)
    check_graph(tmp_path / GRAPH)
    assert onnx.load(str(tmp_path / GRAPH))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"external": True}, "weights in other files"),
        ({"sparse": True}, "weights in other files"),
        ({"domain": "evil.ops"}, "beyond the standard"),
    ],
)
def test_a_graph_that_reaches_out_is_refused(tmp_path, options, message):
    """External data and custom operators."""
    _graph(tmp_path / GRAPH, **options)
    with pytest.raises(ValueError, match=message):
        check_graph(tmp_path / GRAPH)
