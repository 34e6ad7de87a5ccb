"""Read a filled labelling sheet and join its labels to the posts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ...data.errors import InputError
from ...data.io.numbered_posts import numbered_posts
from ...data.posts import Post
from .cells import key_of
from .match import Matches, NoMatchError
from .sheet import read_sheet

_SHOWN = 10


class Taken(NamedTuple):
    """Counts of the rows of a sheet.

    Attributes:
        labelled: posts that were written.
        unlabelled: lines of rows without a label, which were passed over.
    """

    labelled: int
    unlabelled: Sequence[int]


def take_labels(filled: Path, source: Path, target: Path) -> Taken:
    """Join the labels of a filled sheet to their posts; nothing is written if one row fails.

    A row belongs to the post with its key and text. Where a spreadsheet has left no key, or
    another id, the text tells, see ``label_match``.

    Args:
        filled: a CSV that ``write_batch`` wrote and a person filled in, as spreadsheets save it.
        source: the posts it was made from.
        target: JSONL of labelled posts, as ``train`` takes it; further labels are appended.

    Raises:
        InputError: an unknown label, a row that cannot be given to one post, a post that is
            labelled twice, or is in the target already.
    """
    rows, unlabelled = read_sheet(filled)
    matches = Matches(rows, numbered_posts(source, Post))
    known = set()
    if target.exists():
        known = {key_of(post_id, post.text) for post_id, post in numbered_posts(target, Post)}
    lines: dict[str, tuple[int, str]] = {}
    faults: list[tuple[int, str]] = []
    for row in rows:
        try:
            post = matches.post_of(row)
        except NoMatchError as error:
            faults.append((row.line, str(error)))
            continue
        if post.key in known:
            faults.append((row.line, f"post {post.id[:50]!r} is labelled already in {target}"))
        elif post.key in lines:
            first = lines[post.key][0]
            faults.append((row.line, f"post {post.id[:50]!r} is labelled on line {first} too"))
        else:
            record = post.post.model_dump(mode="json", exclude_none=True) | {"id": post.id}
            lines[post.key] = row.line, json.dumps(record | dict(row.labels), ensure_ascii=False)
    if faults:
        raise InputError(_message(filled, faults))
    _append(target, [line for _, line in lines.values()])
    return Taken(len(lines), unlabelled)


def shown_lines(lines: Sequence[int]) -> str:
    """Format line numbers for a message, and shorten a long list."""
    more = f" and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
    return ", ".join(map(str, lines[:_SHOWN])) + more


def _message(filled: Path, faults: Sequence[tuple[int, str]]) -> str:
    (line, first), rest = faults[0], [line for line, _ in faults[1:]]
    further = f"; also lines {shown_lines(rest)}" if rest else ""
    return f"{filled.name}, line {line}: {first}{further}. No label was taken"


def _append(target: Path, lines: Sequence[str]) -> None:
    with target.open("ab+") as stream:
        # The last line of a file that was edited by hand may not be ended.
        if stream.tell():
            stream.seek(-1, 2)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write("".join(line + "\n" for line in lines).encode("utf-8", "replace"))
