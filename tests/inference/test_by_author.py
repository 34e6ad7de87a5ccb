"""Posts by author at the end of a run: counted once, in any parts, and never written."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from unpolished import Options, ScoredPost, Scorer
from unpolished.cli.show_scores import print_authors
from unpolished.inference import by_author
from unpolished.inference.by_author import ENOUGH, ByAuthor, wilson


def _row(style="raw", paid="unlikely", performative="unlikely"):
    return ScoredPost(id="a", style=style, paid=paid, performative=performative)


ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b"]),
        st.builds(
            _row,
            style=st.sampled_from(["raw", "polished", "unsure", None]),
            paid=st.sampled_from(["disclosed", "likely", "unlikely", "unsure"]),
        ),
    ),
    max_size=80,
)


@given(ROWS, st.integers(0, 80))
def test_parts_add_up(rows, cut):
    """In whatever order they come."""
    whole, first, second = ByAuthor(), ByAuthor(), ByAuthor()
    whole.count(rows)
    first.count(rows[:cut])
    second.count(rows[cut:])
    second.add(first)
    assert list(second.authors()) == list(whole.authors())
    assert sum(a.posts for a in whole.authors()) == sum(name is not None for name, _ in rows)


def test_shares_are_of_labelled_posts_and_only_of_enough():
    """Disclosed counts as paid; a post without a label of an axis is none of its."""
    counts = ByAuthor()
    counts.count([("much", _row(style=None, paid="disclosed"))] * 5)
    counts.count([("much", _row(style="polished", paid="unsure"))] * 15)
    counts.count([("less", _row())] * (ENOUGH - 1))
    much, less = counts.authors()
    assert (much.name, much.posts, less.posts) == ("much", 20, 19)
    assert much.shares["style"].value == 1.0
    assert much.shares["paid"] == wilson(5, 20)
    assert set(less.shares.values()) == {None}


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(n_of):
    """And lies between nothing and all."""
    share = wilson(*n_of)
    assert 0 <= share.low <= share.value + 1e-12
    assert share.value - 1e-12 <= share.high <= 1


def test_of_too_many_authors_no_table_is_made(monkeypatch):
    """Memory stays bounded, also where each part has few."""
    monkeypatch.setattr(by_author, "MAX_AUTHORS", 3)
    whole = ByAuthor()
    for n in range(5):
        part = ByAuthor()
        part.count([(f"a{n}", _row())])
        whole.add(part)
    assert whole.too_many
    assert len(whole) == 0
    whole.count([("b", _row())])
    assert len(whole) == 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_ends_with_a_table_and_writes_no_author(jobs, tmp_path):
    """Names cannot move the cursor, nor be markup."""
    posts = [{"text": f"late bus number {n}", "author": "[red]qqxz\x1b[2J"} for n in range(25)]
    posts += [{"text": "soup again", "author": f"other{n}"} for n in range(12)]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(post) + "\n" for post in posts))
    summary = Scorer.load("linear").score_file(source, tmp_path / "o.jsonl", Options(jobs=jobs))
    console = Console(file=io.StringIO(), width=100)
    print_authors(summary.by_author, console)
    shown = console.file.getvalue()
    assert "[red]qqxz\ufffd[2J" in shown
    assert "\x1b" not in shown
    assert "12 of 13 authors have too few posts" in shown
    assert "and 3 more authors" in shown
    for path in tmp_path.iterdir():
        assert path == source or "qqxz" not in path.read_text("utf-8")


def test_posts_without_authors_make_no_table():
    """Nothing is printed."""
    console = Console(file=io.StringIO())
    print_authors(ByAuthor(), console)
    assert console.file.getvalue() == ""


def test_authors_who_all_have_too_few_posts_make_no_table():
    """One line says so."""
    counts = ByAuthor()
    counts.count([("a", _row()), ("b", _row())])
    console = Console(file=io.StringIO(), width=100)
    print_authors(counts, console)
    assert console.file.getvalue() == (
        "by author: 2, each of fewer than 20 posts, too few for shares\n"
    )
