"""Standard output, standard error and exit codes; used by all commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from ..data.values.safe import safe

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["counting", "fail", "on_stderr", "on_stdout", "safe"]

DONE, TOO_MANY_REJECTS, UNUSABLE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130


def on_stdout() -> Console:
    """The console for results, on standard output."""
    from rich.console import Console

    # Piped tables would be folded to 80 columns otherwise.
    console = Console()
    return console if console.is_terminal else Console(width=160)


def on_stderr(*, quiet: bool = False) -> Console:
    """The console for progress and summaries, on standard error."""
    from rich.console import Console

    return Console(stderr=True, quiet=quiet)


@contextmanager
def counting(console: Console, what: str) -> Iterator[Callable[[int], None]]:
    """Count what is done, on a terminal only; ``what`` as in "12 posts scored"."""
    from rich.progress import Progress, TextColumn

    bars = Progress(
        TextColumn("{task.description}"), console=console, transient=True,
        disable=not console.is_terminal or console.quiet,
    )  # fmt: skip
    task = bars.add_task(what, total=None)
    with bars:
        yield lambda n: bars.update(task, description=f"{n:,} {what}")


def fail(message: str, code: int) -> NoReturn:
    """Print a message on standard error and exit with a code."""
    import typer

    # A message may quote a file, such as its column names: no escape sequence gets through.
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in message)
    typer.secho(f"unpolished: {shown}", err=True, fg="red")
    sys.exit(code)
