"""Files as jobs: on disk, in their turn, and the same rows as ``score`` writes."""

import csv
import io
import json
import time
from dataclasses import replace

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.batch.score_file import score_file
from unpolished.inference.service.jobs.store import Store, safe_name
from unpolished.inference.service.keys import add_key
from unpolished.models.runtime import Runtime

POSTS = b"".join(
    b'{"id": "p%d", "text": "late bus %d, again and again", "author": "a%d"}\n' % (n, n, n % 2)
    for n in range(60)
)


def send(client, content=POSTS, name="posts.jsonl", headers=None, **fields):
    """Send a file."""
    return client.post("/v1/jobs", files={"file": (name, content)}, data=fields, headers=headers)


def ended(client, job_id, headers=None):
    """A job once it has ended."""
    for _ in range(600):
        job = client.get(f"/v1/jobs/{job_id}", headers=headers).json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def test_rows_are_those_of_the_batch_scorer(ask, tiny, tmp_path):
    """Byte for byte, and for saving; the posts themselves are deleted."""
    (tmp_path / "posts.jsonl").write_bytes(POSTS + b"{}\n")
    score_file(tiny, tmp_path / "posts.jsonl", tmp_path / "scored.jsonl")
    with ask(jobs=tmp_path / "jobs") as client:
        sent = send(client, POSTS + b"{}\n")
        assert sent.status_code == 202
        assert sent.headers["location"] == f"/v1/jobs/{sent.json()['id']}"
        job = ended(client, sent.json()["id"])
        assert (job["state"], job["rows"], job["rejected"]) == ("done", 61, {"missing": 1})
        files = {file["name"]: file for file in job["files"]}
        got = client.get(files["scored.jsonl"]["url"])
        rejects = client.get(files["scored.jsonl.rejects.jsonl"]["url"])
        assert len(rejects.text.splitlines()) == 1
        assert client.get("/v1/jobs").json()["jobs"] == [job]
    assert got.content == (tmp_path / "scored.jsonl").read_bytes()
    assert got.headers["content-disposition"] == 'attachment; filename="scored.jsonl"'
    assert "sandbox" in got.headers["content-security-policy"]
    # The posts themselves are gone once they are scored.
    assert not list((tmp_path / "jobs").rglob("posts.jsonl"))


def test_creators_are_vetted_and_cells_run_no_formula(ask, tmp_path):
    """With the report and the evidence."""
    posts = b"author,text\n" + b'=HYPERLINK("http://x"),late bus again today\n' * 3
    with ask(jobs=tmp_path / "jobs") as client:
        job = ended(client, send(client, posts, "p.csv", kind="vet").json()["id"])
        assert job["state"] == "done", job
        files = {file["name"]: client.get(file["url"]) for file in job["files"]}
    assert {"report.html", "evidence.jsonl", "creators.csv", "creators.json"} <= set(files)
    (row,) = json.loads(files["creators.json"].content)
    assert row["creator"] == '=hyperlink("http://x")'
    (cells,) = csv.DictReader(io.StringIO(files["creators.csv"].text))
    assert cells["creator"].startswith("'=")


@pytest.mark.parametrize(
    ("content", "name", "fields", "why"),
    [
        (b"a,b\n1,2\n", "p.csv", {}, "no column 'text'"),
        (b"text\nlate bus\n", "p.csv", {"kind": "vet"}, "with map author="),
        (b"\x00\x01", "p.parquet", {}, "parquet"),
    ],
)
def test_a_file_that_cannot_be_read_fails_and_says_why(ask, tmp_path, content, name, fields, why):
    """Without a path of the server."""
    with ask(jobs=tmp_path / "jobs") as client:
        job = ended(client, send(client, content, name, **fields).json()["id"])
        assert job["state"] == "failed"
        assert why in job["error"].lower()
        assert str(tmp_path) not in job["error"]
        assert "--" not in job["error"]
        assert job["files"] == []


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("p.csv", {"kind": "guess"}), ("p.csv", {"jurisdiction": "atlantis"}),
        ("p.csv", {"map": "nice=a"}), ("p.csv", {"keep": "style"}), ("p.exe", {}),
        ("p.csv", {"source": "nowhere"}), ("p.csv", {"outputt": "csv"}),
        ("p.csv", {"output": "xlsx"}),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_when_it_is_sent(ask, tmp_path, name, fields):
    """And leaves nothing behind."""
    with ask(jobs=tmp_path / "jobs") as client:
        response = send(client, b"text\nlate bus\n", name, **fields)
        assert (response.status_code, response.json()["code"]) == (422, "value")
        assert client.get("/v1/jobs").json() == {"jobs": []}
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == [".lock"]


