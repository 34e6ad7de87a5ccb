"""Where a clear term stops being clear: exactly at a limit, one before and one after."""

import pytest
from unpolished.data.text.disclosure.find import find_disclosures

# Clear in every jurisdiction when it opens a post.
TERM = "Paid partnership"


def _status(before, jurisdiction, term=TERM):
    return find_disclosures(f"{before}{term} with Fennwick", jurisdiction).status


def _letters(n):
    """``n`` characters of plain words, the last one a space."""
    return ("sunny walk " * n)[: n - 1].rstrip().ljust(n - 1, "y") + " "


@pytest.mark.parametrize(("jurisdiction", "limit"), [("us", 500), ("in", 125)])
def test_a_term_may_begin_at_the_limit(jurisdiction, limit):
    """With as many characters before it as the platform or the rule shows, and not with more."""
    found = [_status(_letters(n), jurisdiction) for n in (limit - 1, limit, limit + 1)]
    assert found == ["clear", "clear", "ambiguous"]


@pytest.mark.parametrize(("jurisdiction", "lines"), [("us", 5), ("in", 2), ("uk", 2)])
def test_a_term_may_stand_on_the_last_line_shown(jurisdiction, lines):
    """On the lines before it as well, and not on the next one."""
    found = [_status("\n" * (line - 1), jurisdiction) for line in (lines - 1, lines, lines + 1)]
    assert found == ["clear", "clear", "ambiguous"]


def test_no_limit_holds_where_none_is_set():
    """The European rules name neither characters nor lines."""
    assert _status(_letters(2000) + "\n" * 20, "eu") == "clear"


def test_the_british_opening_counts_letters_and_digits():
    """Thirty of them may come first; handles, spaces and signs do not count, a hashtag ends it."""
    for n, status in ((29, "clear"), (30, "clear"), (31, "ambiguous")):
        assert _status("a1" * (n // 2) + "b" * (n % 2) + " ", "uk") == status
        assert _status("🎉 " + "b" * n + " - ", "uk") == status
        assert _status("@someone_with_a_very_long_name_indeed " + "b" * n + " ", "uk") == status
    assert _status("#sun ", "uk") == "ambiguous"


@pytest.mark.parametrize("jurisdiction", ["us", "uk", "eu", "in"])
def test_a_tag_behind_three_others_is_buried(jurisdiction):
    """Two do not bury it, nor do words between; handles in the block bury nothing."""

    def found(before):
        return _status(before, jurisdiction, "#paidpartnership")

    # In Britain any hashtag before a term is too many already.
    two = "ambiguous" if jurisdiction == "uk" else "clear"
    assert found("#sun #sea ") == two
    assert found("#sun #sea #sand ") == "ambiguous"
    assert found("#sun #sea #sand #sky ") == "ambiguous"
    assert found("#sun #sea #sand then ") == two
    assert found("@al @bo @cy ") == "clear"
    assert found("#sun @bo #sea ") == two
    assert found("#sun @bo #sea #sand ") == "ambiguous"


def test_words_behind_tags_are_not_buried():
    """Only a tag can be one of many."""
    assert _status("#sun #sea #sand ", "us") == "clear"


def test_the_ends_of_a_long_post_are_searched_to_the_character():
    """The first 20,000 characters and the last 5,000; all of it where there are no more."""

    def found(at, length, term="#ad"):
        text = f"{_letters(at)}{term} {_letters(length - at - len(term) - 1)}"
        assert len(text) == length
        return find_disclosures(text).status

    head, tail = 20_000, 5_000
    assert found(head - 3, 2 * head) == "ambiguous"
    assert found(head - 2, 2 * head) == "none"
    assert found(2 * head - tail - 1, 2 * head) == "none"
    assert found(2 * head - tail, 2 * head) == "ambiguous"
    assert found(head - 5, head + tail, "#paidpartnership") == "ambiguous"
    assert found(head - 1, head + tail + 1) == "none"
