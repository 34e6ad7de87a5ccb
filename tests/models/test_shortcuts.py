"""What is skipped or remembered to save time changes nothing: beside the plain way, bit for bit."""

import functools
import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from unpolished.data.text import links_and_codes, masking
from unpolished.data.text.brands import brand_names, count_brands
from unpolished.data.text.chunks import windows
from unpolished.data.text.disclosure.hints import hinted
from unpolished.data.text.disclosure.terms import table
from unpolished.data.text.language import detect as language
from unpolished.data.text.language.batch import posteriors
from unpolished.data.text.language.detect import detect_language, detect_languages
from unpolished.data.text.language.detector import detector
from unpolished.data.text.language.surely_english import surely_english
from unpolished.data.text.masking import mask
from unpolished.data.text.normalise import normalise
from unpolished.models.features import cues
from unpolished.models.features import ngram_counts as gram_counts
from unpolished.models.features import ngram_trie as letter_tree
from unpolished.models.features.logistic import Regression
from unpolished.models.features.tfidf import TOKENS, settings
from unpolished.models.pipeline import Pipeline
from unpolished.models.shipped.folders import SHIPPED

ROOT = Path(__file__).resolve().parents[2]
CORPUS = [
    json.loads(line)["text"]
    for line in (ROOT / "data" / "corpus" / "posts.jsonl").read_text("utf-8").splitlines()
]
ODD = [
    "", " ", "a", "İstanbul ıstanbul ſo K", "ǅ ﬃ ß ẞ", "\x1c\x85\u2028 x",
    "#no_ad #UNad not  an AD",
    "unpaıd ad, unsponsored, Un-Sponsored", "not gıfted", "ty so much to @a, thx @b",
    "#\tad #\nspon # sponsor", "p r. mail, pr. gift", "PR mail",
    "#partner #Collaboration #PressTrip", "WWW.a.b ß.CO.UK http: HTTPS:// a.example/x",
    "n’t an ad", "aaaa" * 300, "١٢٣ ٤٥٦ ٧٨٩ 0123456789", "!?..…$5 £ 3 % 5 % 3PM 3:45",
    "i I iii AAA ABC éÉÉÉ", "éABC ABCé ABC_ ABCDe ABC1 1ABC", "1i i1 i_i éi iİ i",
]  # fmt: skip
PIECES = ["dıscount", "OFF", "SAVE", "checKout", "<url>", "@user1", "they ", "pr team", "s p o",
          "brand", "not", "n't ", "an ad", " #ad", "un", "paid", "#no", "ad", ".com", "www.",
          "http", "s:", "@a", "1", " 22", "é", "İ", "ſ", "\u0301", "\n", "\t", "  ", "A", "#",
          "!", "x.y", "\u2003"]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
texts = st.one_of(st.text(max_size=80), pieces)
CUE_PIECES = [
    "@user1", "@user2", "#user1", "<url>", "<trade>", "<code>", "1:11:11", "12:30", "5 pm", "5PM",
    "$ 5", "€5", "5 %", "AAA", "...", "…", "i", "I'm", "don’t", "nike", "ni", "ke", "#nikeshoes",
    "ig", "\0", "\n", " ", "  ", "\x1c", "!!!", "aaaa", "😀", "☀", "é", "É", "\ud800", "_", "٣",
    "'", "1a'b",
]  # fmt: skip
cue_pieces = st.lists(st.sampled_from(CUE_PIECES), max_size=12).map("".join)
ENGLISH_PIECES = [
    "the ", "i ", "Don't ", "don’t ", "it ", "was ", "so ", "good ", "#love", "#love's ", "@user1 ",
    "@a", "<url> ", "<url-self>", "<3 ", "'", "''", "’", "_", "1", "xqz ", "é", "http", "www.",
    "x>", "<xqz ", "<qwx", "-", "\u0591", "\x1f", "\u00a0", "🙂", "qwx ", "\n",
]  # fmt: skip
english_pieces = st.lists(st.sampled_from(ENGLISH_PIECES), max_size=16).map("".join)


@pytest.fixture(scope="module")
def vectorizers():
    """Those of the light shipped model."""
    return Pipeline.load(SHIPPED["linear"]).model.ngrams.vectorizers


def _plain(ours):
    kind, longest = ours.kind, ours.longest
    plain = TfidfVectorizer(
        **settings(kind, longest), sublinear_tf=True, vocabulary=dict(ours.vocabulary_)
    )
    plain.idf_ = ours.idf_
    return plain


def _counts(ours):
    return gram_counts.GramCounts(ours.vocabulary_, **settings(ours.kind, ours.longest))


