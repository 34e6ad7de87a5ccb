"""Posts in any shape to lines of JSON under the names of a post's fields, without scoring them."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from ..data.cache import replacing
from ..data.errors import InputError, Reject
from ..data.io.fields.columns import TEXT, checked_columns
from ..data.io.fields.find import Fields
from ..data.posts import LabelledPost, Post
from ..data.text.repair.repair import repair
from .batch.inputs import find_inputs
from .options import Options
from .output.reject_line import reject_line
from .summary import Summary

# What a line has beside the fields of a post.
REPAIRS = "repairs"
_WRITTEN = ("id", TEXT, *(name for name in LabelledPost.model_fields if name not in ("id", TEXT)))
_EVERY = 10_000

OnProgress = Callable[[int], None]


def convert(
    source: str | Path | BinaryIO,
    target: str | Path | None,
    options: Options | None = None,
    on_progress: OnProgress = lambda _: None,
) -> Summary:
    """Write posts as they are read, one JSON object a line; memory does not grow with them.

    A line has the fields that the post has, its text as it would be scored, and in ``repairs`` the
    codes of what was mended for that. Kept columns go along. Records that are no posts are written
    to ``OUT.rejects.jsonl``, or to standard error.

    Args:
        source: a path, a pattern, or an open binary stream.
        target: a file, which is there only when it is complete; None for standard output.
        options: of these, how the input is read, which columns are kept, and ``force``.
        on_progress: called with the number of records after every 10,000.

    Raises:
        InputError: unusable input, or an output that is there already.
    """
    options = options or Options()
    columns = checked_columns(options.columns.renamed, options.columns.kept, (*_WRITTEN, REPAIRS))
    inputs = find_inputs(source, options.input_format)
    fields = Fields(columns, options.source, options.sheet, exports=True)
    summary, started = Summary(), time.monotonic()

    def lacks(file: str, names: frozenset[str]) -> None:
        if inputs.many:
            summary.lacking[file] = sorted(names)

    for file in inputs.files:
        if target is not None and Path(target).exists() and file.path.samefile(target):
            raise InputError(f"{target} is the input itself: choose another name for the output")
    with _outputs(target, force=options.force) as (write, reject):
        for item in inputs.items(fields, lacks, LabelledPost):
            summary.rows += 1
            if isinstance(item.found, Reject):
                summary.rejected[item.found.code] += 1
                reject(reject_line(item.file, item.found))
            else:
                line = as_line(item.found) | dict(zip(columns.kept, item.kept, strict=True))
                summary.scored += 1
                summary.repairs.update(line.get(REPAIRS, ()))
                summary.passed_over.update(item.found.passed_over)
                summary.truncated += bool(line.get("truncated"))
                write(json.dumps(line, ensure_ascii=not _is_unicode(line[TEXT])) + "\n")
            if summary.rows % _EVERY == 0:
                on_progress(summary.rows)
    summary.not_read, summary.read_as = fields.not_read(), dict(fields.export.read_as)
    summary.left = [*inputs.left, *fields.export.left]
    summary.seconds = time.monotonic() - started
    return summary


def as_line(post: Post) -> dict[str, Any]:
    """The fields that a post has, as JSON types, with its text as it is scored.

    >>> as_line(Post(text="don&#39;t miss the bus", likes=3))
    {'id': 'row-1', 'text': "don't miss the bus", 'likes': 3, 'repairs': ['entities']}
    """
    mended = repair(post.text)
    found: dict[str, Any] = {"id": post.row_id, TEXT: mended.text}
    for name in _WRITTEN:
        if name not in found and (value := getattr(post, name, None)) not in (None, ()):
            found[name] = value.isoformat() if isinstance(value, datetime) else value
    if mended.truncated:
        found["truncated"] = True
    if codes := [*post.repairs, *mended.repairs]:
        found[REPAIRS] = codes
    return found


def _is_unicode(text: str) -> bool:
    """Whether a text can be written as it is: half of a pair has to be escaped."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _outputs(
    target: str | Path | None, *, force: bool
) -> Iterator[tuple[Callable[[str], object], Callable[[str], object]]]:
    """Functions that write a line, and that write the line of a reject."""
    if target is None:
        sys.stdout.flush()

        def write(line: str) -> None:
            sys.stdout.buffer.write(line.encode("utf-8", "replace"))

        yield write, sys.stderr.write
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    if path.suffix.lower() not in (".jsonl", ".ndjson"):
        raise InputError(f"{path}: posts are converted to JSON lines; name the output .jsonl")
    rejects = path.with_name(f"{path.name}.rejects.jsonl")
    for there in (path, rejects):
        if there.exists() and not force:
            raise InputError(f"{there} exists already: choose another name, or say --force")
    with replacing(path) as lines, replacing(rejects) as refused:
        yield (
            lambda line: lines.write(line.encode("utf-8")),
            lambda line: refused.write(line.encode("utf-8", "replace")),
        )
