"""What became of posts that were vetted, in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..inference.vetting.fit import Fit
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
    if found.fits is not None:
        console.print(_of_brief(found.fits), highlight=False, markup=False)
    console.print(f"report: {safe(str(folder / 'report.html'))}", highlight=False, markup=False)
    told = [f"read as: {title}" for title in found.read_as]
    if found.all_by_fold_models:
        told.append(
            f"{found.all_by_fold_models:,} posts, or their authors, were trained on: fold models "
            "that had not seen them scored these"
        )
    if found.repeated:
        told.append(f"{found.repeated:,} records of a post that was read before count once")
    if found.without_author:
        told.append(f"{found.without_author:,} posts name no author and are left out")
    told += [f"{n:,} records are no posts: {code}" for code, n in found.rejected.items()]
    if found.undated:
        told.append("no post has a date, so no change over time was looked for")
    told += [
        f"line {point.line} of the brief reads as another language than English "
        f"({point.language}) and is left out"
        for point in found.points
        if not point.readable
    ]
    for line in told:
        print(safe(line), file=sys.stderr)  # noqa: T201


def _of_brief(fits: Sequence[Fit]) -> str:
    """How many creators could be compared with the brief."""
    ranked = sum(fit.place is not None for fit in fits)
    none = sum(not fit.committed for fit in fits)
    return (
        f"brief.csv: {ranked:,} creators in order; {len(fits) - ranked - none:,} have too few "
        f"posts of high commitment to say, {none:,} have none"
    )
