"""``Scorer``: load a model once, score anything that holds posts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self, TypeVar

from ..data.errors import Reject
from ..data.io.fields.columns import TEXT, checked_columns
from ..data.io.fields.find import Fields
from ..data.io.fields.not_read import NotRead, said_of
from ..data.io.read import checked, not_blank
from ..data.posts import Post, PostError
from ..data.values.choices import check_choice
from ..data.values.jurisdictions import asked_jurisdictions
from ..data.values.missing import without_missing
from ..models.disclosed import Asked
from ..models.isolate import rows_in_place
from ..models.pipeline import Pipeline, ReasonsFor
from ..models.runtime import Runtime
from ..models.saved_model import ModelInfo
from ..models.scored_post import ScoredPost
from .row_scorer import as_scored

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from .options import Options
    from .summary import Summary

D = TypeVar("D")
Errors = Literal["raise", "keep"]
_ROW_FIELDS = tuple(ScoredPost.model_fields)


class ScoredPosts(list[ScoredPost]):
    """Rows in input order.

    Attributes:
        passed_over: values that could not be read, by field, of fields that no score hangs on.
        not_read: columns of the input that nothing was read from.
        kept: the columns that were asked to be kept, by name, a value for each row.
        row_index: that of the DataFrame or Series that held the posts; None of anything else.
    """

    def __init__(
        self,
        rows: Iterable[ScoredPost] = (),
        passed_over: Counter[str] | None = None,
        not_read: NotRead | None = None,
        kept: Mapping[str, list[Any]] | None = None,
        index: Any = None,  # noqa: ANN401
    ) -> None:
        super().__init__(rows)
        self.passed_over = passed_over or Counter()
        self.not_read = not_read or NotRead()
        self.kept: Mapping[str, list[Any]] = kept or {}
        # Not called index, which a list has as a method.
        self.row_index = index

    def to_pandas(self) -> pd.DataFrame:
        """One line per post, under the index that the posts had.

        Nested columns hold lists and dicts; the kept columns come last.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install pandas") from error
        frame = pd.DataFrame(
            [row.model_dump() for row in self],
            columns=[*ScoredPost.model_fields],
            index=self.row_index,
        )
        probabilities = [name for name in frame if str(name).startswith("p_")]
        frame = frame.astype(dict.fromkeys(probabilities, "float32"))
        for name, values in self.kept.items():
            frame[name] = pd.Series(values, frame.index)
        return frame

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks; see ``inference.notebook``."""
        from .notebook import as_html

        return as_html(self)


class Scorer:
    """Scores posts with one loaded model.

    Attributes:
        pipeline: the model, as the functions of the other modules take it.

    Examples:
        >>> from unpolished import Scorer
        >>> Scorer.load().score("ugh, missed the bus again")[0].style
        'raw'
    """

    def __init__(self, pipeline: Pipeline) -> None:
        """A scorer of a model that is open already."""
        self.pipeline = pipeline

    @classmethod
    def load(cls, address: str | Path | None = None, runtime: Runtime | None = None) -> Self:
        """Open a model.

        Args:
            address: a saved folder, ``models:/name@alias``, ``models:/name/3`` or
                ``runs:/id/model``; ``linear`` for the light shipped model, None for the default.
            runtime: device, batch size and so on; default: as the model has it.

        Raises:
            ModelError: not found, damaged, or from a newer version.
            ValueError: a runtime that this model cannot have.
        """
        return cls(Pipeline.load(address, runtime))

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self.pipeline.info

    def score(
        self,
        posts: Any,  # noqa: ANN401
        *,
        jurisdiction: str | Sequence[str] = "us",
        prevalence: Mapping[str, float] | None = None,
        reasons: ReasonsFor = "none",
        errors: Errors = "raise",
        map: Mapping[str, str] | None = None,  # noqa: A002
        keep: Sequence[str] = (),
    ) -> ScoredPosts:
        """Score posts, one row each, in order.

        Args:
            posts: one text; or a list, array or Series of texts, dicts or ``Post``; or a
                DataFrame, Arrow table or ``datasets.Dataset`` with a column ``text``. What cannot
                be read of another field is left out, with a warning.
            jurisdiction: whose disclosure rules apply, such as ``us`` or ``us,fr``; the first
                fills the flat columns and decides ``paid``. Posts may name their own.
            prevalence: axis to assumed share; moves probabilities, not labels.
            reasons: ``none``, ``flagged`` or ``all``.
            errors: ``raise`` at the first bad item, or ``keep`` a row with its error, which
                begins with the reason code; also for a post that the model fails on.
            map: field of a post to the key or column that holds it, such as
                ``{"text": "caption"}``.
            keep: keys or columns that go along, see ``ScoredPosts.kept``; ``text`` is the post as
                it was scored.

        Raises:
            PostError: a bad item, named by its position from 0.
            TypeError: neither a text nor anything that holds items.
            ValueError: an unknown value of an argument, a prevalence that cannot be set, columns
                of the same name, or no item that has what is mapped or kept.
        """
        check_choice("errors", errors, Errors)
        asked = Asked(asked_jurisdictions(jurisdiction))
        fields = Fields(checked_columns(map or {}, keep, _ROW_FIELDS))
        items = [_record(item) for item in _items(posts)]
        found = [_found(n, item, fields) for n, item in enumerate(items, 1)]
        fields.end_file()
        fields.check("posts")
        passed_over: Counter[str] = Counter()
        for position, one in enumerate(found):
            if isinstance(one, Post):
                passed_over.update(one.passed_over)
            elif errors == "raise":
                raise PostError(f"post {position}: {one.message}", one.code, one.field)
        score = partial(
            self.pipeline.score,
            asked=asked,
            prevalence=prevalence,
            reasons=reasons,
            errors=errors,
        )
        rows = rows_in_place(found, score)
        result = ScoredPosts(
            rows, passed_over, fields.not_read(), _kept(items, found, rows, fields), _index(posts)
        )
        if left_out := said_of(result.passed_over, result.not_read):
            warnings.warn(left_out, UserWarning, stacklevel=2)
        return result

    def score_file(
        self,
        path: str | Path | BinaryIO,
        target: str | Path,
        options: Options | None = None,
        *,
        source: str | None = None,
    ) -> Summary:
        """Score a file, a folder or a glob of files into a file, or a folder ending with a slash.

        Args:
            path: of the input, or an open stream.
            target: of the output.
            options: how the input is scored.
            source: the export that the input is, as in ``options``; see ``unpolished formats``.

        See ``inference.batch.score_file.score_file``, also for what is raised.
        """
        from .batch.score_file import score_file

        if source is not None:
            from .options import Options as Given

            options = replace(options or Given(), source=source)
        return score_file(self.pipeline, path, target, options)

    def score_batches(
        self, batches: Iterable[pa.RecordBatch], options: Options | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Score Arrow batches one by one, a row for each row; see ``inference.arrow``."""
        from .arrow import score_batches

        return score_batches(self.pipeline, batches, options)

    def score_dataset(
        self,
        dataset: D,
        options: Options | None = None,
        *,
        remove_columns: str | Sequence[str] = (),
        num_proc: int | None = None,
    ) -> D:
        """Add the columns of the scores to a data set of the ``datasets`` library.

        See ``inference.hugging_face``, also for what is raised.
        """
        from .hugging_face.score_dataset import score_dataset

        return score_dataset(
            self.pipeline, dataset, options, remove_columns=remove_columns, num_proc=num_proc
        )


