"""``/v1/jobs``: files of posts of any size, scored or vetted while nobody has to wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from ...data.io.fields.not_read import NotRead, said_of
from ...data.io.read import input_format_of
from .jobs.options import JobOptions
from .jobs.runner import Jobs
from .jobs.store import Job, copy, safe_name
from .problems import Problem, busy, documented, for_http
from .schemas import JobFile, JobKind, JobResponse, JobsResponse
from .service import Caller, authenticate, service_of

_FIELDS = frozenset({"file", "kind", *JobOptions.model_fields})
_WAIT_SECONDS = 30
_MEDIA_TYPES = {
    ".jsonl": "application/x-ndjson", ".json": "application/json", ".csv": "text/csv",
    ".html": "text/html",
}  # fmt: skip
# Where a client goes from the answer to a file.
_LINKS = {
    operation: {"operationId": operation, "parameters": {"job_id": "$response.body#/id"}}
    for operation in ("job", "delete")
}
# Whatever a file holds, nothing of it runs in the service's name.
_INERT = {"Content-Security-Policy": "sandbox; default-src 'none'"}


class UploadRoute(APIRoute):
    """A route that takes a file, and says no before the file has come."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind what is checked before the body is read."""
        handler = super().get_route_handler()

        async def checked_first(request: Request) -> Response:
            authenticate(request)
            if request.method == "POST":
                _room(request)
            return await handler(request)

        return checked_first


def jobs_router(max_upload: int) -> APIRouter:
    """The routes.

    Args:
        max_upload: bytes of a file, with what is around it.
    """
    router = APIRouter(route_class=UploadRoute, tags=["jobs"])
    add = router.add_api_route
    add(
        "/v1/jobs", submit, methods=["POST"], status_code=202, summary="Send a file of posts",
        response_model=JobResponse, max_body_size=max_upload,
        responses={202: {"links": _LINKS}, **documented(400, 401, 408, 413, 422, 429, 503, 507)},
    )  # fmt: skip
    add(
        "/v1/jobs", jobs, methods=["GET"], summary="Your jobs", response_model=JobsResponse,
        responses=documented(401, 503),
    )  # fmt: skip
    add(
        "/v1/jobs/{job_id}", job, methods=["GET"], summary="What has become of a job",
        operation_id="job", response_model=JobResponse, responses=documented(401, 404, 503),
    )  # fmt: skip
    add(
        "/v1/jobs/{job_id}", delete, methods=["DELETE"], summary="Delete a job and its files",
        operation_id="delete", status_code=204, response_model=None,
        responses=documented(401, 404, 503),
    )  # fmt: skip
    add(
        "/v1/jobs/{job_id}/files/{name}", download, methods=["GET"], response_class=FileResponse,
        summary="Fetch a file that a job has written", response_model=None,
        responses=documented(401, 404, 409, 503),
    )  # fmt: skip
    return router


async def submit(
    request: Request,
    client: Caller,
    file: Annotated[UploadFile, File(description="Posts, in any format that score reads.")],
    kind: Annotated[JobKind, Form()] = "score",
    jurisdiction: Annotated[str, Form()] = "us",
    reasons: Annotated[Literal["none", "flagged", "all"], Form()] = "none",
    output: Annotated[Literal["jsonl", "csv", "parquet"], Form()] = "jsonl",
    map: Annotated[list[str], Form()] = [],  # noqa: A002, B006
    keep: Annotated[list[str], Form()] = [],  # noqa: B006
    format: Annotated[  # noqa: A002
        Literal["jsonl", "csv", "parquet", "xlsx", "zip"] | None, Form()
    ] = None,
    source: Annotated[str | None, Form()] = None,
    sheet: Annotated[str | None, Form()] = None,
    spreadsheet_safe: Annotated[bool, Form()] = True,
) -> Response:
    """Take a file of posts; it is on disk when this is answered, and worked on in its turn."""
    held = _room(request)
    _check_fields([name for name, _ in (await request.form()).multi_items()])
    try:
        asked = JobOptions(
            jurisdiction=jurisdiction, reasons=reasons, output=output, map=tuple(filter(None, map)),
            keep=tuple(filter(None, keep)), format=format, source=source, sheet=sheet,
            spreadsheet_safe=spreadsheet_safe,
        )  # fmt: skip
        asked.options()
        name = safe_name(file.filename or "")
        if format is None:
            input_format_of(Path(name))
    except (ValidationError, ValueError) as error:
        raise Problem(422, "value", for_http(error)) from None
    try:
        job, path = held.store.begin(client, kind, file.filename or "", asked.as_json())
    except OSError as error:
        raise Problem(507, "disk", f"the file could not be kept: {error.strerror}") from None
    try:
        await run_in_threadpool(copy, file.file, path)
        held.add(job)
    except OSError as error:
        held.store.drop(job)
        raise Problem(507, "disk", f"the file could not be kept: {error.strerror}") from None
    except BaseException:
        held.store.drop(job)
        raise
    answer = _told(held, job)
    return Response(
        answer.model_dump_json(), 202, {"Location": f"/v1/jobs/{job.id}"}, "application/json"
    )


