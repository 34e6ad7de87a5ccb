"""What keeps a run from being repeated is named, and nothing else keeps it."""

import pytest
from unpolished.training.recipe import read_recipe
from unpolished.training.reproduction.checks import (
    code_checks,
    data_checks,
    folds_check,
    passed_over,
    recipe_check,
    version_checks,
)
from unpolished.training.tracking.environment import CodeState
from unpolished.training.tracking.tree_diff import TreeDiff

from ..evaluation.oof import invented_table

HERE = CodeState("a" * 40, True, "1" * 64, TreeDiff("none"))


def _tags(commit="a" * 40, clean="true", diff="none", sha256="1" * 64):
    return {
        "git.commit": commit, "git.clean": clean, "git.diff": diff, "code.sha256": sha256,
        "lib.unpolished": "0.9.0",
    }  # fmt: skip


def _refused(checks):
    return [check for check in checks if check.state == "refused"]


@pytest.mark.parametrize(
    "tags", [_tags(), _tags(commit="b" * 40), _tags(clean="false", diff="off"),
             _tags(commit="unknown", clean="unknown", diff="unknown")],
)  # fmt: skip
def test_the_same_files_are_the_same_code(tags):
    """At another commit, from a tree that was changed, or outside of git."""
    assert not _refused(code_checks(tags, HERE))


@pytest.mark.parametrize(
    ("tags", "remedy"),
    [({"commit": "b" * 40}, "git checkout bbbbbbbbbbbb, or"),
     ({"clean": "false", "diff": "none"}, "git checkout aaaaaaaaaaaa, or"),
     ({"clean": "false", "diff": "stored"}, "git apply the run's tree.diff"),
     ({"clean": "false", "diff": "off"}, "not stored (UNPOLISHED_STORE_DIFF=0): it cannot be got"),
     ({"clean": "false", "diff": "cut"}, "too large to store whole: it cannot be got back"),
     ({"commit": "unknown", "clean": "unknown"}, "install unpolished 0.9.0")],
)  # fmt: skip
def test_other_files_are_refused_with_the_way_back(tags, remedy):
    """Where there is one; or passed over, if the user says so."""
    checks = list(code_checks(_tags(sha256="2" * 64, **tags), HERE))
    (refused,) = _refused(checks)
    assert refused.name == "code that decides"
    assert remedy in refused.remedy
    assert "--any-code" in refused.remedy
    passed = passed_over(checks, what=True)
    assert [check.state for check in passed if check.name == refused.name] == ["passed over"]


def test_a_run_that_recorded_no_hash_needs_its_commit_in_a_clean_tree():
    """Then and now."""
    old = {"git.commit": "a" * 40, "git.clean": "true"}
    assert not _refused(code_checks(old, HERE))
    assert _refused(code_checks(old | {"git.clean": "false"}, HERE))
    assert _refused(code_checks(old | {"git.commit": "b" * 40}, HERE))
    (changed,) = _refused(code_checks(old, CodeState("a" * 40, False, "1" * 64)))
    assert "commit or set aside" in changed.remedy
    assert _refused(code_checks({}, CodeState(None, None, "1" * 64)))


def test_libraries_that_move_a_number_of_the_family_are_refused():
    """Others are noted; those of networks do not matter to models without one."""
    here = {"numpy": "2.4", "scipy": "1", "scikit-learn": "1.9", "torch": "2.9", "python": "3.12"}
    then = {f"lib.{k}": v for k, v in here.items()} | {"lib.torch": "2.8", "lib.python": "3.11"}
    for family, names in (("linear", []), ("rules", []), ("encoder", ["torch"])):
        assert [c.name for c in _refused(version_checks(then, here, family))] == names
    (numpy,) = _refused(version_checks(then | {"lib.numpy": "2.3"}, here, "linear"))
    assert (numpy.name, numpy.recorded, numpy.here) == ("numpy", "2.3", "2.4")
    assert "pip install 'numpy==2.3'" in numpy.remedy
    unsaid = {name: version for name, version in then.items() if name != "lib.numpy"}
    (numpy,) = _refused(version_checks(unsaid, here, "linear"))
    assert numpy.remedy == "it is not known which, or repeat it all the same: --any-versions"
    noted = [c.name for c in version_checks(then, here, "linear") if c.state == "noted"]
    assert noted == ["torch", "python"]


def test_a_setting_that_reads_otherwise_is_named():
    """Such as one that a later version has added."""
    recipe = read_recipe("linear")
    raw = recipe.model_dump(mode="json")
    assert recipe_check(raw, recipe).state == "same"
    raw["model"] = raw["model"] | {"c": 99.0}
    check = recipe_check(raw, recipe)
    assert (check.state, check.recorded) == ("refused", "model.c = 99.0")
    del raw["model"]["c"]
    assert recipe_check(raw, recipe).recorded == "model.c = none"


def test_another_fold_file_is_refused():
    """Data whose folds are made anew has none."""
    assert folds_check("a" * 64, "a" * 64).state == "same"
    assert folds_check("none", None).state == "same"
    assert folds_check("a" * 64, "b" * 64).state == "refused"


def _data(then, here, sizes=({"train": 240}, {"train": 240})):
    tags = {"data.fingerprint": "f" * 64}
    return list(data_checks(tags, "e" * 64, (then, here), sizes))


def test_what_differs_of_the_posts_is_named():
    """Posts, labels, folds and sizes of splits; or that none of these does."""
    table = invented_table()
    tags = {"data.fingerprint": "f" * 64}
    sizes = {"train": 240}, {"train": 240}
    assert not _refused(data_checks(tags, "f" * 64, (table, table), sizes))
    (alone,) = _data(table, table)
    assert "the same posts, labels and folds; texts or masking differ" in alone.remedy
    changed = table.iloc[2:].copy()
    changed.loc[5, "fold"] = 99
    changed.loc[[6, 7], "style"] = 0.25
    found = {c.name: c for c in _data(table, changed, ({"train": 240}, {"train": 238}))}
    assert (found["posts of train"].recorded, found["posts of train"].here) == ("240", "238")
    gone = [" ".join(table.loc[row, ["split", "source", "source_id"]]) for row in (0, 1)]
    assert found["posts that are gone"].recorded == f"2, first {min(gone)}"
    assert found["posts in another fold"].here == "99"
    assert found["posts of another style"].recorded.startswith("2, first ")
    assert all(check.state == "refused" for check in found.values())
    assert "posts that are new" in {c.name for c in _data(changed, table)}
