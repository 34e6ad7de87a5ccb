"""The parts that the routes share, made once for each service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ...data.errors import InputError
from ...data.posts import Post
from ...models.pipeline import Pipeline
from ...models.scored_post import ScoredPost
from .batching import How, MicroBatcher
from .jobs.runner import Jobs
from .keys import Keys
from .logs import Log
from .metrics import Metrics
from .middleware import Told
from .problems import Problem
from .settings import Settings

# Tells OpenAPI that keys are sent as ``Authorization: Bearer KEY``.
_BEARER = HTTPBearer(auto_error=False, description="An API key, where the service asks for one.")


@dataclass(eq=False)
class Service:
    """What routes work with.

    Attributes:
        settings: of the service.
        pipeline: the model.
        batcher: scores posts.
        metrics: counts.
        log: writes a line.
        keys: None where none are asked for.
        jobs: None where no jobs are taken.
    """

    settings: Settings
    pipeline: Pipeline
    batcher: MicroBatcher
    metrics: Metrics
    log: Log
    keys: Keys | None = None
    jobs: Jobs | None = None


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service


def told_of(request: Request) -> Told:
    """Where a route tells the log about its request."""
    told: Told = request.scope["told"]
    return told


def authenticate(request: Request) -> str:
    """Who asks: the name of the API key; empty where no keys are asked for.

    Raises:
        Problem: no key, or an unknown one.
    """
    keys, told = service_of(request).keys, told_of(request)
    if keys is None:
        return ""
    if told.client is not None:
        return told.client
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    try:
        told.client = keys.name_of(key.strip()) if scheme.lower() == "bearer" else None
    except InputError as error:
        # It names file and line, and holds no key.
        service_of(request).log("keys", error=str(error))
        raise Problem(503, "key", "API keys cannot be checked at the moment") from None
    if told.client is None:
        raise Problem(
            401, "key", "send an API key, as Authorization: Bearer KEY",
            headers={"WWW-Authenticate": "Bearer"},
        )  # fmt: skip
    return told.client


async def caller(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> str:
    """As ``authenticate``, for routes; tells OpenAPI that there are keys."""
    del given
    return authenticate(request)


Caller = Annotated[str, Depends(caller)]


def scored(pipeline: Pipeline, how: How, posts: Sequence[Post]) -> Sequence[ScoredPost]:
    """A row per post; one that the model fails on has its error."""
    return pipeline.score(
        posts, asked=how.asked, prevalence=dict(how.prevalence) or None, reasons=how.reasons
    )
