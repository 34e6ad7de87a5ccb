"""The table of commands says what the commands themselves say."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
import unpolished.cli
from typer.testing import CliRunner
from unpolished.cli.commands import COMMANDS, SUMMARIES
from unpolished.cli.main import app


@pytest.fixture(scope="module")
def group():
    """The whole command line."""
    return typer.main.get_command(app)


def test_every_module_with_commands_is_in_the_table():
    """And has no others than those it names, in their order."""
    folder = Path(unpolished.cli.__file__).parent
    with_commands = {p.stem for p in folder.glob("*.py") if "@app.command" in p.read_text("utf-8")}
    assert set(COMMANDS) == with_commands
    for name, commands in COMMANDS.items():
        module = import_module(f"unpolished.cli.{name}")
        group = typer.Typer()
        group.add_typer(module.app)
        assert list(typer.main.get_group(group).commands) == list(commands)


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_is_the_beginning_of_the_commands_help(name, group):
    """Its first sentence, whole."""
    assert group.commands[name].name == name
    assert group.commands[name].get_short_help_str(1000).rstrip(".") == SUMMARIES[name].rstrip(".")


def test_help_lists_all_commands():
    """Each with its summary, cut to the width."""
    said = CliRunner().invoke(app, ["--help"]).output
    listed = said.partition("Commands:")[2].split("\n")
    assert [line.split()[0] for line in listed if line.strip()] == list(SUMMARIES)
    assert "score         Score posts: one row of labels and probabilities per post." in said


def test_a_slip_of_the_pen_is_told_what_was_meant():
    """Names are known without what they name."""
    said = CliRunner().invoke(app, ["scor"])
    assert said.exit_code == 2
    assert "Did you mean 'score'" in said.output


def test_help_imports_no_command(monkeypatch):
    """They are imported when they are run, each with its own module alone."""
    for name in COMMANDS:
        monkeypatch.delitem(sys.modules, f"unpolished.cli.{name}", raising=False)
    CliRunner().invoke(app, ["--help"])
    assert not {f"unpolished.cli.{name}" for name in COMMANDS} & sys.modules.keys()
    CliRunner().invoke(app, ["verify", "--help"])
    assert {f"unpolished.cli.{name}" for name in COMMANDS} & sys.modules.keys() == {
        "unpolished.cli.score"
    }
