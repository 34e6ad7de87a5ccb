"""One's own labelled posts, or the shipped corpus, as rows like those of the public sources."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..axes import TARGETS
from ..folds.assign import N_FOLDS, assign_folds
from ..folds.fold_file import strata
from ..folds.near_duplicates import group_posts
from ..hashing import author_sha1
from ..labels.votes import targets_from_post
from ..posts import LabelledPost
from ..row_id import is_row_id
from ..text.masked_cache import masked_texts
from .doubts import label_columns

if TYPE_CHECKING:
    import pandas as pd

CORPUS = Path(__file__).parents[1] / "corpus" / "posts.jsonl"
MIN_FOLDS = 2
_FAULTS_SHOWN = 20


class OwnPostsError(ValueError):
    """Labelled posts that cannot be trained on; names file, line and field at fault."""


def read_own_posts(path: Path) -> list[tuple[int, LabelledPost]]:
    """Read labelled posts with their lines; posts without any label are left out.

    A post without an id is called what scoring the file calls it, see ``Post.row_id``.

    Raises:
        InputError: the file cannot be read at all.
        OwnPostsError: naming the first bad records, and how many there are; or if no post has a
            label.
    """
    from ..errors import Reject
    from ..io.read import read_posts

    posts, faults, n_faults = [], list[str](), 0
    for item in read_posts(path, LabelledPost):
        if not isinstance(item, Reject):
            posts.append(item)
            continue
        n_faults += 1
        if n_faults <= _FAULTS_SHOWN:
            field = f", field {item.field!r}" if item.field else ""
            what = item.message.removeprefix(f"field {item.field!r}: ").rstrip(".")
            faults.append(f"{path.name}, line {item.line}{field}: {what}.")
    if n_faults:
        remedy = "Labelled posts are read whole or not at all: correct or remove the lines"
        if n_faults > len(faults):
            remedy += f", of which the first {_FAULTS_SHOWN} of {n_faults:,} are named"
        raise OwnPostsError("\n".join([*faults, f"{remedy}."]))
    labelled = [
        (line, post)
        for line, post in posts
        if {getattr(post, f"label_{target}") for target in TARGETS} - {None, "unsure"}
    ]
    if not labelled:
        raise OwnPostsError(
            f"{path.name}: no post has a label. Fill label_style (raw, polished), label_paid "
            "(yes, no) or label_cause (none, low, high)."
        )
    return labelled


def own_rows(path: Path, source: str) -> pd.DataFrame:
    """Read, mask, group and fold labelled posts.

    Groups are authors merged with near-duplicates, spread over five folds, or over as many as
    there are groups. Nothing but line numbers, and names made of them, depends on the order of
    the lines.

    Raises:
        OwnPostsError: as ``read_own_posts``, or if all posts are one group.
    """
    import pandas as pd

    posts = read_own_posts(path)
    rows = pd.DataFrame([targets_from_post(post)._asdict() for _, post in posts])
    ids = [post.row_id for _, post in posts]
    # A post without an author is its own author.
    authors = [post.author or f"\0line {line}" for line, post in posts]
    texts = [post.text for _, post in posts]
    keys = [f"{source}\t{key}" for key in _keys(ids, texts)]
    masked = masked_texts(texts, keep=False)
    with_author = masked_texts(texts, [post.author for _, post in posts], keep=False)
    groups = group_posts(keys, authors, masked)
    rows = rows.assign(
        split="train",
        source=source,
        source_id=ids,
        text=texts,
        masked=masked,
        masked_with_author=with_author,
        author=[author_sha1(author) for author in authors],
        group=list(groups),
    )
    n_folds = min(N_FOLDS, len(set(groups)))
    if n_folds < MIN_FOLDS:
        raise OwnPostsError(
            f"{path.name}: all {len(rows)} labelled posts are by one author or near-duplicates, "
            "so nothing is left to measure a model on. Add posts by other authors, or fill the "
            "field 'author'."
        )
    for column, by_label in label_columns([post for _, post in posts]):
        labels = [getattr(post, column) for _, post in posts]
        of_label = {
            label: {group for group, own in zip(groups, labels, strict=True) if own == label}
            for label in by_label
        }
        _check_classes(path.name, column, by_label, of_label)
    folds = assign_folds(groups, strata(rows), n_folds)
    rows = rows.assign(fold=[folds[group] for group in groups], line=[line for line, _ in posts])
    return rows.assign(key=keys).sort_values(["key", "line"], kind="stable", ignore_index=True)


def _check_classes(
    name: str, column: str, by_label: Mapping[str, int], groups: Mapping[str, set[str]]
) -> None:
    """Refuse an axis of which a class is missing, or would be from the posts of a fit."""
    if not any(by_label.values()):
        return
    there = ", ".join(f"{n:,} {label}" for label, n in by_label.items() if n)
    for label, n in by_label.items():
        if not n:
            raise OwnPostsError(
                f"{name}, field {column!r}: no post is labelled {label!r} ({there}). Label some, "
                "or leave the column empty, and the axis is left out."
            )
        if len(groups[label]) < MIN_FOLDS:
            raise OwnPostsError(
                f"{name}, field {column!r}: all posts labelled {label!r} ({n:,}) are by one author "
                "or near-duplicates, so a model that is measured on them could not be trained on "
                "any. Label such posts by others, or leave the column empty."
            )


def _keys(ids: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    """What groups are named by, and so folds chosen by: ids, and texts where these name no post.

    An id that repeats, or that is the place of the post in the file, would make folds and all that
    is measured on them depend on the order of the lines.
    """
    times = Counter(ids)
    for post_id, text in zip(ids, texts, strict=True):
        if times[post_id] > 1 or is_row_id(post_id):
            yield hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        else:
            yield f"{post_id}\t0"
