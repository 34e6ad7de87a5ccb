"""Options that several commands have, and how their values are read."""

from __future__ import annotations

from typing import Annotated, Any

import typer

Model = Annotated[
    str | None, typer.Option(help="A folder, models:/name@alias, or linear (shipped, light, fast).")
]
Jurisdiction = Annotated[str, typer.Option(help="Whose disclosure rules: us, uk, eu, in.")]


def choice(value: str | None, option: str, allowed: tuple[str, ...]) -> Any:  # noqa: ANN401
    """The value, if it is one of those allowed.

    Raises:
        typer.BadParameter: it is not.
    """
    if value is not None and value not in allowed:
        raise typer.BadParameter(f"{option} {value}: choose one of {', '.join(allowed)}")
    return value


def jurisdiction_of(value: str) -> Any:  # noqa: ANN401
    """Likewise, for ``--jurisdiction``."""
    return choice(value, "--jurisdiction", ("us", "uk", "eu", "in"))


def shares(given: list[str]) -> dict[str, float]:
    """What ``--prevalence axis=share`` says.

    Raises:
        typer.BadParameter: not of this form.
        ValueError: no such axis, or no share between 0 and 1.
    """
    from ..models.decision.calibration import check_prevalence

    found = {}
    for item in given:
        axis, _, share = item.partition("=")
        try:
            found[axis] = float(share)
        except ValueError:
            raise typer.BadParameter(f"--prevalence {item}: write axis=share") from None
        check_prevalence(axis, found[axis])
    return found
