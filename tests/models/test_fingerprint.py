"""What a row hangs on besides the model and the options is seen where it changes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import unpolished
from unpolished.models import fingerprint as module
from unpolished.models.fingerprint import changed, program

ROOT = Path(unpolished.__file__).parent
TELL = """
import json, sys
from unpolished.models import fingerprint as program
found = {n: m for n, m in sys.modules.items() if n[:11] == "unpolished." and n[11:] != "version"}
files = [getattr(m, "__file__", None) for m in found.values()]
paths = [str(p) for p in program._paths(program._FOLDERS)]
print(json.dumps([files, paths, dict(program.program())]))
"""
SCORE = "from unpolished import Scorer; Scorer.load('linear').score('late bus again lol #ad')"


def _python(code, folder):
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def copy(tmp_path):
    """Another checkout of the package: what scores, without the models."""
    target = tmp_path / "unpolished"
    target.mkdir()
    for name in ("__init__.py", "lazy.py", "version.py"):
        shutil.copy(ROOT / name, target)
    for folder in ("data", "models", "inference"):
        ignored = shutil.ignore_patterns("__pycache__", "default", "linear", "corpus")
        shutil.copytree(ROOT / folder, target / folder, ignore=ignored)
    return target


def _program_of(copy):
    """As a process sees it whose package that is."""
    code = f"import sys; sys.path.insert(0, {str(copy.parent)!r}); sys.meta_path[:] = "
    code += "[f for f in sys.meta_path if getattr(f, '__module__', '').startswith('_frozen')]"
    files, _, found = _python(code + TELL, copy.parent)
    assert all(file.startswith(str(copy)) for file in files if file)
    return found


def test_all_code_that_scores_counts(tmp_path):
    """Whatever is imported to score a post, explain it or score a file."""
    files, counted, _ = _python(
        SCORE + "\nimport unpolished.inference.batch.score_file" + TELL, tmp_path
    )
    assert len(files) > 50
    assert {file for file in files if file} <= set(counted)


def test_all_tables_count():
    """Each under its name, the list of English words among them."""
    tables = {p.relative_to(ROOT).as_posix() for p in ROOT.glob("data/**/*.t[ox]*")}
    assert {
        "data/text/language/english_words.txt",
        "data/text/language/py3langid/languages.toml",
        "data/text/disclosure/terms_by_language/en.toml",
    } <= tables
    assert tables <= program().keys()


def test_the_same_files_give_the_same_program(copy):
    """Wherever they lie, with and without compiled ones beside them."""
    (copy / "data" / "__pycache__").mkdir()
    (copy / "data" / "__pycache__" / "gone.py").write_text("")
    assert _program_of(copy) == dict(program())


@pytest.mark.parametrize(
    ("file", "part"),
    [("data/text/brands.toml", "data/text/brands.toml"),
     ("data/text/masking.py", "code"), ("data/text/repair/repair.py", "code"),
     ("models/pipeline.py", "code"), ("inference/batch/parts.py", "code")],
)  # fmt: skip
def test_rules_changed_in_place_are_another_program(copy, file, part):
    """Of the same version; and it is said what was changed."""
    with (copy / file).open("a") as stream:
        stream.write("\n# changed\n")
    found = _program_of(copy)
    different = [name for name, value in found.items() if value != program()[name]]
    assert different == [part]
    assert "under the same version" in changed(program(), found)
    assert part in changed(program(), found)


def test_a_file_that_is_added_moved_or_taken_away_counts(copy):
    """Names count beside what stands under them."""
    (copy / "data" / "terms.toml").write_text("")
    assert changed(program(), _program_of(copy)).startswith("the table data/terms.toml")
    assert changed(_program_of(copy), program()).startswith("the table data/terms.toml")
    (copy / "data" / "terms.toml").unlink()
    shutil.move(copy / "data/text/chunks.py", copy / "data/text/pieces.py")
    assert changed(program(), _program_of(copy)).startswith("the code")


def test_libraries_that_rows_are_computed_with_count():
    """Those of n-grams and languages as well as those of networks."""
    assert {"ftfy", "numpy", "onnxruntime", "scipy", "tokenizers"} <= program().keys()


def test_libraries_count(monkeypatch):
    """Said by name; one that is not there is no error."""
    monkeypatch.setattr(module, "version", lambda _: "1")
    before = program.__wrapped__()
    monkeypatch.setattr(module, "version", lambda name: "2" if name == "tokenizers" else "1")
    assert changed(before, program.__wrapped__()) == "tokenizers was 1, now it is 2"
