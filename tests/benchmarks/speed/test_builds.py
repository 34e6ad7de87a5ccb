"""Another build, from where it lies."""

import subprocess
import sys

import pytest
from speed.builds import Build, commit_of, other_build, this_build


def test_what_is_no_build_is_refused(tmp_path):
    """With what it should be."""
    with pytest.raises(SystemExit, match="neither a wheel, nor a checkout"):
        other_build(tmp_path, tmp_path)


def test_this_build_is_not_timed_beside_itself(tmp_path):
    """A ratio to itself would be read as one to another."""
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\nunset PYTHONSAFEPATH\nPYTHONPATH={_path()} exec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    with pytest.raises(SystemExit, match="that is this build"):
        other_build(tmp_path, tmp_path)


def _path():
    from pathlib import Path

    import unpolished

    # Of this checkout, whatever finds it here.
    return Path(unpolished.__file__).parent.parent


def test_another_build_sees_nothing_of_this_one(tmp_path):
    """While nothing is set for this one that a user would not set."""
    assert this_build().variables == {}
    assert Build("x", tmp_path / "python").variables["PYTHONPATH"] == ""


def test_a_commit_is_that_of_a_checkout_of_its_own(tmp_path):
    """Not of one that it lies in."""
    git = ("git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b.example")
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.py").write_text("1")
    for words in (("init", "-q"), ("add", "a.py"), ("commit", "-qm", "x")):
        subprocess.run([*git, *words], check=True)
    commit = commit_of(tmp_path)
    assert commit
    assert "with changes" not in commit
    assert commit_of(tmp_path / "inner") is None
    (tmp_path / "a.py").write_text("2")
    assert commit_of(tmp_path) == f"{commit} with changes"
