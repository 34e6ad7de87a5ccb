"""A folder with the table of creators, the evidence, and the report."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from ...data.errors import InputError
from ..output.csv_injection import guarded
from .render import report
from .since import Moved
from .vet import Vetting

TABLE, EVIDENCE, REPORT = "creators", "evidence.jsonl", "report.html"
SINCE = "since.csv"


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something, before posts are read.

    Raises:
        InputError: it is no folder, or not empty.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file: give the name of a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty: give the name of a new folder")


def write(vetting: Vetting, folder: Path) -> None:
    """Write all files; the folder is there only when it is complete.

    Raises:
        InputError: see ``check_folder``.
    """
    import pyarrow as pa
    from pyarrow import parquet

    check_folder(folder)
    table = vetting.rows
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = folder.with_name(f".{folder.name}.{uuid4().hex}.partial")
    scratch.mkdir()
    try:
        (scratch / f"{TABLE}.csv").write_bytes(_csv(table).encode("utf-8", "replace"))
        parquet.write_table(pa.Table.from_pylist(table), scratch / f"{TABLE}.parquet")
        with (scratch / EVIDENCE).open("w", encoding="utf-8", errors="replace") as file:
            file.writelines(
                json.dumps(claim.model_dump(), ensure_ascii=False) + "\n"
                for claim in vetting.claims
            )
        if vetting.moved is not None:
            differences = [one._asdict() for one in vetting.moved]
            names = list(Moved._fields)
            (scratch / SINCE).write_bytes(_csv(differences, names).encode("utf-8", "replace"))
        (scratch / REPORT).write_text(report(vetting), "utf-8", errors="replace")
        if folder.is_dir():
            folder.rmdir()
        os.replace(scratch, folder)  # noqa: PTH105  (of a folder)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _csv(table: list[dict[str, Any]], names: list[str] | None = None) -> str:
    """As spreadsheets read it: no cell runs as a formula, and lists are JSON."""
    out = io.StringIO()
    columns = names or list(dict.fromkeys(name for row in table for name in row))
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in table:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return guarded(value) if isinstance(value, str) else value
