"""Posts to rows for engines that score many: each text once, in windows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..data.errors import Reject
from ..data.io.fields.columns import TEXT, plain
from ..data.io.read import Item
from ..data.text.disclosure.rules import Rules
from ..data.text.own_name import may_name
from ..data.text.repair.repair import repair
from ..data.text.signals.find import may_name_author
from ..models.disclosed import Asked, rules_of
from ..models.pipeline import Content, Pipeline
from ..models.scored_post import ScoredPost
from .options import Options

# Posts that are scored at once: a window in which a neural model sorts them by length. Models of
# n-grams need no window, and take less memory without one.
WINDOW = 10_000
SMALL_WINDOW = 1_000
# Rows that are remembered, and characters of their texts.
MAX_ROWS = 2_000
MAX_CHARS = 1 << 23


class Key(NamedTuple):
    """All that a row depends on but its id."""

    text: str
    paid_partnership: bool | None = None
    truncated: bool = False
    repairs: tuple[str, ...] = ()
    rules: tuple[Rules, ...] = ()
    author: str | None = None
    fold: int | None = None


def key_of(post: Content, asked: Asked, *, reads_author: bool, fold: int | None = None) -> Key:
    """The key of a post under the rules that judge it.

    Args:
        post: that is scored.
        asked: whose rules.
        reads_author: whether the model reads its author.
        fold: whose model scores it, see ``Pipeline.fold_of``.
    """
    author = post.author
    counts = author and (
        may_name_author(post.text) or (reads_author and may_name(post.text, author))
    )
    return Key(
        post.text,
        post.paid_partnership,
        post.truncated is True,
        post.repairs,
        rules_of(post, asked),
        author if counts else None,
        fold,
    )


class RowCache:
    """The rows last asked for, at most ``MAX_ROWS`` of them and ``MAX_CHARS`` of their texts."""

    def __init__(self, max_rows: int = MAX_ROWS, max_chars: int = MAX_CHARS) -> None:
        self._rows: OrderedDict[Key, ScoredPost] = OrderedDict()
        self._max_rows, self._max_chars, self._chars = max_rows, max_chars, 0

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: Key) -> ScoredPost | None:
        """The row of a text, if it is still known."""
        row = self._rows.get(key)
        if row is not None:
            self._rows.move_to_end(key)
        return row

    def put(self, key: Key, row: ScoredPost) -> None:
        """Remember a row; what was not asked for longest is forgotten first."""
        self._rows[key] = row
        self._chars += len(key[0])
        while len(self._rows) > self._max_rows or self._chars > self._max_chars:
            key, _ = self._rows.popitem(last=False)
            self._chars -= len(key.text)


class RowScorer:
    """Scores posts with one model.

    Rows of texts seen before are remembered from call to call only where a row does not depend on
    what it was scored beside; so the rows of a part are the same whatever came before it.
    """

    def __init__(self, pipeline: Pipeline, options: Options) -> None:
        self._pipeline, self._options = pipeline, options
        self._cache = RowCache() if pipeline.independent_rows else None
        kept = options.columns.kept
        self._text = kept.index(TEXT) if TEXT in kept else None

    def rows(self, posts: Sequence[Content]) -> list[ScoredPost]:
        """A row per post, in order; one that the model fails on has its error."""
        asked, pipeline = self._options.asked, self._pipeline
        reads_author, fold_of = pipeline.info.reads_author, pipeline.fold_of
        keys = [
            key_of(post, asked, reads_author=reads_author, fold=fold_of(post)) for post in posts
        ]
        known: dict[Key, ScoredPost] = {}
        new: dict[Key, Content] = {}
        for key, post in zip(keys, posts, strict=True):
            if key in known or key in new:
                continue
            remembered = self._cache.get(key) if self._cache is not None else None
            if remembered is None:
                new[key] = post
            else:
                known[key] = remembered
        self._score(new, known)
        return [_under(post.row_id, known[key]) for key, post in zip(keys, posts, strict=True)]

    def _score(self, new: dict[Key, Content], known: dict[Key, ScoredPost]) -> None:
        options, keys = self._options, list(new)
        window = SMALL_WINDOW if self._pipeline.independent_rows else WINDOW
        for start in range(0, len(keys), window):
            some = keys[start : start + window]
            rows = self._pipeline.score(
                [new[key] for key in some],
                asked=options.asked,
                prevalence=options.prevalence,
                reasons=options.reasons,
            )
            for key, row in zip(some, rows, strict=True):
                known[key] = row
                if self._cache is not None and row.error is None:
                    self._cache.put(key, row)

    def kept(self, item: Item[Any], row: ScoredPost) -> tuple[Any, ...]:
        """The kept columns of a post, the text among them as it was scored."""
        if self._text is None or isinstance(item.found, Reject):
            return item.kept
        text = as_scored(item.found, row)
        return (*item.kept[: self._text], text, *item.kept[self._text + 1 :])


def as_scored(post: Content, row: ScoredPost) -> Any:  # noqa: ANN401
    """The text that a row's offsets point into, as a JSON string."""
    return plain(repair(post.text).text if row.repairs else post.text)


def _under(row_id: str, row: ScoredPost) -> ScoredPost:
    return row if row.id == row_id else row.model_copy(update={"id": row_id})
