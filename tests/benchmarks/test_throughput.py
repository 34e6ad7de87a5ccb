"""What the throughput benchmark makes of its measurements; no time is asserted."""

import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from speed import process
from speed.memory import Peak, growth
from speed.models import body
from speed.posts import different, read_texts, read_tokens, repeated, write_posts, write_tokens
from speed.process import Run, timed
from speed.report import HEADER, Findings, cells, verdicts
from speed.rows import Measured, Row, Sample, all_rows, ratio, sample
from speed.where import _STAGES, shares, stage
from throughput import chosen
from unpolished import __file__ as package


def _row(name, *rates):
    found = Measured(Row(name, name, "posts", lambda *_: []), 100)
    found.samples += [Sample(1, rate, 1, 1, 1, 1, 0) for rate in rates]
    return found


def test_no_text_comes_twice_where_all_are_different(tmp_path):
    """Also in the third round, and after a file."""
    write_posts(tmp_path / "a.jsonl", different(["a b", 'c\n"d"']), 6)
    texts = read_texts(tmp_path / "a.jsonl")
    assert texts[:2] == ["a b", 'c\n"d"']
    assert len(set(texts)) == 6


def test_repeated_texts_are_the_same():
    """No number is added."""
    assert list(islice(repeated(["a", "b"]), 5)) == ["a", "b", "a", "b", "a"]


def test_tokens_come_back_shortest_first(tmp_path):
    """With every id."""
    write_tokens(tmp_path / "t.npz", [[1, 2, 3], [4], [5, 6]])
    assert [t.tolist() for t in read_tokens(tmp_path / "t.npz")] == [[4], [5, 6], [1, 2, 3]]


def test_start_up_is_taken_off_but_counted_in_the_whole():
    """Of wall and processor time."""
    found = sample(Run(2, 3, 0, 0, {}), Run(12, 8, 50, 70, {}), 1000)
    assert (found.whole, found.rate, found.cpu) == (1000 / 12, 100, 5)
    assert (found.largest_mb, found.together_mb, found.start) == (50, 70, 2)


def test_a_run_that_times_itself_is_believed():
    """So the bare session is without its start-up, reading and padding."""
    found = sample(Run(2, 3, 0, 0, {}), Run(12, 8, 0, 0, {"seconds": 4, "cpu": 6}), 1000)
    assert (found.rate, found.cpu) == (250, 6)


def test_posts_that_take_no_longer_than_start_up_have_no_rate():
    """A slow start would make a rate of any size; a round that has one counts."""
    slow = sample(Run(50, 3, 0, 0, {}), Run(51, 8, 0, 0, {}), 1000)
    assert np.isnan(slow.rate)
    rows = {"linear-2": _row("linear-2", slow.rate)}
    assert "not told" in next(iter(verdicts(rows)))
    assert _row("a", slow.rate, 7).median("rate") == 7
    assert ratio(_row("a", slow.rate, 7), _row("b", 1, 2)) == 3.5


def test_a_ratio_is_that_of_the_same_round():
    """So a machine that is slow for a whole round does not move it."""
    assert ratio(_row("a", 20, 200, 30), _row("b", 10, 100)) == 2


@pytest.mark.parametrize(("rate", "word"), [(22, "met"), (21, "MISSED")])
def test_a_goal_is_met_from_its_number_on(rate, word):
    """Against the pipeline."""
    rows = {"encoder": _row("encoder", rate), "pipeline": _row("pipeline", 10)}
    (line,) = verdicts(rows)
    assert line.endswith(f"**{word}**")


def test_nothing_is_said_of_a_goal_without_its_peer():
    """Or with one that has not run yet."""
    assert not list(verdicts({"cascade": _row("cascade", 9), "pipeline": _row("pipeline")}))


def test_the_page_names_rows_that_are_not_complete():
    """And keeps what there is of them."""
    rows = {"encoder": _row("encoder", 5), "compact": _row("compact")}
    text = Findings("x", 2, rows=rows).markdown()
    assert "| encoder | 100 | 5 |" in text
    assert "not complete: encoder (1 of 2), compact (0 of 2)" in text


