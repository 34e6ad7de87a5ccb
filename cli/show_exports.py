"""The exports that are recognised, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from ..data.io.exports.shape import Shape


def print_shapes(shapes: Iterable[Shape], console: Console) -> None:
    """Print a line for each: its name, what it is, where its texts are, and its paid label."""
    table = Table(title="Exports that are recognised (--from NAME says which it is)")
    for column in ("name", "export", "text", "paid partnership"):
        table.add_column(column, overflow="fold")
    for shape in shapes:
        texts = ", ".join(shape.fields["text"])
        table.add_row(shape.name, shape.title, texts, shape.paid_means)
    console.print(table)
    console.print(
        "Any other file of JSON, CSV, Parquet or .xlsx is read by the names of its columns: "
        "--map text=COLUMN",
        highlight=False,
    )


def print_shape(shape: Shape, console: Console) -> None:
    """Print all that is known of one."""
    table = Table(title=shape.title, show_header=False, title_justify="left")
    table.add_column("")
    table.add_column("", overflow="fold")
    table.add_row("--from", shape.name)
    table.add_row("format", ", ".join(shape.kinds))
    table.add_row("recognised by", ", ".join(shape.recognise))
    if shape.files:
        table.add_row("files of an archive", ", ".join(shape.files))
    if any(shape.records):
        table.add_row("list of records", " or ".join(where or "none" for where in shape.records))
    for field, paths in shape.fields.items():
        table.add_row(field, ", else ".join(paths))
    table.add_row("paid label", shape.paid_means)
    for quirk in shape.quirks:
        table.add_row("to know", quirk)
    table.add_row("read from", shape.seen)
    console.print(table, markup=False)
