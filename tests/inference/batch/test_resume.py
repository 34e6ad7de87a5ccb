"""Runs that end anywhere and are taken up again: what comes out is what would have come out."""

import json
import shutil

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.batch import score_file as batch
from unpolished.inference.batch.score_file import Interrupted, score_file
from unpolished.inference.options import Options
from unpolished.inference.output import assemble
from unpolished.inference.output import workdir as partial
from unpolished.inference.output.paths import layout_of
from unpolished.inference.output.verify import verify
from unpolished.inference.output.workdir import claimed
from unpolished.inference.scorer import Scorer
from unpolished.models.fingerprint import program

OUTPUTS = ("o.jsonl", "o.csv", "o.parquet", "o.jsonl.gz", "parts/")


@pytest.fixture
def rules(rules_folder):
    """The fastest model."""
    return Scorer.load(rules_folder)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """As if there were many rows and one processor: no process is started for five posts."""
    monkeypatch.setattr("unpolished.inference.batch.parts.PART_ROWS", 5)
    monkeypatch.setattr("unpolished.inference.batch.pool.processors", lambda: 1)


@pytest.fixture
def posts(tmp_path):
    """Twenty-three records, three of them bad."""
    path = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": f"p{i}", "text": f"late bus {i % 7} lol"}) for i in range(20)]
    for place in (2, 9, 17):
        lines.insert(place, "{")
    path.write_text("\n".join(lines) + "\n")
    return path


def _content(folder):
    """Everything written, but for manifests, which hold times."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "manifest" not in path.name
    }


def _written(rules, source, folder, name, **options):
    folder.mkdir()
    score_file(rules.pipeline, source, f"{folder}/{name}", Options(jobs=1, **options))
    return _content(folder)


def _fail_at(monkeypatch, module, name, n, error):
    """Let the n-th call of a function end with an error."""
    real, calls = getattr(module, name), [0]

    def failing(*arguments, **options):
        calls[0] += 1
        if calls[0] == n:
            raise error
        return real(*arguments, **options)

    monkeypatch.setattr(module, name, failing)


@pytest.mark.parametrize("name", OUTPUTS)
def test_interrupted_at_every_part(rules, posts, tmp_path, monkeypatch, name):
    """Byte-identical in all formats; nothing of the work is left."""
    whole = _written(rules, posts, tmp_path / "whole", name)
    for n in range(5):
        folder = tmp_path / f"stopped-{n}"
        folder.mkdir()
        with monkeypatch.context() as patch:
            _fail_at(patch, partial.Partial, "add", n + 1, KeyboardInterrupt())
            with pytest.raises(KeyboardInterrupt) as stop:
                score_file(rules.pipeline, posts, f"{folder}/{name}", Options(jobs=1))
        assert isinstance(stop.value, Interrupted) is (n > 0)
        assert bool(list(folder.iterdir())) is (n > 0)
        if n:
            assert f"{n * 5} rows are done: --resume continues" in str(stop.value)
            with pytest.raises(InputError, match="interrupted run: continue it with --resume"):
                score_file(rules.pipeline, posts, f"{folder}/{name}", Options(jobs=1))
        score_file(rules.pipeline, posts, f"{folder}/{name}", Options(jobs=1, resume=True))
        assert _content(folder) == whole
        assert verify(folder / name).rows == 23


@pytest.mark.parametrize("name", ["o.csv", "parts/"])
@pytest.mark.parametrize(
    ("module", "function", "n"),
    [(partial.shutil, "rmtree", 1), (assemble, "sync", 1), (assemble, "sync", 2),
     (assemble.shutil, "copyfile", 1), (assemble, "publish", 1)],
)  # fmt: skip
def test_stopped_while_it_gets_its_name(
    rules, posts, tmp_path, monkeypatch, name, module, function, n
):
    """Between any two steps of the end; without the handlers that a dead process does not run."""
    whole = _written(rules, posts, tmp_path / "whole", name)
    folder = tmp_path / "stopped"
    folder.mkdir()
    with monkeypatch.context() as patch:
        _fail_at(patch, module, function, n, SystemError("stopped"))
        if function == "publish":
            patch.setattr("unpolished.inference.batch.score_file.publish", assemble.publish)
        with pytest.raises(SystemError):
            score_file(rules.pipeline, posts, f"{folder}/{name}", Options(jobs=1))
    score_file(rules.pipeline, posts, f"{folder}/{name}", Options(jobs=1, resume=True))
    assert _content(folder) == whole
    assert verify(folder / name).scored == 20


def test_resuming_what_is_complete_changes_nothing(rules, posts, tmp_path):
    """The totals again; and not if the output was touched, or is somebody else's."""
    target = tmp_path / "o.jsonl"
    first = score_file(rules.pipeline, posts, target)
    before = target.stat()
    again = score_file(rules.pipeline, posts, target, Options(resume=True))
    assert again.counts() == first.counts()
    assert target.stat().st_mtime_ns == before.st_mtime_ns
    with pytest.raises(InputError, match='--jurisdiction was "us", now it is "uk"'):
        score_file(rules.pipeline, posts, target, Options(resume=True, jurisdiction="uk"))
    target.write_text(target.read_text() + "\n")
    with pytest.raises(InputError, match="was changed since it was written"):
        score_file(rules.pipeline, posts, target, Options(resume=True))
    (tmp_path / "other.jsonl").write_text("mine")
    with pytest.raises(InputError, match="missing or cut short"):
        score_file(rules.pipeline, posts, tmp_path / "other.jsonl", Options(resume=True))


