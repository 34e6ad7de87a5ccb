"""A cascade asks its second model where the first is unsure, and nowhere else."""

import json

import numpy as np
import pytest
from unpolished.models.base import FIRST_FOUR, PROBABILITIES, Scores
from unpolished.models.decision.threshold import Threshold
from unpolished.models.decision.thresholds import Thresholds
from unpolished.models.families.by_name import FAMILIES
from unpolished.models.families.cascade import DESCRIPTION, Band, Cascade
from unpolished.models.families.embed import Embed
from unpolished.models.families.encoder import FinetunedEncoder
from unpolished.models.families.linear import Linear
from unpolished.models.families.stack import FrozenEmbedding, Stack, Weights
from unpolished.models.finetune.options import EncoderOptions
from unpolished.models.finetune.pinned import pinned_encoder
from unpolished.models.saved_model import ModelError, load_model, save_model

CUT = Threshold(flag=0.7, opposite=0.3)
SURE = [0.01, 0.01, 0.01, 0.01, 0.01]


class Second:
    """A stack's stand-in that keeps what it was asked."""

    def fit(self, train):
        """Learn nothing."""
        return self

    def predict_proba(self, texts):
        """Say the same of every post."""
        return self.scores(texts).probabilities

    def scores(self, texts):
        """Likewise, and nothing left out."""
        self.asked = list(texts)
        said = np.tile(np.array([0.9, 0.9, 0.5, 0.4, 0.1], np.float32), (len(texts), 1))
        return Scores(said, np.zeros(len(texts), bool))


def _band(widened=0.0):
    return Band.of(Thresholds(**dict.fromkeys(PROBABILITIES, CUT)), widened)


def _scores(*paid):
    return np.array([[SURE[0], p, *SURE[2:]] for p in paid], np.float32)


def test_the_band_lies_between_the_cuts():
    """Both ends belong to it; an axis is enough."""
    held = _band().holds(_scores(0.01, 0.29, 0.301, 0.5, 0.699, 0.71, 0.99))
    assert held.tolist() == [False, False, True, True, True, False, False]


def test_what_has_no_cut_sends_nothing_on():
    """A cascade that does not tell own promotion has a band of four columns."""
    cuts = Thresholds(**dict.fromkeys(FIRST_FOUR, CUT))
    scores = np.array([[*SURE[:4], p] for p in (0.5, np.nan)], np.float32)
    assert Band.of(cuts).holds(scores).tolist() == [False, False]
    assert _band().holds(scores[:1]).tolist() == [True]


@pytest.mark.parametrize("widened", [-0.5, 0.0, 0.5, 3.0])
def test_a_wider_band_holds_what_a_narrower_one_held(widened):
    """Whatever the scores."""
    scores = np.random.default_rng(0).random((200, 5)).astype(np.float32)
    narrow, wide = _band(widened).holds(scores), _band(widened + 0.5).holds(scores)
    assert (wide >= narrow).all()
    assert wide.sum() >= narrow.sum()


def test_only_unsure_posts_are_sent_on(tiny_train):
    """The others keep the linear model's scores, to the bit; order and mates do not matter."""
    second = Second()
    cascade = Cascade(Linear(), second, 0.4).fit(tiny_train)
    texts = list(tiny_train.texts)
    scores = cascade.predict_proba(texts)
    linear = cascade.linear.predict_proba(texts)
    sent = cascade.band.holds(linear)
    assert second.asked == [t for t, s in zip(texts, sent, strict=True) if s]
    assert 0 < sent.sum() < len(texts)
    np.testing.assert_array_equal(scores[~sent], linear[~sent])
    np.testing.assert_array_equal(cascade.predict_proba(texts[::-1]), scores[::-1])


class Short(Second):
    """A second model that reads twenty characters of a post."""

    def scores(self, texts):
        """Tell which were longer."""
        return Scores(super().scores(texts).probabilities, np.array([len(t) > 20 for t in texts]))


class Told:
    """Stands for a linear model that says what it is told."""

    def predict_proba(self, texts):
        """Unsure about texts with a question mark."""
        rows = [[0.5 if "?" in t else 0.99, 0.01, 0.01, 0.01, 0.01] for t in texts]
        return np.array(rows, np.float32)


def test_a_cascade_tells_only_of_what_it_sends_on():
    """A long post that the linear model is sure about was read whole."""
    cascade = Cascade(Told(), Short(), 0.3)
    odds = np.array([3.0, 3.0, 3.0, 3.0])
    cascade.band = Band(-odds, odds, 0.0)
    long = "so in love with this serum"
    scores, truncated = cascade.scores([long, f"{long}?", "late bus", "late bus?"])
    assert truncated.tolist() == [False, True, False, False]
    assert [p == pytest.approx(0.99) for p in scores[:, 0]] == [True, False, True, False]


def test_diagnostics_are_what_scores_are_made_of(tiny_train):
    """At any operating point."""
    cascade = Cascade(Linear(), Second(), 0.4).fit(tiny_train)
    told = cascade.diagnostics(tiny_train.texts)
    assert tuple(told.by_post) == FAMILIES["cascade"].by_post
    first, second, distance = told.by_post.values()
    sent = distance <= cascade.band.widened
    mixed = np.where(sent[:, None], second, first)
    np.testing.assert_array_equal(mixed, cascade.predict_proba(tiny_train.texts))


@pytest.mark.slow
def test_a_saved_cascade_is_self_contained_and_bit_equal(tiny_train, tiny_info, tmp_path):
    """Members and band from one folder; a band that is none is refused."""
    options = EncoderOptions(epochs=1, batch_size=8, max_tokens=32)
    encoder = FinetunedEncoder(options, pinned_encoder(), embeds=True)
    stack = Stack(Embed(FrozenEmbedding(encoder)), encoder, Weights(paid=0.4))
    cascade = Cascade(Linear(), stack, 0.5).fit(tiny_train)
    save_model(tmp_path / "model", cascade, tiny_info(cascade), "# card\n")
    model, info = load_model(tmp_path / "model")
    assert (info.family, model.deferral_rate) == ("cascade", 0.5)
    texts = tiny_train.texts[:9]
    np.testing.assert_array_equal(model.predict_proba(texts), cascade.predict_proba(texts))
    broken = json.loads((tmp_path / "model" / DESCRIPTION).read_text())
    (tmp_path / "model" / DESCRIPTION).write_text(json.dumps(broken | {"flag": [1.0]}))
    with pytest.raises(ValueError, match="must be 4 or 5 numbers each"):
        Cascade.load(tmp_path / "model")
    with pytest.raises(ModelError, match=r"cascade\.json was changed"):
        load_model(tmp_path / "model")
