"""Answers that are no result: RFC 9457 problem details, with a code and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ...data.io.fields.columns import plain

ProblemCode = Literal[
    "json", "value", "media_type", "too_large", "too_slow", "busy", "timeout", "key", "host",
    "origin", "not_found", "method", "not_ended", "jobs_off", "disk", "internal",
]  # fmt: skip
_OPTION = re.compile(r"--([a-z][a-z-]*)")
_NAMES = {"from": "source"}
_SHOWN_CHARS = 500
MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One value at fault.

    Attributes:
        field: where it stands in the request.
        message: what is wrong with it.
    """

    field: str
    message: str


class ProblemDetails(BaseModel):
    """Why a request was not answered; never holds the text of a post.

    Attributes:
        title: of the HTTP status.
        status: HTTP status.
        code: why, for programs.
        detail: why, and what to do, for people.
        request_id: as in the header ``X-Request-ID`` and in the log.
        faults: values at fault, where there are several.
    """

    title: str
    status: int
    code: ProblemCode
    detail: str
    request_id: str = ""
    faults: list[Fault] = []


class Problem(HTTPException):
    """Ends a request with a status, a code and what to do."""

    def __init__(
        self,
        status: int,
        code: ProblemCode,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        faults: list[Fault] | None = None,
    ) -> None:
        # FastAPI lets an error of this kind through where the body is read, and no other.
        super().__init__(status, detail, dict(headers or {}))
        self.code, self.faults = code, faults or []


def for_http(error: Exception | str) -> str:
    """A message that names options of the command line, with the names that they have here.

    It goes to whoever sent what it quotes.

    >>> for_http("no column 'text'; say --map text=COLUMN, or --from NAME")
    "no column 'text'; say map text=COLUMN, or source NAME"
    """
    words = _OPTION.sub(lambda m: _NAMES.get(m[1], m[1].replace("-", "_")), str(error))
    return str(plain(words))[:_SHOWN_CHARS]


def problem_response(problem: Problem, request_id: str = "") -> Response:
    """A problem as a response."""
    details = ProblemDetails(
        title=HTTPStatus(problem.status_code).phrase,
        status=problem.status_code,
        code=problem.code,
        detail=problem.detail,
        request_id=request_id,
        faults=problem.faults,
    )
    content = json.dumps(details.model_dump(), ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, problem.status_code, problem.headers, MEDIA_TYPE)


def busy(detail: str, seconds: float) -> Problem:
    """Too much is waiting: come again in so many seconds."""
    wait = str(max(1, round(seconds)))
    return Problem(429, "busy", f"{detail}; try again in {wait} s", headers={"Retry-After": wait})


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems of a route, for OpenAPI."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        # FastAPI adds one of its own form to each route with parameters.
        for status in {*statuses, 422}
    }
