"""What is told of own posts before numbers are made of them, and what is refused."""

import json

import pytest
from unpolished.data.dataset.doubts import doubts, label_columns, platform_counts
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


LONG = "we sat on the harbour wall until the last ferry left and shared a bag of warm chestnuts"


@pytest.mark.parametrize(
    ("authors", "labels", "said"),
    [
        (("a", "b"), ("yes", "yes"), ["text: 1 posts are near-duplicates of another author's"]),
        (("a", "a"), ("yes", "no"), []),
        ((None, None), ("yes", "no"),
         ["text: 1 posts are near-duplicates", "label_paid: 1 pairs of near-duplicates"]),
    ],
)  # fmt: skip
def test_near_duplicates_of_other_authors_are_counted(authors, labels, said):
    """They share a fold; of one author they would in any case."""
    given = [
        LabelledPost(text=text, author=author, label_paid=label)
        for text, author, label in zip((LONG, f"{LONG} again"), authors, labels, strict=True)
    ]
    told = [doubt for doubt in doubts(given) if "near-duplicates" in doubt]
    assert len(told) == len(said)
    assert all(doubt.startswith(begin) for doubt, begin in zip(told, said, strict=True))


def test_platforms_are_counted_where_posts_name_them():
    """The largest first; posts that name none stand under no name."""
    assert platform_counts(posts(4)) == []
    found = platform_counts(posts(5, platform=lambda i: (None, "x")[i % 2], author=lambda _: "a"))
    assert [(of.platform, of.posts, of.authors) for of in found] == [("", 3, 1), ("x", 2, 1)]
    assert found[1].labels[0] == ("label_style", {"raw": 0, "polished": 2})


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
