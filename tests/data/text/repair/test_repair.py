"""What a reader of the post would see is what is scored."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.masking import mask
from unpolished.data.text.repair import repair as module
from unpolished.data.text.repair.glance import is_plain
from unpolished.data.text.repair.repair import (
    CODES,
    HEAD_CHARS,
    MAX_CHARS,
    STEPS,
    TAIL_CHARS,
    repair,
)

from . import repair_cases as cases

CORPUS = Path(module.__file__).parents[2] / "corpus" / "posts.jsonl"
DENIALS = [came for came, _, _ in (*cases.MISREAD, *cases.ENTITIES) if came.startswith("isn")]
texts = st.lists(st.one_of(st.sampled_from(cases.PIECES), st.text(max_size=3)), max_size=8).map(
    "".join
)
wrapped = texts.flatmap(
    lambda text: st.sampled_from(
        [
            text,
            f"<p>{text}</p>",
            json.dumps({"text": text}),
            repr(text.encode("utf-8", "replace")),
            f'Ana (@ana) on Instagram: "{text}"',
            text.encode("utf-8", "replace").decode("latin-1"),
            text.encode("utf-8", "replace").decode("cp1252", "replace"),
            text.replace("&", "&amp;").replace("<", "&lt;"),
        ]
    )
)


@pytest.mark.parametrize(("came", "seen", "codes"), cases.CASES, ids=[c[0] for c in cases.CASES])
def test_damage_is_mended_and_said(came, seen, codes):
    """The text as a reader sees it, with a code for each kind of damage."""
    found = repair(came)
    assert (found.text, found.repairs) == (seen, tuple(codes.split()))


@pytest.mark.parametrize("text", cases.UNTOUCHED)
def test_what_people_write_is_left_to_the_bit(text):
    """Faces, comparisons, paths, ampersands and other languages are no damage."""
    assert repair(text) == (text, (), False, False)


def test_the_corpus_is_left_to_the_bit():
    """Nobody has damaged it."""
    posts = [json.loads(line)["text"] for line in CORPUS.read_text("utf-8").splitlines()]
    found = [repair(post) for post in posts]
    assert [post for post, mended in zip(posts, found, strict=True) if mended.repairs] == []
    assert [mended.text for mended in found] == posts
    assert not any(mended.removed for mended in found)


@given(wrapped)
def test_a_repaired_text_needs_no_repair(text):
    """A second repair changes nothing, and a change is never without a code."""
    once = repair(text)
    assert repair(once.text).text == once.text
    assert once.text == text or once.repairs
    assert [code for code in CODES if code in once.repairs] == list(once.repairs)


@given(wrapped)
def test_a_plain_text_is_one_that_no_step_changes(text):
    """What is passed over at a glance has nothing to mend."""
    if is_plain(text):
        assert [code for code, step in STEPS if step(text) != text] == []


@given(wrapped)
def test_what_is_repaired_can_be_masked(text):
    """Whatever comes out of a repair goes into the rules and the masked view, spans and all."""
    mended = repair(text).text
    mask(mended)
    for term in find_disclosures(mended).terms:
        assert mended[term.start : term.end] == term.term


@pytest.mark.parametrize("came", DENIALS)
def test_a_denial_stays_one(came):
    """Whatever became of its apostrophe."""
    text = repair(f"this {came.split()[0].strip(',')} sponsored").text
    assert find_disclosures(text).status == "none"
    assert find_disclosures("this is sponsored").status == "clear"


@pytest.mark.parametrize("text", cases.REMOVED)
def test_a_notice_in_place_of_a_post_is_told(text):
    """The platform, or a spreadsheet, says that there is nothing to read."""
    assert repair(text).removed


@pytest.mark.parametrize("text", cases.THERE)
def test_a_post_about_removal_is_a_post(text):
    """Only a whole text that is a notice is one."""
    assert not repair(text).removed


@pytest.mark.parametrize("text", cases.CUT)
def test_a_mark_of_cutting_is_told(text):
    """Its reader, its platform or its cell had no room for more."""
    assert repair(text) == (text, (), True, False)


@pytest.mark.parametrize("text", cases.WHOLE)
def test_dots_of_the_author_are_no_mark(text):
    """A post may trail off."""
    assert not repair(text).truncated


def test_of_a_long_text_head_and_tail_are_mended():
    """Where there is something to mend; else it stays whole."""
    plain = "a late bus. " * (MAX_CHARS // 12 + 1)
    assert repair(plain).text == plain
    damaged = "isn&#39;t " + plain + " isn&#39;t"
    found = repair(damaged)
    assert found.text.startswith("isn't a late bus")
    assert found.text.endswith("bus.  isn't")
    assert len(found.text) <= HEAD_CHARS + TAIL_CHARS + 1
    assert found[1:3] == (("entities",), True)
    assert repair(found.text).text == found.text


def test_damage_without_an_end_is_left_and_said():
    """A text of more layers than any export makes is left as it is, whatever it would become."""
    text = "#ad"
    for _ in range(module.MAX_ROUNDS + 1):
        text = f'Ana (@ana) on X: "{text}" / X'
    assert repair(text) == (text, ("damaged",), False, False)


def test_every_label_and_hash_keeps_to_what_came(mirror):
    """Labelled public posts: a code where a text changes, none elsewhere, and no third text."""
    from unpolished.data.dataset.train_and_gold import labelled_rows

    rows = labelled_rows()
    found = [repair(text) for text in rows["text"]]
    for text, mended, masked in zip(rows["text"], found, rows["masked"], strict=True):
        assert (mended.text != text) == bool(set(mended.repairs) - {"damaged"})
        assert masked == mask(mended.text).text
        assert not mended.removed
