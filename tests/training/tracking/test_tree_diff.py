"""What is stored of a working tree that was changed, in real repositories."""

import subprocess

import pytest
from unpolished.training.tracking.environment import changed_tree, code_state
from unpolished.training.tracking.tree_diff import SWITCH, tree_diff


def _git(folder, *arguments):
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", "-C", folder, *names, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A repository with code, a table, labels and posts, committed."""
    monkeypatch.delenv(SWITCH, raising=False)
    root = tmp_path / "tree"
    for name, text in {
        "version.py": "a = 1\n", "data/text/words.toml": "x = 1\n",
        "training/deep/in/fit.py": "b\n",
        "data/labels/train.csv": "id,paid\n1,yes\n", "docs/page.md": "old\n",
        "data/posts.jsonl": '{"text": "an old post"}\n',
    }.items():  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    _git(tmp_path, "init", "-q", "tree")
    _git(root, "add", ".")
    _git(root, "commit", "-q", "-m", "first")
    return root


def test_a_clean_tree_has_nothing_to_store(tree):
    """Nor has one where files beside the package were changed."""
    assert tree_diff(tree).state == "none"
    state = code_state(tree)
    assert (len(state.commit), state.clean, changed_tree(state)) == (40, True, None)
    (tree / "docs" / "page.md").write_text("new\n")
    state = code_state(tree)
    assert (state.clean, state.diff) == (False, ("none", ""))
    assert "in no file of the package" in changed_tree(state)


def test_what_is_stored_gives_the_changed_code_back(tree):
    """Applied to the commit."""
    changed = {"version.py": "a = 2 # é\n", "training/deep/in/fit.py": "c\n"}
    for name, text in changed.items():
        (tree / name).write_text(text, "utf-8")
    (tree / "data" / "text" / "words.toml").unlink()
    found = tree_diff(tree)
    assert found.state == "stored"
    assert "are stored with the run" in changed_tree(code_state(tree))
    _git(tree, "checkout", "-q", ".")
    (tree.parent / "tree.diff").write_text(found.text, "utf-8")
    _git(tree, "apply", "../tree.diff")
    assert {name: (tree / name).read_text("utf-8") for name in changed} == changed
    assert not (tree / "data" / "text" / "words.toml").exists()


def test_no_post_label_or_untracked_file_is_stored(tree):
    """Tracked files of other kinds are named, those that git does not track are counted."""
    (tree / "data" / "posts.jsonl").write_text('{"text": "a secret post"}\n')
    (tree / "data" / "labels" / "train.csv").write_text("id,paid\n1,secret\n")
    (tree / "training" / "secret_plan.py").write_text("secret = 1\n")
    (tree / "secret.csv").write_text("secret\n")
    found = tree_diff(tree)
    assert "secret" not in found.text
    assert found.text.splitlines() == [
        "# changed, not stored: data/labels/train.csv",
        "# changed, not stored: data/posts.jsonl",
        "# 1 files of the package are not tracked by git, and not stored",
    ]


def test_what_is_too_large_is_cut_and_says_so(tree):
    """At the limit it is whole."""
    (tree / "version.py").write_text("a = 'ü'\n" * 100, "utf-8")
    whole = tree_diff(tree)
    size = len(whole.text.encode())
    assert tree_diff(tree, size) == whole
    cut = tree_diff(tree, size - 1)
    assert cut.state == "cut"
    assert len(cut.text.encode()) < size + 100
    assert cut.text.startswith(f"# cut after {size - 1:,} of {size:,} bytes")


@pytest.mark.parametrize("value", ["0", "false", "No", " off "])
def test_nothing_is_stored_where_that_is_switched_off(tree, monkeypatch, value):
    """And the run cannot be repeated elsewhere, which is said."""
    (tree / "version.py").write_text("secret\n")
    monkeypatch.setenv(SWITCH, value)
    assert tree_diff(tree) == ("off", "")
    assert "not stored" in changed_tree(code_state(tree))


def test_settings_of_the_reader_change_nothing(tree):
    """Neither colours nor a program of the user's own that shows differences."""
    (tree / "version.py").write_text("a = 2\n")
    before = tree_diff(tree)
    _git(tree, "config", "color.diff", "always")
    _git(tree, "config", "diff.external", "false")
    assert tree_diff(tree) == before


def test_an_installed_package_has_no_commit(tree, tmp_path):
    """Not that of a repository around it, which does not track it."""
    installed = tree / "env" / "unpolished"
    installed.mkdir(parents=True)
    (installed / "version.py").write_text("a = 1\n")
    for folder in (installed, tmp_path):
        state = code_state(folder)
        assert (state.commit, state.clean, state.diff) == (None, None, None)
        assert len(state.sha256) == 64
        assert "no commit is known" in changed_tree(state)
