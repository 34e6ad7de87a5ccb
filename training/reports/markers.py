"""Generated sections of Markdown pages, between two markers."""

from __future__ import annotations

from pathlib import Path


class MarkerError(ValueError):
    """A page without a place for a generated section."""


def write_between(page: Path, begin: str, end: str, markdown: str) -> None:
    """Replace the text between two markers.

    Raises:
        MarkerError: a marker is missing, doubled or out of order; the file stays as it was.
    """
    text = page.read_text("utf-8")
    for marker in (begin, end):
        if text.count(marker) != 1:
            raise MarkerError(
                f"{page} has {text.count(marker)} lines {marker}: put {begin} and {end} "
                "once each around the place of the table"
            )
    before, rest = text.split(begin)
    if end not in rest:
        raise MarkerError(f"{page}: {end} is before {begin}; swap them")
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n{markdown.strip()}\n{end}{after}", "utf-8")
