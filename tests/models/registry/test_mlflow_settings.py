"""A tracking server that is not there is told at once, by its address."""

import socket

import pytest
from unpolished.models.registry.download import download_model
from unpolished.models.registry.mlflow_settings import UnreachableError, check_reachable
from unpolished.models.saved_model import ModelError
from unpolished.training.tracking.mlflow_store import create_store


@pytest.fixture
def nobody(monkeypatch):
    """An address at which nobody listens; a password in it is not shown."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # Bound and not listening: it stays refused for as long as the test runs.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://me:secret@127.0.0.1:{taken.getsockname()[1]}/path"


def test_a_server_that_is_not_there(nobody, monkeypatch):
    """Before anything is trained, and before a model is looked for."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", nobody)
    with pytest.raises(
        UnreachableError, match=r"http://127\.0\.0\.1:\d+ cannot be reached"
    ) as told:
        create_store()
    assert "secret" not in str(told.value)
    with pytest.raises(ModelError, match=r"models:/a/1 cannot be opened: the tracking server"):
        download_model("models:/a/1")


def test_behind_a_proxy_nothing_is_asked(nobody, monkeypatch):
    """Only the proxy may know the way; unless the address is among those that it is not for."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "example.org")
    check_reachable(nobody)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(UnreachableError):
        check_reachable(nobody)


@pytest.mark.parametrize("uri", ["sqlite:////tmp/x.db", "databricks", "file:///tmp/runs", ""])
def test_what_is_no_server_passes(uri):
    """Nothing to knock at."""
    check_reachable(uri)


def test_a_server_that_listens_passes():
    """Whatever it says."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        check_reachable(f"http://127.0.0.1:{server.getsockname()[1]}")
