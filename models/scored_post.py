"""The output row: what is said about one post. JSON and Arrow schema come from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..data.axes import Cause, Likely, Paid, Style

if TYPE_CHECKING:
    import pyarrow as pa

# Why a post is ``unsure``: another language than English, too few words, a notice of the platform
# in place of a post; and for ``paid`` alone, a clear disclosure where nothing else reads as paid.
ReasonCode = Literal["language", "too_short", "removed", "disclosure_doubted"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MatchedTerm(_Frozen):
    """A disclosure term; start and end are half-open code-point offsets into the post."""

    term: str
    start: int
    end: int
    status: Literal["clear", "ambiguous"]


class Reason(_Frozen):
    """A stretch of the post that spoke for a flag; a positive weight speaks for it."""

    flag: Literal["polished", "paid", "performative"]
    start: int
    end: int
    text: str
    weight: float


class ModelName(_Frozen):
    """Which model spoke."""

    name: str | None = None
    version: str | None = None
    run_id: str | None = None


class ScoredPost(_Frozen):
    """One scored post. Probabilities are float32 values; labels follow the model's thresholds.

    ``truncated`` says that the model did not read all of the post: its source cut it off, its
    middle was cut out, or it has more tokens than the model's network reads. ``repairs`` are codes
    of what was mended in the text; where there are any, spans point into the text as scored.
    ``error`` is set, beginning with the reason code, and every label null, only for an item that
    could not be scored and was asked to be kept; see ``error_row``.
    """

    id: str
    style: Style | None = None
    p_polished: float | None = None
    paid: Paid | None = None
    p_paid: float | None = None
    performative: Likely | None = None
    p_performative: float | None = None
    cause: Cause | None = None
    p_committed: float | None = None
    disclosure: Literal["none", "ambiguous", "clear"] | None = None
    disclosure_terms: tuple[MatchedTerm, ...] = ()
    reasons: tuple[Reason, ...] = ()
    language: str | None = None
    reason_code: ReasonCode | None = None
    truncated: bool = False
    repairs: tuple[str, ...] = ()
    model: ModelName = Field(default_factory=ModelName)
    error: str | None = None


def error_row(post_id: str, code: str, message: str) -> ScoredPost:
    """The row of an item that could not be scored: its ``error`` begins with the reason code."""
    return ScoredPost(id=post_id, error=f"{code}: {message}")


def arrow_schema(*, errors: bool = False) -> pa.Schema:
    """The Arrow schema of the output columns, in order.

    Args:
        errors: add the column ``error``, for engines that keep rejects as rows. Files leave it
            out: there, what could not be scored stands in the reject file.
    """
    import pyarrow as pa

    span = [("start", pa.int64()), ("end", pa.int64())]
    term = pa.struct([("term", pa.string()), *span, ("status", pa.string())])
    reason = pa.struct(
        [("flag", pa.string()), *span, ("text", pa.string()), ("weight", pa.float32())]
    )
    model = pa.struct([(name, pa.string()) for name in ModelName.model_fields])
    special = {
        "disclosure_terms": pa.list_(term),
        "reasons": pa.list_(reason),
        "truncated": pa.bool_(),
        "repairs": pa.list_(pa.string()),
        "model": model,
    }
    fields = [
        (name, special.get(name, pa.float32() if name.startswith("p_") else pa.string()))
        for name in ScoredPost.model_fields
        if errors or name != "error"
    ]
    return pa.schema(fields)
