"""Rules that hold for the whole tree."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from unpolished import __version__

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("data", "models", "training", "inference")
PACKING = {"gzip.compress", "gzip.open", "gzip.GzipFile", "GzipFile"}
SOURCES = sorted(p for d in PACKAGES for p in (ROOT / d).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_can_unpickle(path):
    """No pickle, joblib, dill, cloudpickle or skops; no torch.load, no mlflow.pyfunc.load_model."""
    roots = {name.split(".")[0] for name in _imports(path)}
    assert not roots & {"pickle", "joblib", "dill", "cloudpickle", "skops", "shelve", "marshal"}
    text = path.read_text("utf-8")
    assert "torch.load" not in text
    assert "pyfunc.load_model" not in text
    assert "allow_pickle=True" not in text


def test_no_test_packs_with_the_time_of_day():
    """A byte of it may be a line break on some days: the head of a gzip file says no time."""
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in PACKING:
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert given.get("mtime") == "0", f"{path}, line {node.lineno}"


def test_make_alone_prints_every_target_with_what_it_does():
    """The targets are those that the Makefile calls phony, and those it has a rule for."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    rules = re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)
    assert sorted(phony.split()) == sorted(rules)
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    printed = dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert sorted(printed) == sorted(rules)


def test_the_changelog_tells_of_this_version():
    """Dated versions, newest first; each has no list twice and no entry announced twice."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heads = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert len(heads) == text.count("\n## ")
    assert heads[0][0] == __version__
    assert sorted((date for _, date in heads), reverse=True) == [date for _, date in heads]
    for version in text.split("\n## ")[1:]:
        lists = re.findall(r"^### (\w+)$", version, re.MULTILINE)
        assert len(set(lists)) == len(lists)
        assert set(lists) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
        entries = re.findall(r"^- (.*)$", version, re.MULTILINE)
        assert len(set(entries)) == len(entries)


def test_every_page_of_the_docs_can_be_found():
    """The navigation of the site names each page, and no page that is not there."""
    named = re.findall(r": ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    pages = [str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(named) == sorted(pages)


def test_the_readme_links_to_what_is_there():
    """Files and headings of the checkout; the site checks the links of its own pages."""
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8")):
        name, _, heading = target.partition("#")
        assert (ROOT / name).is_file(), target
        if heading:
            text = (ROOT / name).read_text("utf-8")
            titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
            slugs = {
                re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles
            }
            assert heading in slugs, target