@pytest.mark.parametrize("kind", ["word", "char"])
def test_weights_are_those_of_the_vectorisers(vectorizers, kind):
    """The same matrix, to the last bit, twice: nothing is left from the first."""
    some = [mask(text).text for text in CORPUS] + ODD
    expected = _plain(vectorizers[kind]).transform(some)
    for _ in range(2):
        found = vectorizers[kind].transform(some).csr
        assert found.dtype == expected.dtype
        assert (found.indptr == expected.indptr).all()
        assert (found.indices == expected.indices).all()
        assert found.data.tobytes() == expected.data.tobytes()


@given(some=st.lists(texts, min_size=1, max_size=4))
def test_weights_of_any_text(vectorizers, some):
    """Whatever stands in it."""
    for ours in vectorizers.values():
        assert (ours.transform(some).csr != _plain(ours).transform(some)).nnz == 0


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_those_of_the_regressions(classes):
    """Also far out, where exp overflows."""
    random = np.random.default_rng(0)
    features, labels = random.normal(size=(60, 4)), np.arange(60) % classes
    theirs = LogisticRegression().fit(features, labels)
    ours = Regression(theirs.coef_, theirs.intercept_)
    for scale in (1, 1e5):
        expected = theirs.predict_proba(scale * features)
        np.testing.assert_allclose(ours.predict_proba(scale * features), expected, atol=1e-15)


def test_more_letters_than_fit_are_counted_too(vectorizers, monkeypatch):
    """A vocabulary that would fill the memory is left to scikit-learn."""
    some = CORPUS[:50] + ODD
    usual = _counts(vectorizers["char"])(some).csr
    monkeypatch.setattr(letter_tree, "MAX_CELLS", 1_000)
    plain = _counts(vectorizers["char"])(some).csr
    assert usual.dtype == plain.dtype
    assert (usual != plain).nnz == 0


VOCABULARIES = {
    "char": ["a", "ab", " a", "a ", " a ", "  ", "a b", "\t", "b\n", "abc", "bc", " abc ",
             "é\U0001f600", "aaaa", "\u2003a", "aaaaa"],
    "word": ["a", "b", "a b", "a b c", "b c d", "a  b", " a", "a ", "", "#a", "c d", "d a b c"],
}  # fmt: skip
letters = st.text(st.sampled_from("abcdAé \t\n\u2003\x1c#\U0001f600\ud800"), max_size=40)


@pytest.mark.parametrize("kind", ["word", "char"])
@given(some=st.lists(letters, min_size=1, max_size=5), shortest=st.integers(1, 3))
def test_counts_of_any_vocabulary(kind, some, shortest):
    """N-grams that no text has, that are none, or that would reach into the next text."""
    vocabulary = {gram: i for i, gram in enumerate(VOCABULARIES[kind])}
    wanted = {"ngram_range": (shortest, 4), "analyzer": "char_wb" if kind == "char" else "word",
              "token_pattern": None if kind == "char" else TOKENS}  # fmt: skip
    expected = CountVectorizer(**wanted, vocabulary=vocabulary, dtype=np.float64).transform(some)
    found = gram_counts.GramCounts(vocabulary, **wanted)(some).csr
    assert (found != expected).nnz == 0
    assert found.has_sorted_indices


def test_windows_of_texts_count_alike(vectorizers, monkeypatch):
    """However many texts are walked at once."""
    some = CORPUS[:40] + ODD
    for vectorizer in vectorizers.values():
        usual = _counts(vectorizer)(some).csr
        small = functools.partial(windows, chars=100)
        monkeypatch.setattr(gram_counts, "windows", small)
        assert (_counts(vectorizer)(some).csr != usual).nnz == 0
        monkeypatch.undo()


@given(st.lists(st.text(max_size=9), max_size=20), st.integers(1, 30))
def test_windows_hold_every_text_once(some, chars):
    """In order, none of them larger than asked for unless it is a single text."""
    cut = list(windows(some, chars))
    assert [text for window in cut for text in window] == some
    assert all(sum(map(len, window)) <= chars or _one_text(window) for window in cut)


def _one_text(window):
    return sum(bool(text) for text in window) == 1


def _plain_cues(some):
    found = cues.cues(some)
    patterns = cues.PATTERNS | {
        "capitals": re.compile(r"\b[A-Z]{3,}\b"), "lower_i": re.compile(r"(?<!\w)i(?!\w)")
    }  # fmt: skip
    for row, text in enumerate(some):
        counts = [len(pattern.findall(text)) for pattern in patterns.values()]
        found[row, : len(counts)] = np.log1p(counts)
        share = sum(map(str.isupper, text)) / max(1, len(text))
        found[row, cues.NAMES.index("upper_share")] = share
    return found


def test_cues_are_counted_by_their_patterns():
    """Signs and views only say where there is no need to look; two are written for speed."""
    some = CORPUS + ODD
    assert cues.cues(some).tobytes() == _plain_cues(some).tobytes()


