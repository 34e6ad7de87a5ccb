"""The input record: one social-media post, with or without labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
)

from .axes import Cause, OwnPaid, Style
from .errors import RejectCode
from .row_id import row_id
from .values.dates import read_moment
from .values.fields import read_author, read_count, read_flag, read_id, read_paid
from .values.jurisdictions import (
    Jurisdiction,
    PartlyReadError,
    read_jurisdiction,
    read_jurisdictions,
)
from .values.labels import read_label

_Read = Callable[[Any], Any]


def _reads(read: _Read) -> PlainValidator:
    """Read a value; of one that cannot be read, ``parse_post`` notes the field.

    It is None then, or as much of it as could be read.
    """

    def value_or_none(value: object, info: ValidationInfo) -> object:
        try:
            return read(value)
        except ValueError as error:
            if info.context is None:
                raise
            info.context.append(info.field_name)
            return error.value if isinstance(error, PartlyReadError) else None

    return PlainValidator(value_or_none)


def _labels(of: Any) -> BeforeValidator:  # noqa: ANN401  (a Literal is no type to a checker)
    return BeforeValidator(partial(read_label, names=get_args(of)))


Identifier = Annotated[str | None, _reads(read_id)]
Count = Annotated[int | None, _reads(read_count)]


class Post(BaseModel):
    """One post as it comes in. Only ``text`` is required; unknown fields are ignored.

    How the other fields may be written, see ``field_values`` and ``moments``.

    Attributes:
        text: the post, untouched. Never converted: a number is an error, "NA" is a text.
        id: a string; whole numbers are written out, "007" stays "007"; at most 1,000 characters.
        author: handle or account id.
        platform: free text, such as ``instagram``.
        posted_at: when.
        followers: of the author at the time of the post.
        likes: count.
        comments: count.
        shares: count.
        paid_partnership: the platform's own label; None where it is not known.
        truncated: the source says that it has cut the text off.
        jurisdiction: whose disclosure rules apply to it, the first before all.
        author_country: whose rules apply where ``jurisdiction`` does not say.
        url: where the post is.
        repost_of: who wrote it, where ``author`` repeats what another posted.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Annotated[str, Field(strict=True)]
    id: Identifier = None
    author: Annotated[str | None, _reads(read_author)] = None
    platform: Identifier = None
    posted_at: Annotated[datetime | None, _reads(read_moment)] = None
    followers: Count = None
    likes: Count = None
    comments: Count = None
    shares: Count = None
    paid_partnership: Annotated[bool | None, _reads(read_paid)] = None
    truncated: Annotated[bool | None, _reads(read_flag)] = None
    jurisdiction: Annotated[tuple[Jurisdiction, ...] | None, _reads(read_jurisdictions)] = None
    author_country: Annotated[Jurisdiction | None, _reads(read_jurisdiction)] = None
    url: Identifier = None
    repost_of: Annotated[str | None, _reads(read_author)] = None

    _number: int = PrivateAttr(1)
    _repairs: tuple[str, ...] = PrivateAttr(())
    _passed_over: tuple[str, ...] = PrivateAttr(())

    # These ask pydantic's own table: as attributes, it takes twenty times as long to find them.
    @property
    def row_id(self) -> str:
        """Its own id; where it has none, one made of its number in the input, see ``numbered``."""
        return self.id or row_id(self.__pydantic_private__["_number"])  # type: ignore[index]

    @property
    def repairs(self) -> tuple[str, ...]:
        """Codes of what was mended while the record was read; see ``text.repair`` for it."""
        return self.__pydantic_private__["_repairs"]  # type: ignore[index,no-any-return]

    @property
    def passed_over(self) -> tuple[str, ...]:
        """Fields that no score hangs on and whose value could not be read, so that it is None."""
        return self.__pydantic_private__["_passed_over"]  # type: ignore[index,no-any-return]


class Mended(dict[str, Any]):
    """The fields of a post of which some were mended.

    Attributes:
        repairs: codes, for ``Post.repairs``.
    """

    repairs: tuple[str, ...] = ()


class LabelledPost(Post):
    """A post with somebody's own labels; an empty label means missing."""

    label_style: Annotated[Style | None, _labels(Style)] = None
    label_paid: Annotated[OwnPaid | None, _labels(OwnPaid)] = None
    label_cause: Annotated[Cause | None, _labels(Cause)] = None


PostT = TypeVar("PostT", bound=Post)


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

    A value that cannot be read, of a field that no score hangs on or that may be unknown, is None
    in the post, which names the field.

    Raises:
        PostError: naming the first field at fault and what to do about it.
    """
    passed_over: list[str] = []
    try:
        post = kind.model_validate(record, context=passed_over)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        if first["input"] is None:
            raise PostError(f"field {field!r}: Field required", "missing", field) from None
        raise PostError(f"field {field!r}: {first['msg']}", _code(first["type"]), field) from None
    if isinstance(record, Mended):
        post._repairs = record.repairs
    if passed_over:
        post._passed_over = tuple(passed_over)
    return post


def numbered(post: PostT, n: int) -> PostT:
    """The post as the n-th record of its input, counted from 1; its ``row_id`` says so."""
    if not post.id:
        post._number = n
    return post


def _code(kind: str) -> RejectCode:
    if kind == "missing":
        return "missing"
    return "type" if kind.endswith("_type") else "value"
