"""The saved vocabulary gives no post away, and its occurrences add up."""

import numpy as np
import pytest
from unpolished.models.families.linear import Linear
from unpolished.models.features.ngrams import NgramOptions, Ngrams


def test_ngrams_of_few_authors_stay_out(tiny_train):
    """Four authors are not enough, however often they write it."""
    texts = list(tiny_train.texts)
    for i, author in enumerate(tiny_train.authors):
        if author in {"author-0", "author-1", "author-2", "author-3"}:
            texts[i] += " zyxzyx zyxzyx"
    few = Ngrams.fit(_with(tiny_train, texts), NgramOptions())
    assert not any("zyx" in gram for v in few.vectorizers.values() for gram in v.vocabulary_)
    for i, author in enumerate(tiny_train.authors):
        if author == "author-4":
            texts[i] += " zyxzyx"
    enough = Ngrams.fit(_with(tiny_train, texts), NgramOptions())
    assert "zyxzyx" in enough.vectorizers["word"].vocabulary_


def test_hashtags_handles_and_placeholders_are_tokens(tiny_train):
    """The signs scikit-learn's default pattern drops."""
    vocabulary = Ngrams.fit(tiny_train, NgramOptions()).vectorizers["word"].vocabulary_
    assert {"#awareness", "@user1", "<code>", "<url>", "!"} <= set(vocabulary)


@pytest.mark.parametrize(
    "text", ["We stand with @user1 #awareness!", "I a to   be\nugh lol", "İ ok"]
)
def test_occurrences_sum_to_the_features(tiny_train, text):
    """Every TF-IDF value is split over the places of its n-gram, none is lost."""
    ngrams = Ngrams.fit(tiny_train, NgramOptions(cue_weight=0.0))
    row = ngrams.transform([text]).csr
    summed = np.zeros(row.shape[1])
    for start, end, column, value in ngrams.occurrences(text):
        assert 0 <= start < end <= len(text)
        summed[column] += value
    if "İ" not in text:
        np.testing.assert_allclose(summed, row.toarray()[0], atol=1e-12)


def test_contributions_are_exact(tiny_train):
    """Shares, cues and intercept sum to the log-odds of style."""
    model = Linear().fit(tiny_train)
    text = "so in love with this serum from @user1, use <code>"
    total = sum(share for _, _, share in model.contributions(text))
    features = model.ngrams.transform([text]).csr
    n_cues = len(model.ngrams.cue_mean)
    weights = model.heads.log_odds_weights(features)[:, -n_cues:]
    rest = weights @ features.toarray()[0, -n_cues:]
    p = model.predict_proba([text])[0, 0].astype(float)
    expected = np.log(p / (1 - p))
    assert total[0] + rest[0] + model.heads.style.intercept_[0] == pytest.approx(expected, abs=1e-4)


def test_weights_are_the_gradient_of_the_log_odds(tiny_train):
    """For the axes with three classes: against a finite difference."""
    heads = (model := Linear().fit(tiny_train)).heads
    row = model.ngrams.transform(["We stand with @user1, use <code>"]).csr.toarray()
    weights = heads.log_odds_weights(row)

    def log_odds(features):
        kinds = heads.paid.predict_proba(features)[0]
        p = np.array([kinds[2], *heads.cause.predict_proba(features)[0, 1:], kinds[1]])
        return np.log(p / (1 - p))

    for column in np.flatnonzero(row[0])[:10]:
        step = np.zeros_like(row)
        step[0, column] = 1e-5
        slope = (log_odds(row + step) - log_odds(row - step)) / 2e-5
        np.testing.assert_allclose(weights[1:, column], slope, atol=1e-6)


def test_too_few_authors_is_a_clear_error(tiny_train):
    """One author shares nothing with four others."""
    with pytest.raises(ValueError, match="train on posts of more authors"):
        Ngrams.fit(tiny_train.take(tiny_train.authors == "author-1"), NgramOptions())


def _with(train, texts):
    from dataclasses import replace

    return replace(train, texts=tuple(texts))
