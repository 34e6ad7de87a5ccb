"""The application: all commands, and the exit code of each way a command ends."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, NoReturn

import typer

from ..version import __version__
from .commands import CommandGroup
from .console import DONE, INTERNAL, INTERRUPTED, UNUSABLE, fail

_FOR_TRAINING = ". For training: pip install 'unpolished[train]'"
STDOUT = 1  # the file descriptor: by then typer has replaced sys.stdout
# ClickException: versions of typer keep it in different modules.
USAGE_ERROR: Any = typer.BadParameter.__mro__[2]

app = typer.Typer(
    cls=CommandGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Score social-media posts: raw or polished, likely paid for, performative. "
    "Train, track and compare the classifiers that do so.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"unpolished {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; an error is one line and an exit code, never a traceback."""
    try:
        # Without standalone mode, typer returns the code of ``typer.Exit`` instead of raising it.
        code = app(standalone_mode=False) or DONE
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            raise
        # typer raises it when the reader closed the pipe, with code 1, which here means too many
        # rejects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)
        code = DONE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        _explain(error)
    if code == INTERRUPTED:
        fail("interrupted", INTERRUPTED)
    sys.exit(code)


def _explain(error: Exception) -> NoReturn:
    if os.environ.get("UNPOLISHED_DEBUG"):
        raise error
    if isinstance(error, USAGE_ERROR):
        error.show()
        sys.exit(UNUSABLE)
    if isinstance(error, ImportError):
        # What names its own extra needs no other beside it.
        advice = "" if "pip install" in str(error) else _FOR_TRAINING
        fail(f"{error}{advice}", UNUSABLE)
    if isinstance(error, ValueError | OSError | _source_error()):
        fail(str(error), UNUSABLE)
    fail(f"internal error ({type(error).__name__}); UNPOLISHED_DEBUG=1 shows where", INTERNAL)


def _source_error() -> type[Exception]:
    from ..data.public.sources import SourceError

    return SourceError
