"""What to know of one's own labelled posts before numbers are made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..axes import TARGETS

if TYPE_CHECKING:
    from ..posts import LabelledPost

# With fewer of a class, what is measured hangs on a handful of posts.
FEW = 30
# As own labels name them, "unsure" being no label.
_CLASSES = {
    target: [name for name in names if name != "mixed"] for target, names in TARGETS.items()
}


class Labelled(NamedTuple):
    """How many posts have each label of an axis.

    Attributes:
        column: of the file.
        posts: by label, in the order of ``axes.TARGETS``.
    """

    column: str
    posts: dict[str, int]


def label_columns(posts: Sequence[LabelledPost]) -> list[Labelled]:
    """The label columns with what they hold; an empty column has nothing but zeros."""
    found = []
    for target, names in _CLASSES.items():
        column = f"label_{target}"
        times = Counter(getattr(post, column) for post in posts)
        found.append(Labelled(column, {name: times[name] for name in names}))
    return found


def doubts(posts: Sequence[LabelledPost]) -> Iterator[str]:
    """What a reader of the numbers should know, a sentence each; nothing keeps from training.

    >>> from ..posts import LabelledPost
    >>> next(doubts([LabelledPost(text="soup", label_paid="yes")]))
    'label_style: no labels, so style is left out'
    """
    for column, by_label in label_columns(posts):
        axis = column.removeprefix("label_")
        if not any(by_label.values()):
            yield f"{column}: no labels, so {axis} is left out"
            continue
        few = [f"{n:,} {name}" for name, n in by_label.items() if 0 < n < FEW]
        if few:
            yield f"{column}: {', '.join(few)}; with fewer than {FEW} posts numbers say little"
    without = sum(1 for post in posts if not post.author)
    if without:
        yield (
            f"author: {without:,} of {len(posts):,} posts have none, and count as by authors of "
            "their own; posts of one person may stand on both sides of a fold"
        )
    yield from _repeated(posts)


def _repeated(posts: Sequence[LabelledPost]) -> Iterator[str]:
    of_text: defaultdict[str, list[LabelledPost]] = defaultdict(list)
    for post in posts:
        of_text[" ".join(post.text.split()).casefold()].append(post)
    if again := len(posts) - len(of_text):
        yield f"text: {again:,} posts repeat the text of another; they stay in its fold"
    for column in map("label_{}".format, _CLASSES):
        both = sum(
            len({getattr(post, column) for post in same} - {None, "unsure"}) > 1
            for same in of_text.values()
        )
        if both:
            yield f"{column}: {both:,} texts are labelled in two ways"