@given(texts)
def test_cues_of_any_text(text):
    """Whatever stands in it."""
    assert cues.cues([text]).tobytes() == _plain_cues([text]).tobytes()


@given(st.lists(st.one_of(texts, cue_pieces), max_size=20))
def test_cues_of_many_are_those_of_each(some):
    """Counted by numpy in all at once, to the last digit; lone surrogates and NUL among them."""
    # Enough of them to be counted together.
    some = some + CORPUS[:48]
    assert cues.cues(some).tobytes() == np.concatenate([cues.cues([s]) for s in some]).tobytes()


def test_cues_of_the_corpus_at_once():
    """Longer ones, odd ones, and times that overlap."""
    some = CORPUS + ODD + [text * 30 for text in ODD] + ["1:11:11", "at 2:22:22:22 pm", "ni", "ke"]
    assert cues.cues(some).tobytes() == np.concatenate([cues.cues([s]) for s in some]).tobytes()


def _check_signs(text):
    normal = normalise(text).text
    if links_and_codes.URL.search(normal):
        assert links_and_codes.may_have_link(normal, normal.lower())
    if any(masking._phone(match) for match in masking._PHONE.finditer(normal)):
        assert masking._may_have_phone(normal)
    if masking._EMAIL.search(normal):
        assert masking._EMAIL_SIGN.search(normal)
    if links_and_codes.DISCOUNT.search(normal):
        assert links_and_codes.has_discount(normal, normal.lower())
    if masking._PLACEHOLDER.search(normal):
        assert "<" in normal or "@" in normal or "#" in normal
    lowered = normal.lower()
    terms, may_deny = hinted(lowered)
    if table().denied.search(normal):
        assert may_deny
    for i, term in enumerate(table().terms):
        assert i in terms or term.pattern.search(normal) is None, term.name
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


@given(texts)
def test_brands_are_counted_word_by_word(text):
    """In words, pairs of words and hashtags."""
    lower = re.sub("['’]", "", text.lower())
    words, names = re.findall(r"(?<![\w@#])[a-z]+", lower), brand_names()
    said = sum(w in names for w in words) + sum(a + b in names for a, b in pairwise(words))
    tags = re.findall(r"#\w", lower)
    assert count_brands(text) == said if not tags else count_brands(text) >= said


@given(st.lists(english_pieces, min_size=24, max_size=40))
def test_who_is_surely_english_is_read_as_english(some):
    """Told of many at once, and never of a text that is not."""
    least, chars = language._SURELY_ENGLISH, language._MIN_LETTERS
    sure = surely_english(some, least, chars)
    for text, is_sure in zip(some, sure, strict=True):
        assert not is_sure or language._read(text) == language._ENGLISH


@pytest.mark.parametrize("text", ["<qwx xqz qwx bus was late", "<qwx> xqz qwx <xqz qwx the bus"])
def test_what_only_begins_like_a_placeholder_counts_as_words(text):
    """Else a share of English words would be that of half a text."""
    least, chars = language._SURELY_ENGLISH, language._MIN_LETTERS
    (sure, *_) = surely_english([text] * 30, least, chars)
    assert sure == (language._read(text) == language._ENGLISH)


def test_most_posts_are_surely_english():
    """Else nothing is won; and what has foreign letters or links is read."""
    least, chars = language._SURELY_ENGLISH, language._MIN_LETTERS
    masked = [mask(text).text for text in CORPUS]
    sure = sum(surely_english(masked, least, chars))
    assert sure > 0.8 * sum(language._read(text) == language._ENGLISH for text in masked)


@given(st.lists(st.one_of(texts, st.sampled_from(CORPUS + ODD)), max_size=40))
def test_languages_of_many_are_those_of_each(some):
    """In whatever company, and however few."""
    assert detect_languages(some) == [detect_language(text) for text in some]


OTHERS = [
    "Heute früh hat mir jemand die Luft aus beiden Reifen gelassen.", "今日は疲れたから早く寝るよ",
    "Hoy he vuelto a casa muy cansada pero contenta con el partido", "ALL CAPITALS SHOUTED HERE",
    "Сегодня утром кто-то спустил мне колёса", "e\u0301te\u0301 de\u0301ja\u0300 vu encore",
    "\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800\ud800",
]  # fmt: skip


def test_languages_of_the_corpus():
    """Bit for bit alike in any company, and the library's own probabilities up to rounding."""
    some = [text for text in CORPUS + OTHERS * 3 if text.strip()]
    assert detect_languages(some) == [detect_language(text) for text in some]
    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    words = [*some, "x" * 2000, "ж" * 2000, "한국어" * 600]
    together = posteriors(detector(), words)
    for row, text in zip(together, words, strict=True):
        assert np.array_equal(row, posteriors(detector(), [text])[0])
        its = dict(library.rank(text))
        best = detector().classes[int(row.argmax())]
        assert abs(row.max() - its[best]) < 0.01
