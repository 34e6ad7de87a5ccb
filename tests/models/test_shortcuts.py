"""What is skipped or remembered to save time changes nothing: beside the plain way, bit for bit."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data import disclosure, masking
from unpolished.data.disclosure_table import table
from unpolished.data.masking import mask
from unpolished.data.normalise import normalise
from unpolished.models import cues, gram_counts
from unpolished.models.bundle import Bundle

ROOT = Path(__file__).resolve().parents[2]
CORPUS = [
    json.loads(line)["text"]
    for line in (ROOT / "data" / "corpus" / "posts.jsonl").read_text("utf-8").splitlines()
]
ODD = [
    "", " ", "a", "İstanbul ıstanbul ſo K", "ǅ ﬃ ß ẞ", "\x1c\x85\u2028 x",
    "#no_ad #UNad not  an AD",
    "unpaıd ad, unsponsored, Un-Sponsored", "WWW.a.b ß.CO.UK http: HTTPS:// a.example/x",
    "n’t an ad", "aaaa" * 300, "١٢٣ ٤٥٦ ٧٨٩ 0123456789", "!?..…$5 £ 3 % 5 % 3PM 3:45",
    "i I iii AAA ABC éÉÉÉ",
]  # fmt: skip
PIECES = ["not", "n't ", "an ad", " #ad", "un", "paid", "#no", "ad", ".com", "www.", "http", "s:",
          "@a", "1", " 22", "é", "İ", "ſ", "\u0301", "\n", "\t", "  ", "A", "#", "!", "x.y",
          "\u2003"]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
texts = st.one_of(st.text(max_size=80), pieces)


@pytest.fixture(scope="module")
def vectorizers():
    """Those of the shipped model, or of its linear member."""
    model = Bundle.load().model
    return getattr(model, "linear", model).ngrams.vectorizers


@pytest.mark.parametrize("kind", ["word", "char"])
def test_counts_are_those_of_the_vectorisers(vectorizers, kind):
    """The same matrix of weights, to the last bit, twice: remembered words count as new ones."""
    vectorizer, some = vectorizers[kind], [mask(text).text for text in CORPUS] + ODD
    counts = gram_counts.GramCounts(vectorizer)
    expected = vectorizer.transform(some)
    for _ in range(2):
        found = vectorizer._tfidf.transform(counts(some), copy=False)
        assert found.dtype == expected.dtype
        assert (found.indptr == expected.indptr).all()
        assert (found.indices == expected.indices).all()
        assert found.data.tobytes() == expected.data.tobytes()


@given(some=st.lists(texts, min_size=1, max_size=4))
def test_counts_of_any_text(vectorizers, some):
    """Whatever stands in it."""
    for vectorizer in vectorizers.values():
        expected = vectorizer.transform(some)
        counted = gram_counts.GramCounts(vectorizer)(some)
        found = vectorizer._tfidf.transform(counted, copy=False)
        assert (found != expected).nnz == 0


def test_words_are_forgotten(vectorizers, monkeypatch):
    """Memory is bounded."""
    monkeypatch.setattr(gram_counts, "MAX_WORDS", 5)
    counts = gram_counts.GramCounts(vectorizers["char"])
    counts([" ".join(f"word{i}" for i in range(20)) + " " + "x" * 100])
    assert 0 < len(counts._known) <= 5


def _plain_cues(some):
    found = cues.cues(some)
    for row, text in enumerate(some):
        counts = [len(pattern.findall(text)) for pattern in cues.PATTERNS.values()]
        found[row, : len(counts)] = np.log1p(counts)
        share = sum(map(str.isupper, text)) / max(1, len(text))
        found[row, cues.NAMES.index("upper_share")] = share
    return found


def test_cues_are_counted_by_their_patterns():
    """Signs only say where there is no need to look."""
    some = CORPUS + ODD
    assert cues.cues(some).tobytes() == _plain_cues(some).tobytes()


@given(texts)
def test_cues_of_any_text(text):
    """Whatever stands in it."""
    assert cues.cues([text]).tobytes() == _plain_cues([text]).tobytes()


def _check_signs(text):
    normal = normalise(text).text
    if masking._URL.search(normal):
        assert masking._URL_SIGN.search(normal)
    if masking._PHONE.search(normal):
        assert masking._DIGIT.search(normal)
    if table().negated.search(normal):
        assert any(sign in normal.lower() for sign in disclosure._NEGATED_SIGNS)
    if " ".join(normal.split()) == normal:
        assert masking._SPACE.search(normal) is None
        assert normal == normal.strip()


@given(texts)
def test_a_pattern_that_matches_has_its_sign(text):
    """Else a URL, a number or a denial would be passed over."""
    _check_signs(text)


def test_signs_in_the_corpus():
    """Where such things stand."""
    for text in CORPUS + ODD:
        _check_signs(text)
