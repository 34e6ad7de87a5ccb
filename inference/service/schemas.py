"""What the service takes and gives, as OpenAPI tells it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema

from ...data.posts import Post
from ...models.scored_post import ScoredPost
from .settings import MAX_POSTS

_EXAMPLE_POSTS: list[JsonValue] = [
    {"id": "a1", "text": "third night shift in a row and the vending machine ate my last coin"},
    {"id": "a2", "text": "Glow like never before! Solvanna serum, 20% off with code ANA20 #ad",
     "author": "ana", "platform": "instagram"},
]  # fmt: skip
_POST = Post.model_json_schema()
# Any value is taken, so that one bad post is an error entry beside the good ones.
_ITEM = WithJsonSchema(
    {
        "description": "A text, or a post with a text; fields beside these are passed over.",
        "anyOf": [{"type": "string"}, {"type": "object", "properties": _POST["properties"]}, {}],
    }
)


class ScoreRequest(BaseModel):
    """Posts to score, as in Python's ``Scorer.score``.

    Attributes:
        posts: texts, or posts with ``text`` and any other field of a post.
        jurisdiction: whose disclosure rules apply; the first decides ``paid``.
        reasons: mark the stretches of text that support a flag: of no axis, of flagged, of all.
        prevalence: share of posts to assume, by axis; probabilities move, labels do not.
        map: field of a post to the key that holds it, such as ``{"text": "caption"}``.
        keep: keys of the posts that go along; ``text`` is the post as it was scored, which all
            offsets point into.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"posts": _EXAMPLE_POSTS}]}
    )

    posts: Annotated[list[Annotated[Any, _ITEM]], Field(min_length=1, max_length=MAX_POSTS)]
    jurisdiction: str | list[str] = "us"
    reasons: Literal["none", "flagged", "all"] = "flagged"
    prevalence: dict[str, float] = {}
    map: dict[str, str] = {}
    keep: list[str] = []


class ScoreResponse(BaseModel):
    """Rows in the order of the posts.

    Attributes:
        results: one for each post; of one that could not be scored, ``error`` says why, beginning
            with the reason code, and all labels are null.
        kept: what was asked to go along, for each post; empty where nothing was.
        warnings: what was left out of the posts and may matter.
    """

    results: list[ScoredPost]
    kept: list[dict[str, Any]] = []
    warnings: list[str] = []


class Limits(BaseModel):
    """How much is taken, and kept for how long.

    Attributes:
        posts: of a request.
        body_bytes: of a request with posts.
        file_bytes: of a file.
        keep_days: for which what a file gave is kept.
    """

    posts: int
    body_bytes: int
    file_bytes: int
    keep_days: float


class ModelResponse(BaseModel):
    """The model, and what may be asked of it.

    Attributes:
        model: all that is known about it, as in its ``model.json``.
        jurisdictions: codes whose disclosure rules are known.
        limits: of the service.
        version: of the program.
    """

    model: dict[str, Any]
    jurisdictions: list[str]
    limits: Limits
    version: str


JobState = Literal["queued", "running", "done", "failed"]
JobKind = Literal["score", "vet"]


class JobFile(BaseModel):
    """A file that a job has written.

    Attributes:
        name: of the file.
        bytes: of it.
        url: where it can be fetched.
    """

    name: str
    bytes: int
    url: str


class JobResponse(BaseModel):
    """A file of posts, and what has become of it.

    Attributes:
        id: of the job.
        name: of the file.
        kind: ``score`` for a row a post, ``vet`` for a row a creator with evidence and a report.
        state: a job that waits is ``queued``; ``failed`` says why in ``error``.
        created: when, in UTC.
        ended: when, in UTC.
        rows: records read so far.
        total: records in all, where that is known.
        rejected: records that could not be scored, by reason code.
        creators: that were vetted.
        without_author: posts that no creator could be found for.
        error: why it failed.
        warnings: what was left out of the file and may matter.
        files: what it has written; none before it is done.
    """

    id: str
    name: str
    kind: JobKind
    state: JobState
    created: str
    ended: str | None = None
    rows: int = 0
    total: int | None = None
    rejected: dict[str, int] = {}
    creators: int | None = None
    without_author: int | None = None
    error: str | None = None
    warnings: list[str] = []
    files: list[JobFile] = []


class JobsResponse(BaseModel):
    """Jobs of a client, the newest first."""

    jobs: list[JobResponse]


class Health(BaseModel):
    """Whether the service is there."""

    status: Literal["ok"] = "ok"
