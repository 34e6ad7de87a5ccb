r"""Cases written by hand: invented posts, and what they disclose in some jurisdictions.

A line `= us uk` names the jurisdictions of the lines below it. Each of these has a letter for each
jurisdiction, a space and a post, in which ``\n`` is a line break:

- ``c`` clear, ``a`` ambiguous, ``w`` weak, ``u`` unknown, ``n`` none;
- ``x`` none, with a claim that it is unpaid.

``# --- `` begins a heading, ``# `` a comment. The look-alikes beside real disclosures matter most.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("cases")
STATUS = {
    "c": "clear", "a": "ambiguous", "w": "weak", "u": "unknown", "n": "none", "x": "none",
}  # fmt: skip


class Case(NamedTuple):
    """A post, and the letter expected in each jurisdiction."""

    file: str
    heading: str
    line: str
    text: str
    expected: dict[str, str]


def read_cases(pattern="*.txt"):
    """All cases of the files that match."""
    cases = []
    for path in sorted(FOLDER.glob(pattern)):
        jurisdictions, heading = [], ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("= "):
                jurisdictions = line[2:].split()
            elif line.startswith("# --- "):
                heading = line[6:]
            elif line and not line.startswith("# "):
                letters, _, text = line.partition(" ")
                expected = dict(zip(jurisdictions, letters, strict=True))
                text = text.replace("\\n", "\n")
                cases.append(Case(path.name, heading, line, text, expected))
    return cases
