"""A service as a process of its own, as users start it."""

import os
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager


@contextmanager
def serving(model, *options, env=None):
    """The address and the process of ``unpolished serve``, which is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "unpolished.cli", "serve", "--model", str(model), "--port", "0",
         *map(str, options)],
        stderr=subprocess.PIPE, text=True, env=os.environ | (env or {}),
    )  # fmt: skip
    reader = threading.Thread(target=process.stderr.read, daemon=True)
    try:
        first = process.stderr.readline()
        assert "listening on" in first, first + process.stderr.read()
        # A log that nobody reads would fill its pipe, and the service would wait.
        reader.start()
        yield first.rpartition(" ")[2].strip(), process
    finally:
        process.kill()
        process.wait()
        if reader.ident is not None:
            reader.join()
        process.stderr.close()


def get(url, timeout=30):
    """The body of an answer."""
    with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310
        return answer.read()


def post(url, content, timeout=30, **headers):
    """The body of an answer to some JSON."""
    request = urllib.request.Request(  # noqa: S310
        url, content, {"content-type": "application/json"} | headers, method="POST"
    )
    with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
        return answer.read()
