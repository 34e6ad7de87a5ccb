"""Values of which there are only some."""

from __future__ import annotations

from typing import Any, get_args


def check_choice(name: str, value: object, choices: Any) -> None:  # noqa: ANN401
    """Refuse what is none of a ``Literal``'s values.

    Raises:
        ValueError: naming those that there are.

    Examples:
        >>> from typing import Literal
        >>> check_choice("size", "big", Literal["large", "small"])
        Traceback (most recent call last):
        ValueError: size 'big': choose one of large, small
    """
    allowed = get_args(choices)
    if value not in allowed:
        raise ValueError(f"{name} {value!r}: choose one of {', '.join(map(str, allowed))}")


def check_number(name: str, value: object) -> None:
    """Refuse what is neither None nor a whole number above 0.

    Raises:
        ValueError: naming it.
    """
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise ValueError(f"{name} {value!r}: give a whole number of at least 1, or None")
