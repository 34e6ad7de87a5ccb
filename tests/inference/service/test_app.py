"""What is around every request, and what the service says of itself."""

import json
import re

import pytest
from unpolished.inference.service.keys import add_key

TEXT = "in love with this serum from @glow, use code MAYA10"
TEMPLATE = re.compile(r"\{.*?\}")


def test_other_names_and_pages_elsewhere_are_refused(ask):
    """Against DNS rebinding and requests forged by pages; and no other origin is ever let in."""
    with ask(allowed_hosts=("posts.example",)) as client:

        def status(**headers):
            return client.get("/v1/model", headers=headers).status_code

        assert status(host="localhost:8000") == status(host="[::1]:80") == 200
        assert status(host="Posts.Example") == 200
        assert status(host="evil.example") == status(host="localhost.evil.example") == 421
        assert status(host="localhost", origin="http://localhost") == 200
        assert status(host="localhost", origin="http://evil.example") == 403
        assert status(host="localhost", origin="null") == 403
        assert status(host="localhost", origin="http://[a") == 403
        # Behind a proxy, a browser's page has the name that the proxy has.
        assert status(host="localhost:8000", origin="https://posts.example") == 200
        assert status(host="localhost:8000", origin="http://localhost:8888") == 403
        # A link to the page, and nothing else, may stand anywhere.
        linked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        assert client.get("/", headers=linked).status_code == 200
        assert client.get("/v1/jobs", headers=linked).status_code == 403
        assert status(**{"sec-fetch-site": "cross-site"}) == 403
        assert status(**{"sec-fetch-site": "same-origin"}) == 200
        asked = client.options(
            "/v1/score",
            headers={"origin": "http://localhost", "access-control-request-method": "POST"},
        )
    assert "access-control-allow-origin" not in asked.headers


def test_a_request_has_one_id_and_one_line(ask):
    """An id of the client is taken where it is harmless."""
    with ask() as client:
        own = client.get("/healthz", headers={"x-request-id": "run-7.a"})
        other = client.get("/healthz", headers={"x-request-id": 'a"\tb'})
        assert own.headers["x-request-id"] == "run-7.a"
        assert re.fullmatch("[0-9a-f]{32}", other.headers["x-request-id"])
        ids = [line["request_id"] for line in client.lines]
    assert ids == ["run-7.a", other.headers["x-request-id"]]


def test_neither_log_nor_metrics_hold_anything_of_a_post(ask, tmp_path):
    """Nor of paths and methods, which may be anything."""
    with ask(jobs=tmp_path / "jobs") as client:
        client.post("/v1/score", json={"posts": [TEXT, {"text": TEXT, "id": "serum-1"}, {}]})
        client.post("/v1/score", json={"posts": [TEXT], "map": {"text": "serum"}})
        client.post("/v1/score", content=b"serum", headers={"content-type": "application/json"})
        client.get("/serum")
        client.request("SERUM", "/v1/score")
        client.get("/v1/jobs/serum")
        told = json.dumps(client.lines) + client.get("/metrics").text
        first = next(line for line in client.lines if line["event"] == "request")
    assert "serum" not in told.lower()
    assert (first["posts"], first["rejected"], first["status"]) == (3, 1, 200)
    assert {"/v1/score", "/v1/jobs/{job_id}"} <= {line.get("route") for line in client.lines}


def test_metrics_count(ask):
    """Posts, rejects, requests and batches."""
    with ask() as client:
        client.post("/v1/score", json={"posts": [TEXT, "", TEXT]})
        text = client.get("/metrics").text
    assert "unpolished_posts_scored_total 2.0" in text
    assert 'unpolished_posts_rejected_total{code="empty"} 1.0' in text
    assert 'unpolished_requests_total{method="POST",route="/v1/score",status="200"} 1.0' in text
    assert "unpolished_batch_posts_sum 2.0" in text
    assert "unpolished_posts_waiting 0.0" in text


def test_what_it_runs_is_told(ask, tiny):
    """With its thresholds."""
    with ask() as client:
        said = client.get("/v1/model").json()
    assert said["model"]["name"] == tiny.info.name
    assert said["model"]["thresholds"]["p_paid"]["flag"] == tiny.info.thresholds.p_paid.flag
    assert "us" in said["jurisdictions"]
    assert said["limits"]["posts"] == 1000
    assert said["limits"]["keep_days"] == 7


def test_what_is_not_there_is_a_problem(ask):
    """In the form of all others."""
    with ask() as client:
        for method, url, status, code in (
            ("GET", "/v1/nothing", 404, "not_found"), ("GET", "/v1/score", 405, "method"),
            ("POST", "/v1/jobs", 503, "jobs_off"), ("GET", "/v1/jobs", 503, "jobs_off"),
            ("GET", "/docs", 404, "not_found"), ("GET", "/healthz/", 404, "not_found"),
        ):  # fmt: skip
            response = client.request(method, url)
            assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_path_tells_all_that_may_be_asked_of_it(ask):
    """Not of one of its routes alone."""
    with ask() as client:
        assert client.put("/v1/jobs").headers["allow"] == "GET, POST"
        assert client.put(f"/v1/jobs/{'0' * 32}").headers["allow"] == "DELETE, GET"


def test_openapi_stands_alone_and_its_examples_are_true(ask, tmp_path):
    """All that it refers to is in it."""
    keys = tmp_path / "keys.txt"
    add_key(keys, "ana")
    with ask() as client:
        said = client.get("/openapi.json").json()
        names = set(said["components"]["schemas"])
        used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(said)))
        assert used <= names
        assert "HTTPValidationError" not in names
        example = said["components"]["schemas"]["ScoreRequest"]["examples"][0]
        assert client.post("/v1/score", json=example).status_code == 200
        assert "security" not in json.dumps(said)
    with ask(keys=keys) as client:
        said = client.get("/openapi.json").json()
        secured = [
            url for url, methods in said["paths"].items()
            if all("security" in one for one in methods.values())
        ]  # fmt: skip
    assert set(secured) == set(said["paths"]) - {"/healthz", "/readyz"}


def test_the_page_may_load_nothing_from_elsewhere(ask):
    """And what it asks for is there."""
    with ask() as client:
        page = client.get("/")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for found in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
            assert client.get(found).status_code == 200, found


@pytest.mark.parametrize("url", ["/", "/healthz", "/v1/nothing", "/page/page.js"])
def test_answers_are_taken_for_what_they_are(ask, url):
    """No sniffing, no frames, no name of the server."""
    with ask() as client:
        headers = client.get(url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers
