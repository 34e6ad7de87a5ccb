"""The real command line: what it prints, and the code it ends with."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "corpus" / "samples.jsonl"


def run(*arguments, stdin=None, cwd=None, **environment):
    """Run ``unpolished``."""
    return subprocess.run(
        [sys.executable, "-m", "unpolished.cli", *map(str, arguments)],
        input=stdin, capture_output=True, text=True, check=False, cwd=cwd,
        env=os.environ | {"COLUMNS": "160"} | environment,
    )  # fmt: skip


# Where it does not matter which model scores: the one that starts fastest.
LIGHT = ("--model", "linear")


def _rows(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def test_version_and_help():
    """Every command with an example."""
    assert run("--version").stdout.startswith("unpolished 0.")
    shown = run("--help").stdout
    for command in ("score", "vet", "convert", "formats", "explain", "show", "model", "label",
                    "take-labels", "data", "train", "evaluate", "compare", "reproduce",
                    "errors", "promote", "rollback"):  # fmt: skip
        assert command in shown
        assert f"unpolished {command}" in " ".join(run(command, "--help").stdout.split())


def test_score_a_file_with_the_default_model(tmp_path):
    """All samples, exit 0, a summary on stderr, nothing on stdout."""
    done = run("score", SAMPLES, "-o", tmp_path / "out.jsonl", "--reasons", "flagged")
    assert (done.returncode, done.stdout) == (0, "")
    assert "rows/s" in done.stderr
    rows = _rows(tmp_path / "out.jsonl")
    assert len(rows) == len(_rows(SAMPLES))
    assert rows[0]["model"]["name"] == "unpolished-student"
    assert any(row["reasons"] for row in rows)


def test_pipes(tmp_path):
    """JSONL in, JSONL out, the rest on stderr."""
    done = run(
        "score", "-", "-o", "-", *LIGHT, stdin='{"id": "007", "text": "late bus again lol"}\n{\n'
    )
    assert done.returncode == 0
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert row["id"] == "007"
    assert "1 records rejected" in done.stderr
    command = ("score", "-", "-o", "-", "--quiet", "--format", "csv", *LIGHT)
    quiet = run(*command, stdin="text\nlate bus lol\n")
    assert quiet.stderr == ""
    assert len(quiet.stdout.splitlines()) == 1


def test_rejects_warn_and_end_with_1_only_above_the_limit(tmp_path):
    """No limit by default."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "late bus again lol"}\n{"text": 7}\n')
    command = ("score", source, *LIGHT, "-o")
    done = run(*command, tmp_path / "a.csv")
    assert done.returncode == 0
    assert "1 records rejected" in done.stderr
    assert _rows(tmp_path / "a.csv.rejects.jsonl")[0]["code"] == "type"
    assert run(*command, tmp_path / "b.csv", "--max-rejects", "50%").returncode == 0
    assert run(*command, tmp_path / "c.csv", "--max-rejects", "0").returncode == 1
    assert (tmp_path / "c.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("score", "none.csv", "-o", "o.jsonl"), "none.csv: No such file"),
        (("score", "x.txt", "-o", "o.jsonl"), "unknown extension"),
        (("score", SAMPLES, "-o", "o.xyz"), "unknown extension"),
        (("score", SAMPLES, "-o", "no/where.csv"), "cannot write there"),
        (("score", SAMPLES), "Missing option"),
        (
            ("score", SAMPLES, "-o", "o.csv", "--jurisdiction", "us,xx"),
            "jurisdiction 'xx': choose one of us, ca, uk",
        ),
        (("score", SAMPLES, "-o", "o.csv", "--prevalence", "paid=2"), "between 0 and 1"),
        (("score", SAMPLES, "-o", "o.csv", "--prevalence", "paid"), "write axis=share"),
        (("score", SAMPLES, "-o", "o.csv", "--model", "."), "is not a model folder"),
        (("score", SAMPLES, "-o", "o.csv", "--model", "models:/nothing/1"), "was not found"),
        (("score", SAMPLES, "-o", "o.csv", "--max-rejects", "x"), "--max-rejects x"),
        (("train", "--recipe", "lineal"), "embed, encoder, linear, rules, stack"),
        (("train", "--data", "none.csv"), "give public, corpus, or a file"),
        (("show", "none.jsonl"), "No such file"),
        (("explode",), "No such command"),
    ],
)
def test_bad_usage_and_unusable_input_end_with_2(tmp_path, arguments, message):
    """One line that says what to do, no traceback, nothing left behind."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert {p.name for p in tmp_path.iterdir()} <= {"mlflow.db", "mlflow.db.lock"}


def test_an_existing_output_is_kept(tmp_path):
    """Until --force."""
    target = tmp_path / "o.jsonl"
    target.write_text("mine")
    assert run("score", SAMPLES, "-o", target, *LIGHT).returncode == 2
    assert target.read_text() == "mine"
    assert run("score", SAMPLES, "-o", target, "--force", *LIGHT).returncode == 0


@pytest.mark.parametrize(
    "line",
    [b"[" * 100_000, b'{"id": 1, "style": [], "paid": {}}', b'{"id": "x", "text": "late bus"}',
     b'{"id": "x", "style": "\x1b[2J"}', b"\xff\xfe", b"", b"PAR1\x00"],
)  # fmt: skip
def test_what_score_did_not_write_is_not_shown(tmp_path, line):
    """The line is named; nothing of it is printed."""
    (tmp_path / "o.jsonl").write_bytes(b'{"id": "a", "style": "raw"}\n' + line + b"\n")
    done = run("show", "o.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert "o.jsonl, line 2: not a row of a scored JSONL file" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout


def test_rows_with_kept_columns_are_shown(tmp_path):
    """What --keep copied is no fault."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a1", "text": "late bus again lol", "shop": "x", "paid": "y"}\n')
    run("score", source, "-o", tmp_path / "o.jsonl", "--keep", "shop", "--model", "linear")
    done = run("show", tmp_path / "o.jsonl")
    assert (done.returncode, "a1" in done.stdout) == (0, True)


