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
from ....models.runtime import Runtime
from ...batch.gc_tuning import spare_collector
from ...batch.score_file import score_file
from ...output.workdir import write
from ...summary import Summary
from ..logs import where
from .options import JobOptions
from .store import OUTCOME

_NICE = 10
_GONE = 130


def main() -> None:
    """Work on a job; the arguments are its folder, kind, input and options, and the model."""
    folder, kind, name, options, *model = sys.argv[1:]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_NICE)
    outcome: dict[str, Any]
    try:
        outcome = {"counts": _worked(Path(folder), kind, name, json.loads(options), *model)}
    except ModelError as error:
        # No fault of the job's.
        outcome = {"model": _said(error, folder, model[0])}
    except MemoryError:
        outcome = {"error": "the file does not fit into memory: cut it into several"}
    except (ValueError, OSError, ImportError) as error:
        outcome = {"error": _said(error, folder, model[0])}
    except Exception as error:
        outcome = {"error": "an internal error; the service has logged it", "where": where(error)}
    _write_json(Path(folder) / OUTCOME, outcome)


def _write_json(path: Path, value: Any) -> None:  # noqa: ANN401
    write(path, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _said(error: Exception, folder: str, model: str) -> str:
    """A message without where things lie on this machine."""
    text = str(plain(str(error)))
    for path in (f"{folder}/out/", f"{folder}/", folder, model):
        text = text.replace(path, "" if path.endswith("/") else "the folder")
    return text


def _end_with_parent() -> None:
    # Nothing is ever written to it: it ends when the other end is closed.
    sys.stdin.buffer.read()
    os._exit(_GONE)


def _worked(
    folder: Path, kind: str, name: str, given: dict[str, Any], model: str, precision: str,
    digest: str,
) -> dict[str, Any]:  # fmt: skip
    asked = JobOptions(**given)
    pipeline = Pipeline.load(model, Runtime(precision=precision or None))  # type: ignore[arg-type]
    if pipeline.digest != digest:
        raise ModelError("the model is another one than the service has opened")
    source = folder / name
    if not source.is_file():
        raise InputError("the posts are no longer there: send the file again")
    spare_collector()
    work = _vetted if kind == "vet" else _scored
    return work(folder, source, asked, pipeline)


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
        if not any(out.iterdir()):
            raise
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
    _write_json(out / "creators.json", [plain(row) for row in found.rows])
    return {"rows": found.posts, "rejected": found.rejected, "creators": len(found.creators),
            "without_author": found.without_author}  # fmt: skip


def _tell(**progress: int | None) -> None:
    print(json.dumps(progress), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
