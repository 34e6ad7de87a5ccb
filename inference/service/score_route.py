"""``POST /v1/score``: up to 1,000 posts, a row for each, in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from ...data.errors import InputError, Reject
from ...data.io.fields.columns import TEXT, checked_columns, plain
from ...data.io.fields.find import Fields
from ...data.io.fields.not_read import said_of
from ...data.io.formats.json_objects import as_record
from ...data.io.read import Item, items_of
from ...data.posts import Post
from ...data.values.jurisdictions import asked_jurisdictions
from ...models.disclosed import Asked
from ...models.isolate import rows_in_place
from ...models.scored_post import ScoredPost
from ..output.row_encoder import ROW_COLUMNS, RowEncoder
from ..row_scorer import as_scored
from .batching import How, QueueFullError
from .bodies import StrictRequest, check_type, dumped
from .problems import Problem, busy, documented, for_http
from .schemas import ScoreRequest, ScoreResponse
from .service import Caller, Service, authenticate, service_of, told_of

# A status that servers note where nobody is there to be answered.
_GONE = 499
_ENCODER = RowEncoder("jsonl", errors=True)


class ScoreRoute(APIRoute):
    """A route that takes JSON, and of nobody whom it does not know."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind what is checked before the body is read."""
        handler = super().get_route_handler()

        async def checked_first(request: Request) -> Response:
            authenticate(request)
            check_type(request)
            return await handler(StrictRequest(request.scope, request.receive))

        return checked_first


def score_router(max_body: int) -> APIRouter:
    """The route.

    Args:
        max_body: bytes of a request.
    """
    router = APIRouter(route_class=ScoreRoute, tags=["score"])
    router.add_api_route(
        "/v1/score",
        score,
        methods=["POST"],
        summary="Score posts",
        response_model=ScoreResponse,
        responses=documented(400, 401, 408, 413, 415, 422, 429, 503),
        max_body_size=max_body,
    )
    return router


async def score(request: Request, body: ScoreRequest, client: Caller) -> Response:
    """Score 1 to 1,000 posts; a post that cannot be read is an entry with an error."""
    service, told = service_of(request), told_of(request)
    how, fields = _how(service, body)
    records = list(_records(body.posts, fields.columns.renamed.get(TEXT, TEXT)))
    items = list(items_of(records, Post, fields, count(1)))
    lacking = _lacking(fields)
    posts = [item.found for item in items if isinstance(item.found, Post)]
    of_posts = await _while_there(request, _rows(service, posts, how))
    if of_posts is None:
        return Response(status_code=_GONE)
    rows = rows_in_place([item.found for item in items], lambda _: of_posts)
    told.posts, told.rejected = len(rows), service.metrics.rows(rows)
    del client
    passed_over = Counter(name for post in posts for name in post.passed_over)
    kept = [*map(partial(_kept, fields), records, items, rows)] if body.keep else []
    return _response(rows, kept, [lacking, said_of(passed_over, fields.not_read())])


def _how(service: Service, body: ScoreRequest) -> tuple[How, Fields]:
    """How the posts are scored, and where their fields are.

    Raises:
        Problem: a value that no post can help.
    """
    try:
        asked = Asked(asked_jurisdictions(body.jurisdiction))
        service.pipeline.check_prevalence(body.prevalence)
        fields = Fields(checked_columns(body.map, body.keep, (*ROW_COLUMNS, "error")))
    except ValueError as error:
        raise Problem(422, "value", for_http(error)) from None
    return How(asked, body.reasons, tuple(sorted(body.prevalence.items()))), fields


def _records(posts: Sequence[Any], text: str) -> Iterator[tuple[int, Mapping[str, Any] | Reject]]:
    for n, post in enumerate(posts, 1):
        if isinstance(post, str):
            yield n, {text: post}
        elif isinstance(post, dict):
            yield n, as_record(n, post)
        else:
            yield n, Reject(n, None, None, "json", "a post is a text, or an object with a text")


def _kept(
    fields: Fields, record: tuple[int, Mapping[str, Any] | Reject], item: Item[Post],
    row: ScoredPost,
) -> dict[str, Any]:  # fmt: skip
    """What was asked to go along; the text as it was scored, and none beside an error."""
    names = fields.columns.kept
    values = dict.fromkeys(names)
    if not isinstance(record[1], Reject):
        with suppress(ValueError):
            values = dict(zip(names, fields.kept(record[1]), strict=True))
    if TEXT in values:
        values[TEXT] = None
        if not isinstance(item.found, Reject) and row.error is None:
            values[TEXT] = as_scored(item.found, row)
    return values


async def _while_there(
    request: Request, work: Coroutine[Any, Any, Sequence[ScoredPost]]
) -> Sequence[ScoredPost] | None:
    """The rows; None where the client has gone, for whom nothing more is scored."""
    scoring, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({scoring, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await scoring if scoring.done() else None
    finally:
        scoring.cancel()
        gone.cancel()
        await asyncio.gather(scoring, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _lacking(fields: Fields) -> str:
    """What was asked for and no post has: of few posts, that is no error of all of them."""
    fields.end_file()
    try:
        fields.check("posts")
    except InputError as error:
        return for_http(error)
    return ""


async def _rows(service: Service, posts: Sequence[Post], how: How) -> Sequence[ScoredPost]:
    try:
        async with asyncio.timeout(service.settings.timeout):
            return await service.batcher.score(posts, how)
    except QueueFullError as full:
        raise busy("as many posts are waiting as may", full.seconds) from None
    except TimeoutError:
        raise Problem(
            503, "timeout", "the posts were not scored in time; send fewer at once"
        ) from None


def _response(
    rows: Sequence[ScoredPost], kept: Sequence[Mapping[str, Any]], warnings: Sequence[str]
) -> Response:
    # Each row as the batch scorer writes it.
    lines = _ENCODER.encode(rows, [()] * len(rows)).removesuffix(b"\n").replace(b"\n", b",")
    said = dumped([plain(warning) for warning in warnings if warning])
    content = b'{"results":[%b],"kept":%b,"warnings":%b}' % (lines, dumped(kept), said)
    return Response(content, media_type="application/json")
