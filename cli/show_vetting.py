"""What became of posts that were vetted, in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..inference.vetting.vet import Vetting
from .console import safe

_SHOWN = 10


def print_vetting(found: Vetting, folder: Path, console: Console) -> None:
    """Print the creators with most posts, and what was left out."""
    table = Table(title=f"{len(found.creators):,} creators, {found.posts:,} records")
    for column in ("creator", "platform", "posts", "polished", "paid", "undisclosed"):
        table.add_column(column, justify="right" if column in ("posts", "undisclosed") else "left")
    ordered = sorted(found.rows, key=lambda row: -row["posts"])
    for row in ordered[:_SHOWN]:
        shares = [
            f"{row[f'{flag}_share']:.0%} ({row[f'{flag}_share_low']:.0%} to "
            f"{row[f'{flag}_share_high']:.0%})"
            if row[f"{flag}_share"] is not None
            else "too few"
            for flag in ("polished", "paid")
        ]
        table.add_row(
            Text(safe(row["creator"])), Text(safe(row["platform"] or "–")), f"{row['posts']:,}",
            *shares, f"{row['paid_undisclosed']:,}",
        )  # fmt: skip
    console.print(table)
    console.print(f"report: {safe(str(folder / 'report.html'))}", highlight=False, markup=False)
    told = [f"read as: {title}" for title in found.read_as]
    if found.repeated:
        told.append(f"{found.repeated:,} records of a post that was read before count once")
    if found.without_author:
        told.append(f"{found.without_author:,} posts name no author and are left out")
    told += [f"{n:,} records are no posts: {code}" for code, n in found.rejected.items()]
    if found.undated:
        told.append("no post has a date, so no change over time was looked for")
    told += _of_brief(found)
    for line in told:
        print(safe(line), file=sys.stderr)  # noqa: T201


def _of_brief(found: Vetting) -> list[str]:
    """How many creators could be compared with the brief, and what of it could not be read."""
    if found.fits is None:
        return []
    ranked = sum(fit.place is not None for fit in found.fits)
    none = sum(not fit.committed for fit in found.fits)
    told = [
        f"line {point.line} of the brief reads as another language than English "
        f"({point.language}) and is left out"
        for point in found.points
        if not point.readable
    ]
    return [
        *told,
        f"{ranked:,} creators are ordered by the brief; {len(found.fits) - ranked - none:,} have "
        f"too few posts of high commitment to say, {none:,} have none: see brief.csv",
    ]