def test_explain_show_and_model(tmp_path):
    """What a person looks at."""
    done = run("explain", "in love with this serum from @glow, use code MAYA10 #ad")
    assert done.returncode == 0
    assert "disclosed" in done.stdout
    run("score", SAMPLES, "-o", tmp_path / "o.jsonl", *LIGHT)
    shown = run("show", tmp_path / "o.jsonl", "--posts", SAMPLES).stdout
    assert all(row["id"] in shown for row in _rows(SAMPLES))
    assert "p_performative" in run("model").stdout


def test_no_post_text_in_errors_or_rejects(tmp_path):
    """Only line, field and code."""
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"text": ["secret words"]}\n{"text": "secret words", "likes": "many"}\n{secret'
    )
    done = run("score", source, "-o", tmp_path / "o.jsonl", *LIGHT)
    rejects = (tmp_path / "o.jsonl.rejects.jsonl").read_text()
    # The count of likes is left empty, and costs no post.
    assert len(rejects.splitlines()) == 2
    assert "likes" in done.stderr
    assert "secret" not in done.stderr + rejects


def test_train_on_own_posts_then_score_with_the_registered_model(tmp_path):
    """The whole loop, on the corpus taken for one's own file, in a store of its own."""
    own = tmp_path / "mine.jsonl"
    own.write_text((ROOT / "data" / "corpus" / "posts.jsonl").read_text("utf-8"), "utf-8")
    environment = {"UNPOLISHED_CACHE": str(tmp_path / "cache")}
    done = run("train", "--recipe", "linear", "--data", own, cwd=tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    assert "completed; registered as unpolished-linear-mine" in done.stdout
    assert (tmp_path / "mlflow.db").exists()
    assert "paid" in run("compare", cwd=tmp_path, **environment).stdout
    assert run("evaluate", cwd=tmp_path, **environment).returncode == 0
    address = "models:/unpolished-linear-mine/1"
    done = run("score", SAMPLES, "-o", "o.jsonl", "--model", address, cwd=tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    refused = run("ship", "linear", "--run", _rows(tmp_path / "o.jsonl")[0]["model"]["run_id"],
                  cwd=tmp_path, **environment)  # fmt: skip
    assert refused.returncode == 2
    assert "only a model of the public data" in refused.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")
def test_a_closed_pipe_is_no_reject_limit_and_an_interrupt_says_so(tmp_path):
    """0 where the reader had enough, 130 and nothing left behind after Ctrl-C."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "late bus again lol, so tired of this week"}\n' * 20_000)
    command = [sys.executable, "-m", "unpolished.cli", "score", *LIGHT]
    piped = subprocess.Popen(
        [*command, source, "-o", "-", "-q"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert piped.stdout.readline()
    piped.stdout.close()
    assert piped.stderr.read() == b""
    piped.stderr.close()
    assert piped.wait() == 0
    # Standard input stays open, so that it is still reading when the signal comes.
    waiting = subprocess.Popen(
        [*command, "-", "-o", tmp_path / "o.jsonl", "-q"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        # Tests started in the background of a shell inherit that interrupts are ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while not (tmp_path / "o.jsonl.partial" / "manifest.jsonl").exists():
        time.sleep(0.05)
    waiting.send_signal(signal.SIGINT)
    shown = waiting.communicate()[1]
    assert (waiting.returncode, shown) == (130, b"unpolished: interrupted\n")
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_message_cannot_write_to_the_terminal(tmp_path):
    """Column names are quoted without their escape sequences."""
    (tmp_path / "in.csv").write_text("id,\x1b]0;title\x07caption\n1,x\n")
    done = run("score", "in.csv", "-o", "o.csv", *LIGHT, cwd=tmp_path)
    assert done.returncode == 2
    assert "caption" in done.stderr
    assert "\x1b" not in done.stderr


FIXTURES = ROOT / "tests" / "data" / "io" / "exports" / "fixtures"


def test_an_export_is_recognised_and_said(tmp_path):
    """Also with --quiet; --from overrides, and one that does not fit is named."""
    source = FIXTURES / "x-archive.js"
    done = run("score", source, "-o", tmp_path / "a.jsonl", *LIGHT, "-q")
    assert (done.returncode, done.stderr) == (0, "read as: X: archive of your data (tweets.js)\n")
    assert len(_rows(tmp_path / "a.jsonl")) == 10
    named = run("score", source, "-o", tmp_path / "b.jsonl", *LIGHT, "-q", "--from", "x-archive")
    assert named.returncode == 0
    assert _rows(tmp_path / "a.jsonl") == _rows(tmp_path / "b.jsonl")
    wrong = run("score", source, "-o", tmp_path / "c.jsonl", *LIGHT, "--from", "mastodon")
    assert wrong.returncode == 2
    assert "not read as Mastodon: statuses from the API: it lacks id, content" in wrong.stderr
    unknown = run("score", source, "-o", tmp_path / "c.jsonl", *LIGHT, "--from", "myspace")
    assert unknown.returncode == 2
    assert "no export is called 'myspace'; there are 4cat-csv" in unknown.stderr


def test_convert_and_formats(tmp_path):
    """Posts as lines, on standard output too; the list of what is known, and one of it."""
    done = run("convert", FIXTURES / "mastodon.json", "-o", "-", "-q")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(rows)) == (0, 10)
    assert rows[0]["repairs"] == ["markup"]
    (tmp_path / "none.json").write_text('[{"likes": 1}]')
    done = run("convert", tmp_path / "none.json", "-o", tmp_path / "o.jsonl")
    assert (done.returncode, (tmp_path / "o.jsonl").exists()) == (2, False)
    assert "say which key is the text with --map text=KEY" in done.stderr
    shown = run("formats").stdout
    assert "bright-data-instagram" in shown
    assert "likes are -1 where they are hidden" in run("formats", "apify-instagram").stdout
    assert run("formats", "myspace").returncode == 2
