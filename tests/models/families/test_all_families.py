"""Laws that every model family keeps."""

from dataclasses import replace

import numpy as np
import pytest
from unpolished.data.labelled_texts import LabelledTexts
from unpolished.models.base import PROBABILITIES, SELF, Model
from unpolished.models.families.by_name import family_class
from unpolished.models.families.embed import Embed, EmbedOptions
from unpolished.models.families.linear import Linear, LinearOptions
from unpolished.models.families.rules import Rules
from unpolished.models.features.ngrams import NgramOptions


class LetterEncoder:
    """A stand-in sentence encoder: letter counts of unit length."""

    def encode(self, texts):
        """Vectors of width 10."""
        counts = np.array([[t.count(c) + 0.1 for c in "abcdefghij"] for t in texts], np.float32)
        return counts.reshape(-1, 10) / np.linalg.norm(
            counts.reshape(-1, 10), axis=1, keepdims=True
        )

    def save(self, folder):
        """Nothing to save."""


def models() -> list[Model]:
    """One unfitted model of each kind."""
    return [
        Rules(),
        Linear(),
        Linear(LinearOptions(ngrams=NgramOptions(char_ngrams=0, cue_weight=0.0))),
        Embed(LetterEncoder()),
        Embed(LetterEncoder(), EmbedOptions(ngrams=None)),
    ]


@pytest.fixture(params=range(5), ids=["rules", "linear", "words", "embed", "embed-alone"])
def fitted(request, tiny_train) -> Model:
    """Each kind, fitted."""
    return models()[request.param].fit(tiny_train)


def test_probabilities_are_float32_of_five_columns(fitted, tiny_train):
    """The shape, the type and the range of the contract."""
    p = fitted.predict_proba(tiny_train.texts)
    assert p.dtype == np.float32
    assert p.shape == (len(tiny_train), len(PROBABILITIES))
    if fitted.family == "rules":  # they are not trained, and know nothing of own promotion
        assert np.isnan(p[:, SELF]).all()
        p[:, SELF] = 0
    assert np.isfinite(p).all()
    assert (p >= 0).all()
    assert (p <= 1).all()
    assert (p[:, 2] + p[:, 3] <= 1 + 1e-6).all()
    assert (p[:, 1] + p[:, 4] <= 1 + 1e-6).all()


def test_no_texts_give_no_rows(fitted):
    """An empty batch is no error."""
    assert fitted.predict_proba([]).shape == (0, len(PROBABILITIES))


def test_order_and_batch_mates_do_not_matter(fitted, tiny_train):
    """A post's probabilities are its own."""
    together = fitted.predict_proba(tiny_train.texts)
    alone = np.concatenate([fitted.predict_proba([t]) for t in tiny_train.texts[::9]])
    backwards = fitted.predict_proba(tiny_train.texts[::-1])[::-1]
    np.testing.assert_allclose(together[::9], alone, atol=1e-6)
    np.testing.assert_allclose(together, backwards, atol=1e-6)


def test_columns_mean_what_they_say(fitted):
    """The label order: each column is highest where its property is plain."""
    p = fitted.predict_proba(
        [
            "ugh my bus was late again lol",
            "Discover our new collection today!",
            "so in love with this serum from @user1, use <code>",
            "We stand with everyone affected. #awareness",
            "I gave $50 to the food bank, donate here <url>",
        ]
    )
    assert p[1, 0] > p[0, 0]
    assert p[:, 1].argmax() == 2
    if fitted.family == "linear":
        assert p[:, SELF].argmax() == 1
    if fitted.family != "embed":  # letter counts cannot tell the two causes apart
        assert p[:, 2].argmax() == 3
        assert p[:, 3].argmax() == 4


