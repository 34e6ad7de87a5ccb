"""The page says what the program reads."""

from pathlib import Path

from .page import page

PAGE = Path(__file__).parents[4] / "docs" / "exports.md"


def test_the_committed_page_is_current():
    """``make exports-page`` writes it."""
    assert PAGE.read_text("utf-8") == page()
