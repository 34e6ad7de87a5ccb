"""The page of the command line is what the program says of itself."""

import re

from unpolished.cli.reference import PAGE, reference


def test_the_committed_page_is_current():
    """Otherwise run python -m unpolished.cli.reference, or make docs."""
    assert PAGE.read_text("utf-8") == reference()


def test_every_option_of_every_command_is_explained():
    """An option or argument without a help text would leave a visitor guessing."""
    for section in reference().split("\n## ")[1:]:
        name = section.split("\n")[0]
        body = section.split("Options:\n")[1]
        options = re.findall(r"^  (?:-\w, )?(--[\w-]+)(.*(?:\n {10,}.*)*)", body, re.MULTILINE)
        assert options, name
        for option, rest in options:
            assert re.search(r" {2,}\w", rest), f"{name} {option} has no help text"


def test_the_page_does_not_depend_on_the_terminal(monkeypatch):
    """The width of the terminal and colours change nothing."""
    page = reference()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert reference() == page
