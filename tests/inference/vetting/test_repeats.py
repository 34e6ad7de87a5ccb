"""Captions that come again are counted once for each post that repeats one."""

from unpolished.inference.vetting.creators import Key, by_creator
from unpolished.inference.vetting.repeats import repeated

BRIEF = "Mornings are better with the new Brella roast, tap the link in my bio and treat yourself"
OWN = "we sat on the harbour wall until the last ferry left and shared a bag of warm chestnuts"


def test_a_brief_that_several_copied_out_shows(post):
    """Within a creator the first one is no repeat; across creators each one is."""
    other = "the tap drips, the cat watches, and the kettle never boils on sundays"
    texts = {"ana": [BRIEF, OWN, OWN, OWN + "!"], "bo": [BRIEF + " today"], "cy": [other]}
    given = [
        (Key("x", name), False, post(10 * n + place, text=text))
        for n, (name, own) in enumerate(texts.items())
        for place, text in enumerate(own)
    ]
    found = repeated(by_creator(given, {}))
    assert {key.name: times for key, times in found.items()} == {
        "ana": (2, 1), "bo": (0, 1), "cy": (0, 0),
    }  # fmt: skip