def _stopped(rules, posts, target, monkeypatch, n=3, **options):
    with monkeypatch.context() as patch:
        _fail_at(patch, partial.Partial, "add", n, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            score_file(rules.pipeline, posts, target, Options(jobs=1, **options))


def test_another_input_model_or_setting_is_refused(rules, scorer, posts, tmp_path, monkeypatch):
    """Saying which, before a row is written; with all as it was, it goes on."""
    target = tmp_path / "o.jsonl"
    _stopped(rules, posts, target, monkeypatch)
    before = _content(tmp_path / "o.jsonl.partial")
    with pytest.raises(InputError, match="the model is another one"):
        score_file(scorer.pipeline, posts, target, Options(resume=True))
    with pytest.raises(InputError, match='--reasons was "none", now it is "flagged"'):
        score_file(rules.pipeline, posts, target, Options(resume=True, reasons="flagged"))
    content = posts.read_bytes()
    posts.write_bytes(content.replace(b"bus 6", b"bus 9"))
    with pytest.raises(InputError, match=r"in\.jsonl was changed"):
        score_file(rules.pipeline, posts, target, Options(resume=True))
    assert _content(tmp_path / "o.jsonl.partial") == before
    posts.write_bytes(content)
    assert score_file(rules.pipeline, posts, target, Options(resume=True)).rows == 23


@pytest.mark.parametrize("complete", [False, True])
def test_rules_changed_in_place_are_refused(rules, posts, tmp_path, monkeypatch, complete):
    """Of the same version; what was begun with the old ones is not finished with the new ones."""
    target = tmp_path / "o.jsonl"
    if complete:
        score_file(rules.pipeline, posts, target)
    else:
        _stopped(rules, posts, target, monkeypatch)
    before = _content(tmp_path)
    edited = program() | {"data/text/disclosure/terms.toml": "0"}
    with monkeypatch.context() as patch:
        patch.setattr(batch, "program", lambda: edited)
        with pytest.raises(
            InputError, match=r"the table data/text/disclosure/terms\.toml of unpolished"
        ):
            score_file(rules.pipeline, posts, target, Options(resume=True))
    assert _content(tmp_path) == before
    assert score_file(rules.pipeline, posts, target, Options(resume=True)).rows == 23


def test_a_damaged_part_is_not_built_upon(rules, posts, tmp_path, monkeypatch):
    """The hash in the manifest tells."""
    target = tmp_path / "o.jsonl"
    _stopped(rules, posts, target, monkeypatch)
    part = tmp_path / "o.jsonl.partial" / "data" / "part-000001.jsonl"
    part.write_bytes(part.read_bytes().replace(b"raw", b"war"))
    with pytest.raises(InputError, match=r"part-000001\.jsonl was changed after it was written"):
        score_file(rules.pipeline, posts, target, Options(resume=True))


def test_an_old_output_stands_until_the_new_one_is_complete(rules, posts, tmp_path, monkeypatch):
    """Also when a run that may replace it is stopped; what is resumed may replace it as well."""
    target = tmp_path / "o.jsonl"
    target.write_text("old")
    _stopped(rules, posts, target, monkeypatch, force=True)
    assert target.read_text() == "old"
    score_file(rules.pipeline, posts, target, Options(resume=True))
    assert verify(target).scored == 20


def test_an_output_that_comes_up_meanwhile_is_not_replaced(rules, posts, tmp_path, monkeypatch):
    """Nor is the work lost: it goes on when that one is moved away."""
    target = tmp_path / "o.jsonl"
    real = partial.Partial.add

    def add(self, *arguments):
        target.write_text("theirs")
        real(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(partial.Partial, "add", add)
        with pytest.raises(InputError, match="created while this run was writing"):
            score_file(rules.pipeline, posts, target)
    assert target.read_text() == "theirs"
    target.unlink()
    assert score_file(rules.pipeline, posts, target, Options(resume=True)).rows == 23


def test_one_run_at_a_time(rules, posts, tmp_path):
    """The second is refused and harms nothing."""
    target = tmp_path / "o.jsonl"
    with claimed(layout_of(target, None), keep=True) as mine:
        mine.begin({"kind": "run", "manifest": 1, "force": False})
        with pytest.raises(InputError, match="another run is writing"):
            score_file(rules.pipeline, posts, target)
        assert (mine.path / "manifest.jsonl").exists()
    assert score_file(rules.pipeline, posts, target).rows == 23


def test_a_folder_in_the_way_is_left_alone(rules, posts, tmp_path):
    """It may be anybody's."""
    theirs = tmp_path / "o.jsonl.partial"
    theirs.mkdir()
    (theirs / "thesis.doc").write_text("mine")
    with pytest.raises(InputError, match="was not made by this program"):
        score_file(rules.pipeline, posts, tmp_path / "o.jsonl")
    assert (theirs / "thesis.doc").read_text() == "mine"


def test_an_input_written_to_meanwhile_is_refused(rules, posts, tmp_path, monkeypatch):
    """Its rows would not be those that were hashed."""
    real = partial.Partial.add

    def add(self, *arguments):
        with posts.open("a") as stream:
            stream.write("{}\n")
        real(self, *arguments)

    monkeypatch.setattr(partial.Partial, "add", add)
    with pytest.raises(InputError, match="changed while it was read"):
        score_file(rules.pipeline, posts, tmp_path / "o.jsonl")
    assert not (tmp_path / "o.jsonl").exists()


def test_streams_are_not_resumed_and_leave_nothing(rules, posts, tmp_path, monkeypatch):
    """Their records cannot be read again."""
    with posts.open("rb") as stream, pytest.raises(InputError, match="a stream cannot be read"):
        score_file(rules.pipeline, stream, tmp_path / "o.jsonl", Options(resume=True))
    with pytest.raises(InputError, match="standard output cannot be resumed"):
        score_file(rules.pipeline, posts, None, Options(resume=True))
    with posts.open("rb") as stream:
        _stopped(rules, stream, tmp_path / "o.jsonl", monkeypatch)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda o: o.write_bytes(o.read_bytes()[:-2]), "o.csv was changed"),
        (lambda o: o.with_name("o.csv.rejects.jsonl").write_text(""), "rejects.jsonl was changed"),
        (lambda o: o.with_name("o.csv.rejects.jsonl").unlink(), "No such file"),
        (lambda o: o.with_name("o.csv.manifest.jsonl").unlink(), "was it moved alone"),
        (lambda o: _edit(o, '"scored": 20', '"scored": 21'), "do not add up"),
        (lambda o: o.unlink(), "No such file"),
    ],
)  # fmt: skip
def test_verify_finds_what_was_changed(rules, posts, tmp_path, spoil, message):
    """And says that all is well where it is."""
    target = tmp_path / "o.csv"
    score_file(rules.pipeline, posts, target)
    assert verify(target).rejected == {"json": 3}
    spoil(target)
    with pytest.raises(InputError, match=message):
        verify(target)


def _edit(target, old, new):
    manifest = target.with_name("o.csv.manifest.jsonl")
    *lines, end = manifest.read_text().splitlines()
    manifest.write_text("\n".join([*lines, end.replace(old, new)]) + "\n")


def test_verify_a_folder(rules, posts, tmp_path):
    """No part may be missing or come from elsewhere."""
    score_file(rules.pipeline, posts, f"{tmp_path}/parts/")
    shutil.copy(tmp_path / "parts" / "part-000000.jsonl", tmp_path / "parts" / "x.jsonl")
    with pytest.raises(InputError, match=r"x\.jsonl is not part of this output"):
        verify(tmp_path / "parts")
    (tmp_path / "parts" / "x.jsonl").unlink()
    assert verify(tmp_path / "parts").rows == 23
    (tmp_path / "parts" / "part-000002.jsonl").unlink()
    with pytest.raises(InputError, match="No such file"):
        verify(tmp_path / "parts")
