"""API keys: of those in the file, and of nobody else."""

import os

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.service.keys import Keys, add_key
from unpolished.inference.service.settings import Settings


def bearer(key):
    """The header of a key."""
    return {"authorization": f"Bearer {key}"}


def test_a_key_is_its_holders_and_the_file_does_not_hold_it(tmp_path):
    """Nor may others read the file."""
    path = tmp_path / "keys.txt"
    made = {name: add_key(path, name) for name in ("newsroom", "campaign.2")}
    keys = Keys(path)
    assert {name: keys.name_of(key) for name, key in made.items()} == {n: n for n in made}
    assert keys.name_of("") is None
    assert keys.name_of(made["newsroom"][:-1]) is None
    assert not any(key in path.read_text() for key in made.values())
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_deleted_line_revokes_a_key_at_once(tmp_path):
    """Without a restart."""
    path = tmp_path / "keys.txt"
    gone, stays = add_key(path, "gone"), add_key(path, "stays")
    keys = Keys(path)
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "gone" not in line))
    assert (keys.name_of(gone), keys.name_of(stays)) == (None, "stays")
    # The line before had no end.
    assert Keys(path).name_of(add_key(path, "new")) == "new"


def test_a_file_put_in_the_place_of_another_counts_whatever_its_time(tmp_path):
    """As programs that copy times along put it there."""
    path, other = tmp_path / "keys.txt", tmp_path / "other.txt"
    gone, new = add_key(path, "ana"), add_key(other, "ana")
    keys = Keys(path)
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert (keys.name_of(gone), keys.name_of(new)) == (None, "ana")


def test_a_file_of_comments_takes_a_key(tmp_path):
    """It is made before there are any."""
    path = tmp_path / "keys.txt"
    path.write_text("# who may ask\n")
    key = add_key(path, "ana")
    assert Keys(path).name_of(key) == "ana"


@pytest.mark.parametrize("name", ["https://a.example", "a.example:80", "*", "", "a b"])
def test_a_name_that_no_client_can_write_is_refused(name):
    """Each would let nobody in, without a word."""
    with pytest.raises(InputError, match="--allow-host"):
        Settings(allowed_hosts=(name,))


@pytest.mark.parametrize("value", [float("inf"), float("nan"), -1.0])
def test_times_are_numbers(value):
    """None that JSON does not have."""
    with pytest.raises(ValueError, match="keep_jobs"):
        Settings(keep_jobs=value)


@pytest.mark.parametrize(
    "text", ["", "# none\n", "name\n", "name nothash\n", "a b c\n", f"a {'0' * 64}\na {'1' * 64}\n"]
)
def test_a_faulty_file_lets_nobody_in(tmp_path, text):
    """And is named."""
    path = tmp_path / "keys.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=r"keys\.txt"):
        Keys(path)


def test_names_are_names_and_given_once(tmp_path):
    """So that a line of the log says who it was."""
    path = tmp_path / "keys.txt"
    add_key(path, "a")
    for name in ("a", "", "a b", "a\nb", "-a", "ä"):
        with pytest.raises(InputError):
            add_key(path, name)


def test_others_than_this_machine_need_keys(tmp_path):
    """Whatever their address is called."""
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):  # noqa: S104
        with pytest.raises(InputError, match="API keys"):
            Settings(host=host)
        Settings(host=host, keys=tmp_path / "keys.txt")


def test_every_route_with_posts_asks_for_the_key_before_it_reads(ask, tmp_path):
    """The page and the health of the service are open."""
    path = tmp_path / "keys.txt"
    key = add_key(path, "newsroom")
    with ask(keys=path, jobs=tmp_path / "jobs") as client:
        asked = [("POST", "/v1/score"), ("GET", "/v1/model"), ("GET", "/metrics"),
                 ("POST", "/v1/jobs"), ("GET", "/v1/jobs"), ("GET", f"/v1/jobs/{'0' * 32}"),
                 ("DELETE", f"/v1/jobs/{'0' * 32}"),
                 ("GET", f"/v1/jobs/{'0' * 32}/files/scored.jsonl")]  # fmt: skip
        for method, url in asked:
            for headers in ({}, bearer("unp_wrong"), {"authorization": f"Basic {key}"}):
                response = client.request(method, url, headers=headers, content=b"not even JSON")
                assert response.status_code == 401, (method, url)
                assert response.headers["www-authenticate"] == "Bearer"
        for url in ("/healthz", "/readyz", "/"):
            assert client.get(url).status_code == 200
        said = client.post("/v1/score", json={"posts": ["late bus"]}, headers=bearer(key))
        assert said.status_code == 200
        assert client.lines[-1]["client"] == "newsroom"
        path.unlink()
        assert client.get("/v1/model", headers=bearer(key)).status_code == 503
