"""Pages such as ``docs/studies.md``: each study writes its own stretch, line by line."""

from pathlib import Path

from unpolished.training.reports.markers import write_between

PAGE = Path(__file__).parents[2] / "docs" / "studies.md"


class Stretch:
    """Lines that are printed and written to the page as soon as they are known."""

    def __init__(self, name: str, page: Path = PAGE) -> None:
        """Args: name of the markers that the page has for it, and the page."""
        self._page = page
        self._markers = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        self._lines: list[str] = []

    def add(self, *lines: str) -> None:
        """Print lines and write all so far."""
        self._lines += lines
        print("\n".join(lines), flush=True)
        write_between(self._page, *self._markers, "\n".join(self._lines))
