"""The input record: one social-media post, with or without labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_core import PydanticCustomError

from .io.whole_text import Mended, with_whole_text
from .rejects import RejectCode

MAX_COUNT = 2**63 - 1
MAX_ID_CHARS = 1_000
_NUMBER = re.compile(r"\s*[+-]?[\d_]+(?:\.\d*)?\s*$")


def _id_text(value: object) -> object:
    # Ids are strings everywhere: a JSON number keeps its digits, a float or bool is no id.
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and len(value) > MAX_ID_CHARS:
        raise PydanticCustomError(
            "id_length", f"Input should have at most {MAX_ID_CHARS:,} characters"
        )
    return value


def _empty_is_missing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("count_type", "Input should be a whole number, not true or false")
    return value


def _no_timestamp(value: object) -> object:
    # 20240131 would be read as seconds since 1970.
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.match(value)):
        raise PydanticCustomError("date", "Input should be ISO 8601, such as 2024-01-31T18:05:00Z")
    return value


IdText = Annotated[str, Field(strict=True), BeforeValidator(_id_text)]
OptionalId = Annotated[IdText | None, BeforeValidator(_empty_is_missing)]
Count = Annotated[int, Field(ge=0, le=MAX_COUNT), BeforeValidator(_no_bool)]
OptionalCount = Annotated[Count | None, BeforeValidator(_empty_is_missing)]
Moment = Annotated[datetime, BeforeValidator(_no_timestamp)]


class Post(BaseModel):
    """One post as it comes in. Only ``text`` is required; unknown fields are ignored.

    Attributes:
        text: the post, untouched. Never converted: a number is an error, "NA" is a text.
        id: a string; whole numbers are written out, "007" stays "007"; at most 1,000 characters.
        author: handle or account id.
        platform: free text, such as ``instagram``.
        posted_at: ISO 8601.
        followers: of the author at the time of the post.
        likes: count.
        comments: count.
        shares: count.
        paid_partnership: the platform's own label; None where it is not known.
        truncated: the source says that it has cut the text off.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Annotated[str, Field(strict=True)]
    id: OptionalId = None
    author: OptionalId = None
    platform: OptionalId = None
    posted_at: Annotated[Moment | None, BeforeValidator(_empty_is_missing)] = None
    followers: OptionalCount = None
    likes: OptionalCount = None
    comments: OptionalCount = None
    shares: OptionalCount = None
    paid_partnership: Annotated[bool | None, BeforeValidator(_empty_is_missing)] = None
    truncated: Annotated[bool | None, BeforeValidator(_empty_is_missing)] = None

    _repairs: tuple[str, ...] = PrivateAttr(())
    _passed_over: tuple[str, ...] = PrivateAttr(())

    @property
    def repairs(self) -> tuple[str, ...]:
        """Codes of what was mended while the record was read; see ``text.repair`` for the text."""
        return self._repairs

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Fields that no score hangs on and whose value could not be read, so that it is None."""
        return self._passed_over


class LabelledPost(Post):
    """A post with somebody's own labels; an empty label means missing."""

    label_style: Annotated[
        Literal["raw", "polished", "unsure"] | None, BeforeValidator(_empty_is_missing)
    ] = None
    label_paid: Annotated[
        Literal["yes", "no", "unsure"] | None, BeforeValidator(_empty_is_missing)
    ] = None
    label_cause: Annotated[
        Literal["none", "low", "high", "unsure"] | None, BeforeValidator(_empty_is_missing)
    ] = None


PostT = TypeVar("PostT", bound=Post)
ROW_PREFIX = "row-"


def row_id(n: int) -> str:
    """The id of a post without one.

    Args:
        n: which record of the whole input it is, counted from 1. Records that are rejected count,
            blank lines do not; a record is one however many lines it takes.
    """
    return f"{ROW_PREFIX}{n}"


class PostError(ValueError):
    """A record that is no post.

    Attributes:
        code: one of ``missing``, ``type``, ``value``, ``empty``.
        field: the field at fault, if one is.
    """

    def __init__(self, message: str, code: RejectCode, field: str | None) -> None:
        super().__init__(message)
        self.code: RejectCode = code
        self.field = field


def parse_post(record: Mapping[str, Any], kind: type[PostT]) -> PostT:
    """Check one record and type it as ``Post`` or ``LabelledPost``.

    Raises:
        PostError: naming the first field at fault and what to do about it.
    """
    record = with_whole_text(record, record)
    try:
        post = kind.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        if first["input"] is None:
            raise PostError(f"field {field!r}: Field required", "missing", field) from None
        raise PostError(f"field {field!r}: {first['msg']}", _code(first["type"]), field) from None
    if isinstance(record, Mended):
        post._repairs = record.repairs
    return post


def _code(kind: str) -> RejectCode:
    if kind == "missing":
        return "missing"
    return "type" if kind.endswith("_type") else "value"
