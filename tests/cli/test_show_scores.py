"""What is printed: everything a user needs, nothing a post could do to a terminal."""

import io

from rich.console import Console
from rich.text import Text
from typer.testing import CliRunner
from unpolished.cli import show_scores as terminal
from unpolished.cli.main import app
from unpolished.data.posts import LabelledPost
from unpolished.inference.batch.score_file import score_file

EVIL = (
    "\x1b[2J\x1b]0;title\x07 [bold red]in love with this serum[/] from @glow, use code MAYA10 #ad"
)


def _console():
    return Console(file=io.StringIO(), force_terminal=True, width=120)


def test_explained_posts_are_defused_and_highlighted(scorer):
    """No escape of the post's own; its markup is shown as typed."""
    console = _console()
    (row,) = scorer.score([EVIL], reasons="flagged")
    terminal.print_explained(row, EVIL, console)
    shown = console.file.getvalue()
    assert "\x1b[2J" not in shown
    assert "\x1b]0;" not in shown
    assert "[bold red]" in shown
    assert "disclosed" in shown
    assert "not a verdict" in shown


def test_rows_show_labels_and_the_beginning_of_the_text(scorer):
    """Ids and texts defused."""
    console = _console()
    (row,) = scorer.score([{"id": "\x1b[1mx", "text": EVIL}])
    terminal.print_rows([row], {row.id: EVIL}, {}, console)
    shown = console.file.getvalue()
    assert "\x1b[1mx" not in shown
    assert "serum" in shown
    assert "disclosed" in shown


def test_labels_of_the_posts_are_held_against_the_rows(scorer):
    """An open label says nothing, a disclosed post is paid, and a known miss is shown."""
    console = _console()
    labels = [{"label_paid": "yes"}, {"label_paid": "no", "label_style": "unsure"}, {}]
    posts = [LabelledPost(id=f"p{i}", text=EVIL, **given) for i, given in enumerate(labels)]
    rows = scorer.score([{"id": post.id, "text": post.text} for post in posts])
    terminal.print_rows(rows, {}, {post.id: post for post in posts}, console)
    shown = console.file.getvalue()
    assert "1 of 2 labels say otherwise than the posts' own: p1 (paid)." in shown
    assert "labelled no" in shown
    assert "labelled yes" not in shown
    console = _console()
    terminal.print_rows(rows, {}, {}, console)
    assert "labels say" not in console.file.getvalue()


def test_summary_counts_everything(scorer, tmp_path):
    """Rows, rejects by code, labels."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "late bus again lol"}\n{\n' * 2)
    console = _console()
    terminal.print_summary(score_file(scorer.pipeline, source, tmp_path / "o.csv"), console)
    shown = console.file.getvalue()
    for part in ("4 rows", "rejected: json", "style: raw", "rows have an id"):
        assert part in shown


def test_a_model_says_what_it_is_not(scorer):
    """Metrics, thresholds, limits."""
    console = _console()
    terminal.print_model(scorer.info, console)
    shown = console.file.getvalue()
    for part in ("tiny", "p_paid", "English only", "language model voted", "never a verdict"):
        assert part in shown


def test_a_model_says_which_labels_it_never_gives(scorer):
    """Where too few authors carry them: no cut is shown, and the reason is."""
    console = _console()
    few = scorer.info.thresholds.p_paid.model_copy(
        update={"flag": 0.777, "opposite": 0.111, "alpha_held": False, "negative_authors": 5}
    )
    thresholds = scorer.info.thresholds.model_copy(update={"p_paid": few})
    terminal.print_model(scorer.info.model_copy(update={"thresholds": thresholds}), console)
    shown = " ".join(Text.from_ansi(console.file.getvalue()).plain.split())
    assert "never" in shown
    assert "0.777" not in shown
    assert "0.111" in shown
    assert "p_paid: nothing is flagged: alpha 0.05 takes 19 authors" in shown
    assert "there are 5." in shown


def test_progress_shows_on_a_terminal_only(scorer, tmp_path):
    """Rows of the expected total, rejects; nothing where output goes to a file."""
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "late bus again lol"}\n{\n')
    for is_terminal in (True, False):
        console = Console(file=io.StringIO(), force_terminal=is_terminal, width=120)
        target = tmp_path / f"{is_terminal}.csv"
        with terminal.scoring_progress(console) as bar:
            score_file(scorer.pipeline, source, target, None, bar.show, bar.expect)
        shown = console.file.getvalue()
        assert ("2/2" in shown) is is_terminal
        assert ("1 rejected" in shown) is is_terminal


def test_a_foreign_model_cannot_write_to_the_terminal(scorer):
    """Its name is shown as typed."""
    console = _console()
    terminal.print_model(scorer.info.model_copy(update={"name": "[red]x[/nope]\x1b[2J"}), console)
    shown = Text.from_ansi(console.file.getvalue()).plain
    assert "[red]x[/nope]" in shown
    assert "\x1b[2J" not in console.file.getvalue()


def test_posts_that_share_an_id_are_held_against_no_row(tmp_path):
    """Nobody knows which row is whose; their texts are shown."""
    source, scored = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    post = '{"id": "a", "text": "late bus again, so tired of this week", "label_style": "%s"}\n'
    source.write_text(post % "raw" + post % "polished")
    runner = CliRunner()
    for command in (["score", source, "-o", scored, "--model", "linear"],
                    ["show", scored, "--posts", source]):  # fmt: skip
        done = runner.invoke(app, [str(part) for part in command])
        assert done.exit_code == 0
    assert "late bus" in done.output
    assert "labels say" not in done.output