@pytest.mark.slow
def test_a_job_is_deleted_with_all_its_files(ask, tmp_path):
    """Also while it is worked on."""
    with ask(jobs=tmp_path / "jobs") as client:
        job = ended(client, send(client).json()["id"])
        assert client.delete(f"/v1/jobs/{job['id']}").status_code == 204
        assert client.get(f"/v1/jobs/{job['id']}").status_code == 404
        assert client.get(job["files"][0]["url"]).status_code == 404
        running = send(client, POSTS * 50).json()["id"]
        assert client.get(f"/v1/jobs/{running}/files/scored.jsonl").status_code == 409
        assert client.delete(f"/v1/jobs/{running}").status_code == 204
        # The next one is worked on all the same.
        assert ended(client, send(client).json()["id"])["state"] == "done"
        kept = list((tmp_path / "jobs").glob("*/job.json"))
    assert len(kept) == 1


@pytest.mark.slow
def test_jobs_are_their_owners(ask, tmp_path):
    """Others are told that there is none."""
    keys = tmp_path / "keys.txt"
    ana, ben = ({"authorization": f"Bearer {add_key(keys, name)}"} for name in ("ana", "ben"))
    with ask(jobs=tmp_path / "jobs", keys=keys) as client:
        job = ended(client, send(client, headers=ana).json()["id"], ana)
        url = f"/v1/jobs/{job['id']}"
        for method, at in (("GET", url), ("DELETE", url), ("GET", job["files"][0]["url"])):
            assert client.request(method, at, headers=ben).status_code == 404
        assert client.get("/v1/jobs", headers=ben).json() == {"jobs": []}
        assert client.get(url, headers=ana).status_code == 200


def test_what_an_earlier_service_accepted_is_done_by_the_next(ask, tmp_path):
    """What had not come whole is gone."""
    root = tmp_path / "jobs"
    store = Store(root)
    for state in ("queued", "running"):
        job, path = store.begin("", "score", "posts.jsonl", {})
        path.write_bytes(POSTS)
        store.accept(replace(job, state=state))
    cut, path = store.begin("", "score", "posts.jsonl", {})
    path.write_bytes(POSTS[:100])
    store.close()
    with ask(jobs=root) as client:
        jobs = client.get("/v1/jobs").json()["jobs"]
        assert len(jobs) == 2
        assert all(ended(client, job["id"])["rows"] == 60 for job in jobs)
        # What had not come whole was never accepted.
        assert client.get(f"/v1/jobs/{cut.id}").status_code == 404
    assert not list(root.glob("*.incoming"))


def test_what_a_process_has_ended_is_not_begun_again(ask, tmp_path):
    """Killed between the end of a job and its record, a service finds both posts and rows gone."""
    root = tmp_path / "jobs"
    with ask(jobs=root) as client:
        job = ended(client, send(client).json()["id"])
        rows = client.get(job["files"][0]["url"]).content
    record = json.loads((root / job["id"] / "job.json").read_text())
    (root / job["id"] / "job.json").write_text(json.dumps(record | {"state": "running"}))
    with ask(jobs=root) as client:
        assert ended(client, job["id"])["state"] == "done"
        assert client.get(job["files"][0]["url"]).content == rows


@pytest.mark.slow
def test_a_job_that_ends_its_process_each_time_is_given_up(ask, tmp_path):
    """Also where it took the whole service with it."""
    store = Store(tmp_path / "jobs")
    job, path = store.begin("", "score", "posts.jsonl", {})
    path.write_bytes(POSTS)
    store.accept(replace(job, state="running", attempts=5))
    store.close()
    with ask(jobs=tmp_path / "jobs") as client:
        assert "ended several times" in ended(client, job.id)["error"]
        assert ended(client, send(client).json()["id"])["state"] == "done"


@pytest.mark.slow
@pytest.mark.parametrize(
    "record", [b"", b"{", b"[]", b'{"state": "paused"}', b'{"created": 5}'], ids=repr
)
def test_a_damaged_record_is_nobodys_and_no_other_suffers(ask, tmp_path, record):
    """It is deleted when its time has come."""
    root = tmp_path / "jobs"
    store = Store(root)
    made = []
    for _ in range(2):
        job, path = store.begin("", "score", "posts.jsonl", {})
        path.write_bytes(POSTS)
        store.accept(job)
        made.append(job)
    store.close()
    damaged, good = made
    whole = json.loads((root / damaged.id / "job.json").read_text())
    if record.startswith(b'{"'):
        record = json.dumps(whole | json.loads(record)).encode()
    (root / damaged.id / "job.json").write_bytes(record)
    with ask(jobs=root) as client:
        assert ended(client, good.id)["state"] == "done"
        assert [job["id"] for job in client.get("/v1/jobs").json()["jobs"]] == [good.id]


@pytest.mark.slow
def test_a_full_disk_loses_no_job(ask, tmp_path, monkeypatch):
    """It is worked on when there is room again."""
    monkeypatch.setattr("unpolished.inference.service.jobs.runner._PAUSE_SECONDS", 0.05)
    full = [OSError(28, "No space left on device")] * 2
    put = Store.put

    def no_room(self, job):
        if full and job.state == "running":
            raise full.pop()
        put(self, job)

    monkeypatch.setattr(Store, "put", no_room)
    with ask(jobs=tmp_path / "jobs") as client:
        assert ended(client, send(client).json()["id"])["state"] == "done"
        assert not full
        assert any("OSError" in line.get("error", "") for line in client.lines)