def _items(posts: Any) -> Iterable[Any]:  # noqa: ANN401
    if isinstance(posts, str | bytes | bytearray | Mapping | Post):
        return [posts]
    for listed in ("to_pylist", "to_dicts"):  # a table of Arrow or of polars
        if hasattr(posts, listed):
            return list(getattr(posts, listed)())
    if hasattr(posts, "to_dict") and hasattr(posts, "columns"):  # a DataFrame
        if len(set(posts.columns)) != len(posts.columns):
            raise ValueError("posts: two columns have the same name; rename one")
        return list(posts.to_dict("records"))
    try:
        return list(posts)
    except TypeError:
        kind = type(posts).__name__
        raise TypeError(f"posts: give a text, or a list or table of posts, not {kind}") from None


def _index(posts: Any) -> Any:  # noqa: ANN401
    """That of a DataFrame or Series; a list has a method of that name."""
    found = getattr(posts, "index", None)
    return None if callable(found) or not hasattr(posts, "iloc") else found


def _record(item: Any) -> Post | Mapping[str, Any]:  # noqa: ANN401
    if isinstance(item, Post):
        return item
    return without_missing(item if isinstance(item, Mapping) else {"text": item})


def _found(n: int, item: Post | Mapping[str, Any], fields: Fields) -> Post | Reject:
    if isinstance(item, Post):
        # A copy, because the same post may stand in the list twice, under two numbers.
        return not_blank(item if item.id else item.model_copy(), n, n)
    return checked(item, Post, fields, n, n)


def _kept(
    items: Sequence[Post | Mapping[str, Any]],
    found: Sequence[Post | Reject],
    rows: Sequence[ScoredPost],
    fields: Fields,
) -> dict[str, list[Any]]:
    names = fields.columns.kept
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for item, post, row in zip(items, found, rows, strict=True) if names else ():
        record = item.model_dump() if isinstance(item, Post) else item
        values = dict(zip(names, fields.kept(record), strict=True))
        if TEXT in values and isinstance(post, Post):
            values[TEXT] = as_scored(post, row)
        for name, value in values.items():
            columns[name].append(value)
    return columns
