"""Options that several commands share, and how their values are parsed."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ..data.values.jurisdictions import Jurisdiction as Code

Model = Annotated[
    str | None,
    typer.Option(
        help="A model folder, models:/name@alias in a registry, or linear: the light and fast "
        "model that is shipped. Default: the shipped default model."
    ),
]
Jurisdiction = Annotated[Code, typer.Option(help="Jurisdiction whose disclosure rules apply.")]
FileFormat = Literal["jsonl", "csv", "parquet"]


def shares(given: list[str]) -> dict[str, float]:
    """Parse the values of ``--prevalence axis=share``.

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
