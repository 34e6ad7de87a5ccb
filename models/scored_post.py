"""The output row: what is said about one post. JSON and Arrow schema come from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..data.axes import Cause, Likely, Paid, Promotion, Style
from ..data.text.disclosure.find import Lack, Status, TermStatus
from ..data.text.disclosure.places import Where
from ..data.text.disclosure.rules import RulesOf
from ..data.text.disclosure.terms import Claim, Kind
from ..data.text.signals.signal import Kind as SignalKind
from ..data.text.signals.signal import Signal
from ..data.values.jurisdictions import Jurisdiction

if TYPE_CHECKING:
    import pyarrow as pa

# Why a post is ``unsure``: another language than English, too few words, a notice of the platform
# in place of a post; and for ``paid`` alone, a clear disclosure where nothing else reads as paid.
ReasonCode = Literal["language", "too_short", "removed", "disclosure_doubted"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# The platform's flag is true, and no word says so, or words say that it is unpaid; or words say
# that it is paid, and the flag is false.
Conflict = Literal["flag_without_words", "flag_against_words", "words_without_flag"]


class MatchedTerm(_Frozen):
    """A disclosure term; start and end are half-open code-point offsets into the post.

    ``status`` is what it is worth in the jurisdiction, by ``rule`` (null where none was read on the
    word). A ``claim``, such as "not an ad", has neither ``status`` nor ``kind``. ``place`` says
    where it stands, with the number of tags before it in its block; ``lacks``, why it is not clear.
    """

    term: str
    start: int
    end: int
    status: TermStatus | None
    rule: str | None = None
    kind: Kind | None = None
    claim: Claim | None = None
    place: tuple[Where, ...] = ()
    tags_before: int = 0
    lacks: tuple[Lack, ...] = ()


class JurisdictionDisclosure(_Frozen):
    """What a post discloses under the rules of one jurisdiction.

    ``rules_of`` says whether they are the rules of the day of the post or, where that is not known
    or before all rules, those of the day of the run.
    """

    jurisdiction: Jurisdiction
    disclosure: Status
    rules_of: RulesOf
    terms: tuple[MatchedTerm, ...] = ()


class FoundSignal(_Frozen):
    """A sign of a deal that is no disclosure; start and end are offsets into the post."""

    kind: SignalKind
    value: str
    start: int
    end: int
    why: tuple[str, ...] = ()


def found_signal(found: Signal) -> FoundSignal:
    """A signal as the row has it."""
    return FoundSignal(
        kind=found.kind, value=found.value, start=found.start, end=found.end, why=found.why
    )


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
    ``disclosure``, its terms and kinds are those of the first of ``disclosures``, which decides
    ``paid``. ``promotion`` and ``p_self`` are null where the model was not trained on promotion of
    one's own. ``error`` is set, beginning with the reason code, and every label null, only for an
    item that could not be scored and was asked to be kept; see ``error_row``.
    """

    id: str
    style: Style | None = None
    p_polished: float | None = None
    paid: Paid | None = None
    p_paid: float | None = None
    promotion: Promotion | None = None
    p_self: float | None = None
    performative: Likely | None = None
    p_performative: float | None = None
    cause: Cause | None = None
    p_committed: float | None = None
    disclosure: Status | None = None
    disclosure_terms: tuple[MatchedTerm, ...] = ()
    disclosed_kinds: tuple[Kind, ...] = ()
    disclosure_conflict: Conflict | None = None
    disclosures: tuple[JurisdictionDisclosure, ...] = ()
    signals: tuple[FoundSignal, ...] = ()
    reasons: tuple[Reason, ...] = ()
    language: str | None = None
    reason_code: ReasonCode | None = None
    truncated: bool = False
    repairs: tuple[str, ...] = ()
    model: ModelName = Field(default_factory=ModelName)
    error: str | None = None


# One for all rows, which are frozen; each with its own would take 2 KB more.
_FIELDS = set(ScoredPost.model_fields)


def checked_already(values: dict[str, Any]) -> ScoredPost:
    """A row of values that are of the right types by how they were made: not checked again.

    Checking takes as long as scoring; ``ScoredPost.model_construct`` does the same, in several
    times the time.

    Args:
        values: of every field, as the row has them.

    Raises:
        ValueError: a field is missing, or one too many.
    """
    if values.keys() != _FIELDS:
        raise ValueError(f"not the fields of a row: {sorted(values.keys() ^ _FIELDS)}")
    row = ScoredPost.__new__(ScoredPost)
    setattr_ = object.__setattr__
    setattr_(row, "__dict__", values)
    setattr_(row, "__pydantic_fields_set__", _FIELDS)
    setattr_(row, "__pydantic_extra__", None)
    setattr_(row, "__pydantic_private__", None)
    return row


# Columns that hold lists or objects; JSON text where a format has none.
NESTED = ("disclosure_terms", "disclosed_kinds", "disclosures", "signals", "reasons", "repairs",
          "model")  # fmt: skip


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
    texts = pa.list_(pa.string())
    term = pa.struct(
        [("term", pa.string()), *span]
        + [(name, pa.string()) for name in ("status", "rule", "kind", "claim")]
        + [("place", texts), ("tags_before", pa.int64()), ("lacks", texts)]
    )
    disclosure = pa.struct(
        [(name, pa.string()) for name in ("jurisdiction", "disclosure", "rules_of")]
        + [("terms", pa.list_(term))]
    )
    signal = pa.struct([("kind", pa.string()), ("value", pa.string()), *span, ("why", texts)])
    reason = pa.struct(
        [("flag", pa.string()), *span, ("text", pa.string()), ("weight", pa.float32())]
    )
    model = pa.struct([(name, pa.string()) for name in ModelName.model_fields])
    special = {
        "disclosure_terms": pa.list_(term),
        "disclosed_kinds": texts,
        "disclosures": pa.list_(disclosure),
        "signals": pa.list_(signal),
        "reasons": pa.list_(reason),
        "truncated": pa.bool_(),
        "repairs": texts,
        "model": model,
    }
    fields = [
        (name, special.get(name, pa.float32() if name.startswith("p_") else pa.string()))
        for name in ScoredPost.model_fields
        if errors or name != "error"
    ]
    return pa.schema(fields)
