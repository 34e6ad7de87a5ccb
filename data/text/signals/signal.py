"""What a signal of a deal is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["code", "amount_off", "affiliate_link", "call_to_buy", "sponsor"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something in a post that tells of a deal.

    Attributes:
        kind: which sort.
        value: as it stands in the post, ``text[start:end]``.
        start: code-point offset into the original post.
        end: offset behind it.
        why: plain codes that say what makes it one.
    """

    kind: Kind
    value: str
    start: int
    end: int
    why: tuple[str, ...]


class Hit(NamedTuple):
    """A signal in the normalised text; it never spans a line break.

    Attributes:
        start: code-point offset into the normalised text.
        end: offset behind it.
        kind: which sort.
        why: plain codes.
    """

    start: int
    end: int
    kind: Kind
    why: tuple[str, ...]
