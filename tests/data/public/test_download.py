"""Fetching a file: whole and checked, or not at all."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from unpolished.data.public.download import cached_path, fetch
from unpolished.data.public.sources import Reading, Source, SourceError, SourceFile

BODY = b"text\nhello\n" * 20_000


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache for each test, and no mirror."""
    monkeypatch.setenv("UNPOLISHED_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("UNPOLISHED_MIRROR", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def source():
    """A source of one file, with a blank in its path as real ones have."""
    file = SourceFile(
        path="some data/posts.csv", bytes=len(BODY), sha256=hashlib.sha256(BODY).hexdigest()
    )
    return Source(
        repository="someone/something",
        commit="0" * 40,
        licence="none stated",
        kind="votes",
        platform="other",
        axes=("style",),
        reading=Reading(format="csv", text="text", author_from="row"),
        files=(file,),
    )


@pytest.fixture
def mirror(tmp_path, source, monkeypatch):
    """A mirror that holds the file."""
    path = tmp_path / "mirror" / source.repository / source.commit / source.files[0].path
    path.parent.mkdir(parents=True)
    path.write_bytes(BODY)
    monkeypatch.setenv("UNPOLISHED_MIRROR", str(tmp_path / "mirror"))
    return path


@pytest.fixture
def server():
    """A server on this machine: a list of (status, body, promised length) to answer with."""
    answers, asked = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body, length = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Be quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", answers, asked
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def files_in(folder):
    """Everything that was left in a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_mirror_is_read(source, mirror):
    """From a mirror the file lands in the cache, checked."""
    path = fetch(source, source.files[0])
    assert path == cached_path(source, source.files[0])
    assert path.read_bytes() == BODY


def test_download(source, server, cache):
    """The address holds repository, commit and quoted path; the second call asks nobody."""
    base, answers, asked = server
    answers.append((200, BODY, len(BODY)))
    for _ in range(2):
        assert fetch(source, source.files[0], base_url=base).read_bytes() == BODY
    assert asked == [f"/someone/something/{'0' * 40}/some%20data/posts.csv"]
    assert len(files_in(cache)) == 1


def test_cached_file_that_was_changed_is_fetched_again(source, mirror):
    """A cached file is used only if it is still the right one."""
    path = fetch(source, source.files[0])
    path.write_bytes(b"something else")
    assert fetch(source, source.files[0]).read_bytes() == BODY


@pytest.mark.parametrize("body", [BODY[:-1], BODY + b"x", BODY[:-1] + b"x", b""])
def test_wrong_file(source, mirror, cache, body):
    """A file of the wrong size or hash is refused and nothing is kept."""
    mirror.write_bytes(body)
    with pytest.raises(SourceError, match=r"someone/something.*some data/posts\.csv.*SHA-256"):
        fetch(source, source.files[0])
    assert not files_in(cache)


def test_missing_in_mirror(source, mirror, cache):
    """A gap in the mirror is named, with what to do."""
    mirror.unlink()
    with pytest.raises(SourceError, match=r"posts\.csv: not in the mirror.*unset UNPOLISHED"):
        fetch(source, source.files[0])
    assert not files_in(cache)


def test_missing_in_repository(source, server, cache):
    """A repository that is gone."""
    base, answers, _ = server
    answers.append((404, b"no", 2))
    with pytest.raises(SourceError, match=r"someone/something.*answered 404.*UNPOLISHED_MIRROR"):
        fetch(source, source.files[0], base_url=base)
    assert not files_in(cache)


def test_connection_that_breaks_off(source, server, cache):
    """Half a file is no file."""
    base, answers, _ = server
    answers.append((200, BODY[:1000], len(BODY)))
    with pytest.raises(SourceError, match="someone/something"):
        fetch(source, source.files[0], base_url=base)
    assert not files_in(cache)


def test_no_network(source, cache):
    """Nobody answers: the error says how to do without the network."""
    with pytest.raises(SourceError, match=r"cannot be downloaded.*UNPOLISHED_MIRROR=<folder>"):
        fetch(source, source.files[0], base_url="http://127.0.0.1:1")
    assert not files_in(cache)


def test_only_https(source):
    """Nothing is fetched over a scheme that can be listened to or that reads local files."""
    with pytest.raises(ValueError, match="https"):
        fetch(source, source.files[0], base_url="file:///etc")


def test_nothing_is_printed(source, mirror, capsys):
    """The progress bar is for terminals only."""
    fetch(source, source.files[0])
    assert capsys.readouterr() == ("", "")
