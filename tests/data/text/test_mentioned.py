"""What a post names is told in forms that can be compared from post to post."""

import pytest
from unpolished.data.text.mentioned import mentioned
from unpolished.data.text.signals.signal import Signal


def _signal(kind, value):
    return Signal(kind, value, 0, len(value), ())


@pytest.mark.parametrize(
    "text",
    [
        "new in from @Glow.Skin today", "have a look at https://www.glow-skin.com/new?x=1",
        "glowskin.co.uk is where I got it", "new in from \uff20glow.skin",
    ],
)  # fmt: skip
def test_an_account_and_a_site_of_one_name_are_one(text):
    """However they are written."""
    assert set(mentioned(text, "ana", ()).names) == {"glowskin"}


def test_a_thanked_brand_is_a_name_and_a_hashtag_is_none():
    """Most hashtags are words of a subject."""
    found = mentioned("thanks! #soap", "ana", [_signal("sponsor", "Glow Skin")])
    assert dict(found.names) == {"glowskin": "Glow Skin"}


@pytest.mark.parametrize(
    "text", ["by @velmora", "#velmora day", "see www.velmora.com/new", "Velmora is open"]
)
def test_the_authors_own_name_is_no_other_name(text):
    """As an account, a hashtag, a site or in running text."""
    found = mentioned(text, "@Velmora", ())
    assert found.own
    assert not found.names
    assert not mentioned(text, "someone.else", ()).own


def test_a_page_of_a_shared_site_is_named_after_whose_it_is():
    """A link that hides where it goes, or leads to the site itself, names nobody."""
    text = "https://www.etsy.com/GlowSkin/x https://t.co/ab12 https://bit.ly/2x https://etsy.com"
    assert set(mentioned(text, "ana", ()).names) == {"etsy.com/glowskin"}


def test_codes_are_told_once_and_sentences_without_case_and_marks():
    """Two words are said again by chance."""
    codes = [_signal("code", "ANA15"), _signal("code", "ANA15"), _signal("amount_off", "15%")]
    found = mentioned("Shop it HERE, now! Love it. https://x.example/a b", "ana", codes)
    assert found.codes == ("ANA15",)
    assert found.sentences == {"shop it here now"}


@pytest.mark.parametrize("piece", ["a.", "@a", "http://", "#", "a-.", ". ", "www."])
def test_a_hostile_post_is_read(piece):
    """Of a long post both ends are read, as by the models, and nothing between them."""
    found = mentioned(
        f"see @first. {piece * 100_000} @middle {piece * 100_000} @last", "velmora", ()
    )
    assert {"first", "last"} <= set(found.names)
    assert "middle" not in found.names
