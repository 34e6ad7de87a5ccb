"""How large an audience is, and how much of it answers, beside others of its size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from ...data.errors import InputError

# Followers from which each begins; names as the trade uses them.
TIERS: Mapping[str, int] = {"nano": 0, "micro": 10_000, "mid": 50_000, "macro": 500_000,
                            "mega": 1_000_000}  # fmt: skip
# Of fewer posts, a median is one post.
_ENOUGH = 5


def parse_tiers(text: str | None) -> Mapping[str, int]:
    """Read ``small=0,large=10000``: names, each with the followers from which it begins.

    Raises:
        InputError: no such pairs, a name twice, or none that begins at 0.

    >>> parse_tiers("small=0,large=10000")
    {'small': 0, 'large': 10000}
    """
    if text is None:
        return TIERS
    found: dict[str, int] = {}
    for part in text.split(","):
        name, _, least = (piece.strip() for piece in part.partition("="))
        if not name or not least.isdecimal() or name in found:
            raise InputError(f"--tiers {text}: write name=followers, e.g. small=0,large=10000")
        found[name] = int(least)
    if 0 not in found.values():
        raise InputError(f"--tiers {text}: one has to begin at 0")
    return found


def tier_of(followers: int | None, tiers: Mapping[str, int] = TIERS) -> str | None:
    """The tier that so many followers are in; None where they are not known."""
    if followers is None:
        return None
    ordered = sorted(tiers.items(), key=lambda tier: tier[1])
    reached = [name for name, least in ordered if followers >= least]
    return reached[-1] if reached else None


def engagement(likes: int | None, comments: int | None, followers: int | None) -> float | None:
    """Likes and comments for each follower; None where any of them is unknown."""
    if likes is None or comments is None or not followers:
        return None
    return (likes + comments) / followers


def median_of(values: Iterable[float | None]) -> float | None:
    """The median of the known values; None of too few."""
    known: Sequence[float] = [value for value in values if value is not None]
    return median(known) if len(known) >= _ENOUGH else None
