"""A run repeated, and the errors of a run, in a terminal; texts of posts cannot move the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.cache import replacing
from ..training.reports.metric_names import with_interval
from .console import safe

if TYPE_CHECKING:
    from ..training.error_analysis.analyse import AxisErrors, RunErrors, WrongPost
    from ..training.reproduction.checks import Check
    from ..training.reproduction.compared import Comparison, Difference
    from ..training.reproduction.reproduce import Reproduction

_STYLES = {"same": "green", "noted": "", "passed over": "yellow", "refused": "red"}
_SHOWN_METRICS = _SHOWN_KINDS = 10
_SHOWN_CHARS = 280


def print_checks(checks: Sequence[Check], console: Console) -> None:
    """Print what a run recorded beside what is here."""
    table = Table(title="recorded and here", title_justify="left")
    for column in ("", "recorded", "here", ""):
        table.add_column(column, overflow="fold")
    for check in checks:
        state = {"noted": "differs, decides nothing"}.get(check.state, check.state)
        cells = (safe(check.name), safe(check.recorded), safe(check.here))
        table.add_row(*map(Text, cells), Text(state, _STYLES[check.state]))
    console.print(table)


def print_comparison(done: Reproduction, console: Console) -> None:
    """Print whether a run was repeated, and where it was not."""
    found = done.comparison
    lines = _counted(found)
    if found.tolerance.score == 0:
        lines.append("of the model that was fitted on all posts, every file was compared, too")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if found.first:
        _print_differences("first posts that differ", found.first, console)
    if found.figures_off:
        _print_differences("metrics that differ", found.figures_off[:_SHOWN_METRICS], console)
    passed = [c.name for c in done.checks if c.state == "passed over"]
    beside = f" (passed over: {', '.join(passed)})" if passed else ""
    verdict = "matches" if found.matches else f"does not match: {'; '.join(found.faults)}"
    console.print(
        f"run {done.of} {verdict}{beside}; repeated as run {done.run_id}",
        style="green" if found.matches else "red", markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip


def _counted(found: Comparison) -> list[str]:
    asked = found.tolerance
    rule = (
        "all equal to the last bit are asked"
        if asked.score == 0
        else f"asked: none by more than {asked.score:g}, by more than {asked.near:g} in at most "
        f"{asked.share:.0%} of the posts, no AUC by more than {asked.figure:g}"
    )
    largest = found.largest
    off = "no score differs" if largest is None else (
        f"scores of {found.posts_off:,} differ by more than {asked.near:g}, at most by "
        f"{largest.size:.3g} ({largest.column} of {largest.of})"
    )  # fmt: skip
    return [
        f"{found.posts:,} posts with {found.scores} scores each: {off}, and {found.flags_off:,} "
        f"flags differ ({rule})",
        f"{found.figures:,} metrics: {found.figures_moved:,} values, bounds or counts differ",
    ]


def _print_differences(title: str, found: Sequence[Difference], console: Console) -> None:
    table = Table(title=title, title_justify="left")
    for column in ("", "column", "run", "repeated", "difference"):
        table.add_column(column, overflow="fold")
    for one in found:
        numbers = (repr(one.before), repr(one.after), f"{one.size:.3g}")
        table.add_row(*map(Text, (safe(one.of), one.column, *numbers)))
    console.print(table)


def print_errors(errors: RunErrors, console: Console) -> None:
    """Print the kinds that a run does worse on, and the posts that it is most wrong about."""
    for axis in errors.axes:
        positive, negative = axis.classes[1], axis.classes[0]
        console.print(
            f"\n{axis.name} ({positive} or {negative}), out of fold on {errors.split}: {axis.n:,} "
            f"posts, {axis.positives:,} {positive}; mean log loss {axis.loss:.3f}, "
            f"{axis.wrong:.1%} get the opposite label",
            style="bold", markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
        _print_worse(axis, console)
        _print_slices(axis, console)
        _print_posts(errors, axis.name, "most wrong of all", axis.most_wrong, console)
        for kind, posts in axis.by_kind.items():
            _print_posts(errors, axis.name, f"most wrong of {_kind(kind)}", posts, console)
    for note in errors.notes:
        console.print(f"note: {safe(note)}", style="yellow", markup=False, highlight=False,
                      soft_wrap=True)  # fmt: skip


def _print_worse(axis: AxisErrors, console: Console) -> None:
    if not axis.worse:
        console.print(f"no kind of posts is judged worse beyond chance, of {axis.tried:,} tried")
        return
    table = Table(
        title=f"kinds of posts judged worse than others, of {axis.tried:,} tried",
        caption="excess: log loss beyond that of all posts of the same label, less that of other "
        "posts; p corrected for all kinds of all questions",
        title_justify="left", caption_justify="left",
    )  # fmt: skip
    for column in ("kind", "posts", "groups", "log loss", "others", "opposite", "excess", "p"):
        table.add_column(column, justify="left" if column == "kind" else "right", overflow="fold")
    for one, _ in axis.worse[:_SHOWN_KINDS]:
        found = one.found
        table.add_row(
            Text(_kind(found.kind)), f"{found.n:,}", f"{found.groups:,}", f"{found.loss:.3f}",
            f"{one.loss_elsewhere:.3f}", f"{found.wrong:.1%}",
            Text(with_interval(found.difference, *one.interval, form="{:+.2f}")), f"{one.p:.4f}",
        )  # fmt: skip
    console.print(table)
    if (more := len(axis.worse) - _SHOWN_KINDS) > 0:
        console.print(f"and {more:,} more, less sure, which the page has (-o errors.html)")


def _print_slices(axis: AxisErrors, console: Console) -> None:
    table = Table(title="by kind", title_justify="left")
    for column in ("kind", "posts", "log loss", "opposite"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for one in axis.slices:
        table.add_row(Text(_kind(one.kind)), f"{one.n:,}", f"{one.loss:.3f}", f"{one.wrong:.1%}")
    console.print(table)


def _print_posts(
    errors: RunErrors, axis: str, title: str, posts: Sequence[WrongPost], console: Console
) -> None:
    if not posts:
        return
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in ("label", "p", "told", "post"):
        table.add_column(column, overflow="fold")
    for post in posts:
        text = "(the text is not here)" if post.text is None else safe(post.text)
        cut = text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
        shown = Text(cut)
        reasons = errors.reasons_of(axis, post)
        for reason in reasons:
            if reason.weight > 0:
                shown.stylize("underline", reason.start, min(reason.end, _SHOWN_CHARS))
        spoke = ", ".join(f"“{safe(one.text)}” {one.weight:+.2f}" for one in reasons)
        shown.append(f"\n{safe(post.source)} {safe(post.source_id)}", "dim")
        if spoke:
            shown.append(f"\nspoke for it: {spoke}", "dim")
        label = post.label + (" (contested)" if post.contested else "")
        table.add_row(label, f"{post.p:.3f}", post.said, shown)
    console.print(table)


def _kind(kind: Sequence[tuple[str, str]]) -> str:
    return safe(", and ".join(f"{name}: {value}" for name, value in kind))


def write_page(errors: RunErrors, output: Path) -> None:
    """Write the page, whole or not at all.

    Raises:
        OSError: it cannot be written there.
    """
    from ..training.error_analysis.page import errors_page

    page = errors_page(errors)
    if not output.parent.is_dir():
        raise ValueError(f"{output}: there is no folder {output.parent}: make it first")
    with replacing(output) as file:
        file.write(page.encode("utf-8", "replace"))
