"""Where a number is a phone number, a word a code, a post too long: at each limit and beside it."""

import pytest
from unpolished.data.text.masking import mask

DIGITS = "555010999912345678901234567890"


@pytest.mark.parametrize("n", range(7, 20))
def test_phone_numbers_have_nine_to_fifteen_digits(n):
    """Fewer are a price or an order, more a card or a parcel; written in one or apart."""
    for number in (DIGITS[:n], "+" + DIGITS[:n], f"{DIGITS[:3]}-{DIGITS[3:n]}"):
        expected = "<contact>" if 9 <= n <= 15 else number
        assert mask(f"call {number} today").text == f"call {expected} today"


def test_a_phone_number_spans_twenty_characters():
    """From its first digit to its last, at most."""
    assert mask("call 555-010-999-1-2-3-45 ok").text == "call <contact> ok"
    assert mask("call 555-010-999-1-2-3-4-5 ok").text == "call 555-010-999-1-2-3-4-5 ok"


@pytest.mark.parametrize(
    "text",
    [
        "the last 1 000 000 000 of them",
        "won in 2001, 2005 and 2019",
        "from 2001 - 2005 - 2019 on",
        "it cost $5550109999 in all",
        "order 555010999/1 came",
        "12.05.1990 was a day",
    ],
)
def test_other_long_numbers_stay(text):
    """Thousands, years, prices, dates and parts of something longer."""
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("code", "hidden"),
    [("AB", False), ("ABC", True), ("A1", False), ("A1B", True), ("ab", False), ("abc", False),
     ("a1", False), ("ab1", True), ("1ab", False)],
)  # fmt: skip
def test_what_follows_the_word_code(code, hidden):
    """Three characters: capitals, or with a digit in it; it begins with a letter."""
    assert mask(f"use code {code} now").text == f"use code {'<code>' if hidden else code} now"


@pytest.mark.parametrize(
    ("code", "hidden"),
    [("AB1", False), ("ABC", False), ("ABC1", True), ("ABC123", True), ("ABC1234", False),
     ("abc1", False), ("COVID19", False), ("GPT4", False), ("#ABC1", False)],
)  # fmt: skip
def test_what_is_a_code_beside_a_discount(code, hidden):
    """Three capitals and one to three digits, no well-known name; and nothing without one."""
    assert mask(f"20% off {code} now").text == f"20% off {'<code>' if hidden else code} now"
    assert mask(f"we saw {code} now").text == f"we saw {code} now"


@pytest.mark.parametrize(("more", "cut"), [(-1, False), (0, False), (1, True), (500, True)])
def test_a_post_is_cut_above_its_limit(more, cut):
    """The first and the last part stay, with one line break for what is left out."""
    text = "".join(chr(ord("a") + n % 26) for n in range(4000 + more))
    masked = mask(text)
    assert masked.truncated is cut
    assert masked.text == (f"{text[:2999]}\n{text[-1000:]}" if cut else text)


def test_words_are_letters_or_digits():
    """What is hidden counts for none, a number for one."""
    assert mask("one two_three 4 + <url> @user1 #user2").n_words == 4
