"""Pairs of posts that say the same: in a register and in plain English, or with a name swapped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

PAIRS = Path(__file__).parents[1] / "corpus" / "pairs.jsonl"
Kind = Literal["aae", "indian", "non_native", "teen", "elderly", "name", "place", "brand"]
PAIR_KINDS: tuple[Kind, ...] = get_args(Kind)


class Pair(BaseModel):
    """Two posts that should be labelled alike.

    Attributes:
        kind: what differs; ``name``, ``place`` and ``brand`` are swaps.
        text: in the register, or with the less common name.
        plain: in plain English, or with the common name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    text: str
    plain: str


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """The shipped pairs, in order.

    Raises:
        ValueError: naming the line that is no pair.
    """
    pairs = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            pairs.append(Pair.model_validate(json.loads(line)))
        except (ValidationError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: no pair of posts") from error
    return pairs
