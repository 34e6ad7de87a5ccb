"""Signals of a deal, by case and by law."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.disclosure.find import find_terms
from unpolished.data.text.signals import find
from unpolished.data.text.signals.calls import calls
from unpolished.data.text.signals.find import MAX_SIGNALS, find_signals
from unpolished.data.text.signals.words import Hinted

from .signal_cases import BY_KIND

ROOT = Path(__file__).resolve().parents[4]
CORPUS = [
    json.loads(line)["text"]
    for line in (ROOT / "data" / "corpus" / "posts.jsonl").read_text("utf-8").splitlines()
]
CASES = [(kind, text, wanted) for kind, rows in BY_KIND.items() for text, wanted in rows]
PIECES = [
    *(text for _, text, _ in CASES), "code", "CODE ", "use ", "@a", "ANA15", "%", " 20", "$",
    " off ", "https://", "amzn.to/", "?tag=", "link in ", "bio", "thanks ", "to ", "#ad",
    "\n", "\t", "  ", "İ", "\u0301", "ſ", "\ud800", "ﬃ", "\u200b", "折", "割", "[", "]", "(", "\\",
    "@", "/", "=",
]  # fmt: skip
ANY = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=10).map("".join),
)


def _signals(text, author=None):
    return find_signals(find_terms(text), author)


@pytest.mark.parametrize(("kind", "text", "wanted"), CASES)
def test_cases(kind, text, wanted):
    """Those of the kind, with their words as they stand and why."""
    found = [(s.value, " ".join(s.why)) for s in _signals(text) if s.kind == kind]
    assert found == wanted


@pytest.mark.parametrize("kind", BY_KIND)
def test_cases_are_many(kind):
    """At least fifteen of a kind, and some that are none."""
    assert len(BY_KIND[kind]) >= 15
    assert sum(not wanted for _, wanted in BY_KIND[kind]) >= 8


@pytest.mark.parametrize(
    ("code", "author", "named"),
    [
        ("ANA15", "ana", True),
        ("ANA15", "@ana.lopez_92", True),
        ("ANALOPEZ", "Ana López", True),
        ("LOPEZ10", "Ana López", True),
        ("GLOWBYLENA", "lena_glows", True),
        ("LENAGLOWS10", "lenaglows", True),
        ("lukasz20", "Łukasz", True),
        ("STRASSER10", "Straßer", True),
        ("ANA15", "mariana", False),
        ("ANA15", "velmora", False),
        ("SAVE20", "savewithsue", False),
        ("AB15", "abby", False),
        ("ANA15", "", False),
        ("ANA15", None, False),
        ("ANA15", "123", False),
        ("ANA15", "\ud800", False),
    ],
)
def test_codes_named_after_the_author(code, author, named):
    """Without digits, marks and case; too few letters say nothing."""
    [signal] = [s for s in _signals(f"use code {code}", author) if s.kind == "code"]
    assert ("names_author" in signal.why) == named


def _check_laws(text):
    found = _signals(text)
    assert len(found) <= MAX_SIGNALS
    assert list(found) == sorted(found, key=lambda s: (s.start, s.end, s.kind))
    for signal in found:
        assert 0 <= signal.start < signal.end <= len(text)
        assert signal.value == text[signal.start : signal.end]
        assert signal.why
        assert len(set(signal.why)) == len(signal.why)
    return found


@given(ANY)
def test_laws_of_any_text(text):
    """In order, within the text, with words as they stand, and never an error."""
    _check_laws(text)


def test_laws_of_the_corpus():
    """Where such things stand."""
    for text in CORPUS:
        _check_laws(text)


@given(ANY, st.one_of(st.text(max_size=12), st.sampled_from(["ana", "Ana López", "lena20"])))
def test_author_changes_nothing_but_the_name_in_codes(text, author):
    """Neither places nor other reasons."""
    plain, named = _signals(text), _signals(text, author)
    assert [(s.kind, s.start, s.end) for s in plain] == [(s.kind, s.start, s.end) for s in named]
    for before, after in zip(plain, named, strict=True):
        assert before.why == tuple(why for why in after.why if why != "names_author")


def _check_hints(text, monkeypatch):
    guarded = _signals(text)
    everything = Hinted(True, True, True, True, tuple(range(len(calls()))))
    with monkeypatch.context() as patch:
        patch.setattr(find, "hinted", lambda _: everything)
        patch.setattr(find, "has_amount_sign", lambda _: True)
        assert _signals(text) == guarded


@given(text=ANY)
def test_hints_hide_nothing(text):
    """What is passed over to save time holds nothing."""
    _check_hints(text, pytest.MonkeyPatch())


def test_hints_hide_nothing_in_the_corpus(monkeypatch):
    """Nor in any case."""
    for text in [*CORPUS, *(text for _, text, _ in CASES)]:
        _check_hints(text, monkeypatch)


@pytest.mark.parametrize(
    "flood",
    [
        "code " * 6000, "code" + " " * 1_000_000, "code-" * 200_000, "code\t:\t" * 5000,
        "@a" * 500_000, "thanks to " * 3000, "thanks to @a, " * 3000, "https://" * 200_000,
        "https://amzn.to/x " * 3000, "a.b" * 300_000, "a[.]" * 300_000, "a" * 5_000_000,
        "https://a.com/?" + "tag=1&" * 200_000, "20% " * 6000, "-20%" * 6000, "$1" * 10_000,
        "ANA15% " * 4000, "use my code ANA15 @a " * 1200, "link in " * 4000, "#" * 100_000,
        "ﬃ code ANA15 " * 2000, "https://" + "é" * 1000 + ".com/?tag=1", "https://" + "." * 10_000,
        "https://" + "a." * 10_000 + "com/?aff=1",
    ],
    ids=lambda text: text[:12].encode("ascii", "replace").decode(),
)  # fmt: skip
def test_floods(flood):
    """Neither an error nor more than the first hundred."""
    _check_laws(flood)


def test_who_made_something_with_a_machine_pays_for_nothing():
    """A term of the kind ``ai`` names no sponsor."""
    found = find_terms("#ad @velmora")
    [match] = found.matches
    assert [s.value for s in find_signals(found)] == ["@velmora"]
    made = match._replace(term=replace(match.term, kind="ai"))
    assert find_signals(found._replace(matches=[made])) == ()


def test_the_first_stand():
    """Of more signals than are given."""
    found = _signals("https://amzn.to/x " * (MAX_SIGNALS + 20))
    assert [s.start for s in found] == [18 * i for i in range(MAX_SIGNALS)]


def test_both_ends_of_a_long_post_are_searched():
    """The middle is not, and places are those of the whole."""
    middle = "x " * 30_000 + "code LENA20 " + "x " * 30_000
    text = f"use code ANA15 {middle} https://amzn.to/x"
    assert [s.value for s in _check_laws(text)] == ["use code", "ANA15", "https://amzn.to/x"]
