"""A folder with the table of creators, the evidence, and the report."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from ...data.errors import InputError
from ...data.io.fields.columns import plain
from ...data.values.csv_injection import guarded
from .fit import fit_rows
from .render import report
from .since import Moved
from .vet import Vetting

TABLE, EVIDENCE, REPORT = "creators", "evidence.jsonl", "report.html"
SINCE, BRIEF = "since.csv", "brief.csv"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something, or cannot be made, before posts are read.

    Raises:
        InputError: it is no folder, or not empty, or cannot be one.
    """
    try:
        if folder.is_dir():
            if any(folder.iterdir()):
                raise InputError(f"{folder} is not empty: give the name of a new folder")
        elif folder.exists() or folder.is_symlink():
            raise InputError(f"{folder} is no folder: give the name of a new one")
        else:
            folder.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror}") from None


def write(vetting: Vetting, folder: Path) -> None:
    """Write all files; those of an output that fails are removed again.

    Raises:
        InputError: see ``check_folder``; or it cannot be written.
    """
    check_folder(folder)
    made = not folder.is_dir()
    scratch = folder / f".{uuid4().hex}.partial"
    try:
        scratch.mkdir(parents=True)
        try:
            _write(vetting, scratch)
            for path in sorted(scratch.iterdir()):
                path.replace(folder / path.name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            if made and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or error}") from None


def _write(vetting: Vetting, folder: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    table = [plain(row) for row in vetting.rows]
    (folder / f"{TABLE}.csv").write_bytes(_csv(table).encode("utf-8", "replace"))
    parquet.write_table(pa.Table.from_pylist(table), folder / f"{TABLE}.parquet")
    with (folder / EVIDENCE).open("w", encoding="utf-8", errors="replace") as file:
        file.writelines(
            json.dumps(claim.model_dump(), ensure_ascii=False) + "\n" for claim in vetting.claims
        )
    if vetting.moved is not None:
        differences = [one._asdict() for one in vetting.moved]
        names = list(Moved._fields)
        (folder / SINCE).write_bytes(_csv(differences, names).encode("utf-8", "replace"))
    if vetting.fits is not None:
        compared = _csv([*fit_rows(vetting.fits)])
        (folder / BRIEF).write_bytes(compared.encode("utf-8", "replace"))
    (folder / REPORT).write_text(report(vetting), "utf-8", errors="replace")


def _csv(table: list[dict[str, Any]], names: list[str] | None = None) -> str:
    """As spreadsheets read it: no cell runs as a formula, and lists are JSON."""
    out = io.StringIO()
    columns = names or list(dict.fromkeys(name for row in table for name in row))
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in table:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return guarded(value) if isinstance(value, str) else value
