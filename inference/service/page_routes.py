"""The page at ``/``: files of our own, and a browser that loads nothing else."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

_FOLDER = Path(__file__).with_name("page")
# Both pages look alike: its colours and tables are those of the report.
_REPORT_STYLE = Path(__file__).parents[1] / "vetting" / "report.css"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    # Nothing is made an element by reading it as HTML.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def page_router() -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    files = {"/": (_FOLDER / "index.html", "text/html")}
    for path in (*sorted(_FOLDER.iterdir()), _REPORT_STYLE):
        if path.suffix in _TYPES:
            files[f"/page/{path.name}"] = path, _TYPES[path.suffix]
    for url, (path, kind) in files.items():
        answer = _file(path.read_bytes(), f"{kind}; charset=utf-8")
        router.add_api_route(url, answer, methods=["GET"], response_model=None)
    return router


def _file(content: bytes, kind: str) -> Callable[[], Coroutine[Any, Any, Response]]:
    async def answer() -> Response:
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return Response(content, media_type=kind, headers=headers)

    return answer
