"""Every test runs offline, in a cache of its own; tests on public posts need a mirror of them.

What MLflow builds for itself takes packages from an index; such tests are skipped without one.
"""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Only the environment names a mirror; made absolute so that tests may change folder.
_GIVEN = os.environ.get("UNPOLISHED_MIRROR")
MIRROR = Path(_GIVEN).resolve() if _GIVEN else None
for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"):
    os.environ[name] = "1"


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Another machine is asked for: there is no network."""
    if event == "socket.connect" and isinstance(address := arguments[1], tuple):
        host = address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in (None, "", "localhost", "::1") and not str(host).startswith("127."):
        raise OSError(errno.ENETUNREACH, f"tests run without a network, and one asked for {host}")


sys.addaudithook(_stay_here)

# A slow machine is no failure; the same examples every time.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """One thread to each worker, and to what it starts: workers share the processors already."""
    os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out; one for each process, so that sources convert once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("UNPOLISHED_MIRROR", raising=False)
        patch.setenv("UNPOLISHED_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def mirror_folder() -> Path:
    """A folder with the files of ``sources.toml``, or a skip that the summary shows."""
    if MIRROR is None:
        pytest.skip("needs the public files: set UNPOLISHED_MIRROR to a mirror of them")
    if not MIRROR.is_dir():
        pytest.fail(f"UNPOLISHED_MIRROR: there is no folder {MIRROR}")
    return MIRROR


@pytest.fixture
def mirror(mirror_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Read public sources from the mirror during one test."""
    monkeypatch.setenv("UNPOLISHED_MIRROR", str(mirror_folder))
    return mirror_folder


@pytest.fixture(scope="session")
def public_dataset(mirror_folder: Path):
    """The public data set, built once."""
    from unpolished.data.dataset.build import build

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNPOLISHED_MIRROR", str(mirror_folder))
        return build("public")


@pytest.fixture(scope="session")
def package_index():
    """For tests of environments that MLflow builds by uv, from where packages are installed."""
    uv = Path(sys.executable).with_name("uv")
    asked = [str(uv), "pip", "compile", "--quiet", "-"]
    found = uv.is_file() and subprocess.run(
        asked, input=b"six", capture_output=True, check=False, timeout=120
    )
    if not found or found.returncode:
        pytest.skip("needs uv and a package index")