@pytest.mark.slow
def test_a_model_that_was_changed_fails_no_job(ask, tiny, model_folder, tmp_path):
    """They wait for the service to be started again, and it says that it stands still."""
    from shutil import copytree

    from unpolished.models.pipeline import Pipeline

    folder = copytree(model_folder, tmp_path / "model")
    with ask(Pipeline.load(folder), jobs=tmp_path / "jobs") as client:
        (folder / "model.json").write_bytes((folder / "model.json").read_bytes() + b" x")
        sent = send(client).json()["id"]
        for _ in range(400):
            if client.get("/readyz").status_code == 503:
                break
            time.sleep(0.05)
        assert client.get(f"/v1/jobs/{sent}").json()["state"] == "queued"
        assert "restart" in send(client).json()["detail"]
    with ask(tiny, jobs=tmp_path / "jobs") as client:
        assert ended(client, sent)["state"] == "done"


def test_a_job_is_worked_on_as_the_service_runs(ask, tiny, tmp_path):
    """In its precision, which a model without a network refuses by name."""
    int8 = replace(tiny, runtime=Runtime(precision="int8"))
    with ask(int8, jobs=tmp_path / "jobs") as client:
        job = ended(client, send(client).json()["id"])
    assert "precision int8" in job["error"]


def test_what_would_be_lost_without_a_word_is_refused(ask, tmp_path):
    """Of several files or settings of one name, only the last would count."""
    with ask(jobs=tmp_path / "jobs") as client:
        for files, data in (
            ([("file", ("a.csv", b"text\nbus\n")), ("file", ("b.csv", b"text\nbus\n"))], {}),
            ([("file", ("a.csv", b"text\nbus\n"))], {"jurisdiction": ["us", "fr"]}),
        ):
            response = client.post("/v1/jobs", files=files, data=data)
            assert response.status_code == 422
            assert "more than once" in response.json()["detail"]


def test_what_is_left_out_of_a_file_is_said(ask, tmp_path):
    """As the command line says it."""
    content = b"text,folowers,likes\nlate bus today,3,many\n"
    with ask(jobs=tmp_path / "jobs") as client:
        job = ended(client, send(client, content, "\u65e5\u672c.csv").json()["id"])
        assert job["name"] == "\u65e5\u672c.csv"
    assert job["state"] == "done"
    assert any("likes (1)" in warning for warning in job["warnings"])


def test_one_service_has_a_folder(tmp_path):
    """Until it lets go."""
    store = Store(tmp_path)
    with pytest.raises(InputError, match="another service"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


@pytest.mark.slow
def test_so_many_jobs_wait_and_no_more_and_that_is_said_before_the_file_is_read(ask, tmp_path):
    """There is room again when one ends."""
    with ask(jobs=tmp_path / "jobs", max_jobs=1) as client:
        first = send(client, POSTS * 100).json()["id"]
        response = client.post("/v1/jobs", content=b"not even a form")
        assert (response.status_code, response.json()["code"]) == (429, "busy")
        assert int(response.headers["retry-after"]) >= 1
        assert ended(client, first)["state"] == "done"
        assert send(client).status_code == 202


def test_a_file_that_is_too_large_is_refused(ask, tmp_path):
    """In the form of all problems."""
    with ask(jobs=tmp_path / "jobs", max_upload=1000) as client:
        response = send(client, b"a" * 200_000)
        assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_jobs_that_ended_long_ago_are_gone(ask, tmp_path):
    """Others stay."""
    store = Store(tmp_path / "jobs")
    for ended_at in ("2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"):
        job, path = store.begin("", "score", "posts.jsonl", {})
        path.write_bytes(POSTS)
        store.accept(replace(job, state="done", ended=ended_at))
    store.close()
    with ask(jobs=tmp_path / "jobs") as client:
        for _ in range(200):
            if len(found := client.get("/v1/jobs").json()["jobs"]) == 1:
                break
            time.sleep(0.02)
    assert [job["ended"][:4] for job in found] == ["2999"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b\\c.csv", ".hidden.csv", "job.json", "out", "outcome.json", "",
             "...", "\x00.csv", "a" * 300 + ".csv.gz", "é😀.csv"],
)  # fmt: skip
def test_a_file_is_called_nothing_that_means_something(name):
    """Its endings stay, by which its format is told."""
    found = safe_name(name)
    assert found.isascii()
    assert 0 < len(found) <= 110
    assert "/" not in found
    assert not found.startswith(".")
    assert found not in ("job.json", "out", "outcome.json")
    assert found.endswith(".csv.gz") == name.endswith(".csv.gz")