async def jobs(request: Request, client: Caller) -> JobsResponse:
    """All jobs of whoever asks, the newest first."""
    held = _jobs(request)
    return JobsResponse(jobs=[_told(held, one) for one in held.of(client)])


async def job(request: Request, client: Caller, job_id: str) -> JobResponse:
    """State, progress, and the files once there are any."""
    return _told(_jobs(request), _job(request, client, job_id))


async def delete(request: Request, client: Caller, job_id: str) -> Response:
    """Delete a job with all that it has written; one that is worked on ends."""
    await _jobs(request).delete(_job(request, client, job_id))
    return Response(status_code=204)


async def download(request: Request, client: Caller, job_id: str, name: str) -> Response:
    """A file, for saving."""
    one = _job(request, client, job_id)
    if one.state != "done":
        raise Problem(409, "not_ended", f"the job is {one.state}: it has no files")
    for path in _jobs(request).store.files(one):
        if path.name == name:
            kind = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
            return FileResponse(path, media_type=kind, filename=path.name, headers=_INERT)
    raise Problem(404, "not_found", "the job has no file of this name")


def _check_fields(names: Sequence[str]) -> None:
    """Refuse what would be lost without a word.

    Raises:
        Problem: a field that is not known, or one that is sent twice.
    """
    if unknown := sorted(set(names) - _FIELDS):
        raise Problem(422, "value", f"unknown fields: {for_http(', '.join(unknown))}")
    often = Counter(name for name in names if name not in ("map", "keep"))
    if twice := [name for name, n in often.items() if n > 1]:
        raise Problem(422, "value", f"sent more than once: {', '.join(twice)}")


def _jobs(request: Request) -> Jobs:
    held = service_of(request).jobs
    if held is None:
        raise Problem(503, "jobs_off", "this service takes no jobs: start it with --jobs FOLDER")
    return held


def _room(request: Request) -> Jobs:
    held = _jobs(request)
    if held.stands_still:
        raise Problem(503, "jobs_off", held.stands_still)
    if held.n_open >= service_of(request).settings.max_jobs:
        raise busy("as many jobs are waiting as may", _WAIT_SECONDS)
    return held


def _job(request: Request, client: str, job_id: str) -> Job:
    found = _jobs(request).get(job_id, client)
    if found is None:
        raise Problem(404, "not_found", "you have no job of this id")
    return found


def _warnings(counts: Mapping[str, Any]) -> list[str]:
    """What was left out of a file and may matter, as the command line says it."""
    said = said_of(counts.get("passed_over", {}), NotRead.from_json(counts.get("not_read", {})))
    left, lacking = counts.get("left", ()), counts.get("lacking", {})
    repeated = counts.get("duplicate_ids", 0)
    warnings = (
        said,
        f"files that were not read: {', '.join(left)}" if left else "",
        f"files without a column that was asked for: {', '.join(lacking)}" if lacking else "",
        f"{repeated:,} rows have the id of an earlier one" if repeated else "",
    )
    return [for_http(warning) for warning in warnings if warning]


def _told(held: Jobs, one: Job) -> JobResponse:
    progress, url = held.progress(one), f"/v1/jobs/{one.id}/files"
    return JobResponse(
        id=one.id, name=one.title or one.input,
        kind=one.kind, state=one.state, created=one.created, ended=one.ended,
        rows=one.counts.get("rows", progress.get("rows", 0)),
        total=one.counts.get("rows", progress.get("total")),
        rejected=one.counts.get("rejected", {}),
        error=None if one.error is None else for_http(one.error),
        creators=one.counts.get("creators"),
        without_author=one.counts.get("without_author"),
        warnings=_warnings(one.counts),
        files=[
            JobFile(name=path.name, bytes=path.stat().st_size, url=f"{url}/{path.name}")
            for path in held.store.files(one)
        ],
    )  # fmt: skip