def test_reload_is_bit_equal(fitted, tiny_train, tmp_path, monkeypatch):
    """What is saved is what scores."""
    monkeypatch.setattr(
        "unpolished.models.families.embed.SentenceEncoder", lambda *_: LetterEncoder()
    )
    fitted.save(tmp_path)
    again = family_class(fitted.family).load(tmp_path)
    np.testing.assert_array_equal(
        again.predict_proba(tiny_train.texts), fitted.predict_proba(tiny_train.texts)
    )


def test_unpaid_posts_of_unknown_kind_do_not_cost_the_fifth_column(tiny_train):
    """They count as the others that are not paid."""
    kinds = tiny_train.kinds.copy()
    kinds[np.flatnonzero(tiny_train.paid == 0)[:2]] = np.nan
    train = replace(tiny_train, kinds=kinds)
    p = Linear().fit(train).predict_proba(train.texts)
    assert np.isfinite(p[:, SELF]).all()
    paid = p[tiny_train.paid == 1, 1].mean()
    assert paid > p[tiny_train.paid == 0, 1].mean() + 0.2


def test_missing_targets_add_no_loss(tiny_train):
    """Rows without any target change nothing but the vocabulary, which is held still here."""
    silent = LabelledTexts(
        texts=tiny_train.texts,
        sources=tiny_train.sources,
        authors=tiny_train.authors,
        groups=tiny_train.groups,
        folds=tiny_train.folds,
        style=np.full(len(tiny_train), np.nan, np.float32),
        paid=np.full(len(tiny_train), -1, np.int8),
        kinds=np.full((len(tiny_train), 3), np.nan, np.float32),
        cause=np.full(len(tiny_train), -1, np.int8),
        weight=tiny_train.weight,
    )
    alone = EmbedOptions(ngrams=None)
    with_silent = Embed(LetterEncoder(), alone).fit(tiny_train.joined(silent))
    without = Embed(LetterEncoder(), alone).fit(tiny_train)
    np.testing.assert_allclose(
        with_silent.predict_proba(tiny_train.texts),
        without.predict_proba(tiny_train.texts),
        atol=1e-6,
    )


def test_one_class_is_a_clear_error(tiny_train):
    """An axis nobody labelled both ways cannot be trained."""
    one = tiny_train.take(tiny_train.paid == 0)
    with pytest.raises(ValueError, match="axis 'paid': 3 classes"):
        Linear().fit(one)


def test_paid_alone_trains_two_classes(tiny_train):
    """Labels that do not tell own promotion apart are enough."""
    plain = replace(tiny_train, kinds=np.full((len(tiny_train), 3), np.nan, np.float32))
    model = Linear().fit(plain)
    assert model.heads.paid.coef_.shape[0] == 1
    p = model.predict_proba(["so in love with this serum from @user1, use <code>"])
    assert p[0, 1] > 0.5
    assert np.isnan(p[0, SELF])


def test_a_soft_kind_counts_by_its_shares(tiny_train):
    """Half a belief in two kinds is two posts of half the weight."""
    soft = tiny_train.kinds.copy()
    soft[tiny_train.paid == 1] = (0.5, 0, 0.5)
    halved = Linear().fit(replace(tiny_train, kinds=soft))
    sure = Linear().fit(tiny_train)
    text = ["so in love with this serum from @user1, use <code>"]
    assert halved.predict_proba(text)[0, 1] == pytest.approx(0.5, abs=0.06)
    assert sure.predict_proba(text)[0, 1] > 0.8


def test_blocks_do_not_change_a_score(tiny_train, monkeypatch):
    """To the bit, and no text is no row."""
    model = Embed(LetterEncoder()).fit(tiny_train)
    whole = model.predict_proba(tiny_train.texts)
    monkeypatch.setattr("unpolished.models.families.embed._BLOCK", 7)
    np.testing.assert_array_equal(model.predict_proba(tiny_train.texts), whole)
    assert model.predict_proba([]).shape == (0, len(PROBABILITIES))


def test_unknown_family_names_the_known():
    """The error says what would work."""
    with pytest.raises(ValueError, match="give one of rules, linear, embed"):
        family_class("oracle")
