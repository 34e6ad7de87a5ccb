"""The builds that are timed: this one, and another one beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_PYTHON = Path("bin", "python")
_WHO = """
import json, unpolished
from importlib.metadata import version
print(json.dumps([unpolished.__file__, version("unpolished")]))
"""


class Build(NamedTuple):
    """An installation of the project.

    Attributes:
        name: for readers.
        python: that it is installed for.
    """

    name: str
    python: Path

    @property
    def command(self) -> Path:
        """The command line."""
        return self.python.parent / "unpolished"

    @property
    def variables(self) -> dict[str, str]:
        """Of the environment; nothing of another build is on the path of this one."""
        return {} if self == this_build() else {"PYTHONPATH": "", "PYTHONSAFEPATH": "1"}


def this_build() -> Build:
    """The one that runs this program."""
    return Build("this build", Path(sys.executable))


def other_build(given: Path, scratch: Path) -> Build:
    """A build from where it lies.

    Args:
        given: a wheel; a checkout; or a folder with ``.venv/bin/python`` or ``bin/python``, in
            which a build is installed.
        scratch: where a wheel, or a checkout without an environment, gets one of its own, with the
            versions of ``constraints.txt``.

    Raises:
        SystemExit: there is no build, or it is this one.
    """
    pythons = [folder / _PYTHON for folder in (given / ".venv", given)]
    python = next((one for one in pythons if one.is_file()), None)
    if python is None:
        if given.suffix != ".whl" and not (given / "pyproject.toml").is_file():
            raise SystemExit(
                f"--against {given}: neither a wheel, nor a checkout, nor a folder with {_PYTHON}"
            )
        python = _installed(given, scratch / "other")
    build = Build("", python.absolute())
    file, version = _who(build)
    if file == _who(this_build())[0]:
        raise SystemExit(f"--against {given}: that is this build, {file}")
    return build._replace(name=_name(given, version))


def _installed(given: Path, folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / _PYTHON
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "-c", ROOT / "constraints.txt", given.absolute()],
        check=True, cwd=folder, stdout=sys.stderr,
    )  # fmt: skip
    return python


def _who(build: Build) -> tuple[str, str]:
    """File of the package and version."""
    env = os.environ | build.variables
    done = subprocess.run(
        [build.python, "-c", _WHO], env=env, cwd=build.python.parent, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{build.python}: unpolished cannot be imported\n{done.stderr}")
    file, version = json.loads(done.stdout)
    return file, version


def _name(given: Path, version: str) -> str:
    commit = commit_of(given) if given.is_dir() else None
    return f"version {version}, {f'commit {commit}' if commit else given.name}"


def commit_of(folder: Path) -> str | None:
    """Short hash of a checkout's commit, marked where files differ; None where it is none."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True)  # noqa: S607
        return done.stdout.strip() if done.returncode == 0 else ""

    if git("rev-parse", "--show-toplevel") != str(folder.resolve()):
        return None
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "*.py", "*.toml", "models")
    return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
