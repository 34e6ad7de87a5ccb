"""Scores, progress and models in a terminal; text of posts cannot move the cursor."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..data.axes import LABELS
from ..data.io.fields.not_read import JUDGED_BY, said_of
from ..data.posts import LabelledPost
from ..inference.by_author import ENOUGH, MAX_AUTHORS, ByAuthor, Share
from ..inference.summary import Summary
from ..models.saved_model import ModelInfo
from ..models.scored_post import MatchedTerm, ScoredPost
from .console import safe

_COLOURS = {"polished": "magenta", "paid": "yellow", "performative": "cyan"}
_FLAGGED = {"polished", "disclosed", "likely"}
_YES_OR_NO = {"disclosed": "yes", "likely": "yes", "unlikely": "no"}
_SHOWN_CHARS = 60
_SHOWN_AUTHORS = 10
_SHOWN_FILES = 3


class ScoringBar:
    """The bar of ``scoring_progress``."""

    def __init__(self, bars: Progress) -> None:
        self._bars, self._started = bars, time.monotonic()
        # Until it is known how many there will be, it only moves.
        self._task = bars.add_task("", total=None, rate="", rejects="")

    def expect(self, total: int | None) -> None:
        """Rows there will be, if that can be told."""
        self._bars.update(self._task, total=total)

    def show(self, summary: Summary) -> None:
        """Rows done."""
        rate = summary.rows / max(time.monotonic() - self._started, 1e-9)
        rejects = f"{summary.n_rejected:,} rejected" if summary.n_rejected else ""
        self._bars.update(
            self._task, completed=summary.rows, rate=f"{rate:,.0f} rows/s", rejects=rejects
        )


@contextmanager
def scoring_progress(console: Console) -> Iterator[ScoringBar]:
    """A bar with rows, rate, rejects and time left, on a terminal only."""
    bars = Progress(
        TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(), TextColumn("{task.fields[rejects]}"),
        console=console, disable=not console.is_terminal, transient=True,
    )  # fmt: skip
    with bars:
        yield ScoringBar(bars)


def print_summary(summary: Summary, console: Console) -> None:
    """Print the counts of a scored file."""
    rate = summary.rows / summary.seconds if summary.seconds else 0.0
    table = Table(title=f"{summary.rows:,} rows in {summary.seconds:.1f} s ({rate:,.0f} rows/s)")
    table.add_column("")
    table.add_column("posts", justify="right")
    table.add_row("scored", f"{summary.scored:,}")
    for column, counts in summary.labels.items():
        for label, count in counts.most_common(6):
            table.add_row(f"{column}: {safe(label)}", f"{count:,}")
    _add_reading(table, summary)
    console.print(table)
    if summary.not_read.count:
        console.print(f"columns not read: {_literal(str(summary.not_read))}")
    if summary.duplicate_ids:
        console.print(
            f"{summary.duplicate_ids:,} rows have an id that appeared before; they are kept"
        )


def print_converted(summary: Summary, console: Console) -> None:
    """Print the counts of a converted file."""
    table = Table(title=f"{summary.rows:,} records in {summary.seconds:.1f} s")
    table.add_column("")
    table.add_column("posts", justify="right")
    table.add_row("converted", f"{summary.scored:,}")
    _add_reading(table, summary)
    console.print(table)


def _add_reading(table: Table, summary: Summary) -> None:
    """Rows on what became of texts and values."""
    for code, count in sorted(summary.rejected.items()):
        table.add_row(f"rejected: {code}", f"{count:,}")
    if summary.truncated:
        table.add_row("truncated (not read whole)", f"{summary.truncated:,}")
    for code, count in sorted(summary.repairs.items()):
        table.add_row(f"text repaired: {safe(code)}", f"{count:,}")
    for field, count in sorted(summary.passed_over.items()):
        what = (
            "code not known, not used" if field in JUDGED_BY else "value not readable, left empty"
        )
        table.add_row(f"{safe(field)}: {what}", f"{count:,}")


def warn_of_input(summary: Summary) -> None:
    """Say what an input was taken for, and what was left out of it; also with --quiet."""
    told = [
        f"read as: {title}" + (f" ({n:,} files)" if n > 1 else "")
        for title, n in summary.read_as.items()
    ]
    if summary.left:
        names = ", ".join(summary.left[:_SHOWN_FILES])
        told.append(
            f"not read: {len(summary.left):,} files of an archive beside those with posts "
            f"({names}{', ...' if len(summary.left) > _SHOWN_FILES else ''}); one that is given by "
            "its name is read"
        )
    warnings = [said_of(summary.passed_over, summary.not_read)]
    for file, columns in list(summary.lacking.items())[:_SHOWN_FILES]:
        warnings.append(f"no record of {file} has {', '.join(map(repr, columns))}")
    if len(summary.lacking) > _SHOWN_FILES:
        warnings.append(f"{len(summary.lacking) - _SHOWN_FILES:,} other files lack columns, too")
    for line in [*told, *(f"warning: {line}" for line in warnings if line)]:
        print(safe(line), file=sys.stderr)  # noqa: T201


def print_authors(by_author: ByAuthor, console: Console) -> None:
    """Print the authors with most posts, with the shares of theirs that are flagged."""
    if by_author.too_many:
        console.print(f"more than {MAX_AUTHORS:,} authors: no table by author")
    if not len(by_author):
        return
    authors = list(by_author.authors())
    few = sum(author.posts < ENOUGH for author in authors)
    if few == len(authors):
        console.print(f"by author: {few:,}, each of fewer than {ENOUGH} posts, too few for shares")
        return
    caption = f"shares with 95 % intervals; {few:,} of {len(authors):,} authors have too few posts"
    table = Table(
        title="by author, posts scored in this run", caption=caption, caption_justify="left"
    )
    table.add_column("author")
    table.add_column("posts", justify="right")
    for name in ("polished", "paid", "performative"):
        table.add_column(name)
    for author in authors[:_SHOWN_AUTHORS]:
        shares = [_share(share, author.posts) for share in author.shares.values()]
        table.add_row(Text(safe(author.name)[:_SHOWN_CHARS]), f"{author.posts:,}", *shares)
    console.print(table)
    if len(authors) > _SHOWN_AUTHORS:
        console.print(f"and {len(authors) - _SHOWN_AUTHORS:,} more authors, with no more posts")


def _share(share: Share | None, posts: int) -> str:
    if share is None:
        return "too few" if posts < ENOUGH else "–"
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


def print_explained(row: ScoredPost, text: str, console: Console) -> None:
    """Print one post with its labels; the stretches that support a flag are highlighted."""
    shown = Text(safe(text))
    for reason in row.reasons:
        shown.stylize(f"bold {_COLOURS[reason.flag]}", reason.start, reason.end)
    for term in row.disclosure_terms:
        shown.stylize("bold underline green", term.start, term.end)
    console.print(shown)
    table = Table(show_header=True)
    for column in ("axis", "label", "probability", "supported by"):
        table.add_column(column)
    why: dict[str, list[str]] = {}
    for reason in row.reasons:
        why.setdefault(reason.flag, []).append(f"{safe(reason.text)} ({reason.weight:+.2f})")
    own = [] if row.p_self is None else [("promotion", "self", row.promotion, row.p_self)]
    for axis, flag, label, p in (
        ("style", "polished", row.style, row.p_polished),
        ("paid", "paid", row.paid, row.p_paid),
        *own,
        ("performative", "performative", row.performative, row.p_performative),
        ("commitment to a cause", "committed", row.cause, row.p_committed),
    ):
        spoke = Text(", ".join(why.get(flag, [])), style=_COLOURS.get(flag, ""))
        table.add_row(axis, _label(label), f"{flag} {p:.2f}", spoke)
    for found in row.disclosures:
        said = Text(", ".join(map(_term, found.terms)), style="green")
        table.add_row(f"disclosure ({found.jurisdiction})", found.disclosure, "", said)
    if row.signals:
        signs = Text(", ".join(f"{safe(s.value)} ({s.kind})" for s in row.signals))
        table.add_row("signals of a deal", "", "", signs)
    console.print(table)
    if row.reason_code:
        console.print(f"unsure because: {row.reason_code} (language: {row.language})")
    console.print("A prompt to look, not a verdict.", style="dim")


def _term(found: MatchedTerm) -> str:
    """A term, what it is worth, and what it lacks."""
    about = (found.claim and f"claim: {found.claim}") or found.status or ""
    lacks = f", lacks {' and '.join(found.lacks)}" if found.lacks else ""
    return f"{safe(found.term)} ({about}{lacks})"


def print_rows(
    rows: Iterable[ScoredPost],
    texts: Mapping[str, str],
    posts: Mapping[str, LabelledPost],
    console: Console,
) -> None:
    """Print scored rows as a table, with the beginning of each text where it is known.

    Where a post carries a label that says the opposite, both are shown, and counted below.
    """
    table = Table()
    for column in ("id", "text", *LABELS, "disclosure"):
        table.add_column(column, overflow="fold")
    compared, differ = 0, list[str]()
    for row in rows:
        text = " ".join(safe(texts.get(row.id, "")).split())
        short = text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
        labels = {name: _label(getattr(row, name)) for name in (*LABELS, "disclosure")}
        for name, (said, given) in _compared(row, posts.get(row.id)).items():
            compared += 1
            if said != given:
                differ.append(f"{safe(row.id)} ({name})")
                labels[name].append(f"\nlabelled {given}", style="bold red")
        table.add_row(Text(safe(row.id)), Text(short), *labels.values())
    console.print(table)
    if compared:
        told = f"{len(differ)} of {compared} labels say otherwise than the posts' own"
        console.print(Text(": ".join([told, *([", ".join(differ)] if differ else [])]) + "."))


def _compared(row: ScoredPost, post: LabelledPost | None) -> dict[str, tuple[str, str]]:
    """What a row says and what its post was labelled, where both say something."""
    if post is None:
        return {}
    given = {"style": post.label_style, "paid": post.label_paid, "cause": post.label_cause}
    said = {"style": row.style, "paid": _YES_OR_NO.get(row.paid or ""), "cause": row.cause}
    return {
        name: (str(said[name]), str(label))
        for name, label in given.items()
        if not {said[name], label} & {None, "unsure"}
    }


def print_model(info: ModelInfo, console: Console) -> None:
    """Print what a model is, how well it does, and what it cannot do."""
    console.print(
        f"[bold]{_literal(info.name)}[/] · family {info.family} · trained "
        f"{_literal(info.created)} on {info.training.n_posts:,} posts of "
        f"{info.training.n_authors:,} authors ({_literal(info.training.name)}) · "
        f"run {_literal(info.run_id or '–')}"
    )
    table = Table(title="Out of fold; AUC within source with 95 % interval")
    for column in ("axis", "within source", "pooled", "source left out", "source alone"):
        table.add_column(column)
    for axis, metrics in info.metrics.items():
        cells = [_metric(metrics.get(name)) for name in
                 ("auc_within", "auc_pooled", "auc_loso", "auc_source_only")]  # fmt: skip
        table.add_row(_literal(axis), *cells)
    console.print(table)
    cuts = Table(title="Thresholds")
    for column in ("probability", "flagged from", "opposite below", "n"):
        cuts.add_column(column)
    for name, cut in info.thresholds:
        if cut is None:
            continue
        n = f"{cut.n_negative:,} without, {cut.n_positive:,} with"
        flag = f"{cut.flag:.3f}" if cut.alpha_held else "never"
        opposite = f"{cut.opposite:.3f}" if cut.beta_held else "never"
        cuts.add_row(name, flag, opposite, n)
    console.print(cuts)
    for never in info.thresholds.not_held():
        console.print(f"{never}.", style="yellow", markup=False, highlight=False)
    console.print(
        "Limits: English only; text only; a language model voted on the labels it was trained and "
        "tested on, gold included. A label is a prompt to look, never a verdict on a person."
    )


def _literal(text: str) -> str:
    # A model folder may come from anybody.
    return escape(safe(text))


def _label(value: object) -> Text:
    label = "" if value is None else str(value)
    style = "bold red" if label in _FLAGGED else "dim" if label == "unsure" else ""
    return Text(label, style=style)


def _metric(found: tuple[float | None, float | None, float | None] | None) -> str:
    if found is None or found[0] is None:
        return "–"
    value, low, high = found
    return f"{value:.3f}" if low is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"
