"""What an encoder makes of each token: its embedding is their mean, places are the text's."""

import numpy as np
import pytest
from unpolished.models.families.embed import Embed
from unpolished.models.onnx.sentence_encoder import SentenceEncoder
from unpolished.models.runtime import Runtime
from unpolished.models.saved_model import load_model
from unpolished.models.shipped.folders import SHIPPED

TEXTS = [
    "ugh, missed the bus again \U0001f68c and it rained",
    "Discover our new sérum today! Use <code> at <url>",
    "soup",
    "so in love with this serum from @user1, use <code> " * 30,
]


@pytest.fixture(scope="module")
def model():
    """The shipped one."""
    return load_model(SHIPPED["default"])[0]


@pytest.mark.parametrize("text", TEXTS)
def test_the_embedding_is_the_mean_of_the_states(model, text):
    """Made as long as one; also of a text that is not read whole."""
    _, states = model.encoder.token_states().read(text)
    mean = states.mean(axis=0)
    np.testing.assert_allclose(
        mean / np.linalg.norm(mean), model.encoder.encode([text])[0], atol=1e-5
    )


@pytest.mark.parametrize("text", TEXTS)
def test_places_are_those_of_the_tokens(model, text):
    """In order, within the text; the tokens at both ends stand nowhere."""
    spans, states = model.encoder.token_states().read(text)
    assert len(spans) == len(states)
    assert spans[0].tolist() == spans[-1].tolist() == [0, 0]
    inner = spans[1:-1]
    assert (inner[:, 1] > inner[:, 0]).all()
    assert (np.diff(inner[:, 0]) >= 0).all()
    assert inner[:, 1].max() <= len(text)


def test_as_many_tokens_are_read_as_by_the_model(model):
    """Where fewer were asked for, too."""
    encoder = SentenceEncoder(SHIPPED["default"])
    encoder.run_as(Runtime(max_length=8))
    assert len(encoder.token_states().read(TEXTS[0]).states) == 8


def test_shares_of_tokens_are_what_the_log_odds_lose_without_them(model):
    """To first order: of each token that is left out of the mean, one by one."""
    alone = Embed(model.encoder, model.options.model_copy(update={"ngrams": None}))
    alone.heads = _heads_of_the_embedding(model)
    spans, states = model.encoder.token_states().read(TEXTS[1])
    told = {(start, end): share for start, end, share in alone.contributions(TEXTS[1])}
    mean = states.mean(axis=0)
    weights = alone.heads.style.coef_[0] * alone.options.embedding_scale

    def log_odds(vector):
        return float(weights @ (vector / np.linalg.norm(vector)))

    found, expected = [], []
    for i, (start, end) in enumerate(spans.tolist()):
        if end > start:
            others = np.delete(states, i, axis=0).mean(axis=0)
            expected.append(log_odds(mean) - log_odds(others))
            found.append(told[start, end][0])
    assert np.corrcoef(found, expected)[0, 1] > 0.9


def _heads_of_the_embedding(model):
    from unpolished.models.features.logistic import Heads, Regression

    width = model.encoder.encode(["soup"]).shape[1]
    of = {
        axis: Regression(head.coef_[:, -width:], head.intercept_)
        for axis in ("style", "paid", "cause")
        if (head := getattr(model.heads, axis)) is not None
    }
    return Heads(**of)


@pytest.mark.slow
def test_a_model_of_several_layers_explains_by_hiding(tmp_path):
    """Its embedding is no mean of one layer's states."""
    exported = pytest.importorskip("unpolished.models.finetune.export")
    encoder = SentenceEncoder(exported.exported_encoder(tmp_path, layers=2))
    assert not Embed(encoder).explains
