"""The process that works on a job: ``python -m unpolished.inference.service.jobs.work FOLDER ...``.

It ends when whoever started it does, however that came about; what is complete of a file of rows by
then is taken up by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from ....data.errors import InputError
from ....data.io.fields.columns import plain
from ....models.pipeline import ModelError, Pipeline
from ...batch.gc_tuning import spare_collector
from ...batch.score_file import score_file
from ...output.workdir import write
from ...summary import Summary
from .options import JobOptions
from .store import OUTCOME

_NICE = 10
_GONE = 130


def main() -> None:
    """Work on a job; the arguments are its folder, kind, input and options, model and digest."""
    folder, kind, name, options, model, digest = sys.argv[1:]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_NICE)
    try:
        outcome = _worked(Path(folder), kind, name, json.loads(options), model, digest)
    except MemoryError:
        outcome = {"error": "the file does not fit into memory: cut it into several"}
    except (ValueError, OSError, ImportError) as error:
        outcome = {"error": str(plain(str(error)))}
    write(
        Path(folder) / OUTCOME, json.dumps(outcome, ensure_ascii=False).encode("utf-8", "replace")
    )


def _end_with_parent() -> None:
    # Nothing is ever written to it: it ends when the other end is closed.
    sys.stdin.buffer.read()
    os._exit(_GONE)


def _worked(
    folder: Path, kind: str, name: str, given: dict[str, Any], model: str, digest: str
) -> dict[str, Any]:
    asked = JobOptions(**given)
    pipeline = Pipeline.load(model)
    if pipeline.digest != digest:
        raise ModelError("the model was changed while the service ran: restart it")
    spare_collector()
    work = _vetted if kind == "vet" else _scored
    return {"counts": work(folder, folder / name, asked, pipeline)}


def _scored(folder: Path, source: Path, asked: JobOptions, pipeline: Pipeline) -> dict[str, Any]:
    out = folder / "out"
    out.mkdir(exist_ok=True)

    def run(*, resume: bool) -> Summary:
        return score_file(
            pipeline, source, out / asked.target, replace(asked.options(), resume=resume),
            lambda summary: _tell(rows=summary.rows), lambda total: _tell(total=total),
        )  # fmt: skip

    try:
        summary = run(resume=True)
    except InputError:
        # What another version of the program began is begun anew; another fault comes again.
        shutil.rmtree(out)
        out.mkdir()
        summary = run(resume=False)
    return summary.as_json()


def _vetted(folder: Path, source: Path, asked: JobOptions, pipeline: Pipeline) -> dict[str, Any]:
    try:
        from ...vetting.vet import vet_file
        from ...vetting.write import write as write_report

        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        found = vet_file(
            pipeline, source, asked.options(), on_progress=lambda rows: _tell(rows=rows)
        )
        write_report(found, out)
    except ImportError as error:
        raise ImportError(
            f"{error}: pip install 'unpolished[vet]' where the service runs"
        ) from None
    rows = [plain(row) for row in found.rows]
    write(out / "creators.json", json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"))
    return {"rows": found.posts, "rejected": found.rejected, "creators": len(found.creators),
            "without_author": found.without_author}  # fmt: skip


def _tell(**progress: int | None) -> None:
    print(json.dumps(progress), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
