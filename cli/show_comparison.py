"""A comparison of runs in a terminal, and the files that it is written to."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..training.reports.comparison import Comparison
from ..training.reports.comparison_formats import BY_EXTENSION, Format, heads, table_cells
from .console import safe

_PLOTS = ("png", "pdf", "svg")
_STYLES = {"better": "bold green", "worse": "bold red"}


def chosen_format(given: Format | Literal["table"] | None, output: Path | None) -> Format | None:
    """The format that was asked for, or that the extension of a file tells; None for a table.

    Raises:
        ValueError: a file without a format, or for a table of the terminal.
    """
    if output is None:
        return None if given == "table" else given
    chosen = given or BY_EXTENSION.get(output.suffix.lower())
    if chosen is None or chosen == "table":
        raise ValueError(
            f"{output}: name it {', '.join(BY_EXTENSION)}, or give --format markdown, csv, latex "
            "or json"
        )
    return chosen


def check_places(output: Path | None, plot: Path | None) -> None:
    """Refuse files that cannot be written, before anything is computed.

    Raises:
        ValueError: there is no such folder, or no such kind of plot.
    """
    for path in (output, plot):
        if path is not None and not path.parent.is_dir():
            raise ValueError(f"{path}: there is no folder {path.parent}: make it, or name another")
    if plot is not None and _kind(plot) not in _PLOTS:
        raise ValueError(f"{plot}: a plot is written as .{', .'.join(_PLOTS)}")


def print_comparison(comparison: Comparison, console: Console, *, by_source: bool) -> None:
    """Print the table of differences, and what has to be known of it."""
    table = Table(title=_text(comparison.title), title_justify="left")
    kept = [i for i in range(len(heads(comparison))) if by_source or i != 1]
    for i in kept:
        table.add_column(heads(comparison)[i], justify="right" if 3 <= i <= 6 else "left")
    before = ("", "")
    for cells in table_cells(comparison, by_source=by_source):
        if before[0] not in ("", cells[0]):
            table.add_section()
        shown = [_text(cell, _STYLES.get(cells[-1], "") if i > 3 else "") for i, cell in
                 enumerate(cells)]  # fmt: skip
        if cells[:2] == before:
            shown[1] = Text("")
        if cells[0] == before[0]:
            shown[0] = Text("")
        table.add_row(*(shown[i] for i in kept))
        before = cells[:2]
    console.print(table)
    for sentence in comparison.sentences(by_source=by_source):
        console.print(_text(sentence))


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    _write(path, text.encode("utf-8"))


def write_plot(path: Path, comparison: Comparison, *, by_source: bool) -> None:
    """Write the forest plot, as the kind of file that its name tells."""
    import io

    from ..training.reports.forest_plot import forest_plot

    file = io.BytesIO()
    forest_plot(comparison, by_source=by_source).savefig(file, format=_kind(path))
    _write(path, file.getvalue())


def _write(path: Path, content: bytes) -> None:
    from ..data.cache import replacing

    with replacing(path) as file:
        file.write(content)


def _kind(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _text(text: str, style: str = "") -> Text:
    return Text(safe(text), style=style)
