"""The command reference, generated from the help of every command.

``python -m unpolished.cli.reference`` writes the page.
"""

from __future__ import annotations

from pathlib import Path

import typer

from .main import app

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "command-line.md"
_WIDTH = 84
_BEGINNING = """# Command line

Generated from `unpolished --help` by `python -m unpolished.cli.reference`. Exit codes: 0 done,
1 more rejects than allowed, 2 bad usage or unusable input, 3 an internal error, 130 interrupted.
"""


def reference() -> str:
    """Generate the page in Markdown."""
    group = typer.main.get_command(app)
    parts = [_BEGINNING]
    with group.make_context("unpolished", [], resilient_parsing=True) as parent:
        for name in group.list_commands(parent):  # type: ignore[attr-defined]
            command = group.get_command(parent, name)  # type: ignore[attr-defined]
            with command.make_context(
                f"unpolished {name}", [], resilient_parsing=True,
                terminal_width=_WIDTH, max_content_width=_WIDTH,
            ) as context:  # fmt: skip
                parts.append(f"## {name}\n\n```text\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(reference(), "utf-8")