def test_every_row_has_a_cell_for_every_column():
    """Whether or not there is a peer."""
    assert len(cells(_row("a", 1), {})) == len(HEADER)


def test_growth_is_against_each_smaller_file_of_the_same_kind():
    """The largest process and all of them have a verdict each."""
    found = [Peak("different", 2, 10_000, 300, 300, 1), Peak("repeated", 2, 10_000, 1, 1, 1),
             Peak("different", 2, 1_000_000, 350, 800, 1)]  # fmt: skip
    (line,) = growth(found)
    assert "largest process +50 MB (met: 100)" in line
    assert "all processes +500 MB (MISSED: 100)" in line


def test_rows_are_chosen_by_name():
    """An unknown one is answered with those there are."""
    assert chosen("encoder,memory", all_rows(2)) == {"encoder", "memory"}
    with pytest.raises(SystemExit, match=r"--only fast: no such row.*pipeline"):
        chosen("fast", all_rows(2))


def test_a_function_is_more_exact_than_its_module():
    """And what is not known is the rest."""
    assert stage("models.onnx.session", "_tokenised") == "tokeniser"
    assert stage("models.onnx.session", "_run") == "network"
    assert stage("data.text.masking", "mask") == "masking"
    assert stage("data.text.language.batch", "posteriors") == "language"
    assert "rest" in stage("inference.output.workdir", "begin")


def test_stages_are_named_by_modules_that_are_there():
    """A module that moves takes its stage along."""
    for name in _STAGES:
        path = Path(package).parent / name.replace(".", "/")
        module = path if path.with_suffix(".py").is_file() else path.parent
        assert path.is_dir() or module.with_suffix(".py").is_file()


def test_shares_are_of_all_looks():
    """The largest first."""
    assert shares({"a": 1, "b": 3}) == {"b": 0.75, "a": 0.25}


def test_memory_and_answer_of_a_process_are_seen(tmp_path, monkeypatch):
    """Those of its children too."""
    seen, measured = tmp_path / "seen", process._mb

    def told(pid):
        size = measured(pid)
        if size > 57:
            seen.touch()
        return size

    monkeypatch.setattr(process, "_mb", told)
    # It stays until it was looked at, however slow the machine is.
    child = (
        "import os, time; b = bytearray(60_000_000)\n"
        f"while not os.path.exists({str(seen)!r}): time.sleep(.01)"
    )
    parent = (
        f"import subprocess, sys; print('x'); subprocess.run([sys.executable, '-c', {child!r}])"
    )
    run = timed([sys.executable, "-c", parent + "; print('{\"n\": 3}')"])
    assert run.said == {"n": 3}
    assert run.together_mb > run.largest_mb > 57


def test_a_process_that_fails_ends_the_benchmark():
    """With its command and exit code."""
    with pytest.raises(SystemExit, match=r"-c raise SystemExit\(3\): ended with 3"):
        timed([sys.executable, "-c", "raise SystemExit(3)"])


@pytest.mark.parametrize("place", ["", "probable."])
def test_matrices_of_a_graph_are_named_by_their_bias(place):
    """And turned back."""
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    nodes = [helper.make_node("MatMul", ["x", "val_1"], ["y"]),
             helper.make_node("Add", ["y", f"{place}net.body.layer.bias"], ["z"])]  # fmt: skip
    arrays = {"val_1": matrix, f"{place}net.body.layer.bias": np.ones(3, np.float32),
              f"{place}net.heads.style.bias": np.ones(1, np.float32)}  # fmt: skip
    value = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in "xz"]
    weights = [numpy_helper.from_array(a, n) for n, a in arrays.items()]
    graph = helper.make_graph(nodes, "g", value[:1], value[1:], weights)
    found = body(graph, "net.body.")
    assert set(found) == {"layer.bias", "layer.weight"}
    np.testing.assert_array_equal(found["layer.weight"], matrix.T)
