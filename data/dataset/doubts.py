"""What to know of one's own labelled posts before numbers are made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..axes import TARGETS
from ..folds.near_duplicates import near_duplicates
from ..text.masked_cache import masked_texts

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


class OfPlatform(NamedTuple):
    """Posts of a platform: how many, by how many named authors, and their labels by column."""

    platform: str
    posts: int
    authors: int
    labels: list[Labelled]


def platform_counts(posts: Sequence[LabelledPost]) -> list[OfPlatform]:
    """Counts of each platform, the largest first; none where no post names its platform."""
    of_platform: defaultdict[str, list[LabelledPost]] = defaultdict(list)
    for post in posts:
        of_platform[post.platform or ""].append(post)
    if not any(of_platform):
        return []
    return [
        OfPlatform(name, len(own), len({post.author for post in own} - {None}), label_columns(own))
        for name, own in sorted(of_platform.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


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
    yield from _nearly_repeated(posts)


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


def _nearly_repeated(posts: Sequence[LabelledPost]) -> Iterator[str]:
    """Of posts by different authors: those of one author share a fold in any case."""
    once = list({" ".join(post.text.split()).casefold(): post for post in posts}.values())
    pairs = [
        (once[left], once[right])
        for left, right in near_duplicates(masked_texts([post.text for post in once], keep=False))
        if not (once[left].author and once[left].author == once[right].author)
    ]
    if not pairs:
        return
    yield (
        f"text: {len({id(post) for _, post in pairs}):,} posts are near-duplicates of another "
        "author's, which they share a fold with"
    )
    for column in map("label_{}".format, _CLASSES):
        both = sum(
            len({getattr(post, column) for post in pair} - {None, "unsure"}) > 1 for pair in pairs
        )
        if both:
            yield f"{column}: {both:,} pairs of near-duplicates are labelled in two ways"
