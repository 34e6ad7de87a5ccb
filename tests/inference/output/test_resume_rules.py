"""The states of a run as a table: what is there, what is asked, what comes next."""

from pathlib import Path

import pytest
from unpolished.data.errors import InputError
from unpolished.inference.output.manifest import (
    Manifest,
    difference,
    line,
    read_manifest,
    run_entry,
)
from unpolished.inference.output.paths import layout_of
from unpolished.inference.output.resume import Action, Found, next_step

RUN, FORCED, PART, END = {"force": False}, {"force": True}, {"number": 0}, {"kind": "end"}
NONE = Manifest()
BEGUN, BEGUN_FORCED = Manifest(RUN), Manifest(FORCED)
PARTS, PARTS_FORCED = Manifest(RUN, [PART]), Manifest(FORCED, [PART])
COMPLETE = Manifest(RUN, [PART], END)
EXISTS, INTERRUPTED = (
    "choose another name, or --force",
    "an interrupted run: continue it with --resume",
)


@pytest.mark.parametrize(
    ("output", "work", "plain", "resume", "force"),
    [
        (False, NONE, Action.BEGIN, Action.BEGIN, Action.BEGIN),
        (False, BEGUN, Action.BEGIN, Action.BEGIN, Action.BEGIN),
        (False, PARTS, INTERRUPTED, Action.GO_ON, INTERRUPTED),
        (False, COMPLETE, INTERRUPTED, Action.PUBLISH, INTERRUPTED),
        (True, NONE, EXISTS, Action.NOTHING, Action.BEGIN),
        (True, BEGUN, EXISTS, Action.NOTHING, Action.BEGIN),
        (True, BEGUN_FORCED, EXISTS, Action.BEGIN, Action.BEGIN),
        (True, PARTS, INTERRUPTED, "move one of them away", INTERRUPTED),
        (True, PARTS_FORCED, INTERRUPTED, Action.GO_ON, INTERRUPTED),
        (True, COMPLETE, INTERRUPTED, Action.PUBLISH, INTERRUPTED),
    ],
)
def test_every_state(output, work, plain, resume, force):
    """An existing output is never replaced unasked, work is never thrown away."""
    layout, found = layout_of("o.jsonl", None), Found(output, work)
    for expected, options in (
        (plain, {"resume": False, "force": False}),
        (resume, {"resume": True, "force": False}),
        (force, {"resume": False, "force": True}),
    ):
        if isinstance(expected, Action):
            assert next_step(found, layout, **options) is expected
        else:
            with pytest.raises(InputError, match=expected):
                next_step(found, layout, **options)


def test_a_folder_is_not_replaced_and_flags_do_not_contradict():
    """Even with --force; and never both."""
    with pytest.raises(InputError, match="a folder is not replaced"):
        next_step(Found(True, NONE), layout_of("parts/", None), resume=False, force=True)
    with pytest.raises(InputError, match="contradict"):
        next_step(Found(False, NONE), layout_of("o.csv", None), resume=True, force=True)


@pytest.mark.parametrize(
    ("target", "message"),
    [("o.xyz", "unknown extension"), ("o.parquet.gz", "leave .gz out"), ("o.csv.bz2", "leave .bz2"),
     (".", "is not a file name"), ("/", "is not a file name")],
)  # fmt: skip
def test_outputs_that_cannot_be(target, message):
    """Found before anything is read."""
    with pytest.raises(InputError, match=message):
        layout_of(target, None)


def test_an_existing_folder_is_no_file(tmp_path):
    """A slash says that a folder is meant."""
    with pytest.raises(InputError, match="is a folder"):
        layout_of(tmp_path, "jsonl")
    assert layout_of(f"{tmp_path}/new/", None).is_folder


PROGRAM = {"unpolished": "0.1", "code": "1", "data/terms.toml": "2", "numpy": "2.4"}


def _run(**changed):
    given = {
        "program": PROGRAM, "model": {"name": "m", "version": None, "sha256": "0"},
        "settings": {"--keep": [], "--jurisdiction": "us"},
        "inputs": [{"name": "a.csv", "bytes": 1, "sha256": "1"}], "force": False,
    }  # fmt: skip
    return run_entry(**given | changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, None),
        ({"force": True}, None),
        ({"program": PROGRAM | {"unpolished": "0.2"}}, "begun by unpolished 0.1, this is 0.2"),
        ({"program": PROGRAM | {"code": "9"}}, "the code of unpolished was changed"),
        ({"program": PROGRAM | {"data/terms.toml": "9"}}, "the table data/terms.toml of unpoli"),
        ({"program": PROGRAM | {"data/more.toml": "9"}}, "the table data/more.toml of unpolished"),
        ({"program": PROGRAM | {"numpy": "3.0"}}, "numpy was 2.4, now it is 3.0"),
        ({"model": {"name": "n", "version": "2", "sha256": "9"}}, "another one: m then, n 2 now"),
        ({"model": {"name": "m", "version": None, "sha256": "9"}}, "another one of the same name"),
        ({"settings": {"--keep": ["a"], "--jurisdiction": "us"}},
         '--keep was not given, now it is ["a"]'),
        ({"settings": {"--keep": [], "--jurisdiction": "uk"}},
         '--jurisdiction was "us", now it is "uk"'),
        ({"inputs": [{"name": "a.csv", "bytes": 1, "sha256": "2"}]}, "a.csv was changed"),
        ({"inputs": [{"name": "b.csv", "bytes": 1, "sha256": "1"}]}, "a.csv is no longer among"),
        ({"inputs": [*_run()["input"], {"name": "b.csv", "bytes": 1, "sha256": "1"}]},
         "b.csv was added"),
    ],
)  # fmt: skip
def test_what_changed_is_said(changed, message):
    """By name, then and now."""
    assert (difference(_run(), _run(**changed)) or "").find(message or "") >= 0
    assert (difference(_run(), _run(**changed)) is None) is (message is None)


def test_a_run_that_does_not_say_what_it_was_made_of_is_another(tmp_path):
    """It was begun by a program before this one, whatever its version says."""
    path, before = tmp_path / "manifest.jsonl", _run()
    del before["made_of"]
    path.write_bytes(line(before))
    found = read_manifest(path).run
    assert "begun by an earlier state of unpolished 0.1" in difference(found, _run())


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_a_line_cut_short_is_left_out(tmp_path, cut):
    """Wherever the power failed."""
    path, whole = tmp_path / "manifest.jsonl", [line(_run()), line({"kind": "part", "number": 0})]
    path.write_bytes(b"".join(whole) + line({"kind": "part", "number": 1})[:-cut])
    found = read_manifest(path)
    assert (found.run, found.parts, found.end) == (_run(), [{"kind": "part", "number": 0}], None)
    assert found.size == len(b"".join(whole))


def test_a_manifest_of_another_format_is_refused(tmp_path):
    """A later version may mean something else by it."""
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(line(_run() | {"manifest": 99}))
    with pytest.raises(InputError, match="another version"):
        read_manifest(path)
    assert read_manifest(Path("nothing.jsonl")) == Manifest()
