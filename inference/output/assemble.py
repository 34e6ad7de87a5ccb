"""Assemble complete parts into the output."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...data.errors import InputError
from ...data.hashing import file_sha256
from ..summary import Summary
from .row_encoder import RowEncoder
from .workdir import Partial, sync

ROW_GROUP = 50_000
_PIECE = 1 << 20


def assemble(partial: Partial, encoder: RowEncoder, summary: Summary) -> None:
    """Write the whole output and its rejects inside the work folder, and record that.

    Args:
        partial: all of its parts complete.
        encoder: that made them.
        summary: of all parts.
    """
    numbers = range(len(partial.manifest.parts))
    if not partial.layout.is_folder:
        parts = [partial.part_path(n) for n in numbers]
        if partial.layout.format == "parquet":
            _join_parquet(parts, partial.whole, encoder)
        else:
            _join(parts, partial.whole, encoder.header, partial.layout.codec)
    rejects = [partial.rejects_path(n) for n in numbers]
    rejects = [path for path in rejects if path.exists()]
    if rejects:
        _join(rejects, partial.whole_rejects, b"", None)
    end = {
        "kind": "end",
        **summary.counts(),
        **summary.columns(),
        "seconds": round(summary.seconds, 3),
        "sha256": None if partial.layout.is_folder else file_sha256(partial.whole),
        "rejects_sha256": file_sha256(partial.whole_rejects) if rejects else None,
    }
    sync(partial.path)
    partial.record(end)
    partial.manifest.end = end


def publish(partial: Partial, *, force: bool) -> None:
    """Rename the rejects, the manifest and then the output into place.

    Each step may have been done before: a run that was killed here goes on here.

    Raises:
        InputError: an output was created while this run was writing.
    """
    layout, end = partial.layout, partial.manifest.end or {}
    if partial.whole.exists():
        if layout.target.exists() and not (force and not layout.is_folder):
            raise InputError(
                f"{layout.target} was created while this run was writing: move it away, then "
                "--resume"
            )
        if partial.whole_rejects.exists():
            partial.whole_rejects.replace(layout.rejects)
        elif end.get("rejects_sha256") is None:
            layout.rejects.unlink(missing_ok=True)
        copy = partial.path / "manifest.copy"
        shutil.copyfile(partial.path / "manifest.jsonl", copy)
        copy.replace(layout.manifest)
        partial.whole.replace(layout.target)
        sync(layout.target.parent)
    partial.remove()


def _join(parts: Iterable[Path], whole: Path, header: bytes, codec: str | None) -> None:
    import pyarrow as pa

    # Deterministic: pyarrow writes no time into the head of a gzip file.
    sink: Any = pa.CompressedOutputStream(str(whole), codec) if codec else whole.open("wb")
    with sink:
        sink.write(header)
        for path in parts:
            with path.open("rb") as part:
                while piece := part.read(_PIECE):
                    sink.write(piece)
    _to_disk(whole)


def _join_parquet(parts: Iterable[Path], whole: Path, encoder: RowEncoder) -> None:
    from pyarrow import parquet

    with parquet.ParquetWriter(whole, encoder.schema, compression="zstd") as writer:
        for table in _groups(parts, encoder):
            writer.write_table(table, row_group_size=ROW_GROUP)
    _to_disk(whole)


def _groups(parts: Iterable[Path], encoder: RowEncoder) -> Iterator[Any]:
    """Yield tables of ``ROW_GROUP`` rows; the last one may be shorter."""
    import pyarrow as pa
    from pyarrow import parquet

    held = encoder.schema.empty_table()
    for path in parts:
        held = pa.concat_tables([held, parquet.read_table(path)])
        while held.num_rows >= ROW_GROUP:
            yield held.slice(0, ROW_GROUP)
            held = held.slice(ROW_GROUP)
    if held.num_rows:
        yield held


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
