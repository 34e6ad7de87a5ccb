"""Every test runs offline, in a cache of its own; tests on public posts need a mirror of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
# Read before the environment is changed, made absolute so that tests may change folder.
_GIVEN = os.environ.pop("UNPOLISHED_MIRROR", None)
MIRROR = Path(_GIVEN).resolve() if _GIVEN else ROOT.parent / "shared" / "mirror"
for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"):
    os.environ[name] = "1"

# A slow machine is no failure; the same examples every time.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests; one cache for all, so that sources convert once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNPOLISHED_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def mirror_folder() -> Path:
    """A folder with the files of ``sources.toml``, or a skip."""
    if not MIRROR.is_dir():
        pytest.skip("needs the public files: set UNPOLISHED_MIRROR to a mirror of them")
    return MIRROR


@pytest.fixture
def mirror(mirror_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Read public sources from the mirror during one test."""
    monkeypatch.setenv("UNPOLISHED_MIRROR", str(mirror_folder))
    return mirror_folder


@pytest.fixture(scope="session")
def public_dataset(mirror_folder: Path):
    """The public data set, built once."""
    from unpolished.data.dataset import build

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNPOLISHED_MIRROR", str(mirror_folder))
        return build("public")
