"""What is told of own posts before numbers are made of them, and what is refused."""

import json

import pytest
from unpolished.data.dataset.doubts import doubts, label_columns
from unpolished.data.dataset.own_posts import OwnPostsError, own_rows
from unpolished.data.posts import LabelledPost

WORDS = (
    "bus", "rain", "soup", "tent", "keys", "mug", "sofa", "lamp", "road", "tree",
    "boat", "coin", "desk", "door", "fork", "gate", "hill", "lake",
)  # fmt: skip


def posts(n, **changed):
    """Posts that share no words beyond chance, each by an author of its own, all labelled."""
    return [
        LabelledPost.model_validate(
            {
                "text": f"{WORDS[i % 18]} {WORDS[i // 18 % 18]} no {i} on a {WORDS[-1 - i % 7]}",
                "author": f"author-{i}",
                "label_style": ("raw", "polished")[i % 2],
                "label_paid": ("yes", "no")[i % 2],
                "label_cause": ("none", "low", "high")[i % 3],
            }
            | {name: value(i) for name, value in changed.items()}
        )
        for i in range(n)
    ]


def test_nothing_is_said_of_posts_that_are_in_order():
    """Thirty of each label, authors known, no text twice."""
    assert list(doubts(posts(90))) == []


def test_counts_are_of_every_label_in_the_order_of_the_axis():
    """A label that no post has counts nothing; unsure is no label."""
    found = label_columns(posts(6, label_paid=lambda i: "unsure" if i else "yes"))
    assert [(column, counts) for column, counts in found] == [
        ("label_style", {"raw": 3, "polished": 3}),
        ("label_paid", {"no": 0, "yes": 1}),
        ("label_cause", {"none": 2, "low": 2, "high": 2}),
    ]


@pytest.mark.parametrize(
    ("changed", "n", "said"),
    [
        ({"label_cause": lambda _: None}, 90, "label_cause: no labels, so cause is left out"),
        ({"label_paid": lambda i: ("yes", "no")[i > 28]}, 90, "label_paid: 29 yes; with fewer"),
        ({"label_paid": lambda i: ("yes", "no")[i > 29]}, 90, None),
        ({"author": lambda i: None if i < 2 else f"a{i}"}, 90, "author: 2 of 90 posts have none"),
        ({"text": lambda i: f"a post on soup {i // 2}"}, 180, "text: 90 posts repeat the text"),
        ({"text": lambda i: f"a post on soup {i // 2}"}, 180, "label_style: 90 texts are labelled"),
    ],
)
def test_what_makes_numbers_doubtful_is_said(changed, n, said):
    """In one sentence each, which begins with the column."""
    told = list(doubts(posts(n, **changed)))
    if said is None:
        assert told == []
    else:
        assert any(doubt.startswith(said) for doubt in told)


def test_texts_that_differ_in_case_and_spaces_alone_are_the_same():
    """As the model reads them."""
    same = posts(
        60, text=lambda i: ("A Post  on soup", "a post on soup")[i] if i < 2 else f"no {i}"
    )
    assert any(doubt.startswith("text: 1 posts repeat") for doubt in doubts(same))


def _file(path, given):
    path.write_text(
        "".join(
            post.model_dump_json(exclude_none=True, exclude_defaults=True) + "\n" for post in given
        )
    )
    return path


@pytest.mark.parametrize(
    ("changed", "column", "said"),
    [
        ({"label_paid": lambda _: "no"}, "label_paid", "no post is labelled 'yes' (40 no)"),
        (
            {"label_style": lambda _: "raw"},
            "label_style",
            "no post is labelled 'polished' (40 raw)",
        ),
        (
            {"label_cause": lambda i: ("none", "low")[i % 2]},
            "label_cause",
            "no post is labelled 'high'",
        ),
        (
            {"label_paid": lambda i: ("yes", "no")[i > 2], "author": lambda i: f"a{max(i, 3)}"},
            "label_paid",
            "all posts labelled 'yes' (3) are by one author",
        ),
    ],
)
def test_an_axis_that_lacks_a_class_is_refused_by_its_column(changed, column, said, tmp_path):
    """And with what to do about it."""
    path = _file(tmp_path / "mine.jsonl", posts(40, **changed))
    with pytest.raises(OwnPostsError) as caught:
        own_rows(path, "mine")
    assert str(caught.value).startswith(f"mine.jsonl, field {column!r}: {said}")
    assert "leave the column empty" in str(caught.value)


def test_an_axis_without_any_label_is_not_refused(tmp_path):
    """It is left out."""
    path = _file(tmp_path / "mine.jsonl", posts(40, label_cause=lambda _: None))
    assert len(own_rows(path, "mine")) == 40
    assert all("label_cause" not in json.loads(line) for line in path.read_text().splitlines())
