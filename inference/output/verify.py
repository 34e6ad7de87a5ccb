"""Whether an output is as it was written, and every record of its input is accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...data.errors import InputError
from ...data.hashing import file_sha256
from ..summary import Summary
from .manifest import Manifest, read_manifest
from .paths import Layout, layout_of

_PIECE = 1 << 20


def verify(target: str | Path) -> Summary:
    """Check an output against its manifest; returns the counts.

    Raises:
        InputError: the first thing that is not as it was written.
    """
    path = Path(target)
    folder = path.is_dir()
    manifest = read_manifest(path.with_name(path.name + ".manifest.jsonl"))
    if manifest.run is None:
        raise InputError(f"{path}: no {path.name}.manifest.jsonl beside it; was it moved alone?")
    found = manifest.run["settings"].get("--output-format")
    verified(layout_of(f"{path}/" if folder else path, found))
    return Summary.from_counts(manifest.end or {})


def verified(layout: Layout) -> Manifest:
    """The manifest of an output that is as the manifest says.

    Raises:
        InputError: see ``verify``.
    """
    manifest = read_manifest(layout.manifest)
    if manifest.run is None or manifest.end is None:
        raise InputError(f"{layout.target}: {layout.manifest.name} is missing or cut short")
    for path, digest in _hashes(layout, manifest):
        try:
            changed = file_sha256(path) != digest
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from error
        if changed:
            raise InputError(f"{path} was changed since it was written")
    _check_counts(layout, manifest, manifest.end)
    return manifest


def _hashes(layout: Layout, manifest: Manifest) -> Iterator[tuple[Path, str]]:
    end = manifest.end or {}
    if layout.is_folder:
        expected = {entry["file"] for entry in manifest.parts}
        if extra := sorted({path.name for path in layout.target.glob("*")} - expected):
            raise InputError(f"{layout.target / extra[0]} is not part of this output")
        for entry in manifest.parts:
            yield layout.target / entry["file"], entry["sha256"]
    else:
        yield layout.target, end["sha256"]
    if end["rejects_sha256"] is not None:
        yield layout.rejects, end["rejects_sha256"]


def _check_counts(layout: Layout, manifest: Manifest, end: dict[str, Any]) -> None:
    totals = Summary()
    for entry in manifest.parts:
        totals.add(Summary.from_counts(entry))
    if totals.counts() != Summary.from_counts(end).counts():
        raise InputError(f"{layout.manifest}: the parts do not add up to the total")
    if totals.rows != totals.scored + totals.n_rejected:
        raise InputError(
            f"{layout.target}: {totals.rows:,} rows read, but {totals.scored:,} scored and "
            f"{totals.n_rejected:,} rejected"
        )
    written = _lines(layout.rejects) if totals.n_rejected else 0
    if written != totals.n_rejected:
        raise InputError(f"{layout.rejects}: {written} rejects, {totals.n_rejected} were written")
    _check_rows(layout, manifest, totals)


def _lines(path: Path) -> int | None:
    try:
        with path.open("rb") as stream:
            return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE), b""))
    except OSError:
        return None


def _check_rows(layout: Layout, manifest: Manifest, totals: Summary) -> None:
    if layout.is_folder:
        paths = [layout.target / entry["file"] for entry in manifest.parts]
    else:
        paths = [layout.target]
    rows = sum(_rows(path, layout) for path in paths)
    if rows != totals.scored:
        raise InputError(f"{layout.target}: {rows:,} rows, but {totals.scored:,} were written")


def _rows(path: Path, layout: Layout) -> int:
    """Count the rows of a file."""
    import csv
    import io

    from pyarrow import CompressedInputStream, OSFile, parquet

    if layout.format == "parquet":
        return int(parquet.read_metadata(path).num_rows)
    with OSFile(str(path)) as file:
        stream: Any = CompressedInputStream(file, layout.codec) if layout.codec else file
        text = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline="")
        if layout.format == "jsonl":
            return sum(1 for _ in text)
        return max(0, sum(1 for _ in csv.reader(text)) - 1)
