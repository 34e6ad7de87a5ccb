"""``Scorer``: load a model once, score anything that holds posts."""

from __future__ import annotations

import hashlib
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Self, TypeVar

import numpy as np

from ..data.errors import Reject
from ..data.io.fields.find import Fields
from ..data.io.fields.not_read import NotRead, said_of
from ..data.io.read import checked, not_blank
from ..data.posts import Post, PostError, row_id
from ..data.text.disclosure.find import Jurisdiction
from ..models.fingerprint import program
from ..models.isolate import row_of, score_each
from ..models.pipeline import Bundle, Content, ReasonsFor
from ..models.runtime import Runtime, tuned
from ..models.saved_model import ModelInfo
from ..models.scored_post import ScoredPost, error_row
from ..models.shipped.folders import model_folder, shipped_name

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from .options import Options
    from .summary import Summary

D = TypeVar("D")
# Families in which the row of a post does not depend, not even in its last digit, on what it is
# scored beside.
_INDEPENDENT = ("rules", "linear")


class ScoredPosts(list[ScoredPost]):
    """Rows in input order.

    Attributes:
        passed_over: values that could not be read, by field, of fields that no score hangs on.
        not_read: columns of the input that nothing was read from.
    """

    def __init__(
        self,
        rows: Iterable[ScoredPost] = (),
        passed_over: Counter[str] | None = None,
        not_read: NotRead | None = None,
    ) -> None:
        super().__init__(rows)
        self.passed_over = passed_over or Counter()
        self.not_read = not_read or NotRead()

    def to_pandas(self) -> pd.DataFrame:
        """One line per post; nested columns hold lists and dicts.

        Raises:
            ImportError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install pandas") from error
        frame = pd.DataFrame([row.model_dump() for row in self], columns=[*ScoredPost.model_fields])
        probabilities = [name for name in frame if str(name).startswith("p_")]
        return frame.astype(dict.fromkeys(probabilities, "float32"))


class Scorer:
    """Scores posts with one loaded model.

    Examples:
        >>> from unpolished import Scorer
        >>> Scorer.load().score("ugh, missed the bus again")[0].style
        'raw'
    """

    def __init__(
        self, bundle: Bundle, folder: Path | None = None, runtime: Runtime | None = None
    ) -> None:
        """A scorer of a model.

        Args:
            bundle: the model, opened.
            folder: where other processes find it.
            runtime: as which it runs.
        """
        self._bundle, self.folder, self.runtime = bundle, folder, runtime or Runtime()

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process goes the address of the model, and what has to be the same there.

        So a hash of a function that uses a scorer, such as ``datasets`` makes, is another one where
        the model or the rules are.

        Raises:
            TypeError: the model was not opened from a folder.
        """
        from .reopen import reopened

        if self.folder is None:
            raise TypeError("a model goes elsewhere by its folder: open it with Scorer.load")
        address = shipped_name(self.folder) or str(self.folder.absolute())
        return reopened, (address, self.runtime, self.digest, dict(program()))

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
        if isinstance(address, str) and address.startswith(("models:/", "runs:/")):
            from ..models.registry.download import download_model

            address = download_model(address)
        folder = model_folder(address)
        bundle = Bundle.load(folder)
        runtime = runtime or Runtime()
        return cls(replace(bundle, model=tuned(bundle.model, runtime)), folder, runtime)

    @property
    def info(self) -> ModelInfo:
        """What is known about the model."""
        return self._bundle.info

    @property
    def digest(self) -> str:
        """SHA-256 over the model: its files, calibration and thresholds.

        What else decides about a row are the options, and ``models.fingerprint``.
        """
        return hashlib.sha256(self.info.model_dump_json().encode()).hexdigest()

    @property
    def independent_rows(self) -> bool:
        """Whether a row is the same, to the last digit, whatever it is scored beside."""
        return self.info.family in _INDEPENDENT

    def score(
        self,
        posts: Any,  # noqa: ANN401
        *,
        jurisdiction: Jurisdiction = "us",
        prevalence: Mapping[str, float] | None = None,
        reasons: ReasonsFor = "none",
        errors: Literal["raise", "keep"] = "raise",
    ) -> ScoredPosts:
        """Score posts, one row each, in order.

        Args:
            posts: one text; or a list, array or Series of texts, dicts or ``Post``; or a
                DataFrame, Arrow table or ``datasets.Dataset`` with a column ``text``. What cannot
                be read of another field is left out, with a warning.
            jurisdiction: whose disclosure rules apply.
            prevalence: axis to assumed share; moves probabilities, not labels.
            reasons: ``none``, ``flagged`` or ``all``.
            errors: ``raise`` at the first bad item, or ``keep`` a row with its error, which
                begins with the reason code; also for a post that the model fails on.

        Raises:
            PostError: a bad item, named by its position from 0.
            TypeError: neither a text nor anything that holds items.
            ValueError: a prevalence that cannot be set, or columns of the same name.
        """
        rows: dict[int, ScoredPost] = {}
        passed_over: Counter[str] = Counter()
        good: list[tuple[int, Post]] = []
        total, fields = 0, Fields()
        for position, item in enumerate(_items(posts)):
            total += 1
            found = _found(position + 1, item, fields)
            if not isinstance(found, Reject):
                good.append((position, found[1]))
                passed_over.update(found[1].passed_over)
            elif errors == "raise":
                raise PostError(f"post {position}: {found.message}", found.code, found.field)
            else:
                post_id = found.id or row_id(position + 1)
                rows[position] = error_row(post_id, found.code, found.message)

        def score(some: Sequence[tuple[int, Post]]) -> list[ScoredPost]:
            return self.score_posts(
                [post for _, post in some],
                [post.id or row_id(position + 1) for position, post in some],
                jurisdiction=jurisdiction,
                prevalence=prevalence,
                reasons=reasons,
            )

        self.check_prevalence(prevalence)
        scored = score(good) if errors == "raise" else score_each(score, good)
        for (position, post), row in zip(good, scored, strict=True):
            rows[position] = row_of(post.id or row_id(position + 1), row)
        in_order = (rows[position] for position in range(total))
        result = ScoredPosts(in_order, passed_over, fields.not_read())
        if left_out := said_of(result.passed_over, result.not_read):
            warnings.warn(left_out, UserWarning, stacklevel=2)
        return result

    def score_file(
        self,
        source: str | Path | BinaryIO,
        target: str | Path,
        options: Options | None = None,
    ) -> Summary:
        """Score a file, a folder or a glob of files into a file, or a folder ending with a slash.

        See ``inference.batch.score_file``, also for what is raised.
        """
        from .batch.score_file import score_file

        return score_file(self, source, target, options)

    def score_batches(
        self, batches: Iterable[pa.RecordBatch], options: Options | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Score Arrow batches one by one, a row for each row; see ``inference.arrow``."""
        from .arrow import score_batches

        return score_batches(self, batches, options)

    def score_dataset(
        self,
        dataset: D,
        options: Options | None = None,
        *,
        remove_columns: str | Sequence[str] = (),
        num_proc: int | None = None,
    ) -> D:
        """Add the columns of the scores to a data set of the ``datasets`` library.

        See ``inference.hf_datasets``, also for what is raised.
        """
        from .hugging_face.score_dataset import score_dataset

        return score_dataset(
            self, dataset, options, remove_columns=remove_columns, num_proc=num_proc
        )

    def check_prevalence(self, prevalence: Mapping[str, float] | None) -> None:
        """Refuse a prevalence that this model cannot be set to, before any post is scored.

        Raises:
            ValueError: an unknown axis, a share outside (0, 1), or no reference in the model.
        """
        if prevalence:
            nothing = np.zeros((0, len(self.info.probabilities)), np.float32)
            self.info.calibration.shift_prevalence(nothing, prevalence)

    def score_posts(
        self,
        posts: Sequence[Content],
        ids: Sequence[str],
        *,
        jurisdiction: Jurisdiction = "us",
        prevalence: Mapping[str, float] | None = None,
        reasons: ReasonsFor = "none",
    ) -> list[ScoredPost]:
        """Score checked posts under the ids given; see ``score``."""
        return self._bundle.score(
            posts, ids, jurisdiction=jurisdiction, prevalence=prevalence, reasons=reasons
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


def _found(n: int, item: Any, fields: Fields) -> tuple[int, Post] | Reject:  # noqa: ANN401
    if isinstance(item, Post):
        return not_blank(n, item)
    record = item if isinstance(item, Mapping) else {"text": item}
    return checked(n, {k: v for k, v in record.items() if not _is_gap(v)}, Post, fields)


def _is_gap(value: object) -> bool:
    # pandas marks missing values with NaN, NaT or NA; only these are unequal to themselves.
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value
