"""What docs/evasions.md says of hidden disclosures is so."""

import json
import re
from pathlib import Path

import pytest
from unpolished.data.text.disclosure.find import find_disclosures
from unpolished.data.text.masking import mask
from unpolished.data.text.repair.repair import repair

PAGE = Path(__file__).resolve().parents[3] / "docs" / "evasions.md"
_ROW = re.compile(r"^\| (?P<how>.+?) \| `(?P<post>\".*\")` \| (?P<status>\w+) \| (?P<why>.+) \|$")
ROWS = [
    match.groupdict() for match in map(_ROW.match, PAGE.read_text("utf-8").splitlines()) if match
]


def test_every_row_is_read_and_has_a_reason():
    """No row is skipped for its form."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(lines) - 1 >= 50
    assert {row["status"] for row in ROWS} == {"clear", "ambiguous", "weak", "none"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["how"])
def test_a_hidden_disclosure_is_found_as_the_page_says(row):
    """And what is found is cut from the post as it stands, and never reaches a model."""
    post = repair(json.loads(row["post"])).text
    found = find_disclosures(post, "us")
    assert found.status == row["status"]
    for term in found.terms:
        assert post[term.start : term.end] == term.term
    if found.terms:
        assert find_disclosures(mask(post).text, "us").status == "none"
