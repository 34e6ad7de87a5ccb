"""Labels are read however people write them, and nothing else is taken for one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.posts import LabelledPost, PostError, parse_post
from unpolished.data.values.labels import read_label

NAMES = {
    "label_style": ["raw", "polished", "unsure"],
    "label_paid": ["yes", "no", "unsure"],
    "label_cause": ["none", "low", "high", "unsure"],
}
CASES = [(field, name) for field, names in NAMES.items() for name in names]


@given(
    st.sampled_from(CASES), st.text(" \t\u00a0", max_size=3), st.text(" \n", max_size=3), st.data()
)
def test_case_and_spaces_do_not_matter(case, before, after, data):
    """Of every name on every axis."""
    field, name = case
    written = "".join(data.draw(st.sampled_from([c, c.upper()])) for c in name)
    post = parse_post({"text": "x", field: before + written + after}, LabelledPost)
    assert getattr(post, field) == name


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *((value, "yes") for value in (True, 1, 1.0, np.int64(1), "1", "TRUE", "y", "Yes")),
        *((value, "no") for value in (False, 0, 0.0, np.bool_(False), "0", "False", "n", " NO ")),
        *((value, None) for value in (None, "", "  ", math.nan, "n/a", "-")),
    ],
)
def test_yes_and_no_have_many_words(written, read):
    """As spreadsheets and data frames write them."""
    assert read_label(written, NAMES["label_paid"]) == read


@pytest.mark.parametrize(
    ("field", "value"),
    [("label_paid", "maybe"), ("label_paid", 2), ("label_style", "yes"), ("label_style", 1),
     ("label_cause", "medium"), ("label_cause", ["low"])],
)  # fmt: skip
def test_what_is_no_label_is_refused(field, value):
    """Naming the field and what it may hold; a 1 says nothing of style."""
    with pytest.raises(PostError, match=f"{field}.*{NAMES[field][0]}"):
        parse_post({"text": "x", field: value}, LabelledPost)


def test_none_is_a_cause_and_elsewhere_a_gap():
    """The word stands for both."""
    post = parse_post(
        {"text": "x", "label_cause": "None", "label_paid": "none", "label_style": "none"},
        LabelledPost,
    )
    assert (post.label_cause, post.label_paid, post.label_style) == ("none", None, None)
