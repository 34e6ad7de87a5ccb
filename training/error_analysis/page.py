"""The errors of a run as one page of HTML that needs nothing else. It holds texts of posts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ...data.values.safe import safe
from ...models.scored_post import Reason
from ...version import __version__
from ..reports.metric_names import with_interval
from .analyse import AxisErrors, RunErrors, WrongPost
from .slices import LEVEL, MIN_GROUPS, MIN_POSTS, Kind

_HERE = Path(__file__).parent


class Part(NamedTuple):
    """A stretch of a post, marked or not."""

    text: str
    marked: bool


class _Trusted(str):
    """Our own style, which is not escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def errors_page(errors: RunErrors) -> str:
    """The page. Every text is escaped, and nothing on it can run or be fetched."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        autoescape=True, loader=FileSystemLoader(_HERE), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style = (_HERE / "errors.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("errors.html.jinja").render(
        run_id=errors.run.run_id, name=safe(errors.run.name),
        data=safe(errors.run.tags.get("data.name", "")), split=errors.split,
        notes=[safe(f"{note[:1].upper()}{note[1:]}.") for note in errors.notes],
        axes=[_axis(errors, axis) for axis in errors.axes],
        level=LEVEL, min_posts=MIN_POSTS, min_groups=MIN_GROUPS, version=__version__,
        style=_Trusted(style), style_sha256=digest,
    )  # fmt: skip


def kind_text(kind: Kind) -> str:
    """``hashtags: 4 or more, and link: none``."""
    return safe(", and ".join(f"{name}: {value}" for name, value in kind))


def parts_of(text: str, reasons: Sequence[Reason]) -> list[Part]:
    """A post cut where reasons begin and end."""
    marks = [False] * len(text)
    for reason in reasons:
        if reason.weight > 0:
            marks[reason.start : reason.end] = [True] * (reason.end - reason.start)
    edges = [i for i in range(1, len(marks)) if marks[i] != marks[i - 1]]
    bounds = [0, *edges, len(text)]
    return [
        Part(safe(text[start:end]), marks[start]) for start, end in pairwise(bounds) if start < end
    ]


def _axis(errors: RunErrors, of: AxisErrors) -> dict[str, Any]:
    posts: dict[int, dict[str, Any]] = {}
    numbers: dict[WrongPostKey, int] = {}

    def placed(chosen: Sequence[WrongPost]) -> list[dict[str, Any]]:
        found = []
        for post in chosen:
            key = (post.source, post.source_id, post.text)
            number = numbers.setdefault(key, len(numbers) + 1)
            posts.setdefault(number, _post(errors, of.name, post, number))
            found.append(posts[number])
        return found

    worse = [
        {
            "kind": kind_text(one.found.kind), "n": one.found.n, "groups": one.found.groups,
            "loss": one.found.loss, "elsewhere": one.loss_elsewhere, "wrong": one.found.wrong,
            "difference": with_interval(one.found.difference, *one.interval, form="{:+.2f}"),
            "p": one.p, "posts": placed(chosen),
        }
        for one, chosen in of.worse
    ]  # fmt: skip
    most = placed(of.most_wrong)
    slices = [
        {"kind": kind_text(one.kind), "slice": one, "posts": placed(of.by_kind.get(one.kind, []))}
        for one in of.slices
    ]
    every = [posts[number] for number in sorted(posts)]
    return {"of": of, "worse": worse, "most": most, "slices": slices, "posts": every}


WrongPostKey = tuple[str, str, str | None]


def _post(errors: RunErrors, axis: str, post: WrongPost, number: int) -> dict[str, Any]:
    reasons = errors.reasons_of(axis, post)
    return {
        "id": f"{axis}-{number}", "number": number, "name": safe(f"{post.source} {post.source_id}"),
        "parts": None if post.text is None else parts_of(post.text, reasons),
        "label": post.label, "p": post.p, "said": post.said, "loss": post.loss,
        "contested": post.contested,
        "reasons": [(safe(one.text), one.weight) for one in reasons],
        # What a post has none of is not worth a word beside it, and its source stands there.
        "kinds": [
            safe(f"{name}: {value}")
            for name, value in post.kinds.items()
            if value != "none" and name != "source"
        ],
    }  # fmt: skip
