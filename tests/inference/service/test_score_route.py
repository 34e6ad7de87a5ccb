"""``POST /v1/score``: the rows that ``Scorer`` gives, and an answer to everything else."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from unpolished.inference.scorer import Scorer
from unpolished.models.scored_post import ScoredPost

TEXT = "in love with this serum from @glow, use code MAYA10 #ad"
JSON = {"content-type": "application/json"}


def answer(client, **body):
    """The body of a good answer."""
    response = client.post("/v1/score", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def rows(client, **body):
    """Its rows, checked."""
    return [ScoredPost.model_validate(one) for one in answer(client, **body)["results"]]


def test_rows_are_those_of_the_scorer(ask, tiny):
    """Errors included, and what is no post has one of its own."""
    posts = [
        TEXT, {"text": "ugh my bus was late again lol", "id": "007", "author": "ana"},
        {"text": "We stand with everyone affected.", "paid_partnership": True,
         "jurisdiction": "uk"}, {"id": "x"}, {"text": 7}, "", None, 5, [TEXT],
    ]  # fmt: skip
    readable = [post if isinstance(post, str | dict) else {} for post in posts]
    for options in ({}, {"reasons": "all"}, {"jurisdiction": ["us", "fr"]},
                    {"reasons": "none", "prevalence": {"paid": 0.01}}):  # fmt: skip
        expected = Scorer(tiny).score(readable, errors="keep", **({"reasons": "flagged"} | options))
        with ask() as client:
            found = rows(client, posts=posts, **options)
        assert found[:6] == list(expected)[:6]
        assert [bool(row.error) for row in found] == [False] * 3 + [True] * 6
        assert all(row.error.startswith("json: ") for row in found[6:])


def test_a_row_is_the_same_whoever_asks_at_the_same_time(ask):
    """Forty clients at once."""
    texts = [f"{TEXT} day {n}" for n in range(40)]
    with ask() as client:
        alone = [rows(client, posts=[text], reasons="all")[0] for text in texts]
        start = threading.Barrier(len(texts))

        def one(text):
            start.wait(20)
            return rows(client, posts=[text], reasons="all")[0]

        with ThreadPoolExecutor(len(texts)) as pool:
            assert list(pool.map(one, texts)) == alone


def test_what_goes_along_is_the_text_as_it_was_scored(ask):
    """Offsets point into it."""
    with ask() as client:
        said = answer(
            client, keep=["text", "likes"], reasons="all",
            posts=[{"text": "so good \U0001f600 &amp; #ad", "likes": 3}, {"likes": 4}],
        )  # fmt: skip
    row, kept = said["results"][0], said["kept"]
    # What goes along is there beside an error, too: it may be all that a row is known by.
    assert kept == [{"text": "so good \U0001f600 & #ad", "likes": 3}, {"text": None, "likes": 4}]
    for found in row["reasons"]:
        assert kept[0]["text"][found["start"] : found["end"]] == found["text"]
    assert row["disclosure_terms"][0]["term"] == "#ad"


def test_columns_have_the_names_that_were_said(ask):
    """A text alone is one by any; a name that no post has is told, for a post may come alone."""
    with ask() as client:
        posts = [{"caption": TEXT}, TEXT]
        assert not any(row.error for row in rows(client, posts=posts, map={"text": "caption"}))
        missing = answer(client, posts=[{"text": TEXT}], keep=["likes"])
        nowhere = answer(client, posts=[{"text": TEXT}], map={"text": "body"})
    assert missing["kept"] == [{"likes": None}]
    assert "'likes'" in missing["warnings"][0]
    assert nowhere["results"][0]["error"].startswith("missing: ")
    assert "'body'" in nowhere["warnings"][0]


def test_what_is_left_out_is_said(ask):
    """Values that could not be read."""
    with ask() as client:
        said = answer(client, posts=[{"text": TEXT, "likes": "many", "country_code": "fr"}])
    assert "likes (1)" in said["warnings"][0]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "value"), (b"{", 400, "json"), (b"\xff", 400, "json"), (b"[]", 422, "value"),
        (b'{"posts": [NaN]}', 400, "json"), (b'{"posts": [1e999999]}', 200, None),
        (b'{"posts": ["a"], "posts": ["b"]}', 400, "json"), (b"[" * 100_000, 400, "json"),
        (b'{"posts": []}', 422, "value"), (b'{"posts": "a"}', 422, "value"),
        (b'{"posts": ["a"], "juristiction": "us"}', 422, "value"),
        (b'{"posts": ["a"], "jurisdiction": "atlantis"}', 422, "value"),
        (b'{"posts": ["a"], "reasons": "some"}', 422, "value"),
        (b'{"posts": ["a"], "prevalence": {"paid": 2}}', 422, "value"),
        (b'{"posts": ["a"], "prevalence": {"nice": 0.5}}', 422, "value"),
        (b'{"posts": ["a"], "map": {"nice": "a"}}', 422, "value"),
        (b'{"posts": ["a"], "keep": ["style"]}', 422, "value"),
        (json.dumps({"posts": ["a"] * 1001}).encode(), 422, "value"),
        (json.dumps({"posts": ["a"] * 1000}).encode(), 200, None),
        (b'{"posts": ["\\ud800 lone"]}', 200, None),
    ],
)  # fmt: skip
def test_a_faulty_body_is_told_so(ask, content, status, code):
    """With a code for programs."""
    with ask() as client:
        response = client.post("/v1/score", content=content, headers=JSON)
    assert response.status_code == status, response.text
    if code is not None:
        assert response.headers["content-type"] == "application/problem+json"
        said = response.json()
        assert (said["code"], said["status"]) == (code, status)
        assert said["request_id"] == response.headers["x-request-id"]


def test_other_types_are_refused_so_that_no_form_elsewhere_gets_through(ask):
    """A browser asks before it sends JSON elsewhere, and is refused."""
    with ask() as client:
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            response = client.post(
                "/v1/score", content=b'{"posts": ["a"]}', headers={"content-type": kind}
            )
            assert (response.status_code, response.json()["code"]) == (415, "media_type")
        packed = client.post("/v1/score", content=b"a", headers=JSON | {"content-encoding": "gzip"})
    assert packed.status_code == 415


def test_a_body_that_is_too_large_is_refused_told_of_or_not(ask):
    """By its header, or as it comes."""
    content = json.dumps({"posts": ["a" * 2000]}).encode()
    with ask(max_body=1000) as client:
        told = client.post("/v1/score", content=content, headers=JSON)
        untold = client.post(
            "/v1/score", content=iter([content[:900], content[900:]]), headers=JSON
        )
        fits = client.post("/v1/score", json={"posts": ["a"]})
    assert [told.status_code, untold.status_code, fits.status_code] == [413, 413, 200]
    assert told.json()["code"] == untold.json()["code"] == "too_large"


class Hollow:
    """A model that gives NaN, or fails, where the text says so."""

    def __init__(self, model):
        self._model, self.family = model, model.family

    def predict_proba(self, texts):
        """NaN or an error where the text says so."""
        found = self._model.predict_proba(texts)
        if any("breaks" in text for text in texts):
            raise RuntimeError("secret text of a post")
        found[["hollow" in text for text in texts]] = float("nan")
        return found


def test_nan_leaves_as_an_error_and_never_as_null(ask, tiny):
    """And one post takes no other with it."""
    from dataclasses import replace

    hollow = replace(tiny, model=Hollow(tiny.model))
    texts = ["late bus again", "a hollow promise", "it breaks my heart"]
    with ask(hollow) as client:
        good, nan, failed = rows(client, posts=texts, reasons="none")
    assert good.error is None
    assert good.p_polished is not None
    assert nan.error == "model: the model failed on this post (NaN)"
    assert failed.error == "model: the model failed on this post (RuntimeError)"


def test_an_error_of_our_own_tells_its_kind_to_the_log_and_nothing_to_the_client(ask, tiny):
    """Nor does the log quote it."""
    with ask() as client:

        def broken(*_):
            raise RuntimeError(TEXT)

        client.service.batcher._score = broken
        response = client.post("/v1/score", json={"posts": [TEXT]})
        assert (response.status_code, response.json()["code"]) == (500, "internal")
        assert "serum" not in response.text
        (line,) = [line for line in client.lines if line["event"] == "request"]
        assert line["error"].startswith("RuntimeError at test_score_route.py:")
        assert "serum" not in json.dumps(client.lines)
        assert line["request_id"] == response.json()["request_id"]


def test_nothing_is_scored_for_a_client_that_has_gone(ask):
    """Its posts no longer wait, and the log says that nobody was there."""
    held, sent = threading.Event(), []
    body = json.dumps({"posts": ["late bus"] * 600}).encode()
    arrived = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]

    async def ask_and_go(app):
        head = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/v1/score", "raw_path": b"/v1/score",
                 "headers": head, "query_string": b"", "http_version": "1.1", "scheme": "http",
                 "server": ("localhost", 80), "root_path": "", "app": app}  # fmt: skip

        async def receive():
            return arrived.pop(0)

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)

    with ask() as client:
        score, scored = client.service.batcher._score, []

        def slow(how, posts):
            scored.append(len(posts))
            held.wait(20)
            return score(how, posts)

        client.service.batcher._score = slow
        client.portal.call(ask_and_go, client.app)
        held.set()
        assert sent[0]["status"] == 499
        rows(client, posts=["late bus"])
        for _ in range(2000):
            if not client.service.batcher.waiting:
                break
            time.sleep(0.01)
        assert client.service.batcher.waiting == 0
        assert sum(scored) < 600


def test_when_too_much_waits_clients_are_asked_to_wait(ask):
    """What was accepted is answered."""
    held = threading.Event()
    with ask(max_waiting=1000, timeout=20) as client, ThreadPoolExecutor(2) as pool:
        score = client.service.batcher._score
        begun = threading.Event()

        def slow(how, posts):
            begun.set()
            held.wait(20)
            return score(how, posts)

        client.service.batcher._score = slow
        first = pool.submit(rows, client, posts=["late bus"] * 990, reasons="none")
        try:
            assert begun.wait(20)
            response = client.post("/v1/score", json={"posts": ["a"] * 11})
            ready = client.get("/readyz")
        finally:
            held.set()
        assert (response.status_code, response.json()["code"]) == (429, "busy")
        assert int(response.headers["retry-after"]) >= 1
        assert ready.status_code == 503
        assert len(first.result(20)) == 990
        assert client.get("/readyz").status_code == 200


def test_an_answer_that_takes_too_long_is_none(ask):
    """And its posts no longer wait."""
    held = threading.Event()
    with ask(timeout=0.05) as client:
        score = client.service.batcher._score
        client.service.batcher._score = lambda how, posts: held.wait(20) and score(how, posts)
        response = client.post("/v1/score", json={"posts": ["late bus"]})
        held.set()
        assert (response.status_code, response.json()["code"]) == (503, "timeout")
        client.service.batcher._score = score
        for _ in range(3):
            client.post("/v1/score", json={"posts": ["late bus"]})
    assert client.service.batcher.waiting == 0
