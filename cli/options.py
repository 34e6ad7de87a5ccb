"""Options that several commands share, and how their values are parsed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from ..data.values.jurisdictions import JURISDICTIONS, asked_jurisdictions

Model = Annotated[
    str | None,
    typer.Option(
        help="A model folder, models:/name@alias in a registry, or linear: the light and fast "
        "model that is shipped. Default: the shipped default model."
    ),
]


def _known(given: str) -> str:
    try:
        asked_jurisdictions(given)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return given


Jurisdiction = Annotated[
    str,
    typer.Option(
        callback=_known,
        metavar="CODES",
        help="Jurisdictions whose disclosure rules apply, such as us or us,fr. The first decides "
        "paid; posts may name their own in a column jurisdiction or author_country. Codes: "
        f"{', '.join(JURISDICTIONS)}.",
    ),
]
RulesOn = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Day whose disclosure rules judge posts without a date. Default: today.",
    ),
]
FileFormat = Literal["jsonl", "csv", "parquet"]
Source = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="NAME",
        help="What IN was exported from, such as x-archive; unpolished formats lists the names. "
        "Default: told by what it holds.",
    ),
]
Sheet = Annotated[
    str | None,
    typer.Option(help="Sheet of a spreadsheet. Default: the only one with a column of texts."),
]
InputFormat = Annotated[
    Literal["jsonl", "csv", "parquet", "xlsx", "zip"] | None,
    typer.Option(
        "--format", help="Format of IN. Default: told by the file extension. jsonl reads any JSON."
    ),
]
Mapped = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="Read a field from another column, as field=column, e.g. text=caption; may be "
        "repeated.",
    ),
]
Kept = Annotated[
    list[str] | None,
    typer.Option(
        "--keep", help="Copy these columns to the output, e.g. author,likes; may be repeated."
    ),
]
MaxRejects = Annotated[
    str | None,
    typer.Option(
        help="Exit with code 1 if more than N posts, or P% of them, are rejected; without "
        "it, only if all are."
    ),
]


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
