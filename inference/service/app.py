"""The application: routes, what is around them, and what begins and ends with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...models.pipeline import Pipeline
from ...version import __version__
from .about_routes import about_router
from .batching import MicroBatcher
from .jobs.runner import Jobs
from .jobs.store import Store
from .jobs_routes import jobs_router
from .keys import Keys
from .logs import Log, log
from .metrics import Metrics
from .middleware import Guard, as_problem
from .page_routes import page_router
from .problems import Problem, ProblemDetails, problem_response
from .score_route import score_router
from .service import Service, scored, told_of
from .settings import Settings

_ABOUT = (
    "Raw or polished, likely paid for, performative: a prompt to look at a post, never a verdict. "
    "Posts stay on this machine."
)


def create_app(
    pipeline: Pipeline, settings: Settings | None = None, write_log: Log = log
) -> FastAPI:
    """The service around a model, as an ASGI application.

    Args:
        pipeline: a loaded model.
        settings: limits, keys, jobs; default those of ``Settings``.
        write_log: called for each line of the log.

    Raises:
        InputError: the file of keys or the folder of jobs cannot be used.
    """
    settings = settings or Settings()
    metrics = Metrics(pipeline.info.name)
    batcher = MicroBatcher(
        partial(scored, pipeline),
        max_batch=settings.max_batch,
        max_waiting=settings.max_waiting,
        threads=settings.threads,
        on_batch=metrics.batch,
    )
    keys = None if settings.keys is None else Keys(settings.keys)
    service = Service(settings, pipeline, batcher, metrics, write_log, keys)
    # Claimed before anybody may connect, so that what is at fault is said and nothing begins.
    store = None if settings.jobs is None else Store(settings.jobs)
    metrics.watch("posts_waiting", "Posts that wait to be scored", lambda: batcher.waiting)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        batcher.start()
        if store is not None:
            service.jobs = Jobs(store, pipeline, keep=settings.keep_jobs, log=write_log)
            service.jobs.start()
            metrics.watch(
                "jobs_open",
                "Jobs that wait or are worked on",
                lambda: 0 if service.jobs is None else service.jobs.n_open,
            )
        yield
        await batcher.stop()
        if service.jobs is not None:
            await service.jobs.stop()

    app = FastAPI(
        title="Unpolished", version=__version__, description=_ABOUT, lifespan=lifespan,
        # Their pages load scripts from elsewhere.
        docs_url=None, redoc_url=None,
        # Nothing of a request goes anywhere, whatever the environment says.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        redirect_slashes=False,
    )  # fmt: skip
    app.state.service = service
    for router in (
        score_router(settings.max_body),
        jobs_router(settings.max_form),
        about_router(),
        page_router(),
    ):
        app.include_router(router)
    for kind in (Problem, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(Guard, settings=settings, metrics=metrics, log=write_log)
    _document(app, keys=keys is not None)
    return app


async def _answer(request: Request, error: Exception) -> Response:
    problem = as_problem(error)
    if problem.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Each route alone knows its own method, and not those of others of the same path.
        path = getattr(request.scope.get("route"), "path", None)
        if known := request.app.openapi()["paths"].get(path):
            problem.headers = {"Allow": ", ".join(sorted(map(str.upper, known)))}
    return problem_response(problem, told_of(request).request_id)


def _document(app: FastAPI, *, keys: bool) -> None:
    """Put the schema of problems into OpenAPI in place of FastAPI's own; and keys if there are."""
    made = app.openapi

    def with_problems() -> dict[str, object]:
        if app.openapi_schema is None:
            schema = made()
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            template = "#/components/schemas/{model}"
            problem = ProblemDetails.model_json_schema(ref_template=template)
            schemas |= problem.pop("$defs", {}) | {"ProblemDetails": problem}
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            if not keys:
                schema["components"].pop("securitySchemes", None)
                for operations in schema["paths"].values():
                    for operation in operations.values():
                        operation.pop("security", None)
        return app.openapi_schema or {}

    app.openapi = with_problems  # type: ignore[method-assign]
