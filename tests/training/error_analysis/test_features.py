"""Which kind a post is of, feature by feature."""

import pandas as pd
import pytest
from unpolished.data.text.masking import mask
from unpolished.training.error_analysis.features import features


def _posts(*texts, **columns):
    n = len(texts)
    given = {
        "source": ["a"] * n, "author": ["x"] * n, "kind": [0.0] * n, "platform": [None] * n,
        "followers": [None] * n, "text": list(texts),
        "masked": [None if text is None else mask(text).text for text in texts],
    } | columns  # fmt: skip
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in given.items()})


@pytest.mark.parametrize(
    ("feature", "texts", "values"),
    [
        ("length", ["a" * n for n in (79, 80, 279, 280, 999, 1000)],
         ["under 80 characters", *["80 to 279 characters"] * 2, *["280 to 999 characters"] * 2,
          "1,000 or more characters"]),
        ("hashtags", ["so # tired", "#a", "#a #b #c", "#a #b #c #d"],
         ["none", "1 to 3", "1 to 3", "4 or more"]),
        ("mentions", ["mail me@example.org", "thanks @ana", "@ana and @bo.k"],
         ["none", "1", "2 or more"]),
        ("link", ["no link", "see https://a.example/x", "a.com and b.com"],
         ["none", "1 or more", "1 or more"]),
        ("discount code", ["the code of conduct", "use code MAYA10 today"], ["none", "1 or more"]),
    ],
)  # fmt: skip
def test_what_a_text_holds(feature, texts, values):
    """At both sides of each boundary."""
    assert features(_posts(*texts))[feature].tolist() == values


def test_what_is_known_of_a_post_beside_its_text():
    """The label, the platform, and the size of its author; None where it is not known."""
    found = features(
        _posts(*["late bus"] * 13, source=["a"] * 12 + ["b"],
               kind=[0.0, 1.0, 2.0, None] + [0.0] * 9,
               platform=["x", ""] + [None] * 10 + ["tiktok"],
               author=["one", "two", "two"] + ["ten"] * 10,
               followers=[None, 9_999, 10_000, 99_999, 100_000] + [None] * 8)
    )  # fmt: skip
    assert found["source"].tolist()[-2:] == ["a", "b"]
    assert found["platform"].tolist()[:3] == ["x", None, None]
    assert found["promotes"].tolist()[:4] == ["nothing", "own", "a third party's", None]
    assert found["posts by the author"].tolist()[:4] == ["1", "2 to 9", "2 to 9", "10 or more"]
    assert found["followers"].tolist()[:5] == [
        None, "under 10,000", "10,000 to 99,999", "10,000 to 99,999", "100,000 or more",
    ]  # fmt: skip


def test_a_post_that_is_not_here_is_of_no_kind_of_text():
    """And a feature of one value alone is left out, for it tells no posts apart."""
    found = features(_posts("#a", None, "late bus", author=["x", None, "x"]))
    assert found["hashtags"].tolist() == ["1 to 3", None, "none"]
    assert set(found) == {"hashtags"}
