"""What the service is, whether it is well, and what it has done."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from ...data.values.jurisdictions import JURISDICTIONS
from ...version import __version__
from .bodies import dumped
from .problems import Problem, documented
from .schemas import Health, Limits, ModelResponse
from .service import Caller, service_of
from .settings import DAY, MAX_POSTS

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def about_router() -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["about"])
    add = router.add_api_route
    add("/v1/model", model, methods=["GET"], summary="The model, and what may be asked of it",
        response_model=ModelResponse, responses=documented(401))  # fmt: skip
    add("/healthz", healthz, methods=["GET"], summary="Whether the service runs",
        response_model=Health)  # fmt: skip
    add("/readyz", readyz, methods=["GET"], summary="Whether it can take posts",
        response_model=Health, responses=documented(503))  # fmt: skip
    add("/metrics", metrics, methods=["GET"], summary="Counts and times, for Prometheus",
        response_model=None,
        responses={200: {"content": {"text/plain": {}}}, **documented(401)})  # fmt: skip
    return router


async def model(request: Request, client: Caller) -> Response:
    """All that is known about the model, its thresholds and how well it did."""
    del client
    service = service_of(request)
    told = ModelResponse(
        model=service.pipeline.info.model_dump(mode="json", exclude={"files"}),
        jurisdictions=list(JURISDICTIONS),
        limits=Limits(
            posts=MAX_POSTS,
            body_bytes=service.settings.max_body,
            file_bytes=service.settings.max_upload,
            keep_days=service.settings.keep_jobs / DAY,
        ),
        version=__version__,
    )
    return Response(dumped(told.model_dump()), media_type="application/json")


async def healthz() -> Health:
    """Always the same, as long as the service runs."""
    return Health()


async def readyz(request: Request) -> Health:
    """Not while as many posts wait as may."""
    service = service_of(request)
    if service.batcher.waiting + MAX_POSTS > service.settings.max_waiting:
        raise Problem(503, "busy", "many posts are waiting", headers={"Retry-After": "1"})
    if service.jobs is not None and service.jobs.stands_still:
        raise Problem(503, "jobs_off", service.jobs.stands_still)
    return Health()


async def metrics(request: Request, client: Caller) -> Response:
    """In Prometheus' text format."""
    del client
    return Response(service_of(request).metrics.text(), media_type=_PROMETHEUS)
