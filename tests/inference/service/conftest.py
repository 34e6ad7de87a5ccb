"""The real application around a small model, asked without a network."""

import warnings
from contextlib import contextmanager

import pytest
from unpolished.inference.service.app import create_app
from unpolished.inference.service.settings import Settings
from unpolished.models.pipeline import Pipeline

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def tiny(model_folder):
    """A loaded model."""
    return Pipeline.load(model_folder)


@pytest.fixture
def ask(tiny):
    """A client of a service with these settings; ``lines`` of its log are on it."""

    @contextmanager
    def served(pipeline=None, **settings):
        lines = []
        app = create_app(
            pipeline or tiny,
            Settings(**settings),
            lambda event, **fields: lines.append({"event": event} | fields),
        )
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=True) as client:
            client.lines, client.service = lines, app.state.service
            yield client

    return served
